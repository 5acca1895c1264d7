"""Case files and authority lists, read into values. Never imports rdflib."""

from gpsa_graph.cases.authority import Authority, Country, Organisation, Place, Source
from gpsa_graph.cases.model import Case, Entry
from gpsa_graph.cases.programme import Event, Programme
from gpsa_graph.cases.read import Data, check_folder, read

__all__ = ["Authority", "Case", "Country", "Data", "Entry", "Event", "Organisation", "Place", "Programme", "Source", "check_folder", "read"]
