"""Which adapter reads a file: every one looks at its structure and says how sure it is. Names of files say nothing."""

from __future__ import annotations

from traceeval.adapters._sample import Sample
from traceeval.errors import UnknownFormat
from traceeval.registry import Adapter, Registry

ADAPTERS = Registry("traceeval.adapters", Adapter)
SURE = 0.6


def detect(sample: Sample, where: str) -> Adapter:
    """The adapter that is surest.

    Raises:
        UnknownFormat: when none is sure enough, or two are equally so; the message lists what each said.
    """
    said = sorted(((*adapter.sniff(sample), adapter) for adapter in ADAPTERS.all()), key=lambda row: -row[0])
    best, _, chosen = said[0]
    if best < SURE:
        reasons = "; ".join(f"{adapter.name}: {why}" for _, why, adapter in said)
        raise UnknownFormat(f"{where}: no known format ({sample.container}). Tried {reasons}. Name it with --from")
    tied = [adapter.name for confidence, _, adapter in said if confidence == best]
    if len(tied) > 1:
        raise UnknownFormat(f"{where}: could be {' or '.join(tied)}; choose one with --from")
    return chosen
