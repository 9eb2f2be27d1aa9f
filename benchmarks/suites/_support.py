"""Support of answers by passages, as the package ships it, with the plain measures on the same rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from traceeval.judge import Ask
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.measures.tokens import tokenise
from traceeval.model import Passage


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled row. ``score``: the shipped checker's answer support, 0 when nothing was checkable."""

    id: str
    score: float
    label: bool
    group: str
    subset: str
    baselines: dict[str, float] = field(default_factory=dict)


def score_rows(rows: Iterable[tuple[str, str, str, bool, str, str]]) -> list[Scored]:
    """Score (id, context, answer, label, group, subset) rows."""
    checker = LexicalChecker()
    found = []
    for id_, context, answer, label, group, subset in rows:
        checked = checker.check(Ask.supports(answer, (Passage(id="context", text=context),)))
        first = checked.verdicts[0] if checked.verdicts else None
        plain = dict(first.features) if first is not None else {"cov": 0.0, "lcs": 0.0}
        found.append(
            Scored(id_, checked.support or 0.0, label, group, subset, {**plain, "unigram": _unigram(answer, context)})
        )
    return found


def _unigram(answer: str, context: str) -> float:
    """Share of the answer's tokens that occur in the context."""
    words, known = tokenise(answer).low, set(tokenise(context).low)
    return sum(word in known for word in words) / len(words) if words else 0.0
