"""Bytes -> Traces, one file per format; nothing is lost silently."""

from traceeval.adapters._bytes import limited
from traceeval.adapters._corpus import read_corpus
from traceeval.adapters._detect import ADAPTERS
from traceeval.adapters._read import read, read_gold, read_records
from traceeval.adapters._sample import Sample
from traceeval.adapters._tally import Record, Tally

__all__ = ["ADAPTERS", "Record", "Sample", "Tally", "limited", "read", "read_corpus", "read_gold", "read_records"]
