"""Activities after the standard of the International Aid Transparency Initiative (IATI), versions 1.01-1.05 and 2.01-2.03.

https://iatistandard.org/en/iati-standard/203/activity-standard/ ; the older forms differ in codes that were words and in texts
that stood in the element itself (2.01 moved them into <narrative>). Both are read by the shape of each element, not by the
version that a file claims.
"""

from gpsa_graph.intake.iati.read import activities

__all__ = ["activities"]
