"""Relevant documents on their way from the index to the prompt: who lost which, the first stage that did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from traceeval.graph import Dossier, candidates, gold_facts
from traceeval.graph.views import StagesView
from traceeval.measures.facts import states_any
from traceeval.model import text_of

KEPT_SHARE = 0.5
PROMPT_PLACES = 10
PARTS = ("recall", "query", "filter", "fusion")


@dataclass(frozen=True, slots=True)
class Journey:
    """Relevant documents by the stage that lost them; ``sent`` reached the prompt whole enough.

    ``absent``: in no index, nobody's loss. ``missed``: the retriever's, by the part of its way: ``recall``, ``query``,
    ``filter``, ``fusion``.
    """

    absent: tuple[str, ...]
    missed: Mapping[str, tuple[str, ...]]
    ranked_out: tuple[str, ...]
    cut: tuple[str, ...]
    sent: tuple[str, ...]

    @property
    def pooled(self) -> int:
        """How many reached the pool."""
        return len(self.ranked_out) + len(self.cut) + len(self.sent)

    @property
    def unpooled(self) -> tuple[str, ...]:
        """What the retriever lost, wherever."""
        return tuple(doc for lost in self.missed.values() for doc in lost)

    def fails(self, lost: tuple[str, ...], reached: int) -> bool:
        """Whether a stage lost so much that what is left is under half of what reached it."""
        return bool(lost) and reached > 0 and (reached - len(lost)) / reached < KEPT_SHARE


def journey(dossier: Dossier) -> Journey | None:
    """Follow every relevant document, once a trace; None without stages, gold or a recorded pool."""
    view = dossier.stages
    if view is None or view.qrels is None or view.pool is None:
        return None
    found = view.memo.get("journey")
    if not isinstance(found, Journey):
        found = view.memo["journey"] = _followed(dossier, view, view.qrels)
    return found


def _followed(dossier: Dossier, view: StagesView, qrels: Mapping[str, int]) -> Journey:
    relevant = [
        doc for doc, grade in sorted(qrels.items(), key=lambda item: (-item[1], item[0])) if grade >= view.rel_level
    ]
    reach = view.reach
    in_pool = [doc for doc in relevant if doc in reach.handed]
    kept = _kept_by_ranking(view)
    through = [doc for doc in in_pool if doc in kept]
    lost = [doc for doc in through if view.packed is not None and _lost_in_prompt(doc, dossier, view)]
    return Journey(
        absent=tuple(doc for doc in relevant if doc not in reach.indexed),
        missed={
            part: tuple(doc for doc in relevant if doc in reach.lost[part]) for part in PARTS if part in reach.parts
        },
        ranked_out=tuple(doc for doc in in_pool if doc not in kept),
        cut=tuple(lost),
        sent=tuple(doc for doc in through if doc not in lost),
    )


def _kept_by_ranking(view: StagesView) -> set[str]:
    """What the ranking meant to keep: all it returned if fewer than the pool, else as many as the prompt holds."""
    order = view.ranked if view.ranked is not None else view.pool or ()
    if view.ranked is not None and len(set(view.ranked)) < len(set(view.pool or ())):
        return set(order)
    places = len(view.packed) if view.packed else PROMPT_PLACES
    return set(order[:places])


def _lost_in_prompt(doc: str, dossier: Dossier, view: StagesView) -> bool:
    """Absent from the prompt, or cut so that a gold fact of its text (without facts: most of its text) is gone."""
    if doc not in (view.packed or ()):
        return True
    if doc not in view.cut:
        return False
    whole, left = _texts(doc, dossier, view)
    if not whole:
        return False
    question = dossier.answer.question if dossier.answer is not None else None
    held = [fact for fact in gold_facts(dossier.reference) or () if states_any(whole, fact, question)]
    if held:
        return any(not states_any(left, fact, question) for fact in held)
    return len(left) < KEPT_SHARE * len(whole)


def _texts(doc: str, dossier: Dossier, view: StagesView) -> tuple[str, str]:
    """All that was recorded of a document, and what of it stands in the prompt."""
    hits = list(view.judged.hits_named(doc, candidates(dossier.graph)))
    shown, ids = [text_of(hit.text) or "" for hit in hits], {hit.doc for hit in hits}
    passages = dossier.answer.passages if dossier.answer is not None else ()
    left = [passage.text for passage in passages or () if passage.doc in ids]
    return " ".join(word for text in shown for word in text.split()), " ".join(left)
