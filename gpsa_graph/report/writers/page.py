"""A document as one HTML file that needs nothing else, and as PDF."""

from __future__ import annotations

import base64
import re
from html import escape

from gpsa_graph.errors import MissingExtra
from gpsa_graph.report.document import Block, Cite, Document, Heading, Items, Para, Strong, Table, Text, marks

__all__ = ["html", "pdf"]

_STYLE = """
@page { size: A4; margin: 22mm 22mm 20mm; @bottom-left { content: "FOOT"; font: 7.5pt "Noto Sans", sans-serif; color: #5b6068 }
  @bottom-right { content: counter(page) " of " counter(pages); font: 7.5pt "Noto Sans", sans-serif; color: #5b6068 } }
html { font: 10pt/1.45 "Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari", "DejaVu Sans", sans-serif; color: #1d2126;
  background: #fff }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 21pt; line-height: 1.2; margin: 0 0 .4em }
h2 { font-size: 14pt; line-height: 1.25; margin: 1.7em 0 .5em; color: #004d7a; break-after: avoid }
h3 { font-size: 11.5pt; margin: 1.3em 0 .4em; break-after: avoid }
p { margin: 0 0 .7em } .lines { color: #5b6068 } .quiet { font-size: 8.5pt; color: #5b6068 }
nav { border-top: 1px solid #d9dbde; border-bottom: 1px solid #d9dbde; padding: .6em 0; margin: 1.2em 0 }
nav p { font-weight: bold; margin: 0 0 .3em } nav ol { margin: 0; padding: 0; list-style: none } nav a { color: inherit;
  text-decoration: none }
table { border-collapse: collapse; width: 100%; font-size: 8.2pt; line-height: 1.35; table-layout: fixed; margin: 0 0 1.3em }
caption { text-align: left; font-size: 9pt; padding: 0 0 .4em; break-after: avoid } caption b, figcaption b { color: #004d7a }
th { text-align: left; vertical-align: bottom; border-bottom: 1.2px solid #1d2126; padding: .25em .5em .25em 0 }
td { vertical-align: top; border-bottom: .6px solid #d9dbde; padding: .3em .5em .3em 0; overflow-wrap: break-word }
td.n, th.n { text-align: right } tr { break-inside: avoid } thead { display: table-header-group }
ul { margin: 0 0 .8em; padding-left: 1.2em } li { margin: 0 0 .35em; overflow-wrap: break-word }
figure { margin: 1.2em 0; break-inside: avoid } figure img { width: 100%; max-height: 205mm; object-fit: contain;
  object-position: left } figcaption { font-size: 9pt; margin-top: .4em }
a.cite { color: #0072b2; text-decoration: none; white-space: nowrap } .sources { font-size: 8.5pt; padding-left: 3.2em;
  list-style: none } .sources span { float: left; margin-left: -3.2em } .sources a { color: inherit }
@media screen { nav .page { display: none } } @media print { body { max-width: none; margin: 0; padding: 0 }
  nav a::after { content: leader(" .") target-counter(attr(href), page) } }
"""


def _text(runs: Text) -> str:
    made = []
    for run in runs:
        if isinstance(run, Cite):
            made.append("".join(f'<a class="cite" href="#source-{n}">{t}</a>' if n else t for t, n in marks(run)))
        elif isinstance(run, Strong):
            made.append(f"<strong>{_e(run.text)}</strong>")
        else:
            made.append(_e(run))
    return "".join(made)


def _e(text: str) -> str:
    return escape(
        "".join("\ufffd" if (c < " " and c not in "\n\t") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c for c in text)
    )


def html(document: Document) -> str:
    """The document as one HTML file: styles and figures inside, no script, no address that is loaded."""
    numbers = {"Table": 0, "Figure": 0, "Heading": 0}
    body = "\n".join(_block(b, numbers) for b in document.blocks)
    heads = [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1] + ["Sources"]
    contents = "".join(f'<li><a href="#part-{_slug(h)}">{_e(h)}</a></li>' for h in heads)
    sources = "".join(f'<li id="source-{i}"><span>[{i}]</span>{_source(str(s))}</li>' for i, s in enumerate(document.sources, 1))
    style = _STYLE.replace("FOOT", document.foot.replace("\\", "").replace('"', "").replace("<", "\\3c "))
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="dcterms.created" content="{document.day}">\n'
        f'<meta name="dcterms.modified" content="{document.day}">\n<meta name="author" content="gpsa-graph">\n'
        f'<title>{_e(document.title)}</title>\n<style>{style}</style>\n'
        f"</head>\n<body>\n<h1>{_e(document.title)}</h1>\n"
        + "".join(f'<p class="lines">{_e(line)}</p>\n' for line in document.lines)
        + f'<nav aria-label="Contents"><p>Contents</p><ol>{contents}</ol></nav>\n<main>\n{body}\n<h2 id="part-sources">Sources</h2>\n'
        + (f'<ol class="sources">{sources}</ol>' if sources else "<p>No source is cited.</p>")
        + f'\n</main>\n<p class="quiet">{_e(document.foot)}</p>\n</body>\n</html>\n'
    )


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _source(text: str) -> str:
    head, url = text, ""
    if found := re.search(r"https?://\S+\Z", text):
        head, url = text[: found.start()], found[0]
    return _e(head) + (f'<a href="{_e(url)}" rel="noopener noreferrer">{_breaking(_e(url))}</a>' if url else "")


def _breaking(url: str) -> str:
    return re.sub(r"([/_?=]|&amp;)", r"\1<wbr>", url)


def _block(block: Block, numbers: dict[str, int]) -> str:
    if isinstance(block, Heading):
        return f'<h2 id="part-{_slug(block.text)}">{_e(block.text)}</h2>' if block.level == 1 else f"<h3>{_e(block.text)}</h3>"
    if isinstance(block, Para):
        kind = ' class="quiet"' if block.quiet else ""
        return f"<p{kind}>{_text(block.text)}</p>"
    if isinstance(block, Items):
        return "<ul>" + "".join(f"<li>{_text(item)}</li>" for item in block.items) + "</ul>"
    if isinstance(block, Table):
        numbers["Table"] += 1
        right = [' class="n"' if i in block.right else "" for i in range(len(block.heads))]
        columns = "".join(f'<col style="width:{100 * w:.0f}%">' for w in block.widths)
        heads = "".join(f"<th{c}>{_e(h)}</th>" for h, c in zip(block.heads, right, strict=True))
        rows = "".join(
            "<tr>" + "".join(f"<td{c}>{_text(cell)}</td>" for cell, c in zip(row, right, strict=True)) + "</tr>" for row in block.rows
        )
        return (
            f"<table><caption><b>Table {numbers['Table']}.</b> "
            f"{_e(block.caption)}</caption><colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )
    numbers["Figure"] += 1
    picture = base64.b64encode(block.made.bytes("svg", bare=True)).decode()
    return (
        f'<figure><img alt="{_e(block.made.drawing.title)}" src="data:image/svg+xml;base64,{picture}">'
        f'<figcaption><b>Figure {numbers["Figure"]}.</b> '
        f"{_e(block.caption)}</figcaption></figure>"
    )


def pdf(document: Document) -> bytes:
    """The document as PDF of A4 pages, with contents, page numbers and links. Raises MissingExtra without WeasyPrint."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        raise MissingExtra("report") from None
    from hashlib import sha256

    text = html(document)
    reader = URLFetcher(allowed_protocols=("data",), fail_on_errors=True)
    made = HTML(string=text, url_fetcher=reader).write_pdf(pdf_identifier=sha256(text.encode()).digest()[:16])
    assert isinstance(made, bytes)
    return made
