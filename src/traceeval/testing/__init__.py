"""What we test with, for plug-in authors too: builders of traces and the checks every plug-in must pass."""

from traceeval.testing._builders import call, expect, hits, model, rerank, retrieval, trace, user

__all__ = ["call", "expect", "hits", "model", "rerank", "retrieval", "trace", "user"]
