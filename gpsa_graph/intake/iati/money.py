"""Budgets and transactions of an activity: sums by kind and currency, never across currencies."""

from __future__ import annotations

from decimal import Decimal

from gpsa_graph.cases.model import Amount, Said
from gpsa_graph.intake.iati.words import TRANSACTION_NAMES, TRANSACTIONS, amount, code, day, good_day
from gpsa_graph.intake.session import Session
from gpsa_graph.intake.xml import Element

__all__ = ["Money"]

Sums = dict[tuple[str, str], list[tuple[Decimal, str]]]


def _written(number: Decimal) -> str:
    return f"{number:,.2f}".removesuffix(".00")


def _digits(number: Decimal) -> str:
    said = f"{number:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


class Money:
    """Reads the money of one activity. `amounts` and `notes` are what a case can say of it."""

    def __init__(self, activity: Element, session: Session, cite: tuple[str, ...]) -> None:
        self.activity, self.session, self.cite = activity, session, cite
        self.currency = activity.get("default-currency").upper()
        self.sums: Sums = {}
        self.parties: list[tuple[Element, str]] = []
        self.countries: list[Element] = []
        self.sectors: list[Element] = []
        for element in activity.all("transaction"):
            self._transaction(element)
        self._budgets()
        for element in activity.all("planned-disbursement"):
            self._add(element, "planned-disbursement", "planned disbursements", day_of(element, "period-start"))

    def _value(self, element: Element, what: str) -> tuple[Decimal, str] | None:
        """A value and its currency, or None after saying what is wrong."""
        value = element.first("value")
        said = value.text if value is not None else ""
        plain = amount(said)
        if value is None or plain is None:
            at = value.line if value is not None else element.line
            self.session.fault(
                at,
                f"'{said[:40]}' is no plain number for the value of a {what}" if said else f"a {what} has no value",
                "Write digits and a point for decimals, such as 1234.5; no comma, no exponent.",
            )
            self.session.tally.element(what, "dropped", "its value is no plain number")
            return None
        currency = value.get("currency").upper() or self.currency
        if len(currency) != 3 or not currency.isalpha():
            self.session.fault(
                value.line, f"the value of a {what} has no currency", 'Add currency="USD", or a default-currency to the activity.'
            )
            self.session.tally.element(what, "dropped", "no currency is stated")
            return None
        return Decimal(plain), currency

    def _add(self, element: Element, what: str, name: str, when: str) -> bool:
        value = self._value(element, what)
        if value is None:
            return False
        self.sums.setdefault((name, value[1]), []).append((value[0], when))
        self.session.tally.element(what)
        return True

    def _transaction(self, element: Element) -> None:
        kind = code(element.first("transaction-type"), TRANSACTIONS)
        name = TRANSACTION_NAMES.get(kind)
        when = element.first("transaction-date")
        moment = day(when) if when is not None else ""
        if name is None:
            self.session.fault(
                element.line,
                f"'{kind}' is no transaction type" if kind else "a transaction has no type",
                "Write a code of the IATI codelist TransactionType.",
            )
            self.session.tally.element("transaction", "dropped", "its type is not in the codelist")
            return
        if moment and not good_day(moment):
            self.session.fault(element.line, f"'{moment[:40]}' is no date for a transaction", "Write YYYY-MM-DD, from 1900 to 2099.")
            moment = ""
        if self._add(element, "transaction", name, moment):
            for tag, role in (("provider-org", "provides funds"), ("receiver-org", "receives funds")):
                party = element.first(tag)
                if party is not None:
                    self.parties.append((party, f"{role} in transactions of the record"))
            self.countries += element.all("recipient-country")
            self.sectors += element.all("sector")

    def _budgets(self) -> None:
        """A revised budget (type 2) takes the place of the original one (type 1) of the same period."""
        given: dict[tuple[str, str], Element] = {}
        for element in self.activity.all("budget"):
            period = (day_of(element, "period-start"), day_of(element, "period-end"))
            before = given.get(period)
            revised = element.get("type") in ("2", "revised", "Revised")
            if before is None:
                given[period] = element
            elif revised:
                given[period] = element
                self.session.tally.element("budget", "dropped", "a revised budget of the same period takes its place")
            else:
                why = (
                    "a revised budget of the same period takes its place"
                    if before.get("type") in ("2", "revised", "Revised")
                    else "another budget of the same period stands before it"
                )
                self.session.tally.element("budget", "dropped", why)
        for (start, _), element in given.items():
            self._add(element, "budget", "budgets", start)

    def amounts(self) -> tuple[Amount, ...]:
        """What the case costs in US dollars: all outgoing commitments, or else all budgets, if all of them are in US dollars."""
        for name in ("commitments", "budgets"):
            currencies = [c for n, c in self.sums if n == name]
            if not currencies:
                continue
            parts = self.sums.get((name, "USD"), [])
            total = sum((v for v, _ in parts), Decimal(0))
            if currencies == ["USD"] and 0 < total < 10**15:
                note = (
                    f"The sum of {len(parts)} {name} of the record." if len(parts) > 1 else f"The {name.removesuffix('s')} of the record."
                )
                return (
                    Amount(
                        line=self.activity.line,
                        sources=self.cite,
                        usd=_digits(round(total, 2)),
                        printed=f"USD {_written(total)}",
                        note=note,
                    ),
                )
            return ()
        return ()

    def notes(self) -> tuple[Said, ...]:
        """Every sum by kind and currency, in words."""
        made = []
        for (name, currency), parts in sorted(self.sums.items()):
            total = sum((v for v, _ in parts), Decimal(0))
            years = sorted(w[:4] for _, w in parts if w)
            span = "" if not years else f", {years[0]}" if years[0] == years[-1] else f", {years[0]}-{years[-1]}"
            made.append(
                Said(
                    line=self.activity.line,
                    sources=self.cite,
                    text=f"{name[0].upper()}{name[1:]} in {currency}: {_written(total)} in {len(parts)} "
                    f"entr{'y' if len(parts) == 1 else 'ies'}{span}.",
                )
            )
        return tuple(made)


def day_of(element: Element, name: str) -> str:
    """The day of a child element, or nothing where it is missing or no date."""
    inner = element.first(name)
    said = day(inner) if inner is not None else ""
    return said if good_day(said) else ""
