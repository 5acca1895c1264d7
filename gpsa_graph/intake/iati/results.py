"""Results of an activity: one for each actual value; a result without one is told as a gap, since an aim is no result."""

from __future__ import annotations

from collections.abc import Iterator

from gpsa_graph.cases.model import Gap, Result
from gpsa_graph.intake.codes import Mapped, mapped
from gpsa_graph.intake.iati.money import day_of
from gpsa_graph.intake.iati.words import MEASURES, RESULTS, amount, best, code
from gpsa_graph.intake.session import Session, plain
from gpsa_graph.intake.xml import Element

__all__ = ["Results"]


class Results:
    """Reads the results of one activity that begins in the year `begins` (0: not stated)."""

    def __init__(self, activity: Element, session: Session, cite: tuple[str, ...], language: str, begins: int) -> None:
        self.session, self.cite, self.language, self.begins = session, cite, language, begins
        self.results: list[Result] = []
        self.gaps: list[Gap] = []
        self._said: set[tuple[str, str, str, int]] = set()
        for element in activity.all("result"):
            before = len(self.results)
            title = best([element.first("title")], language)[0]
            for indicator in element.all("indicator"):
                self._indicator(element, title, indicator)
            if len(self.results) > before:
                session.tally.element("result")
                continue
            text = plain(title or best([element.first("description")], language)[0])
            if not text:
                session.tally.element("result", "dropped", "it has neither a title nor an actual value")
                continue
            said = f"The record names the result '{text}' without an actual value."
            if all(g.text != said for g in self.gaps):
                self.gaps.append(Gap(line=element.line, sources=cite, field="results", reading="not-stated", text=said))
            session.tally.element("result", "mapped", "as a gap: no actual value")

    def _indicator(self, element: Element, title: str, indicator: Element) -> None:
        name = best([indicator.first("title")], self.language)[0]
        made = 0
        for period in indicator.all("period"):
            for actual in period.all("actual"):
                made += self._actual(element, title, indicator, name, period, actual)
        if made:
            self.session.tally.element("indicator")
        else:
            self.session.tally.element("indicator", "not mapped", "no actual value")

    def _actual(self, element: Element, title: str, indicator: Element, name: str, period: Element, actual: Element) -> int:
        language, tally = self.language, self.session.tally
        said = actual.get("value")
        comment = best([actual.first("comment")], language)[0]
        if not said and not comment:
            tally.element("actual", "not mapped", "neither value nor comment")
            return 0
        measure = code(indicator, {"unit": "1", "percentage": "2"}, "measure")
        number = amount(said) if said else ""
        if number is None and measure in ("1", "2", ""):
            self.session.fault(
                actual.line,
                f"'{said[:40]}' is no plain number for an actual value",
                "Write digits and a point for decimals, such as 1234.5.",
            )
            tally.element("actual", "dropped", "its value is no plain number")
            return 0
        year = int((day_of(period, "period-end") or day_of(period, "period-start") or "0")[:4])
        if year and self.begins and year < self.begins:
            self.session.fault(
                actual.line,
                f"an actual value of {year} is older than the activity, which begins in {self.begins}",
                "Mend the period, or the dates of the activity.",
            )
            tally.element("actual", "dropped", "older than the activity")
            return 0
        parts = [f"{d.get('name')}: {d.get('value')}" for d in actual.all("dimension")]
        text = ": ".join(dict.fromkeys(filter(None, (title, name)))) or comment or f"Actual value {said}"
        if parts:
            text += f" ({', '.join(parts)})"
        key = (text, name, number or said, year)
        if key in self._said:
            tally.element("actual", "dropped", "said twice in the record")
            return 0
        self._said.add(key)
        kind = mapped("iati-result-type", code(element, RESULTS, "type")) or mapped("iati-result-type", "")
        assert kind is not None
        self.results.append(self._result(text, name, number or said, year, indicator, period, comment, measure, kind, actual.line))
        tally.element("actual")
        return 1

    def _result(
        self,
        text: str,
        name: str,
        value: str,
        year: int,
        indicator: Element,
        period: Element,
        comment: str,
        measure: str,
        kind: Mapped,
        line: int,
    ) -> Result:
        baseline = indicator.first("baseline")
        base = amount(baseline.get("value")) or "" if baseline is not None else ""
        if base and baseline is not None:
            self.session.tally.element("baseline")
        notes = []
        when = (baseline.get("year") or baseline.get("iso-date")) if baseline is not None else ""
        if base and when:
            notes.append(f"Baseline of {when[:10]}.")
        for target in self._targets(period):
            notes.append(f"Target: {target}.")
        if comment and comment != text:
            notes.append(comment)
        inferred = kind.how == "wider"
        return Result(
            line=line,
            sources=self.cite,
            text=text,
            kind=kind.concepts[0],
            finding="not-assessed",
            indicator=name,
            baseline=base,
            value=value,
            unit=(MEASURES.get(measure) or "units, as the indicator counts") if value else "",
            year=year,
            undated=not year,
            note=" ".join(notes),
            basis="inferred" if inferred else "",
            why=f"Classed by the IATI result type '{kind.name}' alone; the value itself is stated." if inferred else "",
        )

    def _targets(self, period: Element) -> Iterator[str]:
        for target in period.all("target"):
            if target.get("value"):
                self.session.tally.element("target")
                parts = [f"{d.get('name')}: {d.get('value')}" for d in target.all("dimension")]
                yield target.get("value") + (f" ({', '.join(parts)})" if parts else "")
