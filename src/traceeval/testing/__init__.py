"""What we test with, for plug-in authors too: builders of traces and the checks every plug-in must pass."""

from traceeval.testing._builders import call, expect, hits, model, rerank, retrieval, trace, user
from traceeval.testing._cells import CheckedCell, cells
from traceeval.testing._check_adapter import check_adapter
from traceeval.testing._check_checker import check_checker
from traceeval.testing._check_diagnosis import check_diagnosis, check_rule, dossier_of
from traceeval.testing._check_scorer import check_scorer
from traceeval.testing._mutation import Carrier, Edited, Mutation, Tally, mutate, mutation

__all__ = [
    "call",
    "Carrier",
    "cells",
    "check_adapter",
    "check_checker",
    "check_diagnosis",
    "check_rule",
    "check_scorer",
    "CheckedCell",
    "dossier_of",
    "Edited",
    "expect",
    "hits",
    "model",
    "mutate",
    "mutation",
    "Mutation",
    "rerank",
    "retrieval",
    "Tally",
    "trace",
    "user",
]
