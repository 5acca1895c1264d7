"""Descriptions of the tables for programs: Data Package v2 and Croissant 1.1; and how to cite the data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from gpsa_graph import vocab
from gpsa_graph.export.about import CREATOR, KEYWORDS, LICENCE, LICENCE_NAME, TITLE, File, Release
from gpsa_graph.export.codebook import KEYS
from gpsa_graph.export.tables import Column, Table

_PROFILE = "https://datapackage.org/profiles/2.0/{}.json"
_CROISSANT = "http://mlcommons.org/croissant/"
_SCHEMA_ORG = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"}


def table_path(table: Table) -> str:
    return f"tables/{table.name}.csv"


def datapackage(release: Release, tables: Iterable[tuple[Table, File]]) -> str:
    """`datapackage.json`: every table with its columns, keys and joins. Source: Data Package standard, version 2.0."""
    return _json({
        "$schema": _PROFILE.format("datapackage"), "name": "gpsa-graph", "id": vocab.BASE, "title": TITLE,
        "description": release.description, "version": release.version, "created": f"{release.date}T00:00:00Z",
        "homepage": vocab.BASE, "keywords": list(KEYWORDS), "contributors": [{"title": CREATOR, "roles": ["creator"]}],
        "licenses": [{"name": LICENCE_NAME, "path": LICENCE, "title": "Creative Commons Attribution 4.0"}],
        "resources": [_resource(table, file) for table, file in tables]})


def _resource(table: Table, file: File) -> dict[str, Any]:
    joins = [{"fields": [c.name], "reference": {"resource": "" if c.refers == table.name else c.refers, "fields": [KEYS[c.refers]]}}
             for c in table.columns if c.refers and not c.lists]
    schema = {"$schema": _PROFILE.format("tableschema"), "fields": [_field(c) for c in table.columns],
              "primaryKey": list(table.key), "missingValues": [""]}
    return {"$schema": _PROFILE.format("dataresource"), "name": table.name, "title": table.title, "path": file.path,
            "type": "table", "format": "csv", "mediatype": file.media, "encoding": "utf-8", "bytes": file.size,
            "hash": f"sha256:{file.sha256}", "schema": schema | ({"foreignKeys": joins} if joins else {})}


def _field(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {"name": column.name, "type": "list" if column.lists else column.type, "description": column.about}
    if column.lists:
        said |= {"delimiter": column.lists, "itemType": "string"}
    if ":" in column.shows:
        said["rdfProperty"] = vocab.expand(column.shows)
    return said | ({"constraints": {"required": True}} if column.required else {})


def croissant(release: Release, tables: Iterable[tuple[Table, File]], dumps: Iterable[File]) -> str:
    """`croissant.json`: files with checksums, and a record set for each table. Source: MLCommons Croissant 1.1."""
    pairs = list(tables)
    return _json({
        "@context": _context(), "@type": "sc:Dataset", "conformsTo": _CROISSANT + "1.1", "name": "gpsa-graph",
        "description": release.description, "url": vocab.BASE, "license": LICENCE, "version": release.version,
        "datePublished": release.date, "inLanguage": "en", "keywords": list(KEYWORDS), "isLiveDataset": False,
        "creator": {"@type": "sc:Organization", "name": CREATOR}, "publisher": {"@type": "sc:Organization", "name": CREATOR},
        "citeAs": _bibtex(release),
        "distribution": [_file_object(f) for f in (*(file for _, file in pairs), *dumps)],
        "recordSet": [_record_set(table, file) for table, file in pairs]})


def _context() -> dict[str, Any]:
    """The context that the standard recommends (appendix 1)."""
    terms = ("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileProperty", "fileObject",
             "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
             "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform")
    return {"@language": "en", "@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": _CROISSANT,
            "rai": _CROISSANT + "RAI/", "dct": vocab.PREFIXES["dcterms"], "conformsTo": "dct:conformsTo",
            **{t: f"cr:{t}" for t in terms}, "data": {"@id": "cr:data", "@type": "@json"},
            "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "examples": {"@id": "cr:examples", "@type": "@json"},
            "name": {"@container": "@language"}, "description": {"@container": "@language"}}


def _file_object(file: File) -> dict[str, Any]:
    return {"@type": "cr:FileObject", "@id": file.path, "name": file.path, "description": file.title, "contentUrl": file.path,
            "contentSize": f"{file.size} B", "encodingFormat": file.media, "sha256": file.sha256}


def _record_set(table: Table, file: File) -> dict[str, Any]:
    def field(column: Column) -> dict[str, Any]:
        found: dict[str, Any] = {
            "@type": "cr:Field", "@id": f"{table.name}/{column.name}", "name": column.name, "description": column.about,
            "dataType": _SCHEMA_ORG.get(column.type, "sc:Text"),
            "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}}}
        if ":" in column.shows:
            found["equivalentProperty"] = vocab.expand(column.shows)
        if column.refers and not column.lists:
            found["references"] = {"field": {"@id": f"{column.refers}/{KEYS[column.refers]}"}}
        return found

    return {"@type": "cr:RecordSet", "@id": table.name, "name": table.name, "description": table.title,
            "key": [{"@id": f"{table.name}/{k}"} for k in table.key], "field": [field(c) for c in table.columns]}


def _bibtex(release: Release) -> str:
    return (f"@misc{{gpsa_graph_{release.version.replace('.', '_')}, author = {{{{{CREATOR}}}}}, title = {{{TITLE}}}, "
            f"year = {{{release.date[:4]}}}, version = {{{release.version}}}, url = {{{vocab.BASE}}}}}")


def citation_cff(release: Release) -> str:
    """`CITATION.cff` of the data. Source: Citation File Format 1.2.0."""
    said = {"cff-version": "1.2.0", "message": "If you use these data, please cite them and the sources behind the facts you use.",
            "type": "dataset", "title": TITLE, "abstract": release.description, "authors": [{"name": CREATOR}],
            "version": release.version, "date-released": release.date, "license": LICENCE_NAME, "url": vocab.BASE,
            "keywords": list(KEYWORDS)}
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in said.items())


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
