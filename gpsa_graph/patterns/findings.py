"""Findings: what a pattern says, with the numbers, cases and sources it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: Below so many cases a share is no share: the counts are given and nothing is tested.
FEWEST = 10

#: What holds for every count of the cases.
ALWAYS = (
    "What no source states counts as absent, so a well described case has more of everything.",
    "The cases were chosen because something could be read about them; they are no sample of all such work.",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the cases, and everything needed to check it.

    `n` is the number of cases it stands on and `of` the number of cases that could have shown it. `numbers` holds the other
    figures by name (an odds ratio, the mean of the shuffles ...). `p` and `q` are the p-value of the named test and the same
    after the correction of Benjamini and Hochberg, in a form for counts (`exact`), over the family of tests; `holds` says
    whether `q` is at most 0.05 and is None where nothing was tested. `cases` and `against` are prefixed names of cases for and
    against, `sources` those of the sources of the counted values, `changes` what would change the finding.

    >>> finding = Finding("teams", "a", "A was reported in 3 of 12 cases.", n=3, of=12, cases=("case:a",))
    >>> finding.to_dict()["sentence"], finding.holds is None
    ('A was reported in 3 of 12 cases.', True)
    """

    pattern: str
    key: str
    sentence: str
    n: int
    of: int
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)
    test: str = ""
    p: float | None = None
    q: float | None = None
    seed: int | None = None
    draws: int = 0
    holds: bool | None = None
    cases: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    changes: str = ""

    def __post_init__(self) -> None:
        if ":" not in self.sentence.partition(" ")[0]:
            object.__setattr__(self, "sentence", self.sentence[:1].upper() + self.sentence[1:])

    def to_dict(self) -> dict[str, Any]:
        """The same as values that JSON can hold, in the order of the fields.

        >>> list(Finding("teams", "a", "A.", n=1, of=2).to_dict())[:4]
        ['pattern', 'key', 'sentence', 'n']
        """
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            **said,
            "numbers": dict(self.numbers),
            **{name: list(said[name]) for name in ("cases", "against", "sources", "caveats")},
        }


def too_few(pattern: str, n: int, what: str, *, need: int = FEWEST) -> list[Finding]:
    """The finding that nothing can be said.

    >>> too_few("teams", 3, "name a public body")[0].sentence
    'Too few cases to say: 3 cases name a public body, and fewer than 10 are not tested.'
    """
    stated = f"{n} case{'s' * (n != 1)} {what if n != 1 else _singular(what)}" if n else f"no case {_singular(what)}"
    return [
        Finding(
            pattern,
            "too-few",
            f"Too few cases to say: {stated}, and fewer than {need} are not tested.",
            n=n,
            of=n,
            changes=f"At least {need} cases that {what}.",
        )
    ]


def _singular(what: str) -> str:
    verb, _, rest = what.partition(" ")
    return f"{'has' if verb == 'have' else verb + 's'} {rest}".strip()


def listed(names: Sequence[str]) -> str:
    """Names as people list them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def share(n: int, of: int) -> str:
    """A count with its denominator, and the percentage where the denominator allows one.

    >>> share(3, 12), share(3, 9), share(0, 0)
    ('3 of 12 (25%)', '3 of 9', 'no data')
    """
    if of == 0:
        return "no data"
    return f"{n} of {of}" + (f" ({100 * n / of:.0f}%)" if of > FEWEST else "")


def figure(value: float) -> str:
    """A number as a sentence prints it: three significant digits at most, never an exponent for p-values in use here.

    >>> figure(0.00012), figure(12.345), figure(3.0)
    ('0.00012', '12.3', '3')
    """
    if value == 0 or value != value:
        return "0" if value == 0 else "no number"
    if abs(value) < 1e-6:
        return "less than 0.000001"
    if abs(value) >= 100:
        return f"{value:.0f}"
    from decimal import Decimal

    return f"{Decimal(f'{value:.2e}' if abs(value) >= 1 else f'{value:.1e}').normalize():f}"
