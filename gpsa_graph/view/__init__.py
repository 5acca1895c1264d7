"""The explorer: one HTML file that shows cases and who takes part in them, and works without a network."""

from gpsa_graph.view.page import explorer_html, write_explorer
from gpsa_graph.view.pyvis import to_pyvis

__all__ = ["explorer_html", "to_pyvis", "write_explorer"]
