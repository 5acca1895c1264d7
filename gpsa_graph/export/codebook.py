"""Which tables the release has, and what every column means."""

from __future__ import annotations

from gpsa_graph.export.tables import NAMES, TEXTS, Column, Table, cases, claims, concepts, things, uses


def _key(name: str, about: str) -> Column:
    return Column(name, "", about, required=True)


def _case(about: str = "the case") -> Column:
    return Column("case", "gpsa:inCase", about, refers="cases", required=True)


def _names(name: str, shows: str, about: str, refers: str = "concepts") -> Column:
    return Column(name, shows, about, refers=refers, lists=NAMES)


def _concept(name: str, shows: str, about: str, *, required: bool = False) -> Column:
    return Column(name, shows, about, refers="concepts", required=required)


def _src(shows: str = "prov:wasDerivedFrom", about: str = "the sources that say so") -> Column:
    return Column("src", shows, about, refers="sources", lists=NAMES, required=True)


_NOTE = Column("note", "gpsa:note", "a remark")
_BASIS = _concept("basis", "gpsa:basis", "inferred where no source states it; empty where one does")
_WHY = Column("why", "gpsa:why", "why it was inferred")
_TEXT = Column("text", "gpsa:text", "what is said, in our words", required=True)
_AS_CALLED = Column("as_called", "gpsa:asCalled", "the names that sources give it", lists=TEXTS)

TABLES: tuple[Table, ...] = (
    Table("cases", "Cases", ("case",), cases, (
        _key("case", "the case"),
        Column("title", "dcterms:title", "its title", required=True),
        Column("other_titles", "dcterms:alternative", "other titles it has had", lists=TEXTS),
        Column("programme", "gpsa:programme", "the programme it belongs to"),
        Column("call", "gpsa:call", "the call in which it was chosen"),
        _concept("attribution", "gpsa:attribution", "how firmly it belongs to the programme"),
        _names("countries", "gpsa:country", "the countries it works in", "countries"),
        _names("regions", "gpsa:region", "World Bank regions of these countries", ""),
        _names("places", "gpsa:place", "named places and groups of places it works in", ""),
        _names("sectors", "gpsa:sector", "sectors it works in"),
        _names("mechanisms", "gpsa:usesMechanism", "mechanisms it uses; see the table mechanisms-of-cases"),
        _names("collaboration_forms", "gpsa:collaborationForm", "what state and civil society share, sign, run or decide together"),
        _names("grantees", "gpsa:hasGrantee", "the organisation that leads it", "organisations"),
        _names("partners", "gpsa:hasPartner", "other organisations that are not government", "organisations"),
        _names("public_bodies", "gpsa:involvesGovernment", "named public bodies", "organisations"),
        Column("amount_usd", "gpsa:amount", "money in US dollars; the preferred value where sources differ", "number"),
        Column("status", "gpsa:status", "closed, active or dropped, as a source tells it"),
        Column("announcement_date", "gpsa:announcementDate", "when the award was made public: a year, month or day"),
        Column("approval_date", "gpsa:approvalDate", "when it was approved: a year, month or day"),
        Column("launch_date", "gpsa:launchDate", "when it was launched in public: a year, month or day"),
        Column("start_date", "gpsa:startDate", "when work began: a year, month or day"),
        Column("closing_date", "gpsa:closingDate", "when it ended: a year, month or day"),
        Column("start_year", "gpsa:startYear", "the year of the start", "integer"),
        Column("closing_year", "gpsa:closingYear", "the year of the end", "integer"),
        _names("world_bank_projects", "gpsa:worldBankProject", "codes in the World Bank projects list", ""),
        _names("trust_funds", "gpsa:trustFund", "numbers of trust funds", ""),
        _concept("evaluation_design", "gpsa:evaluationDesign", "how its effects were studied"),
        Column("objective", "gpsa:objective", "what it set out to reach", lists=TEXTS),
        Column("problem", "gpsa:problem", "what was wrong before", lists=TEXTS),
        Column("scope", "gpsa:scope", "its size and coverage", lists=TEXTS),
        Column("baseline_facts", "gpsa:baselineFact", "the state of things before", lists=TEXTS),
        Column("notes", "gpsa:note", "remarks", lists=TEXTS),
        _names("related_cases", "gpsa:relatedCase", "cases that are connected but not the same", "cases"),
        _names("former_ids", "gpsa:formerId", "ids it has had in other lists", ""),
        _src("sources", "every source of its claims; the table claims says which source says what"),
    )),
    Table("organisations", "Organisations", ("organisation",), things("organisation"), (
        _key("organisation", "the organisation"),
        Column("name", "rdfs:label", "its name", required=True),
        Column("also", "skos:altLabel", "acronym and other spellings", lists=TEXTS),
        _concept("kind", "gpsa:kind", "its kind", required=True),
        _concept("level", "gpsa:level", "level of government of a public body"),
        Column("country", "gpsa:country", "its country; empty for international ones", refers="countries"),
        _names("same_as", "skos:exactMatch", "the same organisation elsewhere", ""),
        Column("homepage", "foaf:homepage", "its home page"),
        _NOTE, _src("dcterms:source"),
    )),
    Table("participations", "Participations of organisations in cases", ("participation",), things("participation"), (
        _key("participation", "the participation"), _case(),
        _concept("part", "gpsa:part", "grantee, partner or public body", required=True),
        Column("organisation", "gpsa:organisation", "the organisation; empty for a group", refers="organisations"),
        Column("group", "gpsa:group", "true where the row stands for many bodies or people", "boolean"),
        Column("label", "rdfs:label", "what a group is called here"),
        _AS_CALLED,
        _concept("kind", "gpsa:kind", "kind of a group"),
        _concept("level", "gpsa:level", "level of government of a group of public bodies"),
        Column("country", "gpsa:country", "country of a group", refers="countries"),
        Column("role", "gpsa:role", "what it did, in our words"),
        _names("government_roles", "gpsa:governmentRole", "part that a public body took, classed here"),
        _names("collaboration_forms", "gpsa:collaborationForm", "form of working together, classed here"),
        _concept("depth", "gpsa:depth", "how far the link went, classed here"),
        _BASIS, _WHY, _NOTE, _src(),
    )),
    Table("results", "Results", ("result",), things("result"), (
        _key("result", "the result"), _case(), _TEXT,
        _concept("kind", "gpsa:resultKind", "kind of result, classed here", required=True),
        _concept("finer_kind", "gpsa:finerKind", "a narrower kind, classed here"),
        _concept("finding", "gpsa:finding", "positive, mixed, none, negative or not assessed", required=True),
        Column("indicator", "gpsa:indicator", "what was measured"),
        Column("baseline", "gpsa:baseline", "the value before, as the source gives it"),
        Column("baseline_value", "gpsa:baselineValue", "the value before as a number", "number"),
        Column("printed", "gpsa:printed", "the value as the source prints it"),
        Column("value", "gpsa:value", "the value as a number; empty for words and ranges", "number"),
        Column("unit", "gpsa:unit", "unit of the value"),
        Column("year", "gpsa:year", "year of the result", "integer"),
        Column("undated", "gpsa:undated", "true where no source that was read gives a year", "boolean"),
        Column("background", "gpsa:background", "true for background to the case and no result of it", "boolean"),
        _names("disputes", "gpsa:disputes", "results that say otherwise", "results"),
        _BASIS, _WHY, _NOTE, _src(),
    )),
    Table("mechanisms-of-cases", "Mechanisms of cases", ("case", "mechanism"), uses, (
        Column("case", "rdf:subject", "the case", refers="cases", required=True),
        _concept("mechanism", "rdf:object", "the mechanism, classed here", required=True),
        _AS_CALLED,
        Column("term", "gpsa:term", "the plain term under which it was noted", lists=TEXTS),
        Column("claim", "", "the claim that says so", refers="claims", required=True),
        _src(),
    )),
    Table("challenges", "Challenges", ("challenge",), things("challenge"), (
        _key("challenge", "the challenge"), _case(), _TEXT,
        _names("kinds", "gpsa:challengeKind", "kinds of challenge, classed here"), _BASIS, _WHY, _NOTE, _src(),
    )),
    Table("lessons", "Lessons", ("lesson",), things("lesson"), (
        _key("lesson", "the lesson"), _case(), _TEXT,
        _names("challenge_kinds", "gpsa:challengeKind", "kinds of challenge that it answers, classed here"),
        _names("mechanisms", "gpsa:aboutMechanism", "mechanisms that it is about, classed here"), _BASIS, _WHY, _NOTE, _src(),
    )),
    Table("places", "Places and groups of places", ("place",), things("place"), (
        _key("place", "the place"),
        Column("name", "rdfs:label", "its name", required=True),
        Column("also", "skos:altLabel", "other spellings", lists=TEXTS),
        _concept("kind", "gpsa:kind", "its kind; empty for a group"),
        _names("countries", "gpsa:country", "its country, or those of the case of a group", "countries"),
        Column("part_of", "gpsa:partOf", "the place it lies in", refers="places"),
        Column("group", "gpsa:group", "true where the row stands for many places", "boolean"),
        _names("same_as", "skos:exactMatch", "the same place elsewhere", ""),
        _src("dcterms:source"),
    )),
    Table("countries", "Countries", ("country",), things("country"), (
        _key("country", "the country"),
        Column("name", "rdfs:label", "its name", required=True),
        Column("iso3", "gpsa:iso3", "ISO 3166-1 code of three letters", required=True),
        Column("region", "gpsa:region", "World Bank region", required=True),
        _names("codes", "skos:notation", "ISO 3166-1 code of two letters and United Nations number", ""),
        _names("same_as", "skos:exactMatch", "the same country elsewhere", ""),
        _src("dcterms:source"),
    )),
    Table("sources", "Sources", ("source",), things("source"), (
        _key("source", "the source"),
        Column("id", "dcterms:identifier", "its id in the data files", required=True),
        Column("title", "dcterms:title", "its title", required=True),
        Column("publisher", "dcterms:publisher", "who published it", required=True),
        Column("date", "dcterms:issued", "when: a year, month or day"),
        Column("year", "gpsa:year", "the year of that date", "integer"),
        _concept("kind", "gpsa:sourceKind", "its kind, a rung of the source ladder or a register", required=True),
        _concept("reading", "gpsa:reading", "how much of it was read", required=True),
        Column("url", "schema:url", "where it is found"),
        Column("version", "gpsa:version", "which version was read"),
        Column("doi", "gpsa:doi", "its DOI"),
        _NOTE,
    )),
    Table("claims", "Claims: one thing said about a case, event, programme or call", ("claim",), claims, (
        _key("claim", "the claim"),
        Column("about", "rdf:subject", "the thing it is about", required=True),
        Column("relation", "rdf:predicate", "what it says of it: a property of the ontology", required=True),
        Column("value", "rdf:object", "the value that it says", required=True),
        Column("type", "type", "name, a language, or the datatype of the value", required=True),
        Column("label", "label", "the label of a value that is a name"),
        Column("direct", "direct", "true for the preferred value, false where another one stands before it", "boolean", required=True),
        _concept("basis", "gpsa:basis", "stated by a source, or inferred from sources", required=True),
        _AS_CALLED,
        Column("term", "gpsa:term", "the plain term under which it was noted", lists=TEXTS),
        Column("printed", "gpsa:printed", "the value as sources print it", lists=TEXTS),
        Column("text", "gpsa:text", "words beside it", lists=TEXTS),
        Column("note", "gpsa:note", "a remark", lists=TEXTS),
        Column("why", "gpsa:why", "why it was inferred", lists=TEXTS),
        Column("pooled", "gpsa:pooled", "true where its sources were given for several values at once", "boolean"),
        _names("disputes", "gpsa:disputes", "claims that say otherwise", "claims"),
        _src(),
    )),
    Table("concepts", "Concepts of the vocabularies", ("concept",), concepts, (
        _key("concept", "the concept"),
        Column("scheme", "scheme", "the vocabulary it belongs to", required=True),
        Column("label", "label", "its English label"),
        Column("definition", "definition", "what it means"),
        _names("broader", "skos:broader", "wider concepts"),
        _names("same_as", "skos:exactMatch", "the same concept elsewhere", ""),
        _names("close_to", "skos:closeMatch", "a similar concept elsewhere", ""),
    )),
)

#: The column by which other tables refer to a table.
KEYS = {table.name: table.key[0] for table in TABLES}
