"""The world's open data sites, on this machine: what feeds are tested against.

All rows are made up from a seed. What the sites do wrong is switched on by name (`habits.py`).
"""

from standin.server import StandIn

__all__ = ["StandIn"]
