"""Word overlap with the reference: a secondary figure, for comparison with published ones."""

from __future__ import annotations

import re
from collections import Counter

from traceeval.graph import declines, unanswerable
from traceeval.graph.views import AnswerView, Reading
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import NO_REFERENCE

_PUNCTUATION = re.compile(r"[^\w\s]")
_ARTICLES = frozenset({"a", "an", "the"})


@scorer("generator.token_f1", needs=("reference.answer",))
def token_f1(view: AnswerView) -> Reading:
    """Token F1 against the best reference, as SQuAD 1.1 computes it; a refusal scores 0, as in SQuAD 2.0.

    Source: Rajpurkar et al. (2016, 2018).
    """
    if view.answer is None:
        return Reading.failed("missing_evidence: the answer's text was not recorded", span=view.span)
    if view.reference is None or not view.reference.answer or unanswerable(view.reference):
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    if declines(view.answer):
        return Reading.scored(0.0, why="refusal: the question can be answered", span=view.span)
    return Reading.scored(max(_f1(view.answer, gold) for gold in view.reference.answer), span=view.span)


def _f1(answer: str, gold: str) -> float:
    mine, theirs = _words(answer), _words(gold)
    if not mine or not theirs:
        return float(mine == theirs)
    left, shared = Counter(mine), 0
    for word in theirs:
        if left[word] > 0:
            left[word] -= 1
            shared += 1
    return 2 * shared / (len(mine) + len(theirs))


def _words(text: str) -> list[str]:
    return [word for word in _PUNCTUATION.sub("", text.lower()).split() if word not in _ARTICLES]
