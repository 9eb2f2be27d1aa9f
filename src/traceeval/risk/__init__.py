"""Dossier -> reasons a person should look, and the level they add up to."""

from traceeval.risk._policy import assess, load_policy

__all__ = ["assess", "load_policy"]
