"""What we test with, for plug-in authors too: builders of traces and the checks every plug-in must pass."""

from traceeval.testing._builders import call, expect, hits, model, rerank, retrieval, trace, user
from traceeval.testing._check_adapter import check_adapter

__all__ = ["call", "check_adapter", "expect", "hits", "model", "rerank", "retrieval", "trace", "user"]
