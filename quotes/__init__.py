"""Hearsay: who said what, and through whom we know."""

__version__ = "0.1.0"
