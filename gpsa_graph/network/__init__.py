"""Networks: the rows of a question as a graph of networkx to look at, or as arrays where there are millions of ties."""

from gpsa_graph.network.arrays import TwoMode, two_mode
from gpsa_graph.network.ties import described, network, network_of, projected

__all__ = ["TwoMode", "described", "network", "network_of", "projected", "two_mode"]
