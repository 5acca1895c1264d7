"""A document as DOCX: real headings, contents, captions with numbers that Word can update, and sources as numbered links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from gpsa_graph.errors import MissingExtra
from gpsa_graph.export.excel import link_of
from gpsa_graph.report.document import Block, Cite, Document, Figure, Heading, Items, Para, Strong, Table, Text, marks

__all__ = ["word"]

_WIDTH_CM = 16.6
_GREY, _BLUE = "5B6068", "004D7A"


def word(document: Document) -> bytes:
    """The document as a .docx file. Raises MissingExtra without python-docx."""
    try:
        import docx
    except ImportError:
        raise MissingExtra("report") from None
    from gpsa_graph.export.files import without_clock

    made = docx.Document()
    _styles(made, document)
    made.add_paragraph(_clean(document.title), style="Title")
    for line in document.lines:
        _shaded(made.add_paragraph(_clean(line)), 9.5)
    heads = [(i, b) for i, b in enumerate(document.blocks) if isinstance(b, Heading)]
    _contents(made, [(f"part_{i}", b) for i, b in heads] + [("part_sources", Heading(1, "Sources"))])
    numbers = {"Table": 0, "Figure": 0}
    for i, block in enumerate(document.blocks):
        _block(made, block, f"part_{i}", numbers)
    _marked(made.add_heading("Sources", 1), "part_sources", 9000)
    for i, source in enumerate(document.sources, 1):
        _source(made, i, str(source))
    stream = BytesIO()
    made.save(stream)
    return without_clock(stream.getvalue(), date.fromisoformat(document.day))


def _styles(made: Any, document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(2)
    sizes = {"Normal": 10, "Title": 22, "Heading 1": 14, "Heading 2": 11.5, "Caption": 9, "List Bullet": 10}
    for name, size in sizes.items():
        style = made.styles[name]
        style.font.name, style.font.size = "Noto Sans", Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(key), "Noto Sans")
        for key in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(key), None)
        style.paragraph_format.space_after = Pt(6)
        style.font.color.rgb = RGBColor.from_string(_BLUE if name.startswith("Heading 1") else "1D2126")
        style.font.italic = False
        style.font.bold = name.startswith("Heading")
    made.styles["Caption"].paragraph_format.keep_with_next = True
    made.styles["List Bullet"].paragraph_format.space_after = Pt(3)
    for name, before in (("Heading 1", 16), ("Heading 2", 11)):
        made.styles[name].paragraph_format.space_before = Pt(before)
        made.styles[name].paragraph_format.keep_with_next = True
    border = made.styles["Title"].element.find(f".//{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)
    core, when = made.core_properties, datetime.fromisoformat(document.day)
    core.title, core.author, core.created, core.modified, core.last_modified_by = (
        _clean(document.title)[:250],
        "gpsa-graph",
        when,
        when,
        "gpsa-graph",
    )
    core.comments, core.language, core.revision = document.foot, "en", 1
    foot = section.footer.paragraphs[0]
    _shaded(foot, 7.5, f"{document.foot}    ")
    _field(foot, "PAGE", "1", 7.5)
    foot.alignment = WD_ALIGN_PARAGRAPH.LEFT


def _clean(text: str) -> str:
    return "".join("\ufffd" if (c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c for c in text)


def _shaded(paragraph: Any, size: float, text: str = "") -> None:
    from docx.shared import Pt, RGBColor

    if text:
        paragraph.add_run(_clean(text))
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(size), RGBColor.from_string(_GREY)


def _element(tag: str, /, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(tag)
    for key, said in attributes.items():
        made.set(qn(f"w:{key}"), said)
    return made


def _field(paragraph: Any, code: str, shown: str, size: float) -> None:
    """A field that Word updates, with what it shows until then."""
    from docx.shared import Pt

    for kind, text in (("begin", ""), ("", f" {code} "), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(size)
        if kind in ("begin", "separate", "end"):
            run._r.append(_element("w:fldChar", fldCharType=kind))
        elif kind == "shown":
            run.text = text
        else:
            instruction = _element("w:instrText")
            instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            instruction.text = text
            run._r.append(instruction)


def _marked(paragraph: Any, name: str, number: int) -> None:
    """Make a paragraph the target of links."""
    start, end = _element("w:bookmarkStart", id=str(number), name=name), _element("w:bookmarkEnd", id=str(number))
    at = 1 if paragraph._p.pPr is not None else 0
    paragraph._p.insert(at, start)
    paragraph._p.append(end)


def _link(paragraph: Any, text: str, *, anchor: str = "", url: str = "", size: float = 0.0, colour: str = "0072B2") -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    link = _element("w:hyperlink", **({"anchor": anchor} if anchor else {}))
    if url:
        link.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(_clean(text))
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    if size:
        run.font.size = Pt(size)
    paragraph._p.remove(run._r)
    link.append(run._r)
    paragraph._p.append(link)


def _contents(made: Any, heads: Sequence[tuple[str, Heading]]) -> None:
    """A table of contents as a field: entries are links, and Word fills in page numbers when it updates the field."""
    from docx.shared import Cm, Pt

    shown = [h for h in heads if h[1].level == 1]
    title = made.add_paragraph()
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(12), Pt(3)
    run = title.add_run("Contents")
    run.font.bold, run.font.size = True, Pt(11)
    for i, (name, head) in enumerate(shown):
        paragraph = made.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(1)
        paragraph.paragraph_format.left_indent = Cm(0.4)
        if i == 0:
            for kind in ("begin", "", "separate"):
                piece = paragraph.add_run()
                if kind:
                    piece._r.append(_element("w:fldChar", fldCharType=kind))
                else:
                    instruction = _element("w:instrText")
                    instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                    instruction.text = ' TOC \\o "1-1" \\h \\z \\u '
                    piece._r.append(instruction)
        _link(paragraph, head.text, anchor=name, size=10, colour="")
        if i == len(shown) - 1:
            paragraph.add_run()._r.append(_element("w:fldChar", fldCharType="end"))


def _runs(paragraph: Any, runs: Text, size: float = 0.0) -> None:
    from docx.shared import Pt

    for run in runs:
        if isinstance(run, Cite):
            for text, number in marks(run):
                if number:
                    _link(paragraph, text, anchor=f"source_{number}", size=size)
                    continue
                piece = paragraph.add_run(text)
                if size:
                    piece.font.size = Pt(size)
            continue
        piece = paragraph.add_run(_clean(run.text if isinstance(run, Strong) else run))
        piece.font.bold = isinstance(run, Strong) or None
        if size:
            piece.font.size = Pt(size)


def _caption(made: Any, word_: str, text: str, numbers: dict[str, int]) -> None:
    from docx.shared import Pt

    numbers[word_] += 1
    paragraph = made.add_paragraph(style="Caption")
    run = paragraph.add_run(f"{word_} ")
    run.font.bold = True
    _field(paragraph, f"SEQ {word_} \\* ARABIC", str(numbers[word_]), 9)
    paragraph.add_run(f". {_clean(text)}")
    paragraph.paragraph_format.space_before = Pt(8) if word_ == "Figure" else Pt(0)


def _block(made: Any, block: Block, name: str, numbers: dict[str, int]) -> None:
    from docx.shared import Cm, Pt

    if isinstance(block, Heading):
        _marked(made.add_heading(_clean(block.text), block.level), name, int(name.partition("_")[2]))
    elif isinstance(block, Para):
        paragraph = made.add_paragraph()
        _runs(paragraph, block.text)
        if block.quiet:
            _shaded(paragraph, 8.5)
    elif isinstance(block, Items):
        for item in block.items:
            _runs(made.add_paragraph(style="List Bullet"), item)
    elif isinstance(block, Table):
        _caption(made, "Table", block.caption, numbers)
        _table(made, block)
        made.add_paragraph().paragraph_format.space_after = Pt(4)
    else:
        assert isinstance(block, Figure)
        _caption(made, "Figure", block.caption, numbers)
        paragraph = made.add_paragraph()
        content = block.made.bytes("png", bare=True)
        wide, high = _size(content)
        width = min(_WIDTH_CM, 21.0 * wide / high)
        paragraph.add_run().add_picture(BytesIO(content), width=Cm(width))
        paragraph._p.xpath(".//wp:docPr")[0].set("descr", block.made.drawing.title)


def _size(png: bytes) -> tuple[int, int]:
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def _table(made: Any, block: Table) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    table = made.add_table(rows=1, cols=len(block.heads))
    table.autofit = False
    widths = [Cm(_WIDTH_CM * w / sum(block.widths)) for w in block.widths]
    properties = table._tbl.tblPr
    borders = _element("w:tblBorders")
    for side, size, colour in (("top", "8", "1D2126"), ("bottom", "4", "9AA0A8"), ("insideH", "4", "D9DBDE")):
        borders.append(_element(f"w:{side}", val="single", sz=size, space="0", color=colour))
    properties.append(borders)
    margins = _element("w:tblCellMar")
    for side, w in (("left", "0"), ("right", "90")):
        margins.append(_element(f"w:{side}", w=w, type="dxa"))
    properties.append(margins)
    for grid, width in zip(table._tbl.tblGrid.findall(f"{{{table._tbl.nsmap['w']}}}gridCol"), widths, strict=True):
        grid.set(f"{{{table._tbl.nsmap['w']}}}w", str(int(width.twips)))
    for number, row in enumerate([[[Strong(h)] for h in block.heads], *block.rows]):
        line = table.rows[0] if number == 0 else table.add_row()
        row_properties = line._tr.get_or_add_trPr()
        row_properties.append(_element("w:cantSplit"))
        if number == 0:
            row_properties.append(_element("w:tblHeader"))
        for i, cell in enumerate(line.cells):
            cell.width = widths[i]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            if i in block.right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _runs(paragraph, row[i], 8)


def _source(made: Any, number: int, text: str) -> None:
    from docx.shared import Cm, Pt

    paragraph = made.add_paragraph()
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.9), Cm(-0.9)
    paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.9))
    url = link_of(text)
    run = paragraph.add_run(f"[{number}]\t{_clean(text[: len(text) - len(url)])}")
    run.font.size = Pt(8.5)
    if url:
        _link(paragraph, url, url=url, size=8.5)
    _marked(paragraph, f"source_{number}", 10_000 + number)
