"""Networks: the rows of a question as a graph of networkx to look at, or as arrays where there are millions of ties."""

from gpsa_graph.network.arrays import TwoMode, two_mode
from gpsa_graph.network.ties import network

__all__ = ["TwoMode", "network", "two_mode"]
