"""Cards, claims and paths as text; the template of a case file."""
