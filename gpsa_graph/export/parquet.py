"""Rows as Parquet: a type for each column, and what the rows are in the metadata of the file."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import MissingExtra
from gpsa_graph.resources import data_version

if TYPE_CHECKING:
    from gpsa_graph.graph.rows import Rows, Value

__all__ = ["parquet"]


def parquet(rows: Rows) -> bytes:
    """The rows as a Parquet file.

    A column of whole numbers, numbers or booleans keeps that type, any other is text; what is missing is null. Title, query,
    coverage, data version and the citation of every source stand in the metadata of the schema under `gpsa-graph`, as JSON.
    Raises MissingExtra without pyarrow.
    """
    try:
        import pyarrow
        from pyarrow import parquet as writer
    except ImportError:
        raise MissingExtra("parquet") from None
    columns = {name: _column(pyarrow, [row[i] for row in rows]) for i, name in enumerate(rows.columns)}
    version, day = data_version()
    about = {
        "title": rows.title,
        "query": rows.query,
        "coverage": rows.coverage,
        "data": f"{version} {day}",
        "license": "CC BY 4.0",
        "sources": rows.citations(),
    }
    table = pyarrow.table(columns).replace_schema_metadata({"gpsa-graph": json.dumps(about, ensure_ascii=False)})
    made = BytesIO()
    writer.write_table(table, made)
    return made.getvalue()


def _column(pyarrow: Any, values: list[Value]) -> Any:
    kinds = {type(v) for v in values if v is not None}
    if kinds == {bool}:
        return pyarrow.array(values, pyarrow.bool_())
    if kinds == {int} and all(abs(v) < 2**63 for v in values if isinstance(v, int)):
        return pyarrow.array(values, pyarrow.int64())
    if kinds and kinds <= {int, float}:
        return pyarrow.array([None if v is None else float(v) for v in values], pyarrow.float64())
    return pyarrow.array([None if v is None else _text(v) for v in values], pyarrow.string())


def _text(value: Value) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text
