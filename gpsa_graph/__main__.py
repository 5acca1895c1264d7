"""`python -m gpsa_graph` is the command `gpsa`."""

from gpsa_graph.cli import main

main()
