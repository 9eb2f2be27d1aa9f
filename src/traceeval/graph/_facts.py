"""The facts of a reference on their way through the prompt into the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from traceeval.graph.views import AnswerView
from traceeval.measures.claims import claims_of
from traceeval.measures.facts import Fact, facts_of, place_of, states_any
from traceeval.measures.rivals import rival
from traceeval.measures.support import page_of
from traceeval.model import Instead, Passage, Reference

_LEAST = 3  # sentences of context from which on it has a first, a middle and a last third


@dataclass(frozen=True, slots=True)
class Given:
    """A gold fact that stands in the prompt: the first passage that states it, and the range of the sentence there.

    ``thirds``: every third of the context (1, 2, 3) it stands in; empty where the context is too short to have thirds.
    ``used``: the answer states it too.
    """

    fact: Fact
    passage: Passage
    start: int
    end: int
    thirds: frozenset[int]
    used: bool

    @property
    def quote(self) -> str:
        """The sentence that states it."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Recalled:
    """A right fact of the answer that no passage of the prompt states. ``against``: the sentence that says otherwise.

    ``confirmed``: asked again without the context, the answer states it still.
    """

    fact: Fact
    instead: Instead
    against: tuple[Passage, int, int] | None = None
    confirmed: bool = False


def gold_facts(reference: Reference | None) -> tuple[Fact, ...] | None:
    """The facts of a reference; None when it has none, and when its answer is that there is none."""
    if reference is None or (reference.answer is None and reference.claims is None) or _declines(reference):
        return None
    return facts_of(reference.answer, reference.claims)


def unanswerable(reference: Reference | None) -> bool | None:
    """Whether the question has no answer: declared, or told by a gold answer that declines; None when nobody said."""
    if reference is None:
        return None
    if reference.answerable is not None:
        return not reference.answerable
    return True if _declines(reference) else None


def _declines(reference: Reference) -> bool:
    return bool(reference.answer) and reference.claims is None and all(map(declines, reference.answer or ()))


def declines(answer: str) -> bool:
    """Whether an answer declines as a whole: it says so, and claims nothing else."""
    codes = [sentence.skip for sentence in claims_of(answer)]
    return "refusal" in codes and None not in codes


def declines_in_part(answer: str) -> bool:
    """Whether an answer declines one thing and claims another."""
    codes = [sentence.skip for sentence in claims_of(answer)]
    return "refusal" in codes and None in codes


def in_context(view: AnswerView) -> tuple[Passage, ...]:
    """What retrieval and tools put into the prompt: chunks, tool results, pasted context; not what the user said."""
    return tuple([passage for passage in view.passages or () if passage.kind != "user"])


def right_facts(view: AnswerView) -> tuple[Fact, ...]:
    """The gold facts that the answer states."""
    found = view.memo.get("right_facts")
    if found is None:
        answer, facts = view.answer or "", gold_facts(view.reference) or ()
        found = view.memo["right_facts"] = tuple([one for one in facts if states_any(answer, one, view.question)])
    return cast(tuple[Fact, ...], found)


def given_facts(view: AnswerView) -> tuple[Given, ...]:
    """Every gold fact that stands in the prompt, in the order of the reference."""
    found = view.memo.get("given_facts")
    if found is None:
        facts = gold_facts(view.reference)
        context = in_context(view) if facts else ()
        each = [_given(fact, context, view) for fact in facts or ()]
        found = view.memo["given_facts"] = tuple([given for given in each if given is not None])
    return cast(tuple[Given, ...], found)


def _given(fact: Fact, context: Sequence[Passage], view: AnswerView) -> Given | None:
    places = [(at, place) for at, p in enumerate(context) if (place := place_of(p.text, fact, view.question))]
    if not places:
        return None
    (first, (start, end)), used = places[0], states_any(view.answer or "", fact, view.question)
    return Given(fact, context[first], start, end, _thirds(context, places), used)


def _thirds(context: Sequence[Passage], places: Sequence[tuple[int, tuple[int, int]]]) -> frozenset[int]:
    """The thirds of all characters of the context in which the middles of these ranges lie."""
    if sum(len(page_of(passage.text).sentences) for passage in context) < _LEAST:
        return frozenset()
    before = [0]
    for passage in context:
        before.append(before[-1] + len(passage.text))
    middles = (before[at] + (start + end) / 2 for at, (start, end) in places)
    return frozenset(1 + min(2, int(3 * middle / before[-1])) for middle in middles)


def recalled_facts(view: AnswerView) -> tuple[Recalled, ...]:
    """Right facts of the answer that stand nowhere in the context, each with what stood there instead."""
    right = right_facts(view)
    context = in_context(view) if right else ()
    return tuple(
        _recalled(fact, context, view)
        for fact in right
        if not any(states_any(passage.text, fact, view.question) for passage in context)
    )


def _recalled(fact: Fact, context: Sequence[Passage], view: AnswerView) -> Recalled:
    against = _against(fact, context, view)
    closed = view.replays.closed if view.replays is not None else None
    confirmed = closed is not None and states_any(closed.answer or "", fact, view.question)
    if against is not None:
        return Recalled(fact, "contradicting_context", against, confirmed)
    return Recalled(fact, "irrelevant_context" if holds_context(view) else "no_context", None, confirmed)


def _against(fact: Fact, context: Sequence[Passage], view: AnswerView) -> tuple[Passage, int, int] | None:
    """The first sentence of the context that says otherwise than the answer."""
    answer = view.answer or ""
    at = place_of(answer, fact, view.question)
    said = answer[slice(*at)] if at else answer
    for passage in context:
        found = rival(passage.text, fact, said, view.question)
        if found is not None:
            return passage, *found
    return None


def holds_context(view: AnswerView) -> bool:
    """Whether the prompt held any context: where retrieval was recorded, instructions alone are none."""
    return any(passage.kind != "prompt" or not view.searched for passage in in_context(view))
