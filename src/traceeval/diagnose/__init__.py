"""Scores and graph -> findings and blame, one file per finding."""

from traceeval.diagnose._attribution import attribute
from traceeval.diagnose._blame import blame
from traceeval.diagnose._maps import Counterpart, Scheme, maps_of, schemes
from traceeval.diagnose._masked import component_state, mask, outcome_state
from traceeval.diagnose._masked_table import MaskedTable
from traceeval.diagnose._subsume import subsume, top_finding, weaker_than
from traceeval.diagnose._suspect import suspect
from traceeval.diagnose._suspect_table import SuspectTable

__all__ = [
    "Counterpart",
    "MaskedTable",
    "Scheme",
    "SuspectTable",
    "attribute",
    "blame",
    "component_state",
    "maps_of",
    "mask",
    "outcome_state",
    "schemes",
    "subsume",
    "suspect",
    "top_finding",
    "weaker_than",
]
