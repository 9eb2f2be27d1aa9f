"""The prompt meets the question, and the answer makes little of it."""

from __future__ import annotations

from traceeval.diagnose._recorded import Recorded
from traceeval.diagnose._signals._sign import PROMPT, part, silent, speaks, unknown
from traceeval.model import Component, Sign

NAME, WHOSE = "ignored_context", Component.GENERATOR


def sign(record: Recorded) -> Sign:
    """As strong as what the best passage of the prompt meets of the question beyond what the answer does."""
    if record.passages is None:
        return unknown(NAME, WHOSE, PROMPT)
    best = record.prompt
    if best.share <= record.said:
        return silent(NAME, WHOSE)
    text = f"{best.doc} in the prompt meets {part(best.share)}; the answer {_does(record)}"
    return speaks(NAME, WHOSE, best.share - record.said, text, record.quote(best), *record.answer_words())


def _does(record: Recorded) -> str:
    if record.refused:
        return "declines"
    if not record.bases:
        return "claims what the prompt does not support"
    return f"rests on what meets {part(record.said)}"
