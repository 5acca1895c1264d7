"""The site: pages, a SPARQL endpoint that strangers may use, reconciliation, and a door for AI clients."""
