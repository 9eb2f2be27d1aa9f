"""A chunk is not in the prompt, and chunks that were ranked below it are."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import PROMPT, silent, speaks, unknown
from traceeval.model import Component, Sign

NAME, WHOSE = "passed_over", Component.ASSEMBLER
_HALF = 0.5  # there may be a reason: a duplicate, a filter, a budget


def sign(record: Recorded) -> Sign:
    """Half of how well it fits the question."""
    if record.passages is None:
        return unknown(NAME, WHOSE, PROMPT)
    over = [(record.fit(chunk), chunk.doc, chunk) for chunk in record.lost("left_out") if chunk.below and chunk.text]
    if not over:
        return silent(NAME, WHOSE)
    fit, doc, chunk = max(over, key=lambda found: found[:2])
    text = f"{doc} is not in the prompt, and {chunk.below} that the ranking put below it are there"
    return speaks(NAME, WHOSE, _HALF * fit, text, record.quote(record.met(chunk)))
