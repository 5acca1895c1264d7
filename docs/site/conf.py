"""Settings of the documentation site: Sphinx with Furo and MyST, all from the disk."""

project = "gpsa-graph"
author = "The gpsa-graph contributors"
copyright = "the gpsa-graph contributors; texts and data CC BY 4.0, code Apache 2.0"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "index"
language = "en"
html_theme = "furo"
html_title = "gpsa-graph"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_permalinks_icon = "#"
html_last_updated_fmt = None
html_theme_options = {"footer_icons": [], "top_of_page_buttons": []}
myst_heading_anchors = 6
myst_enable_extensions = ["attrs_block"]
pygments_style = "a11y-light"
pygments_dark_style = "a11y-dark"
nitpicky = True
suppress_warnings = ["misc.highlighting_failure"]  # the lexer knows no property paths
