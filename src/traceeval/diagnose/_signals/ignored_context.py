"""The prompt meets the question, and the answer makes nothing of it."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import speaks, unknown
from traceeval.model import Component, Evidence, Sign

NAME, WHOSE = "ignored_context", Component.GENERATOR


def sign(record: Recorded) -> Sign:
    """As strong as what the best passage of the prompt meets of the question beyond what the answer does."""
    if record.passages is None:
        return unknown(NAME, WHOSE, "the prompt was not recorded whole")
    best = record.prompt
    text = f"{best.doc} in the prompt meets {best.share:.0%} of the question; the answer {_does(record)}"
    return speaks(NAME, WHOSE, best.share - record.said.share, text, *_evidence(record))


def _does(record: Recorded) -> str:
    if record.refused:
        return "declines"
    if record.baseless and not record.said.share:
        return "claims what the prompt does not support"
    return f"rests on what meets {record.said.share:.0%}"


def _evidence(record: Recorded) -> tuple[Evidence, ...]:
    words = (*record.refused, *(verdict.claim.text for verdict in record.claims))
    return (record.quote(record.prompt), *map(record.said_so, words[:1]))
