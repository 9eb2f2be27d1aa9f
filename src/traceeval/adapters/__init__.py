"""Bytes -> Traces, one file per format; nothing is lost silently."""

from traceeval.adapters._read import read, read_gold, read_records
from traceeval.adapters._tally import Record

__all__ = ["Record", "read", "read_gold", "read_records"]
