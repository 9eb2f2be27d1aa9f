"""Asking again without some of the context, through a function of the user's: the only thing here that runs their code.

What it raises becomes a status, its calls are counted against a budget, and what was asked once is not asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from traceeval.graph import declines, given_facts, gold_facts, holds_context, in_context
from traceeval.graph.views import AnswerView
from traceeval.measures.sameness import says_same
from traceeval.model import Checked, Passage, Replay, Replays

MAX_REPLAYS = 200
_DROPPABLE = frozenset({"chunk", "tool"})
Key: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]


class Replayer(Protocol):
    """Your application's generator: answers a question from these passages, which may be none."""

    def __call__(self, question: str, passages: Sequence[Passage]) -> str:
        """The answer as text."""
        ...


@dataclass(slots=True)
class Again:
    """Asks again, at most ``most`` times in a run. ``calls``: how often it did."""

    replayer: Replayer
    most: int = MAX_REPLAYS
    calls: int = 0
    _told: dict[Key, Replay] = field(default_factory=dict)

    def ask(self, view: AnswerView, checked: Checked | None) -> Replays | None:
        """Without any context; and, where that changes the answer, without one at a time of what it seems to rest on.

        None where there is nothing to ask again: no question, no answer, a refusal, a prompt nobody recorded.
        """
        if not view.question or not view.answer or view.passages is None or declines(view.answer):
            return None
        context = in_context(view)
        if not holds_context(view):
            return Replays(trace=view.trace)
        closed = self._without(view, context, dropped=())
        if closed.status == "unchanged":
            return Replays(trace=view.trace, closed=closed, unused=_used(view, context, checked))
        chunks = tuple(self._without(view, context, (used,)) for used in _used(view, context, checked))
        unused = tuple(replay.dropped[0] for replay in chunks if replay.status == "unchanged")
        return Replays(trace=view.trace, closed=closed, chunks=chunks, unused=unused)

    def _without(self, view: AnswerView, context: Sequence[Passage], dropped: tuple[str, ...]) -> Replay:
        """One replay; ``dropped`` empty: of the whole context."""
        kept = [passage for passage in context if passage.id not in dropped] if dropped else []
        key = view.question or "", tuple((passage.id, passage.text) for passage in kept)
        answered = self._told.get(key)
        if answered is None:
            answered = self._call(key[0], kept)
            if answered.status != "skipped":
                self._told[key] = answered
        if answered.answer is None:
            return Replay(status=answered.status, why=answered.why, dropped=dropped)
        facts = gold_facts(view.reference) or ()
        same = says_same(view.answer or "", answered.answer, facts, view.question)
        return Replay(status="unchanged" if same else "changed", dropped=dropped, answer=answered.answer)

    def _call(self, question: str, passages: Sequence[Passage]) -> Replay:
        """What the replayer says, before it is compared."""
        if self.calls >= self.most:
            return Replay(status="skipped", why=f"budget: {self.most} replays are spent; raise --max-replays")
        self.calls += 1
        try:
            answer = self.replayer(question, passages)
        except Exception as error:  # it is the user's code: what it raises costs this replay, never the run
            return Replay(status="failed", why=f"replayer_failed: {type(error).__name__}: {error}")
        if not isinstance(answer, str):
            return Replay(status="failed", why=f"no_text: the replayer returned {type(answer).__name__}, not text")
        return Replay(status="changed", answer=answer)


def _used(view: AnswerView, context: Sequence[Passage], checked: Checked | None) -> tuple[str, ...]:
    """Ids of the passages that the answer seems to rest on: the best one of each supported claim, and of each used fact."""
    verdicts = checked.verdicts if checked is not None else ()
    resting = {verdict.edges[0].passage for verdict in verdicts if verdict.outcome == "supported" and verdict.edges}
    resting |= {given.passage.id for given in given_facts(view) if given.used}
    return tuple(passage.id for passage in context if passage.id in resting and passage.kind in _DROPPABLE)
