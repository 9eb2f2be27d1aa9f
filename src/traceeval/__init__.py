"""traceeval evaluates RAG pipelines and agents from their traces, each component apart."""

from __future__ import annotations

__version__ = "0.1.0"
