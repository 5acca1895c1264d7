"""Each question on the three invented cases, against rows counted by hand from tests/tiny/data.

The expectations were written down from the files, not from an answer. `CLINICS`, `ROADS` and `BUDGETS` are the three cases;
sources stand under their ids without the word "invented-".
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from gpsa_graph.graph import KnowledgeGraph, load
from gpsa_graph.questions import read_questions
from gpsa_graph.resources import questions_folder

CLINICS, ROADS, BUDGETS = "case:xaa-clinic-scorecards", "case:xbb-road-audit", "case:multi-open-budgets"
WATCH, UNION, BANK, UNIVERSITY = (f"organisation:{n}" for n in (
    "xaa-health-watch", "xbb-road-users-union", "example-bank", "xaa-university"))
HEALTH, DISTRICT, AUDIT, COUNCIL, WORKS = (f"organisation:{n}" for n in (
    "xaa-ministry-of-health", "xaa-north-district-health-office", "xaa-audit-office", "xbb-riverside-council", "xbb-ministry-of-works"))
CARD, CARE, MEETING, MONITORING, HEARING, SOCIAL = (f"mechanism:{n}" for n in (
    "community-scorecard", "care-community-score-card", "interface-meeting", "community-monitoring", "public-hearing", "social-audit"))
AGREEMENT, RESPONSE, JOINT, SOLVING, SHARING = (f"collaboration-form:{n}" for n in (
    "formal-agreement", "public-response", "joint-monitoring", "joint-problem-solving", "data-sharing"))
COUNTERPART, RESPONDER, IMPLEMENTER, OVERSEER, HOLDER, RESISTER, PROVIDER = (f"government-role:{n}" for n in (
    "counterpart", "responder", "co-implementer", "overseer", "information-holder", "resister", "service-provider-role"))
WORKSHOP = "event:example-workshop-2016"
BIRTHS, SHARE, DEATHS, USERS = ("More births take place in a clinic", "The share of births in a clinic rose to three in five",
                                "No change in child deaths was found", "Users are more content and staff less")
OUTCOME = "result-kind:service-outcome"
LATE, MOVED = "Money came late", "The minister changed and staff moved"

#: The forms and roles of public bodies that have both, by case.
PAIRS = {
    CLINICS: [(AGREEMENT, COUNTERPART), (AGREEMENT, RESPONDER), (RESPONSE, COUNTERPART), (RESPONSE, RESPONDER), (JOINT, IMPLEMENTER),
              (SOLVING, IMPLEMENTER)],
    ROADS: [(SOLVING, RESPONDER)],
    BUDGETS: [(SHARING, HOLDER)],
}
FORMS = {CLINICS: [AGREEMENT, RESPONSE, JOINT, SOLVING], ROADS: [SOLVING], BUDGETS: [SHARING]}
USES = {CLINICS: [CARD, MEETING, MONITORING], ROADS: [SOCIAL, MEETING, MONITORING], BUDGETS: [CARE, HEARING]}
FIELDS = {CLINICS: ["health"], ROADS: ["infrastructure"], BUDGETS: ["public-finance", "health"]}

#: Question -> (columns looked at, rows expected).
COUNTED: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "what-is-the-gpsa": ("programme name host date decided_by objective src", [
        ("programme:gpsa", "Programme of the invented cases", BANK, "2012-06-12", None, "Pay for invented work.", "programme-page")]),
    "which-sessions-did-an-event-have": ("event part_of start end place part_no part purpose", [
        (WORKSHOP, "event:example-summit-2016", "2016-12-07", "2016-12-07", "place:xbb-riverside", 1, "Opening", "Words of welcome."),
        (WORKSHOP, "event:example-summit-2016", "2016-12-07", "2016-12-07", "place:xbb-riverside", 2, "Cases",
         "Two cases, told by their teams.")]),
    "who-appeared-at-an-event": ("part agent organisation as_called role confirmed", [
        ("part:speaker", "Ida Invented", BANK, "The Bank", "opens the day", True),
        ("part:facilitator", "Otto Other", None, None, None, False)]),
    "which-cases-did-an-event-show": ("case country part_in_team organisation actor_type", [
        (CLINICS, "country:XAA", "part:grantee", WATCH, "actor:national-ngo"),
        (CLINICS, "country:XAA", "part:public-body", HEALTH, "actor:ministry"),
        (BUDGETS, "country:XAA country:XBB", None, None, None)]),
    "which-questions-did-an-event-put": ("kind question_or_outcome src", [
        ("objective", "Show two invented cases.", "programme-page"),
        ("outcome wanted", "Participants know two invented cases.", "programme-page"),
        ("question", "What would you invent next?", "programme-page"),
        ("pilot", "A pilot was invented too.", "programme-page")]),
    "which-countries-opted-in": ("iso3 opted_in year basis why", [
        ("XAA", "2013-01-15", 2013, "stated", None),
        ("XBB", None, None, "derived", "Testland has a grant.")]),
    "what-is-known-of-each-call": ("call launched closed applications eligible eligible_listed awards awarded_usd src", [
        ("call:gpsa-1", "2013-02", "2013-03-14", 7, None, 2, None, None, "list programme-page")]),
    "how-did-the-claimed-size-of-the-programme-develop": ("measure year as_of value printed conflicts_with", [
        ("projects", 2014, "2014-03", 2, "two", None)]),
    "who-funds-whom-and-where": ("source target relation case", [
        (BANK, "programme:gpsa", "pays for the programme", CLINICS),
        (BANK, "programme:gpsa", "pays for the programme", BUDGETS),
        ("programme:gpsa", "call:gpsa-1", "programme with call", CLINICS),
        ("call:gpsa-1", WATCH, "call with lead organisation", CLINICS),
        ("programme:gpsa", WATCH, "programme with lead organisation", BUDGETS),
        ("programme:roads-for-testland", UNION, "programme with lead organisation", ROADS),
        (WATCH, UNIVERSITY, "lead organisation with partner", CLINICS),
        (WATCH, BANK, "lead organisation with partner", CLINICS),
        (WATCH, UNION, "lead organisation with partner", BUDGETS),
        (WATCH, "place:xaa-north-district", "lead organisation in place", CLINICS),
        (WATCH, "place:xaa-north-hill", "lead organisation in place", CLINICS),
        (WATCH, "place:12 clinics", "lead organisation in place", CLINICS),
        (WATCH, "country:XBB", "lead organisation in place", BUDGETS),
        (UNION, "place:xbb-riverside", "lead organisation in place", ROADS)]),
    "who-pays-for-the-programme": ("donor donor_type year amount_usd in_kind text src", [
        (BANK, "actor:multilateral", 2012, 1000000, None, None, "list"),
        (BANK, "actor:multilateral", None, None, True, "Rooms for meetings.", "programme-page")]),
    "who-governed-the-programme": ("as_of seat_type person organisation as_called role", [
        ("2013", "part:chair", "Ida Invented", BANK, "The Bank", "Vice President")]),
    "identity-card-of-a-case": ("case code programme call attribution country grantee amount_usd approval start closing status sector", [
        (CLINICS, "P000001", "programme:gpsa", "call:gpsa-1", "attribution:listed", "country:XAA", WATCH, 500000, "2013-11-30", "2014-03",
         "2018-02-28", "closed", "sector:health"),
        (ROADS, "P000002", "programme:roads-for-testland", None, None, "country:XBB", UNION, None, None, "2015-01-10", "2017-12", "dropped",
         "sector:infrastructure"),
        (BUDGETS, None, "programme:gpsa", None, "attribution:named", "country:XAA country:XBB", WATCH, 250000, None, "2019", None, "active",
         "sector:health sector:public-finance")]),
    "which-cases-work-in-a-sector": ("case country in_sector regions src", [
        (CLINICS, "country:XAA", "sector:health", "region:invented-north", "programme-page"),
        (ROADS, "country:XBB", "sector:infrastructure", "region:invented-south", "road-report"),
        (BUDGETS, "country:XAA country:XBB", "sector:public-finance", "region:invented-north region:invented-south",
         "gazette grantee-page-2020"),
        (BUDGETS, "country:XAA country:XBB", "sector:health", "region:invented-north region:invented-south", "grantee-page-2020")]),
    "which-public-bodies-take-part-in-a-case": ("case name kind level government_role form depth src", [
        (CLINICS, "Ministry of Health of Examplia", "actor:ministry", "government-level:national", f"{COUNTERPART} {RESPONDER}",
         f"{AGREEMENT} {RESPONSE}", "collaboration-depth:formalised-cooperation", "grantee-page programme-page"),
        (CLINICS, "North District Health Office", "actor:agency", "government-level:local", IMPLEMENTER, f"{JOINT} {SOLVING}",
         "collaboration-depth:joint-action", "grantee-page"),
        (CLINICS, "National Audit Office of Examplia", "actor:supreme-audit-institution", "government-level:national", OVERSEER, None, None,
         "grantee-page"),
        (CLINICS, "Clinics of the North District", "actor:service-provider", "government-level:local", PROVIDER, None, None,
         "programme-page"),
        (ROADS, "Riverside Town Council", "actor:municipality", "government-level:local", RESPONDER, SOLVING,
         "collaboration-depth:ad-hoc-cooperation", "gazette road-report"),
        (ROADS, "Ministry of Works of Testland", "actor:ministry", "government-level:national", RESISTER, None,
         "collaboration-depth:no-engagement", "gazette"),
        (BUDGETS, "Ministry of Health of Examplia", "actor:ministry", "government-level:national", HOLDER, SHARING,
         "collaboration-depth:information-exchange", "grantee-page-2020")]),
    "who-works-with-whom": ("source target case role form src", [
        (WATCH, HEALTH, CLINICS, f"{COUNTERPART} {RESPONDER}", f"{AGREEMENT} {RESPONSE}", "grantee-page programme-page"),
        (WATCH, DISTRICT, CLINICS, IMPLEMENTER, f"{JOINT} {SOLVING}", "grantee-page"),
        (WATCH, AUDIT, CLINICS, OVERSEER, None, "grantee-page"),
        (UNION, COUNCIL, ROADS, RESPONDER, SOLVING, "gazette road-report"),
        (UNION, WORKS, ROADS, RESISTER, None, "gazette"),
        (WATCH, HEALTH, BUDGETS, HOLDER, SHARING, "grantee-page-2020"),
        (UNION, HEALTH, BUDGETS, HOLDER, SHARING, "grantee-page-2020")]),
    "which-public-bodies-take-part-in-several-cases": ("public_body cases case_list government_role", [
        (HEALTH, 2, f"{BUDGETS} {CLINICS}", f"{COUNTERPART} {HOLDER} {RESPONDER}")]),
    "which-organisations-work-in-several-cases-or-countries": ("organisation cases countries roles", [
        (WATCH, 2, 2, "part:grantee"), (UNION, 2, 2, "part:grantee part:partner"), (HEALTH, 2, 2, "part:public-body")]),
    "which-cases-work-with-accountability-institutions": ("case body institution role form_of_collaboration", [
        (CLINICS, AUDIT, "actor:supreme-audit-institution", "receives the reports", None)]),
    "how-much-money-by-country-region-sector-and-call": ("by group cases amount_usd of_which_probable_usd", [
        ("country", "country:XAA", 2, 750000, 0), ("country", "country:XBB", 1, 250000, 0),
        ("region", "region:invented-north", 2, 750000, 0), ("region", "region:invented-south", 1, 250000, 0),
        ("sector", "sector:health", 2, 750000, 0), ("sector", "sector:public-finance", 1, 250000, 0),
        ("call", "call:gpsa-1", 1, 500000, 0)]),
    "how-long-do-cases-take": ("case approval start closing months years is other_closing", [
        (CLINICS, "2013-11-30", "2014-03", "2018-02-28", 51, 5, "closed", None),
        (ROADS, None, "2015-01-10", "2017-12", 35, 2, "dropped", None)]),
    "where-does-a-case-work": ("name kind land case other_cases", [
        ("North District", "place-kind:district", "country:XAA", CLINICS, None),
        ("North Hill", "place-kind:village", "country:XAA", CLINICS, None),
        ("12 clinics", None, "country:XAA", CLINICS, None), ("Riverside", "place-kind:town", "country:XBB", ROADS, None),
        ("Testland", None, "country:XBB", BUDGETS, None)]),
    "what-is-missing": ("case missing known src", [
        (CLINICS, "cost for each clinic", "reading:looked-not-stated", "programme-page"),
        (ROADS, "amount", "absent", "road-report"), (ROADS, "amount", "reading:stated-none", "road-report"),
        (ROADS, "lesson", "absent", "road-report"),
        *((BUDGETS, what, "absent", "gazette grantee-page-2020") for what in ("closing", "challenge", "result with a number"))]),
    "where-was-a-mechanism-used": ("case used broader as_called src", [
        (CLINICS, CARD, "mechanism:citizen-monitoring", "Clinic report", "evaluation programme-page"),
        (CLINICS, MEETING, "mechanism:dialogue-problem-solving", None, "grantee-page"),
        (CLINICS, MONITORING, "mechanism:citizen-monitoring", None, "grantee-page"),
        (ROADS, SOCIAL, "mechanism:citizen-monitoring", None, "road-report"),
        (ROADS, MEETING, "mechanism:dialogue-problem-solving", None, "road-report"),
        (ROADS, MONITORING, "mechanism:citizen-monitoring", "road watch", "gazette"),
        (BUDGETS, CARE, CARD, "CSC", "grantee-page-2020"),
        (BUDGETS, HEARING, "mechanism:dialogue-problem-solving", None, "gazette")]),
    "which-mechanisms-occur-together": ("mechanism_a mechanism_b cases case_list", [(MONITORING, MEETING, 2, f"{CLINICS} {ROADS}")]),
    "which-mechanisms-share-a-case": ("source target case", [
        (CARD, MEETING, CLINICS), (MONITORING, MEETING, CLINICS), (MONITORING, CARD, CLINICS),
        (MEETING, SOCIAL, ROADS), (MONITORING, MEETING, ROADS), (MONITORING, SOCIAL, ROADS), (CARE, HEARING, BUDGETS)]),
    # Clinics and budgets share health, but a score card and its narrower CARE form are two mechanisms.
    "which-cases-share-features": ("source target facet shared case src", []),
    "which-mechanisms-are-used-in-which-sector": ("used in_sector cases countries", [
        (CARD, "sector:health", 1, 1), (MEETING, "sector:health", 1, 1), (MONITORING, "sector:health", 1, 1),
        (SOCIAL, "sector:infrastructure", 1, 1), (MEETING, "sector:infrastructure", 1, 1), (MONITORING, "sector:infrastructure", 1, 1),
        (CARE, "sector:health", 1, 2), (CARE, "sector:public-finance", 1, 2), (HEARING, "sector:health", 1, 2),
        (HEARING, "sector:public-finance", 1, 2)]),
    "which-sector-uses-which-mechanism": ("source target case", [
        (f"sector:{field}", mechanism, case) for case in USES for field in FIELDS[case] for mechanism in USES[case]]),
    "how-do-mechanisms-bring-government-and-civil-society-together": ("used form government_role cases bodies example_case", [
        (mechanism, form, role, 1, 1, case) for case in USES for mechanism in USES[case] for form, role in PAIRS[case]]),
    "which-mechanism-goes-with-which-form": ("source target case", [
        (mechanism, form, case) for case in USES for mechanism in USES[case] for form in FORMS[case]]),
    "how-deep-does-collaboration-go": ("case public_body depth step oldest newest", [
        (CLINICS, HEALTH, "collaboration-depth:formalised-cooperation", 3, 2017, 2017),
        (CLINICS, DISTRICT, "collaboration-depth:joint-action", 4, 2017, 2017),
        (ROADS, COUNCIL, "collaboration-depth:ad-hoc-cooperation", 2, 2018, 2018),
        (ROADS, WORKS, "collaboration-depth:no-engagement", 0, 2018, 2018),
        (BUDGETS, HEALTH, "collaboration-depth:information-exchange", 1, 2020, 2020)]),
    "did-collaboration-change-over-time": ("public_body case started closed step", [
        (HEALTH, CLINICS, 2014, 2018, 3), (HEALTH, BUDGETS, 2019, None, 1)]),
    "where-did-government-co-implement-pay-or-adopt": ("case public_body how what_was_adopted", [
        (CLINICS, DISTRICT, IMPLEMENTER, "visits clinics together with citizens")]),
    "which-cases-rest-on-a-signed-agreement": ("case public_body told_as agreement year src", [
        (CLINICS, HEALTH, "public body", "signs and answers", None, "grantee-page programme-page"),
        (CLINICS, None, "case", "The ministry and Health Watch signed a paper.", None, "programme-page")]),
    "which-cases-link-local-evidence-to-national-decisions": ("case change", []),
    "which-cases-use-digital-tools": ("case tool", []),
    "which-actors-stand-beside-government-in-which-sector": ("in_sector actor_type cases", [
        ("sector:health", "actor:national-ngo", 2), ("sector:health", "actor:academia", 1), ("sector:health", "actor:multilateral", 1),
        ("sector:health", "actor:user-committee", 1), ("sector:infrastructure", "actor:national-ngo", 1),
        ("sector:public-finance", "actor:national-ngo", 1)]),
    "what-did-a-case-achieve": ("case kind finer finding result indicator baseline value unit year background", [
        (CLINICS, OUTCOME, "result-kind:service-use", "finding:positive", BIRTHS, "births in a clinic", "40", "55", "per cent", 2017, None),
        (CLINICS, OUTCOME, None, "finding:not-assessed", SHARE, "births in a clinic", None, "60", "per cent", 2017, None),
        (CLINICS, OUTCOME, "result-kind:no-effect", "finding:none", DEATHS, "child deaths", None, None, None, 2018, None),
        (CLINICS, OUTCOME, "result-kind:user-satisfaction", "finding:mixed", USERS, None, None, None, None, 2017, None),
        (CLINICS, "result-kind:service-output", "result-kind:access-infrastructure", "finding:not-assessed", "Clinics were built", None,
         None, None, None, None, True),
        (ROADS, "result-kind:negative-effect", "result-kind:reprisal-backlash", "finding:negative",
         "Two members of the union were threatened", None, None, None, None, 2017, None),
        (ROADS, "result-kind:government-responsiveness", "result-kind:action-taken", "finding:positive", "Nine roads were repaired", None,
         None, "9", "roads", 2017, None),
        (BUDGETS, "result-kind:transparency-information", "result-kind:data-published", "finding:positive",
         "The ministry printed its budget", None, None, None, None, 2020, None)]),
    "results-with-numbers": ("case result baseline value unit year", [
        (CLINICS, BIRTHS, 40, 55, "per cent", 2017), (CLINICS, SHARE, None, 60, "per cent", 2017),
        (ROADS, "Nine roads were repaired", None, 9, "roads", 2017)]),
    "which-cases-have-service-and-collaboration-outcomes": (
        "case has_service_outcome has_collaboration_outcome service_outcomes collaboration_outcomes not_found", [
            (CLINICS, True, False, 3, 0, 1), (ROADS, False, False, 0, 0, 0), (BUDGETS, False, False, 0, 0, 0)]),
    "which-rules-and-budgets-changed": ("case change", []),
    "which-challenges-stand-beside-service-outcomes": ("challenge_kind case met service_outcome finding lesson", [
        (f"challenge-kind:{kind}", CLINICS, met, outcome, f"finding:{finding}", None)
        for kind, met in (("late-funds", LATE), ("political-transition", MOVED), ("official-turnover", MOVED))
        for outcome, finding in ((BIRTHS, "positive"), (SHARE, "not-assessed"), (USERS, "mixed"))]),
    "which-challenge-met-which-lesson": ("source target_label case mechanism also_met src", [
        ("challenge-kind:mutual-distrust", "Meet before the score is read out", CLINICS, f"{CARD} {MEETING}", False, "evaluation")]),
    "which-challenges-recur": ("challenge_kind cases countries sectors src", [
        ("challenge-kind:late-funds", 1, 1, 1, "grantee-page"), ("challenge-kind:political-transition", 1, 1, 1, "programme-page"),
        ("challenge-kind:official-turnover", 1, 1, 1, "programme-page"), ("challenge-kind:restricted-information", 1, 1, 1, "gazette"),
        ("challenge-kind:official-resistance", 1, 1, 1, "gazette")]),
    "which-combinations-go-with-responsiveness-or-uptake": ("used form role", []),
    "which-mechanism-goes-with-which-result": ("source target case reported not_found harm", [
        *((m, "result-kind:service-outcome", CLINICS, 3, 1, 0) for m in USES[CLINICS]),
        *((m, "result-kind:government-responsiveness", ROADS, 1, 0, 0) for m in USES[ROADS]),
        *((m, "result-kind:negative-effect", ROADS, 0, 0, 1) for m in USES[ROADS]),
        *((m, "result-kind:transparency-information", BUDGETS, 1, 0, 0) for m in USES[BUDGETS])]),
    "what-from-indonesia-and-malawi-can-help-elsewhere": (
        "target_case lesson_from shared_sector shared_challenge shared_mechanism lesson lesson_fits src", [
            (BUDGETS, CLINICS, "sector:health", None, None, None, None, "grantee-page-2020"),
            (BUDGETS, CLINICS, None, None, None, "Meet before the score is read out", CARD, "evaluation"),
            (ROADS, CLINICS, None, None, f"{MONITORING} {MEETING}", None, None, "gazette road-report"),
            (ROADS, CLINICS, None, None, None, "Meet before the score is read out", MEETING, "evaluation"),
            (CLINICS, BUDGETS, "sector:health", None, None, None, None, "programme-page")]),
    "which-cases-are-like-a-case": ("case like points shared shared_sector shared_challenge shared_mechanism src", [
        (CLINICS, ROADS, 100, 2, None, None, f"{MONITORING} {MEETING}", "gazette road-report"),
        (ROADS, CLINICS, 100, 2, None, None, f"{MONITORING} {MEETING}", "grantee-page"),
        (CLINICS, BUDGETS, 50, 1, "sector:health", None, None, "grantee-page-2020"),
        (BUDGETS, CLINICS, 50, 1, "sector:health", None, None, "programme-page")]),
    "what-lasted-or-spread": ("case result", []),
    "which-cases-fit-an-open-government-commitment": ("commitment_from case", []),
    "what-do-sources-disagree-about": ("case what preferred other src", [
        (CLINICS, "gpsa:amount", 500000, 480000.5, "grantee-page list programme-page"),
        (CLINICS, "gpsa:approvalDate", "2013-11-30", "2013-12-01", "list programme-page"),
        (CLINICS, "result-kind:service-outcome", BIRTHS, SHARE, "evaluation grantee-page-2020")]),
}


@pytest.fixture(scope="module")
def source_ids(tiny_kg: KnowledgeGraph) -> dict[str, str]:
    rows = tiny_kg.query("SELECT ?source ?id WHERE { ?source a gpsa:Source ; dcterms:identifier ?id }")
    return {str(source): str(name).removeprefix("invented-") for source, name in rows}  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [q.name for q in read_questions(questions_folder()).values()
                                  if q.number and not q.name.startswith("how-well-")])
def test_rows_are_those_counted_by_hand(name: str, tiny_kg: KnowledgeGraph, source_ids: dict[str, str]) -> None:
    assert name in COUNTED, f"count the rows of {name} by hand on tests/tiny and add them to COUNTED"
    columns, expected = COUNTED[name]
    rows = tiny_kg.answer(name)
    groups = {str(x): str(label) for x, label in tiny_kg.query(  # type: ignore[union-attr]
        "SELECT ?x ?label WHERE { ?x a gpsa:Place ; gpsa:group true ; rdfs:label ?label }")}

    def shown(column: str, value: Any) -> Any:
        if column == "src":
            return " ".join(sorted(source_ids[part] for part in str(value).split()))
        return f"place:{groups[value]}" if value in groups else value

    found = [tuple(shown(c, row[rows.columns.index(c)]) for c in columns.split()) for row in rows]
    assert sorted(map(repr, expected)) == sorted(map(repr, found)), f"{name}: the answer is not what the files of tests/tiny say"


#: What is added to the files for the questions that the three cases leave empty.
ADDED = [
    ("xbb-road-audit", "roles: [responder], forms: [joint-problem-solving]",
     "roles: [responder, adopter], forms: [joint-problem-solving, adoption-in-policy, open-government-commitment]"),
    ("xbb-road-audit", "mechanisms:\n", "mechanisms:\n  - {id: mobile-reporting, as_called: text messages, sources: [s1]}\n"),
    ("xbb-road-audit", "results:\n", """results:
  - {text: The council made road audits a rule, kind: policy-legal-change, finer: law-changed, finding: positive, year: 2017, sources: [s1]}
  - {text: No money was set apart, kind: budget-resource-change, finding: none, year: 2017, sources: [s1]}
  - {text: The audits go on, kind: scale-sustainability, finer: continued-after-grant, finding: not-assessed, year: 2018, sources: [s1]}
"""),
    ("xaa-clinic-scorecards", "roles: [co-implementer]", "roles: [co-implementer, responder]"),
]
POLICY, BUDGET, SCALE, ANSWER = (f"result-kind:{kind}" for kind in (
    "policy-legal-change", "budget-resource-change", "scale-sustainability", "government-responsiveness"))
COUNTED_MORE: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "which-cases-link-local-evidence-to-national-decisions": ("case local_body national_body change kind finding year", [
        (ROADS, COUNCIL, WORKS, "The council made road audits a rule", POLICY, "finding:positive", 2017)]),
    "which-cases-use-digital-tools": ("case tool as_called mechanism_beside", [
        (ROADS, "mechanism:mobile-reporting", "text messages", f"{MONITORING} {MEETING} {SOCIAL}")]),
    "which-rules-and-budgets-changed": ("case kind finer change finding year public_body", [
        (ROADS, POLICY, "result-kind:law-changed", "The council made road audits a rule", "finding:positive", 2017, COUNCIL),
        (ROADS, BUDGET, None, "No money was set apart", "finding:none", 2017, COUNCIL)]),
    "what-lasted-or-spread": ("case result uptake year closed after_closing adopting_body", [
        (ROADS, "The audits go on", "result-kind:continued-after-grant", 2018, 2017, True, COUNCIL)]),
    "which-cases-fit-an-open-government-commitment": ("commitment_from commitment lead_institution case its_country shared_by", [
        (ROADS, "repairs roads after the audit", COUNCIL, ROADS, "country:XBB", "the case itself"),
        (ROADS, "repairs roads after the audit", COUNCIL, BUDGETS, "country:XBB", "the same country")]),
    "which-combinations-go-with-responsiveness-or-uptake": ("used form role result_kind cases_with cases_without cases_with_list", [
        (mechanism, SOLVING, RESPONDER, kind, 1, 1, ROADS) for mechanism in (MONITORING, MEETING) for kind in (ANSWER, SCALE)]),
    "where-did-government-co-implement-pay-or-adopt": ("case public_body how", [
        (CLINICS, DISTRICT, IMPLEMENTER), (ROADS, COUNCIL, "collaboration-form:adoption-in-policy"),
        (ROADS, COUNCIL, "government-role:adopter")]),
}


@pytest.fixture(scope="module")
def more_kg(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The three cases with a few things added."""
    folder = tmp_path_factory.mktemp("more") / "data"
    shutil.copytree(tiny, folder)
    for case, old, new in ADDED:
        path = folder / "cases" / f"{case}.yaml"
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"tests/tiny changed: {old!r} stands {text.count(old)} times in {case}"
        path.write_text(text.replace(old, new), "utf-8")
    return load(folder)


@pytest.mark.parametrize("name", COUNTED_MORE)
def test_rows_are_those_counted_by_hand_with_more_in_the_files(name: str, more_kg: KnowledgeGraph) -> None:
    columns, expected = COUNTED_MORE[name]
    rows = more_kg.answer(name)
    found = [tuple(row[rows.columns.index(c)] for c in columns.split()) for row in rows]

    assert sorted(map(repr, expected)) == sorted(map(repr, found)), f"{name}: the answer is not what the files say"


def test_every_claim_and_result_of_the_three_cases_is_weighed(tiny_kg: KnowledgeGraph) -> None:
    rows = tiny_kg.answer("how-well-is-a-case-backed")
    by_case = {case: [row for row in rows.to_dicts() if row["case"] == case] for case in (CLINICS, ROADS, BUDGETS)}

    # 42, 17 and 18 claims (tests/tiny/README.md), and 5, 2 and 1 results.
    assert {case: len(found) for case, found in by_case.items()} == {CLINICS: 47, ROADS: 19, BUDGETS: 19}
    amounts = {row["said"]: (row["sources"], row["publishers"], row["best"], row["newest"], row["conflict"])
               for row in by_case[CLINICS] if row["what"] == "gpsa:amount"}
    assert amounts == {500000: (2, 1, 3, 2021, True), 480000.5: (1, 1, 2, 2017, True)}
    country = {row["said"]: (row["publishers"], row["inferred"]) for row in by_case[BUDGETS] if row["what"] == "gpsa:country"}
    assert country == {"country:XAA": (1, False), "country:XBB": (1, True)}
    assert [row["said"] for row in by_case[CLINICS] if row["conflict"] and str(row["what"]).startswith("result-kind:")] == [BIRTHS, SHARE]


def test_relations_are_weighed_over_the_three_cases(tiny_kg: KnowledgeGraph) -> None:
    rows = {row["what"]: row for row in tiny_kg.answer("how-well-is-each-relation-backed").to_dicts()}

    def weighed(what: str) -> tuple[Any, ...]:
        return tuple(rows[what][c] for c in ("claims", "cases", "two_publishers", "inferred", "disputed"))

    assert weighed("gpsa:usesMechanism") == (8, 3, 1, 0, 0)
    assert weighed("gpsa:involvesGovernment") == (6, 3, 2, 0, 0)
    assert weighed("gpsa:country") == (4, 3, 1, 1, 0)
    assert weighed("gpsa:amount") == (3, 2, 0, 0, 2)
    assert weighed("gpsa:approvalDate") == (2, 1, 0, 0, 2)
    assert sum(int(row["claims"]) for row in rows.values()) == 42 + 17 + 18  # type: ignore[arg-type]


def test_parameters_narrow_the_three_cases(tiny_kg: KnowledgeGraph) -> None:
    def cases(question: str, **given: str) -> set[Any]:
        return set(tiny_kg.answer(question, **given).column("case"))

    assert {ROADS, BUDGETS} == cases("which-public-bodies-take-part-in-a-case", country="XBB")
    assert {CLINICS, BUDGETS} == cases("who-works-with-whom", sector="health")
    assert {CLINICS, BUDGETS} == cases("who-works-with-whom", programme="gpsa")
    assert {BUDGETS} == cases("who-works-with-whom", sector="public-finance", programme="gpsa")
    assert {CLINICS} == cases("what-did-a-case-achieve", of_kind="service-use")
    assert {ROADS} == cases("how-long-do-cases-take", status="dropped")
    assert {ROADS} == cases("what-is-missing", lacks="AMOUNT")
    assert {CLINICS} == cases("which-challenges-stand-beside-service-outcomes", challenge="state-capacity")
    assert {ROADS} == cases("how-deep-does-collaboration-go", kind="municipality")
    helped = tiny_kg.answer("what-from-indonesia-and-malawi-can-help-elsewhere", country="XAA").to_dicts()
    assert {(BUDGETS, "same country"), (CLINICS, "same country")} == {(row["target_case"], row["near"]) for row in helped}
    assert list(tiny_kg.answer("who-governed-the-programme", year="2016")) == []
    assert tiny_kg.answer("which-countries-opted-in", region="invented-south").column("opted_in") == [None]
