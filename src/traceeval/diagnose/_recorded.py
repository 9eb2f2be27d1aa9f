"""What a trace shows of a question and its answer when nobody said what is right: the only thing suspicion may rest on.

It is built from a Dossier and leaves behind everything that knows gold: reference, scores, findings, blame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from traceeval.graph import ChunkFate, Dossier, chunk_fates
from traceeval.measures.claims import claims_of
from traceeval.measures.language import language_of, script_of
from traceeval.measures.need import Need
from traceeval.measures.refusals import refuses
from traceeval.measures.tokens import tokenise
from traceeval.model import Checked, ClaimVerdict, Component, Evidence, Passage, text_of

LOST = {
    "ranked_out": Component.RERANKER,
    "ranked_low": Component.RETRIEVER,
    "left_out": Component.ASSEMBLER,
    "cut": Component.ASSEMBLER,
}
_CUT = 0.5  # the checker's own
_HALF = 0.5
_MOST = 20_000
_TURNED = frozenset({"number", "date", "negation", "antonym", "entity"})
_PARTICLE = re.compile(r"(?:yes|no)\b[.,:;]?", re.IGNORECASE)


@dataclass(frozen=True)
class Met:
    """How far something meets the question, 0..1, and the text that does."""

    share: float
    text: str = ""
    doc: str = ""
    chunk: ChunkFate | None = None


class Recorded:
    """One trace without gold. Everything is computed on first use and kept."""

    def __init__(self, dossier: Dossier) -> None:
        view = dossier.answer
        self.trace = dossier.trace.id
        self.question = text_of(dossier.trace.question)
        self.answer = view.answer if view is not None else None
        self.answer_span = (view.span if view is not None else None) or dossier.trace.spans[0].id
        self.checked: Checked | None = dossier.checked
        self.gap = view.gap if view is not None else None
        whole = view is not None and view.passages is not None and view.complete
        self.passages: tuple[Passage, ...] | None = view.passages if view is not None and whole else None
        self.searched = dossier.retrieval is not None
        self.pool_told = dossier.retrieval is not None and dossier.retrieval.hits is not None
        self.reranked = dossier.stages is not None and dossier.stages.ranked is not None
        self.chunks = chunk_fates(dossier.graph, self.passages) if dossier.stages is not None else ()
        self.first_span = next((c.span for c in self.chunks if c.span), None) or self.answer_span
        self.search_span = (dossier.retrieval.span if dossier.retrieval is not None else None) or self.first_span

    @cached_property
    def need(self) -> Need:
        """What the question asks for, weighed against everything that was shown."""
        return Need(self.question or "", [chunk.text for chunk in self.chunks if chunk.text])

    @property
    def texts_told(self) -> bool:
        """Whether every chunk was recorded whole, so that the best of them is known."""
        return all(chunk.whole for chunk in self.chunks)

    @cached_property
    def pool(self) -> Met:
        """The chunk that meets the question best, of all that any stage showed."""
        return self._best(self.chunks)

    @cached_property
    def ranked(self) -> Met:
        """The best of those that the ranking kept."""
        return self._best(chunk for chunk in self.chunks if chunk.fate not in ("ranked_out", "ranked_low"))

    @cached_property
    def prompt(self) -> Met:
        """The best of what stood in the prompt, as it stood there; tool results are among it, the user's words are not."""
        texts = [p for p in self.passages or () if p.kind != "user"]
        return max((Met(self.need.met(p.text), p.text, p.id) for p in texts), key=_share, default=Met(0.0))

    @cached_property
    def said(self) -> Met:
        """What the answer meets: its supported claims and the sentence each rests on, in the best of their sources."""
        based = [(credit, verdict) for verdict in self.claims if (credit := _credit(verdict)) >= _HALF]
        spoken = tokenise(" ".join(f"{verdict.claim.text} {verdict.edges[0].quote}" for _, verdict in based))
        told = [
            Met(credit * self.need.met_by(self._source(verdict), spoken), verdict.edges[0].quote, verdict.edges[0].passage)
            for credit, verdict in based
        ]
        return max(told, key=_share, default=Met(0.0))

    @cached_property
    def bases(self) -> tuple[Passage, ...]:
        """The passages the supported claims rest on."""
        wanted = {verdict.edges[0].passage for verdict in self.claims if _credit(verdict) >= _HALF}
        return tuple(passage for passage in self.passages or () if passage.id in wanted)

    @property
    def rests_on_cut(self) -> bool:
        """Whether the answer rests only on chunks of which the prompt had the beginning."""
        cut = {chunk.doc for chunk in self.lost("cut")}
        return bool(self.bases) and all(passage.doc in cut for passage in self.bases)

    @cached_property
    def claims(self) -> tuple[ClaimVerdict, ...]:
        """What the answer claims and a checker looked at."""
        verdicts = self.checked.verdicts if self.checked is not None else ()
        return tuple(verdict for verdict in verdicts if verdict.outcome != "not_checkable")

    @cached_property
    def refused(self) -> tuple[str, ...]:
        """Sentences of the answer that decline to answer."""
        return tuple(s.text for s in claims_of(self.answer or "") if refuses(s.text))

    @cached_property
    def baseless(self) -> tuple[ClaimVerdict, ...]:
        """Claims that what stood in the prompt does not support, or that turn it round."""
        return tuple(verdict for verdict in self.claims if is_baseless(verdict))

    @cached_property
    def foreign(self) -> str | None:
        """A language other than English of the question or the documents; None: English, or too short to tell."""
        shown = " ".join(chunk.text for chunk in self.chunks)[:_MOST]
        for text in (self.question or "", shown):
            language = language_of(text)
            if language not in ("en", None) or script_of(text) not in ("latin", "none"):
                return language or script_of(text)
        return None

    def lost(self, *fates: str) -> Iterator[ChunkFate]:
        """Chunks of these fates."""
        return (chunk for chunk in self.chunks if chunk.fate in fates)

    def quote(self, met: Met) -> Evidence:
        """The sentence that meets most of the question, where it can be found."""
        start, end = self.need.best_sentence(met.text)
        span = met.chunk.span if met.chunk is not None and met.chunk.span else self.first_span
        return Evidence(span=span, field=met.doc or "messages", quote=met.text[start:end], start=start, end=end)

    def said_so(self, text: str) -> Evidence:
        """Words of the answer."""
        return Evidence(span=self.answer_span, field="answer", quote=text)

    def fit(self, chunk: ChunkFate) -> float:
        """How well a chunk fits the question, 0..1, by the better of two witnesses.

        Its words, beside the best chunk there is; and the pipeline's own ranking, 1 at the first place, 1/2 at the second.
        """
        words = self.met(chunk).share / self.pool.share if self.pool.share else 0.0
        return max(words, 1 / chunk.rank if chunk.rank else 0.0)

    def found_by(self) -> Evidence:
        """The search itself, where it found nothing to show."""
        return Evidence(span=self.search_span, field="hits", quote="")

    def met(self, chunk: ChunkFate) -> Met:
        """How far a chunk, as it was recorded, meets the question."""
        return Met(self.need.met(chunk.text), chunk.text, chunk.doc, chunk)

    def _best(self, chunks: Iterable[ChunkFate]) -> Met:
        return max(map(self.met, chunks), key=_share, default=Met(0.0))

    def _source(self, verdict: ClaimVerdict) -> str:
        wanted = verdict.edges[0].passage
        return next((passage.text for passage in self.passages or () if passage.id == wanted), "")


def is_baseless(verdict: ClaimVerdict) -> bool:
    """Unsupported or contradicted; a value that stands nowhere; a value, a name or the sense turned round.

    The ``No`` that answers a yes-or-no question turns nothing round, and a dropped hedge only bends it.
    """
    if verdict.outcome in ("unsupported", "contradicted"):
        return True
    invented = any(value[:1].isdigit() for value in verdict.missing) and "computed_number" not in verdict.codes
    turned = {diff.veto for diff in verdict.diffs} & _TURNED
    if _PARTICLE.match(verdict.claim.text):
        turned -= {"negation"}
    return invented or bool(turned)


def _credit(verdict: ClaimVerdict) -> float:
    """How much a claim counts as supported: in full from the checker's own cut on, nothing without a basis."""
    if is_baseless(verdict) or not verdict.edges:
        return 0.0
    return min(1.0, (verdict.p or 0.0) / _CUT)


def _share(met: Met) -> float:
    return met.share
