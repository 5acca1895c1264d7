"""The explorer: what its page holds, that it is the same each time, and that nothing in it can run."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from gpsa_graph import load
from gpsa_graph.errors import DataError, GpsaError, OutputError
from gpsa_graph.export.networks.normal import clean
from gpsa_graph.view import explorer_html, to_pyvis, write_explorer
from gpsa_graph.view.data import Explorer, address, explorer
from gpsa_graph.view.layout import Spot, islands, pack
from gpsa_graph.view.page import page
from gpsa_graph.view.picture import picture


@pytest.fixture(scope="module")
def content(kg: Any) -> Explorer:
    return explorer(kg)


@pytest.fixture(scope="module")
def html(kg: Any) -> str:
    return explorer_html(kg)


def block(html: str, name: str) -> Any:
    found = re.search(rf'<script type="application/octet-stream" id="{name}">([^<]*)</script>', html)
    assert found, f"the page has no block '{name}'"
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def cited(value: Any) -> list[int]:
    """Every position of a source in some details."""
    if isinstance(value, dict):
        return [*value.get("src", []), *(s for k, v in value.items() if k != "src" for s in cited(v))]
    return [s for v in value for s in cited(v)] if isinstance(value, list) else []


def test_every_case_and_everyone_who_took_part_is_in_the_page(data: Any, html: str) -> None:
    graph = block(html, "graph")
    assert {n["id"] for n in graph["nodes"] if n["k"] == 0} == {f"case:{c.id}" for c in data.cases}
    took_part = {entry.organisation for c in data.cases for entry in (*([c.grantee] if c.grantee else []), *c.partners, *c.government)
                 if entry.organisation}
    assert {n["id"] for n in graph["nodes"] if n["id"].startswith("organisation:")} == {f"organisation:{o}" for o in took_part}
    groups = sum(not entry.organisation for c in data.cases for entry in (*([c.grantee] if c.grantee else []), *c.partners, *c.government))
    assert sum(n["id"].startswith("participation:") for n in graph["nodes"]) == groups


def test_results_challenges_and_lessons_are_all_there(data: Any, html: str) -> None:
    things = block(html, "details")["things"]
    for key, of in (("results", "results"), ("challenges", "challenges"), ("lessons", "lessons"), ("people", "people")):
        assert sum(len(t.get(key, [])) for t in things) == sum(len(getattr(c, of)) for c in data.cases), f"{key} are missing in the page"


def test_every_fact_names_a_source(html: str) -> None:
    details = block(html, "details")
    bare = []
    for thing in details["things"]:
        said = [one for _, values in thing["facts"] for one in values]
        said += [one for key in ("results", "challenges", "lessons", "people", "gaps") for one in thing.get(key, [])]
        bare += [one for one in said if not one["src"]]
    assert not bare, "each fact of the panel needs the positions of its sources"
    assert all(link["src"] for link in details["links"])


def test_each_position_leads_to_a_source(html: str) -> None:
    details = block(html, "details")
    positions = cited(details["things"]) + cited(details["links"])
    assert set(positions) == set(range(len(details["sources"]))), "a source is cited that is not in the list, or listed and not cited"
    assert all(url == "" or url.startswith(("https://", "http://", "mailto:")) for *_, url, _ in details["sources"])


def test_facets_count_what_the_files_say(data: Any, html: str) -> None:
    graph = block(html, "graph")
    sector = next(f for f in graph["facets"] if f["id"] == "sector")
    for at, (name, _) in enumerate(sector["values"]):
        here = sum(at in n.get("f", {}).get("sector", []) for n in graph["nodes"])
        assert here == sum(any(f"sector:{s.id}" == name for s in c.sectors) for c in data.cases), name


def test_probable_cases_are_shown_and_marked(data: Any, html: str) -> None:
    marked = {n["id"] for n in block(html, "graph")["nodes"] if "attribution probable" in n.get("m", [])}
    assert marked == {f"case:{c.id}" for c in data.cases if c.programme.attribution == "probable"}


class Page(HTMLParser):
    """Elements, scripts, styles and texts of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside, self.bodies, self.text = "", [], []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag
        if tag in ("script", "style"):
            self.bodies.append((tag, dict(attrs).get("type"), ""))

    def handle_data(self, data: str) -> None:
        if self.inside in ("script", "style") and self.bodies:
            tag, kind, body = self.bodies[-1]
            self.bodies[-1] = (tag, kind, body + data)
        else:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def assert_closed(html: str) -> None:
    """Nothing is loaded, and the policy allows exactly the scripts and the style of the page."""
    found = Page(html)
    for tag, attributes in found.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base", "img"), f"<{tag}> has no place in the page"
        assert not [a for a in attributes if a.startswith("on") or a in ("src", "style", "srcset")], (tag, attributes)
        assert tag != "a" or attributes["href"].startswith(("#", "http://", "https://", "mailto:"))
    policy = next(a["content"] for t, a in found.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors" not in policy, "browsers log an error for it in a meta tag"
    for directive, tag in (("script-src", "script"), ("style-src", "style")):
        allowed = set(re.search(rf"{directive} ([^;]*)", policy)[1].split())
        bodies = [body.encode() for t, kind, body in found.bodies if t == tag and not kind]
        here = {f"'sha256-{base64.b64encode(sha256(body).digest()).decode()}'" for body in bodies}
        if tag == "script":
            vis = re.search(r'id="vis">([^<]*)</script>', html)
            here.add(f"'sha256-{base64.b64encode(sha256(gzip.decompress(base64.b64decode(vis[1]))).digest()).decode()}'")
        assert allowed == here, f"{directive} must name the hashes of what is in the page and nothing else"


def test_the_page_is_closed(html: str) -> None:
    assert_closed(html)
    assert len(html) < 2_500_000


def test_it_says_language_title_and_doctype(html: str) -> None:
    assert html.startswith("<!doctype html>\n<html lang=\"en\">")
    assert "<title>" in html


def test_without_scripts_there_is_a_picture_and_a_table_of_every_case(content: Explorer, html: str) -> None:
    text = re.search(r"<noscript>(.*)</noscript>", html, re.S)[1]
    found = Page(text)
    cases = [t for t in content.things if t.kind == "case"]
    assert sum(tag == "tr" for tag, _ in found.tags) == len(cases) + 1
    words = " ".join(found.text)
    assert all(t.label in words for t in cases)
    assert sum(tag == "circle" for tag, _ in found.tags) == len(content.things) + len(content.picture.islands)


def test_the_same_data_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path, tiny: Path) -> None:
    code = "import sys, gpsa_graph; from gpsa_graph.view import write_explorer; write_explorer(gpsa_graph.load(sys.argv[1]), sys.argv[2])"
    made = []
    for seed in ("0", "1"):
        out = tmp_path / f"{seed}.html"
        subprocess.run([sys.executable, "-c", code, str(tiny), str(out)], check=True,
                       env={"PYTHONHASHSEED": seed, "GPSA_CACHE": str(tmp_path / seed), "PATH": "/usr/bin", "TZ": f"UTC+{seed}",
                            "PYTHONPATH": str(Path(__file__).resolve().parent.parent)})
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_a_file_that_cannot_be_written_leaves_the_old_one_whole(tmp_path: Path, tiny_kg: Any) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_explorer(tiny_kg, tmp_path / "no-folder" / "x.html")
    write_explorer(tiny_kg, tmp_path / "x.html")
    write_explorer(tiny_kg, tmp_path / "x.html")
    assert [p.name for p in tmp_path.iterdir()] == ["x.html"], "temporary files must not stay"


def test_tiny_counts_by_hand(tiny_kg: Any, tiny: Path) -> None:
    made = explorer(tiny_kg)
    assert sum(t.kind == "case" for t in made.things) == len(list((tiny / "cases").glob("*.yaml")))


# Layout

def test_places_are_those_of_the_last_run(content: Explorer, kg: Any) -> None:
    assert explorer(kg).picture == content.picture


def test_no_two_things_stand_on_each_other(content: Explorer) -> None:
    by_home: dict[str, list[tuple[float, float, str]]] = {}
    for thing in content.things:
        by_home.setdefault(thing.home, []).append((*content.picture.places[thing.id], thing.id))
    close = [(a[2], b[2]) for spots in by_home.values() for n, a in enumerate(spots) for b in spots[:n]
             if (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < 24**2]
    assert not close


@pytest.mark.parametrize("page_shape", ["wide", "tall"])
def test_islands_and_their_names_never_touch(content: Explorer, page_shape: str) -> None:
    placed = [(*getattr(i, page_shape), i.r) for i in content.picture.islands]
    touching = [(a, b) for n, a in enumerate(placed) for b in placed[:n] if (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < (a[2] + b[2]) ** 2]
    assert not touching


def test_everything_lies_inside_its_island(content: Explorer) -> None:
    radius = {i.group: i.r for i in content.picture.islands}
    assert all(x * x + y * y <= radius[t.home] ** 2 for t in content.things for x, y in [content.picture.places[t.id]])


def test_civil_society_is_left_and_the_state_right_of_a_case() -> None:
    spots = [Spot("hub", "g", hub=True), *(Spot(f"l{i}", "g", side=-1) for i in range(6)), *(Spot(f"r{i}", "g", side=1) for i in range(6))]
    places = islands(spots, [("hub", s.id) for s in spots if not s.hub], {}, {}).places
    left, right = [places[f"l{i}"][0] for i in range(6)], [places[f"r{i}"][0] for i in range(6)]
    assert sum(left) / 6 < places["hub"][0] < sum(right) / 6


def test_strange_graphs_are_laid_out() -> None:
    assert islands([], [], {}, {}).islands == ()
    one = islands([Spot("a", "g")], [("a", "a")], {}, {})
    assert one.places["a"] == (0.0, 0.0)
    star = islands([Spot("h", "g", hub=True), *(Spot(f"s{i}", "g") for i in range(500))], [("h", f"s{i}") for i in range(500)], {}, {})
    assert len(set(star.places.values())) == 501
    assert pack([], []) == []


# Hostile texts

TEXTS = (
    "<script>pwn()</script>", '"><img src=x onerror=pwn()>', "</script><script>pwn()", "</title>", "<!--", "]]>", "{{7*7}}", "${7*7}",
    "javascript:pwn()", "JaVaScRiPt:pwn()", "java\tscript:pwn()", "data:text/html,<script>pwn()</script>", "//evil", "a\u2028b", "&amp;",
    "&lt;b&gt;", "=1+1", "+1", "-1", "@SUM", "\t=1", "\uff1d1", "=HYPERLINK(\"x\")", "\u202egnp.exe", "a\u200db", "منظمة المجتمع", "नेपाल",
    "Кыргыз", "👩‍👩‍👧", "e" + "\u0301" * 100, "nul \x00", "vt \x0b", "a\ufffeb", "a\uffffb", "x" * 1_000_000,
    " ", "__proto__", "constructor", "../../x", "CON", "n" * 300, "href",
)


def hostile(kg: Any) -> Any:
    """The same graph with one of the hostile texts in place of every text."""
    import pyoxigraph as ox

    from gpsa_graph.graph.knowledge import KnowledgeGraph

    store, n = ox.Store(), 0
    texts = ("http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/2001/XMLSchema#anyURI")
    for quad in sorted(kg.triples(), key=str):
        value = quad.object
        if isinstance(value, ox.Literal) and (value.datatype.value in texts or value.language):
            text = TEXTS[n % len(TEXTS)]
            value = ox.Literal(text, language=value.language) if value.language else ox.Literal(text, datatype=value.datatype)
            n += 1
        store.add(ox.Quad(quad.subject, quad.predicate, value))
    return KnowledgeGraph(store)


def test_hostile_texts_in_every_field_stay_texts(tiny_kg: Any) -> None:
    made = explorer(hostile(tiny_kg))
    html = page(made, TEXTS[0], TEXTS[1])
    assert_closed(html)
    static = re.search(r"<noscript>(.*)</noscript>", html, re.S)[1]
    shown = [text for text in Page(static).text if text.strip()]
    labels = {clean(t.label) for t in made.things if t.kind == "case"}
    assert labels <= set(shown), "texts must show as typed, escaped once; what no page can show must be seen to be replaced"
    assert {n["l"] for n in block(html, "graph")["nodes"]} == {clean(t.label) for t in made.things}


def test_hostile_texts_leave_the_picture_well_formed(tiny_kg: Any) -> None:
    from xml.etree import ElementTree

    content = explorer(hostile(tiny_kg))
    root = ElementTree.fromstring(picture(content))
    assert {clean(name) for name in content.islands.values()} <= set(root.itertext())
    assert {e.tag.partition("}")[2] for e in root.iter()} == {"svg", "title", "path", "circle", "text"}


@pytest.mark.parametrize("name", ["\x00", "\x0b", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_no_page_can_show_never_gets_into_the_graph(tiny: Path, tmp_path: Path, name: str) -> None:
    """Typed as an escape, the only way such a character gets through an editor: the compiler names it and its line."""
    folder = tmp_path / "data"
    shutil.copytree(tiny, folder)
    case = sorted(folder.glob("cases/[a-z]*.yaml"))[0]
    lines = case.read_text("utf-8").splitlines(keepends=True)
    at = next(n for n, line in enumerate(lines) if line.startswith("title:"))
    lines[at] = f'title: "a\\u{ord(name):04x}b"\n'
    case.write_text("".join(lines), "utf-8")
    with pytest.raises(DataError, match=rf"{case.name}:{at + 1}: (character U\+{ord(name):04X} is not allowed|not valid YAML)"):
        load(folder)


@pytest.mark.parametrize("url", ["javascript:pwn()", "JaVaScRiPt:x", "java\tscript:x", "data:text/html,x", "//evil", "https://", "http:/x",
                                 "ftp://a/b", " https://a", "file:///etc/passwd", "https://[broken"])
def test_such_an_address_is_no_link(url: str) -> None:
    assert address(url) == ""


# Views, pyvis, notebooks

def test_a_view_file_remakes_its_picture(content: Explorer) -> None:
    view = {"format": "gpsa-view", "data": {"version": "1", "date": "2026-01-01"}, "filters": {"country": ["country:MWI"]},
            "positions": {"case:mwi-mejn": [12345, 67]}, "hide": ["other"], "years": None}
    made = picture(content, view)
    assert "Malawi" in made
    assert "Kenya" not in made
    assert "M12345 67" in made, "positions of the view file stand before those of the layout"
    assert picture(content, view) == made


def test_a_file_that_is_no_view_is_refused(content: Explorer) -> None:
    with pytest.raises(GpsaError, match="no view file"):
        picture(content, {"nodes": []})


def test_pyvis_gets_names_weights_and_fixed_places() -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=3, cases=("case:1", "case:2", "case:3"))
    graph.nodes["a"]["label"] = "</script><script>pwn()"
    net, again = to_pyvis(graph), to_pyvis(graph)
    assert net.nodes == again.nodes
    assert net.edges == [{"from": "a", "to": "b", "arrows": "", "width": 3, "title": "case:1, case:2, case:3"}]
    assert "<script>pwn()" not in net.generate_html(), "pyvis must escape the label"
    assert net.heading == ""
    assert not net.select_menu
    assert to_pyvis(nx.Graph()).nodes == []


def test_a_notebook_gets_a_frame_that_reaches_nothing(tiny_kg: Any) -> None:
    from gpsa_graph.view.notebook import mimebundle

    bundle = mimebundle(tiny_kg)
    assert list(bundle) == ["text/html", "image/svg+xml", "text/plain"]
    frame = Page(bundle["text/html"]).tags
    assert [tag for tag, _ in frame] == ["div", "img", "iframe"], "a still picture lies beneath the frame"
    assert frame[2][1]["sandbox"] == "allow-scripts allow-downloads"
    assert frame[2][1]["srcdoc"].startswith("<!doctype html>")
