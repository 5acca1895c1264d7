"""Pages and addresses: content negotiation, other forms beside each page, numbered sources, and texts that try to be code
(SAFETY.md 5 T)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from gpsa_graph import vocab
from gpsa_graph.patterns import PATTERNS
from tests.serve_live import Live, live


@pytest.fixture(scope="module")
def site(cache: Path) -> Iterator[Live]:
    """The shipped cases, with a short time limit."""
    with live("--seconds", "2") as running:
        yield running


HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PAGES = [
    "/",
    "/search?q=health",
    "/search?q=",
    "/case",
    "/case?country=MWI",
    "/case?sector=health&mechanism=community-scorecard",
    "/organisation",
    "/mechanism",
    "/sector",
    "/country",
    "/place",
    "/source",
    "/event",
    "/programme",
    "/call",
    "/challenge-kind",
    "/like",
    "/like?case=mwi-mejn",
    "/like?sector=education&challenge=official-resistance",
    "/question",
    "/question/where-was-a-mechanism-used?mechanism=social-audit",
    "/patterns",
    "/coverage",
    "/sparql",
    "/sparql?query=ASK%20%7B%7D",
    "/downloads",
    "/limits",
    "/about",
    "/ontology",
    "/case/mwi-mejn.html",
    "/case/idn-wahana-visi.html",
    "/organisation/world-bank.html",
    "/organisation/idn-ministry-of-health.html",
    "/mechanism/community-scorecard.html",
    "/sector/health.html",
    "/country/MWI.html",
    "/place/mwi-malimbwe-primary-school.html",
    "/event/ogp-summit-2016-gpsa-workshop.html",
    "/programme/gpsa.html",
    "/call/gpsa-1.html",
]


class Seen(HTMLParser):
    """What a browser would see: tags with attributes, and the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def seen(body: bytes) -> Seen:
    parser = Seen()
    parser.feed(body.decode("utf-8"))
    parser.close()
    return parser


def check(path: str, body: bytes) -> Seen:
    """No script but ours, no handler, no style, no outside resource, no odd link, no number without its source."""
    page = seen(body)
    for tag, attributes in page.tags:
        assert not [a for a in attributes if a.startswith("on") or a == "style"], f"{path}: <{tag}> carries {attributes}"
        if tag == "script":
            assert re.fullmatch(r"/static/(site|editor)\.js\?[0-9a-f]+", attributes.get("src") or ""), f"{path}: a script of somebody else"
        for name in ("href", "src", "action"):
            target = attributes.get(name)
            if target is not None:
                assert target.startswith(("/", "#", "https://", "http://", "mailto:")) or (
                    tag == "link" and target.startswith("data:image/svg")
                ), f"{path}: {target[:80]}"
                assert not target.startswith("//"), f"{path}: {target[:80]}"
                if tag in ("link", "script", "img", "form"):
                    assert target.startswith(("/", "data:image/svg")), f"{path}: {tag} loads {target[:80]}"
    ids = {a["id"] for _, a in page.tags if a.get("id")}
    for _, attributes in page.tags:
        if attributes.get("class") == "src":
            assert (attributes["href"] or "")[1:] in ids, f"{path}: {attributes['href']} leads to no source"
    return page


@pytest.mark.parametrize("path", PAGES)
def test_every_page(site: Live, path: str) -> None:
    found = site.ask(path, Accept=HTML)
    assert found.status == 200, found.body[:300]
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in found.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in found.headers["content-security-policy"]
    assert (found.headers["x-content-type-options"], found.headers["referrer-policy"]) == ("nosniff", "no-referrer")
    page = check(path, found.body)
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert names.count("main") == 1
    for alternate in [a["href"] for tag, a in page.tags if tag == "link" and a.get("rel") == "alternate"]:
        assert site.ask(alternate or "").status == 200, f"{path}: {alternate}"


@pytest.mark.slow
def test_no_link_on_our_pages_leads_nowhere(site: Live) -> None:
    links: set[str] = set()
    for path in PAGES:
        links |= {
            (a["href"] or "").partition("#")[0]
            for tag, a in seen(site.ask(path, Accept=HTML).body).tags
            if tag == "a" and (a.get("href") or "").startswith("/")
        }
    links -= {"", "/explorer", *(f"/patterns/{name}" for name in PATTERNS)}  # these take seconds to make; a browser looks at one
    checked = sorted(links)[::11]
    assert len(checked) > 100
    for link in checked:
        status = site.ask(link, Accept=HTML).status
        assert status == 200, f"{link} answers {status}"


@pytest.mark.parametrize(
    "accept, ending",
    [
        (HTML, "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/json", "json"),
        ("text/csv", "csv"),
        ("*/*", "html"),
        ("text/turtle;q=0.5, application/n-triples", "nt"),
    ],
)
def test_iris_resolve(site: Live, accept: str, ending: str) -> None:
    for name in ("case/mwi-mejn", "mechanism/community-scorecard", "organisation/world-bank"):
        found = site.ask(f"/{name}", Accept=accept)
        assert (found.status, found.headers["location"], found.headers["vary"]) == (303, f"/{name}.{ending}", "Accept")
        assert 'rel="alternate"; type="text/turtle"' in found.headers["link"]
        assert f'<{vocab.BASE}{name}>; rel="describes"' in found.headers["link"]
        assert site.ask(found.headers["location"]).status == 200
    assert site.ask("/case/mwi-mejn", Accept="image/png").status == 406


def test_every_iri_of_the_graph_resolves(site: Live, kg: object) -> None:
    rows = kg.query("SELECT DISTINCT ?x WHERE { ?x a ?t } ORDER BY ?x")  # type: ignore[attr-defined]
    names = [vocab.expand(str(x))[len(vocab.BASE) - 1 :] for (x,) in rows if vocab.expand(str(x)).startswith(vocab.BASE)]
    for name in names[::97]:
        if "#" not in name:
            found = site.ask(name, Accept="text/turtle")
            assert found.status in (200, 303), name
            if found.status == 303:
                assert vocab.BASE.encode() in site.ask(found.headers["location"]).body, name


def test_the_forms_of_a_thing_agree(site: Live) -> None:
    forms = {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "jsonld": ox.RdfFormat.JSON_LD,
        "rdf": ox.RdfFormat.RDF_XML,
    }
    found = {e: {str(q.triple) for q in ox.parse(site.ask(f"/case/mwi-mejn.{e}").body, format=f)} for e, f in forms.items()}
    assert len(found["nt"]) > 300
    assert found["ttl"] == found["nt"] == found["jsonld"] == found["rdf"]
    rows = list(csv.DictReader(io.StringIO(site.ask("/case/mwi-mejn.csv").text)))
    document = json.loads(site.ask("/case/mwi-mejn.json").body)
    assert {"relation": "gpsa:amount", "value": "", "label": "705,000 US dollars"}.items() <= next(
        r for r in rows if r["relation"] == "gpsa:amount"
    ).items()
    assert document["id"] == "case:mwi-mejn"
    assert len(document["sources"]) > 5


def test_every_fact_of_a_case_shows_its_sources(site: Live, kg: object) -> None:
    """Each claim on the case stands on the page with as many sources as it has."""
    document = json.loads(site.ask("/case/mwi-mejn.json").body)
    shown = [(fact["relation"], value) for section in document["sections"] for fact in section.get("facts", ()) for value in fact["values"]]
    for claim in kg.why("case:mwi-mejn"):  # type: ignore[attr-defined]
        if claim.relation in ("gpsa:hasGrantee", "gpsa:hasPartner", "gpsa:involvesGovernment", "dcterms:title"):
            continue
        said = [v for r, v in shown if r == claim.relation and sorted(v["src"]) == sorted(s.name for s in claim.sources)]
        assert said, f"{claim.relation} {claim.value} is not shown with its sources"
    parts = [item for section in document["sections"] for item in section.get("items", ())]
    assert parts
    assert all(item["src"] for item in parts), "a part stands without its source"


def test_cases_like_a_case_stand_on_its_page(site: Live, kg: object) -> None:
    """The nearest, in the order of `gpsa like`, each with what both state and the sources of both; and the way to all of it."""
    answer = kg.like("mwi-mejn", full=4)  # type: ignore[attr-defined]
    document = json.loads(site.ask("/case/mwi-mejn.json").body)
    section = next(s for s in document["sections"] if s["title"] == "Cases like this")
    assert [row["case"][0]["id"] for row in section["rows"]] == [name for name, _ in answer.ranked()[:4]]
    for row, told in zip(section["rows"], answer.cases, strict=True):
        said = [(v["label"], tuple(v["src"])) for v in row["what it shares"]]
        assert said == [(r.sentence, r.sources) for r in told.reasons[:3]]
        assert all(sources and set(sources) <= document["sources"].keys() for _, sources in said)
    assert f"{answer.close} of {answer.of} other cases" in section["note"]
    assert section["links"][0]["page"] == "/like?case=mwi-mejn"
    assert json.loads(site.ask("/like.json?case=mwi-mejn").body) == json.loads(json.dumps(kg.like("mwi-mejn", full=3).to_dict()))  # type: ignore[attr-defined]


def test_a_sketch_is_compared(site: Live, kg: object) -> None:
    page = site.ask("/like?sector=education&challenge=official-resistance", Accept=HTML)
    answer = kg.like(sector="education", challenge="official-resistance")  # type: ignore[attr-defined]
    for case in answer.cases[:3]:
        assert f"/case/{case.case.partition(':')[2]}.html" in page.text
    assert "Contrary cases" in page.text
    rows = list(csv.DictReader(io.StringIO(site.ask("/like.csv?sector=education&challenge=official-resistance").text)))
    assert {r["case"] for r in rows} == {c.case for c in answer.cases[:3]}
    assert site.ask("/like.json").status == 400
    assert site.ask("/like?colour=red").status == 400
    missed = site.ask("/like?sector=educaton", Accept=HTML)
    assert (missed.status, "did you mean" in missed.text) == (400, True)


def test_sessions_stand_in_their_order_and_moments_are_readable(site: Live) -> None:
    document = json.loads(site.ask("/event/ogp-summit-2016-gpsa-workshop.json").body)
    facts = {s["title"]: s for s in document["sections"]}
    order = [f["values"][0]["label"] for i in facts["Sessions"]["items"] for f in i["facts"] if f["relation"] == "gpsa:order"]
    assert len(order) > 2
    assert order == sorted(order)
    starts = [v["label"] for f in facts["At a glance"]["facts"] if f["relation"] == "gpsa:startDate" for v in f["values"]]
    assert starts == ["2016-12-09, 09:00 (UTC+01:00)"]


def test_who_was_yet_to_confirm_is_not_said_to_have_stayed_away(site: Live) -> None:
    """An announcement names a ministry as to be confirmed: its page says so, and at which event."""
    document = json.loads(site.ask("/organisation/idn-ministry-of-health.json").body)
    items = next(s for s in document["sections"] if s["title"] == "Named at events")["items"]
    assert {(i["text"], i["about"]) for i in items} == {
        (
            "OGP Summit Workshop | Co-Producing Open Government Results: Insights from the Global Partnership for Social Accountability",
            "event:ogp-summit-2016-gpsa-workshop",
        )
    }
    said = [v["label"] for i in items for f in i["facts"] if f["relation"] == "gpsa:confirmed" for v in f["values"]]
    assert said == ["not yet when it was announced; whether they came is not told"]


def test_teams_at_an_event_name_their_cases(site: Live) -> None:
    document = json.loads(site.ask("/event/ogp-summit-2016-gpsa-workshop.json").body)
    items = next(s for s in document["sections"] if s["title"] == "Named at the event")["items"]
    teams = [i for i in items if {"lead organisation", "public body", "support team"} & set(i["tags"])]
    assert len(teams) == 6
    assert all([f["label"] for f in i["facts"]][-1] == "in case" for i in teams)


def test_an_answer_is_headed_and_read_in_words(site: Live) -> None:
    """The ends of a network are no "source" and "target", and another question is called by its title."""
    page = site.ask("/question/who-works-with-whom?country=MWI", Accept=HTML).text
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", page)
    assert (heads[0], heads[2], heads[-1]) == ("civil society organisation", "public body", "sources")
    reading = page.partition('<p class="reading">')[2].partition("</p>")[0]
    assert '<a href="/question/which-public-bodies-take-part-in-a-case">Which public bodies take part' in reading
    assert "which-public-bodies" not in re.sub(r"<[^>]*>", "", reading)
    refused = site.ask("/question/who-works-with-whom?country=XXX", Accept=HTML)
    assert (refused.status, "Cite this page" in refused.text) == (400, False)


def test_cases_stand_in_the_order_of_the_names_of_countries(site: Live) -> None:
    page = site.ask("/case", Accept=HTML).text
    first = re.findall(r'<td data-label="country"><a href="[^"]*">([^<]*)</a>', page)
    assert first == sorted(first)


def test_lists_count_the_cases_of_what_is_said_of_parts(site: Live, kg: object) -> None:
    """A kind of result is said of results, not of cases; no list says that 0 cases have it. What cannot be counted so is not."""
    rows = kg.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?r gpsa:resultKind result-kind:service-outcome ; gpsa:inCase ?c }")  # type: ignore[attr-defined]
    listed = {r["id"]: r["cases"] for r in json.loads(site.ask("/result-kind.json").body)}
    assert int(str(listed["result-kind:service-outcome"])) == int(str(rows[0][0])) > 0
    assert 'data-label="cases"' not in site.ask("/bridge-type", Accept=HTML).text


def test_a_part_names_its_case_and_a_claim_what_it_says(site: Live, kg: object) -> None:
    result = str(kg.query("SELECT ?r { ?r a gpsa:Result ; gpsa:inCase case:mwi-mejn } ORDER BY ?r LIMIT 1")[0][0])  # type: ignore[attr-defined]
    assert "/case/mwi-mejn.html" in site.ask(f"/{result.replace(':', '/')}.html", Accept=HTML).text
    query = "SELECT ?c { ?c rdf:subject case:mwi-mejn ; rdf:predicate gpsa:country } ORDER BY ?c LIMIT 1"
    claim = str(kg.query(query)[0][0])  # type: ignore[attr-defined]
    page = site.ask(f"/{claim.replace(':', '/')}.html", Accept=HTML).text
    assert "<h1>Social Accountability Strengthening Project: country Malawi</h1>" in page
    assert 'href="/claim"' not in page  # claims have no list


def test_every_file_to_download_says_what_it_is(site: Live) -> None:
    page = site.ask("/downloads", Accept=HTML).text
    said = re.findall(r'data-label="what it is">([^<]*)<', page)
    assert len(said) == page.count('href="/download/') > 20
    assert all(len(text) > 4 for text in said)


def test_merged_ids_lead_to_the_case(site: Live, kg: object) -> None:
    rows = kg.query("SELECT ?old ?case WHERE { ?case gpsa:formerId ?old } ORDER BY ?old LIMIT 3")  # type: ignore[attr-defined]
    assert len(rows) == 3
    for old, case in rows:
        found = site.ask(f"/case/{old}")
        assert (found.status, found.headers["location"]) == (301, "/" + str(case).replace(":", "/"))


def test_what_is_not_there_says_so(site: Live) -> None:
    found = site.ask("/mechanism/community-score-card", Accept=HTML)
    assert found.status == 404
    assert "/mechanism/community-scorecard" in found.text
    problem = json.loads(site.ask("/case/nothing.ttl", Accept="text/turtle").body)
    assert problem["status"] == 404
    assert "no case is called 'nothing'" in problem["detail"]
    for path in (
        "/wp-admin.php",
        "/case/../x",
        "/question/none",
        "/patterns/none",
        "/download/none",
        "/static/none",
        "/reconcile/none",
    ):
        assert site.ask(path).status == 404, path
    assert site.ask("/case?country=XX").status == 400
    assert site.ask("/case", "POST", b"").status == 405


def test_search_finds_and_an_id_leads_to_its_page(site: Live) -> None:
    hits = json.loads(site.ask("/search.json?q=wahana").body)
    assert hits[0]["page"].startswith("/organisation/")
    assert site.ask("/search?q=case:mwi-mejn").headers["location"] == "/case/mwi-mejn.html"


def test_the_state_is_in_the_address(site: Live) -> None:
    page = site.ask("/case?country=MWI&sector=education", Accept=HTML).text
    assert '<option value="MWI" selected>' in page
    assert "/case.csv?country=MWI&amp;sector=education" in page
    rows = list(csv.DictReader(io.StringIO(site.ask("/case.csv?country=MWI&sector=education").text)))
    assert rows
    assert all("country:MWI" in row["country"] for row in rows)
    question = site.ask("/question/where-was-a-mechanism-used?mechanism=social-audit", Accept=HTML).text
    assert "/question/where-was-a-mechanism-used.csv?mechanism=social-audit" in question


def test_examples_and_void_are_rdf(site: Live) -> None:
    examples = {(q.predicate.value, q.object.value) for q in ox.parse(site.ask("/examples.ttl").body, format=ox.RdfFormat.TURTLE)}
    selects = [o for p, o in examples if p.endswith("shacl#select")]
    assert len(selects) > 20
    assert all(site.query(text).status in (200, 503) for text in selects[:5])
    void = site.ask("/.well-known/void")
    properties = [
        q for q in ox.parse(void.body, format=ox.RdfFormat.TURTLE) if q.predicate.value == "http://rdfs.org/ns/void#propertyPartition"
    ]
    assert len(properties) > 100


PAYLOADS = [
    "<script>pwn()</script>",
    '"><img src=x onerror=pwn()>',
    "</script><script>pwn()",
    "</title>",
    "<!--",
    "]]>",
    "{{7*7}}",
    "${7*7}",
    "javascript:pwn()",
    "JaVaScRiPt:pwn()",
    "java\tscript:pwn()",
    "data:text/html,<script>pwn()</script>",
    "//evil.example/x",
    "a\u2028b",
    "&amp;",
    "&lt;b&gt;",
    "=1+1",
    "=HYPERLINK(1)",
    "a\u000bb",
    "a\ufffeb",
    "\u202eevil",
    "a\u200db",
    "وزارة الصحة",
    "स्वास्थ्य मन्त्रालय",
    "Саламаттык сактоо",
    "👩‍👩‍👧",
    "e" + "\u0301" * 100,
    "   ",
    "__proto__",
    "../../x",
    "nul.txt",
    "x" * 3_000,
]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, tiny_kg: object) -> Iterator[Live]:
    """The three invented cases with a hostile text added to every literal, served as a store."""
    folder = tmp_path_factory.mktemp("poisoned") / "store"
    store = ox.Store(str(folder))
    spared = {vocab.expand(n) for n in ("skos:inScheme", "gpsa:formerId", "skos:notation")}
    known: dict[str, int] = {}
    for quad in tiny_kg.triples():  # type: ignore[attr-defined]
        o = quad.object
        if isinstance(o, ox.Literal) and o.datatype.value.endswith(("#string", "langString")) and quad.predicate.value not in spared:
            payload = PAYLOADS[known.setdefault(o.value, len(known)) % len(PAYLOADS)]
            text = payload if quad.predicate.value.endswith(("url", "homepage")) else f"{o.value} {payload}"
            o = ox.Literal(text, language=o.language) if o.language else ox.Literal(text)
        store.add(ox.Quad(quad.subject, quad.predicate, o))
    store.optimize()
    store.flush()
    del store
    with live("--store", str(folder)) as running:
        yield running


def test_texts_stay_texts(poisoned: Live, tiny_kg: object) -> None:
    rows = tiny_kg.query("SELECT DISTINCT ?x WHERE { ?x a ?t } ORDER BY ?x")  # type: ignore[attr-defined]
    things = [
        vocab.expand(str(x))[len(vocab.BASE) - 1 :]
        for (x,) in rows
        if vocab.expand(str(x)).startswith(vocab.BASE) and "#" not in vocab.expand(str(x))
    ]
    kinds = sorted({t.split("/")[1] for t in things if t.count("/") == 2} - {"claim", "code"})
    paths = (
        [f"{t}.html" for t in things if t.count("/") == 2][::3]
        + [f"/{k}" for k in kinds]
        + ["/", "/case", "/coverage", "/ontology", "/search?q=pwn", "/question", "/like"]
        + [f"/like?case={t.split('/')[2]}" for t in things if t.startswith("/case/")]
    )
    assert len(paths) > 80
    for path in paths:
        found = poisoned.ask(path, Accept=HTML)
        assert found.status == 200, f"{path}: {found.status} {found.body[:200]!r}"
        check(path, found.body)


def test_hostile_texts_are_shown_as_they_stand(poisoned: Live) -> None:
    """What a reader sees equals what the graph says; nothing is escaped twice."""
    rows = json.loads(poisoned.query("SELECT ?case ?o WHERE { ?case a gpsa:Case ; gpsa:objective|gpsa:problem|gpsa:note ?o }").body)[
        "results"
    ]["bindings"]
    assert rows
    for row in rows:
        path = row["case"]["value"][len(vocab.BASE) - 1 :] + ".html"
        shown = "".join(seen(poisoned.ask(path, Accept=HTML).body).text)
        assert row["o"]["value"] in shown, f"{path} does not show {row['o']['value'][-40:]!r} as it stands"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_input_is_not_echoed_as_html(poisoned: Live, payload: str) -> None:
    sent = quote(payload)
    for path in (
        f"/search?q={sent}",
        f"/sparql?query={sent}",
        f"/case/{sent}",
        f"/question/{sent}",
        f"/case?country={sent}",
        f"/organisation?q={sent}",
        f"/question/where-was-a-mechanism-used?mechanism={sent}",
        f"/{sent}",
        f"/search?kind={sent}",
        f"/sparql?example={sent}",
    ):
        found = poisoned.ask(path, Accept=HTML)
        assert found.status < 500, f"{path}: {found.body[:200]!r}"
        if found.headers.get("content-type", "").startswith("text/html"):
            check(path, found.body)
        assert re.match(
            r"/(?!/)",
            found.headers.get("location", "/"),
        )


def test_files_of_hostile_texts_read_back(poisoned: Live) -> None:
    cases = [r["case"]["value"] for r in json.loads(poisoned.query("SELECT ?case WHERE { ?case a gpsa:Case }").body)["results"]["bindings"]]
    for case in cases:
        path = case[len(vocab.BASE) - 1 :]
        assert json.loads(poisoned.ask(f"{path}.json").body)["iri"] == case
        assert len(list(csv.reader(io.StringIO(poisoned.ask(f"{path}.csv").text, newline="")))) > 10
        turtle = {str(q.triple) for q in ox.parse(poisoned.ask(f"{path}.ttl").body, format=ox.RdfFormat.TURTLE)}
        assert turtle == {str(q.triple) for q in ox.parse(poisoned.ask(f"{path}.nt").body, format=ox.RdfFormat.N_TRIPLES)}


def test_the_site_of_a_store_has_no_files(poisoned: Live) -> None:
    assert "without its data files" in poisoned.ask("/downloads", Accept=HTML).text


def test_downloads_are_the_release(site: Live, tmp_path: Path) -> None:
    page = seen(site.ask("/downloads", Accept=HTML).body)
    files = [a["href"] for tag, a in page.tags if tag == "a" and (a.get("href") or "").startswith("/download/")]
    assert "/download/gpsa-graph.ttl" in files
    assert "/download/SHA256SUMS" in files
    from hashlib import sha256

    sums = dict(reversed(line.split("  ")) for line in site.ask("/download/SHA256SUMS").text.splitlines())
    assert sha256(site.ask("/download/gpsa-graph.nt").body).hexdigest() == sums["gpsa-graph.nt"]


def test_the_data_set_is_described_at_its_iri(site: Live) -> None:
    triples = {(q.predicate.value, q.object.value) for q in ox.parse(site.ask("/dataset").body, format=ox.RdfFormat.TURTLE)}
    assert ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/ns/dcat#Distribution") in triples
    assert ("http://rdfs.org/ns/void#sparqlEndpoint", f"{site.address}/sparql") in triples


@pytest.mark.slow
def test_the_explorer_carries_its_own_policy(site: Live) -> None:
    found = site.ask("/explorer", Accept=HTML, timeout=180)
    assert found.status == 200
    assert "script-src 'sha256-" in found.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in found.headers["content-security-policy"]
