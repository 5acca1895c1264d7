"""The errors: one tree, and texts that name the thing, the place and the next step."""

from __future__ import annotations

import pytest

from gpsa_graph import errors
from gpsa_graph.errors import DataError, GpsaError, MissingExtra, OutputError, Problem, QueryError, UnknownName


def _errors() -> list[type[Exception]]:
    return [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]


@pytest.mark.parametrize("kind", _errors(), ids=lambda e: e.__name__)
def test_every_error_is_caught_by_one_name(kind: type[Exception]) -> None:
    assert issubclass(kind, GpsaError)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = {line.split()[1] for line in (errors.__doc__ or "").splitlines() if line.strip().startswith(("*", "+"))}
    assert drawn == {e.__name__ for e in _errors()}, "mend the tree in the docstring of errors.py"


def test_a_problem_shows_place_message_and_fix() -> None:
    assert str(Problem("data/cases/a.yaml", 4, "what is wrong", "What to do.")) == "data/cases/a.yaml:4: what is wrong\n  What to do."


def test_a_problem_of_a_whole_file_has_no_line_and_may_have_no_fix() -> None:
    assert str(Problem("data/cases/a.yaml", 0, "cannot be read")) == "data/cases/a.yaml: cannot be read"


def test_data_errors_are_sorted_by_file_and_line_and_come_once() -> None:
    late, early, other = Problem("b.yaml", 10, "x"), Problem("b.yaml", 9, "x"), Problem("a.yaml", 99, "x")
    error = DataError([late, early, other, late])
    assert error.problems == (other, early, late)
    assert str(error) == "a.yaml:99: x\nb.yaml:9: x\nb.yaml:10: x"


@pytest.mark.parametrize("near, hint, text", [
    ([], "", "no case called 'mwi-mej'"),
    (["mwi-mejn"], "", "no case called 'mwi-mej'; did you mean 'mwi-mejn'?"),
    (["a", "b", "c", "d"], "", "no case called 'mwi-mej'; did you mean 'a' or 'b' or 'c'?"),
    ([], "`gpsa find TEXT` searches names", "no case called 'mwi-mej'; `gpsa find TEXT` searches names"),
    (["a"], "given for 'case'", "no case called 'mwi-mej'; did you mean 'a'? (given for 'case')"),
])
def test_an_unknown_name_tells_the_near_misses(near: list[str], hint: str, text: str) -> None:
    error = UnknownName("case", "mwi-mej", near=near, hint=hint)
    assert str(error) == text
    assert (error.kind, error.name, error.near) == ("case", "mwi-mej", tuple(near))


def test_a_very_long_name_is_cut_in_the_text_but_kept_in_the_error() -> None:
    error = UnknownName("case", "x" * 5000)
    assert len(str(error)) < 120
    assert error.name == "x" * 5000


def test_a_query_error_tells_line_and_column_where_known() -> None:
    known = QueryError("expected a variable", line=3, column=7)
    assert str(known) == "the query cannot be answered (line 3, column 7): expected a variable"
    assert str(QueryError("too deep")) == "the query cannot be answered: too deep"
    assert (known.line, known.column) == (3, 7)


def test_a_missing_part_tells_the_line_that_installs_it() -> None:
    assert "pip install 'gpsa-graph[excel]'" in str(MissingExtra("excel"))


def test_errors_are_one_line_unless_they_hold_several_problems() -> None:
    for error in (UnknownName("case", "a"), QueryError("b"), MissingExtra("c"), OutputError("d")):
        assert "\n" not in str(error)
