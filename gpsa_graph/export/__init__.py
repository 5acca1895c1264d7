"""Taking the graph elsewhere: rows in seven formats, networks for other programs, and the graph as a folder of files.

`build` and `networks` are imported by name, because they need more than rows do.
"""

from gpsa_graph.export.rows import FORMATS, write_rows

__all__ = ["FORMATS", "write_rows"]
