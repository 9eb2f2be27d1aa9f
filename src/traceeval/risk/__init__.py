"""Dossier -> reasons a person should look, and the level they add up to."""

from traceeval.risk._fit import Fitted, Labelled, as_toml, fit_risk
from traceeval.risk._policy import assess, load_policy

__all__ = ["as_toml", "assess", "fit_risk", "Fitted", "Labelled", "load_policy"]
