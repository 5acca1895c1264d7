"""The part of an address that names a form: `.json`, `.csv`, `.ttl` ..."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor


class Form(Convertor[str]):
    regex = "json|csv|ttl|nt|jsonld|rdf|html"

    def convert(self, value: str) -> str:
        return "" if value == "html" else value

    def to_string(self, value: str) -> str:
        return value


def register() -> None:
    """Make `{ending:form}` known to the routes."""
    register_url_convertor("form", Form())
