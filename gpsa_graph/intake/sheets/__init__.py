"""Spreadsheets from strangers: XLSX, ODS and CSV as rows of text, read as a stream within stated limits.

The formats are read with the XML and zip readers of the standard library, so that what the usual libraries pass over in silence
is seen: a wrong <dimension>, merged cells, formulas that were never computed, dates that count from 1904, hidden sheets. Limits:
50 MB a file, 500 MB and a ratio of 100 unpacked, 200,000 rows, 32,767 characters a cell.
"""

from gpsa_graph.intake.sheets.common import LARGEST, Cell, Row, Sheet, column
from gpsa_graph.intake.sheets.read import open_table

__all__ = ["LARGEST", "Cell", "Row", "Sheet", "column", "open_table"]
