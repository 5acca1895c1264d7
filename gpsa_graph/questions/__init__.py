"""Stored questions: a SPARQL file with a title, an explanation and typed parameters.

A parameter is a line `VALUES ?name { UNDEF }` of the query. To fill it, that line alone is rewritten with the
N-Triples form of a typed term; nothing else of the text changes, and a pasted query means "any".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gpsa_graph import vocab
from gpsa_graph.errors import DataError, ParameterError, Problem, UnknownName

_NUMBER = re.compile(r"-?\d{1,15}\Z")
_KEYS = {"title", "about", "level", "number", "keywords", "parameters", "columns", "network", "coverage", "reading"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a question can be narrowed by. `kind` is a kind of thing or concept scheme, `year` or `text`."""

    name: str
    kind: str
    about: str
    sample: str

    def term(self, value: str, options: Mapping[str, str]) -> str:
        """The N-Triples form of a value: an id, a prefixed name, an IRI or a label of one of the `options` (id -> label).

        Raises ParameterError or UnknownName with the near misses.
        """
        value = value.strip()
        if self.kind == "year":
            if not _NUMBER.match(value):
                raise ParameterError(f"'{value}' is no year for '{self.name}'; write four digits such as 2016")
            return vocab.integer(int(value))
        if self.kind == "text":
            if len(value) > 200 or any(ord(c) < 32 for c in value):
                raise ParameterError(f"the text for '{self.name}' is longer than 200 characters or holds control characters")
            return vocab.literal(value)
        start = vocab.PREFIXES[self.kind]
        name = vocab.expand(value).removeprefix(start)
        if name in options:
            return vocab.node(self.kind, name)
        wanted = vocab.slug(value)
        by_label = {vocab.slug(label): known for known, label in options.items()} | {vocab.slug(k): k for k in options}
        if wanted in by_label:
            return vocab.node(self.kind, by_label[wanted])
        close = list(dict.fromkeys(by_label[n] for n in vocab.near(value, by_label)))
        raise UnknownName(self.kind.replace("-", " "), value, near=close, hint=f"given for '{self.name}'" if close else "")


@dataclass(frozen=True, slots=True)
class Question:
    """A question that the graph comes with. `text` is the query with every parameter open."""

    name: str
    title: str
    about: str
    text: str
    level: int = 1
    number: int = 0
    keywords: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    network: Mapping[str, Any] | None = None
    coverage: str = ""
    reading: str = ""

    @property
    def feed(self) -> bool:
        """Whether it is a table that the patterns count and none of the forty numbered questions."""
        return self.number == 0

    def parameter(self, name: str) -> Parameter:
        """One parameter by name; UnknownName with the near misses otherwise."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [p.name for p in self.parameters]
        hint = f"'{self.name}' takes {', '.join(known)}" if known else f"'{self.name}' takes no parameters"
        raise UnknownName("parameter", name, near=vocab.near(name, known), hint=hint)

    def filled(self, terms: Mapping[str, str], text: str = "") -> str:
        """The query (or `text`, its coverage query) with `terms` (N-Triples) in place of UNDEF."""
        query = text or self.text
        for name, term in terms.items():
            line = re.compile(rf"^(\s*VALUES \?{re.escape(name)} ){{ UNDEF }}", re.MULTILINE)
            query = line.sub(lambda m, term=term: f"{m[1]}{{ {term} }}", query)  # type: ignore[misc]
        return query

    def to_dict(self) -> dict[str, Any]:
        """The question as plain values, which JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Question:
        """The question that `to_dict` gave."""
        values = dict(given)
        values["parameters"] = tuple(Parameter(**p) for p in given["parameters"])
        values["keywords"] = tuple(given["keywords"])
        return cls(**values)


def parse_question(path: Path) -> Question:
    """Read one `.rq` file; raises DataError with the line of each fault."""
    import yaml

    shown = f"questions/{path.name}"
    lines = path.read_text("utf-8").splitlines()
    front = [line[2:].removeprefix(" ") for line in lines if line.startswith("#+")]
    body = [line for line in lines if not line.startswith("#+")]
    try:
        head = yaml.safe_load("\n".join(front))
    except yaml.YAMLError as error:
        raise DataError([Problem(shown, 1, f"the front matter is not YAML: {' '.join(str(error).split())}")]) from None
    if not isinstance(head, dict) or not str(head.get("title", "")).endswith("?"):
        raise DataError([Problem(shown, 1, "the front matter has no title ending in '?'", "Begin with '#+ title: ...?'.")])
    problems = [Problem(shown, 1, f"unknown key '{k}' in the front matter", f"Known: {', '.join(sorted(_KEYS))}.")
                for k in head if k not in _KEYS]
    parameters = tuple(Parameter(name, **{k: str(v) for k, v in spec.items()}) for name, spec in (head.get("parameters") or {}).items())
    text = "\n".join(body).strip() + "\n"
    coverage = str(head.get("coverage", ""))
    for parameter in parameters:
        if parameter.kind not in (*vocab.THINGS, *vocab.SCHEMES, "year", "text"):
            problems.append(Problem(shown, 1, f"unknown kind '{parameter.kind}' of parameter '{parameter.name}'"))
        if not re.search(rf"(?m)^\s*VALUES \?{re.escape(parameter.name)} {{ UNDEF }}", text):
            problems.append(Problem(shown, 1, f"no line 'VALUES ?{parameter.name} {{ UNDEF }}' for parameter '{parameter.name}'"))
    if problems:
        raise DataError(problems)
    return Question(
        name=path.stem, title=str(head["title"]), about=" ".join(str(head.get("about", "")).split()), text=text,
        level=int(head.get("level", 1)), number=int(head.get("number", 0)),
        keywords=tuple(map(str, head.get("keywords") or ())), parameters=parameters,
        columns={str(k): str(v) for k, v in (head.get("columns") or {}).items()}, network=head.get("network"),
        coverage=coverage, reading=" ".join(str(head.get("reading", "")).split()),
    )


def read_questions(folder: Path) -> dict[str, Question]:
    """Every question of a folder by name, in the order of their numbers and names; tables for the patterns come last."""
    found = [parse_question(path) for path in sorted(folder.glob("*.rq"))]
    return {q.name: q for q in sorted(found, key=lambda q: (q.feed, q.number, q.name))}


def question_named(name: str, known: Iterable[str]) -> str:
    """The name as it is, or UnknownName with the near misses."""
    names = list(known)
    if name in names:
        return name
    raise UnknownName("question", name, near=vocab.near(name, names), hint=f"`gpsa questions` lists all {len(names)}")
