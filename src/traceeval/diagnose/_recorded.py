"""What a trace shows of a question and its answer when nobody said what is right: the only thing suspicion may rest on.

It is built from a Dossier and leaves behind everything that knows gold: reference, scores, findings, blame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from traceeval.diagnose._claimed import Basis, bases, is_baseless
from traceeval.graph import ChunkFate, Dossier, chunk_fates
from traceeval.measures.claims import Sentence, claims_of
from traceeval.measures.language import language_of
from traceeval.measures.need import Need
from traceeval.measures.once import once
from traceeval.model import ClaimVerdict, Component, Evidence, Kind, Passage, Retrieval, text_of

LOST = {
    "ranked_out": Component.RERANKER,
    "ranked_low": Component.RETRIEVER,
    "left_out": Component.ASSEMBLER,
    "cut": Component.ASSEMBLER,
}
_QUOTED = 300
_KEPT = 2 / 3  # a few words less at the end are no reason to suspect anybody
_TELLING = 2_000  # characters of the documents that show their language


class Met(msgspec.Struct, frozen=True, gc=False):
    """How far a text meets the question, 0..1, with its document and the step that shows it."""

    share: float
    text: str = ""
    doc: str = ""
    span: str | None = None
    chunk: ChunkFate | None = None


class Recorded:
    """One trace without gold. Everything is computed on first use and kept."""

    def __init__(self, dossier: Dossier) -> None:
        view = dossier.answer
        told = view is not None and view.passages is not None and view.complete
        self.trace = dossier.trace.id
        self.question = _question(dossier)
        self.answer = view.answer if view is not None else None
        self.passages: tuple[Passage, ...] | None = view.passages if view is not None and told else None
        self.searched = dossier.stages is not None
        self.pool_told = dossier.retrieval is not None and dossier.retrieval.hits is not None
        self.reranked = dossier.stages is not None and dossier.stages.ranked is not None
        self.chunks = chunk_fates(dossier.graph, self.passages) if self.searched else ()
        self._verdicts = dossier.checked.verdicts if dossier.checked is not None else ()
        self._spoken_in = dossier.checked.language if dossier.checked is not None else None
        self._first = next((span.id for span in dossier.trace.spans), dossier.trace.id)
        self._answered_in = (view.span if view is not None else None) or self._first
        self._searched_in = (dossier.stages.span if dossier.stages is not None else None) or self._first

    @once
    def need(self) -> Need:
        """What the question asks for, weighed against everything that was shown."""
        return Need(self.question or "", [chunk.text for chunk in self.chunks if chunk.text])

    @property
    def texts_told(self) -> bool:
        """Whether every chunk was recorded whole, so that the best of them is known."""
        return all(chunk.whole for chunk in self.chunks)

    @once
    def foreign(self) -> str | None:
        """A language other than English of question, documents or answer; None: English, or too short to tell."""
        shown = " ".join(chunk.text for chunk in self.chunks[:3])[:_TELLING]
        languages = language_of(self.question or ""), language_of(shown), self._spoken_in
        return next((one for one in languages if one not in ("en", None)), None)

    @once
    def pool(self) -> Met:
        """The chunk that meets the question best, of all that any stage showed."""
        return self._best(self.chunks)

    @once
    def ranked(self) -> Met:
        """The best of those that the ranking kept."""
        return self._best([chunk for chunk in self.chunks if chunk.fate not in ("ranked_out", "ranked_low")])

    @once
    def prompt(self) -> Met:
        """The best of what stood in the prompt, as it stood there; tool results are among it, the user's words are not."""
        given = [passage for passage in self.passages or () if passage.kind != "user"]
        at = self.need.best_of([passage.text for passage in given])
        if at is None:
            return Met(0.0)
        best = given[at]
        return Met(self.need.met(best.text), best.text, best.id, best.span)

    @once
    def said(self) -> float:
        """How far the answer meets the question: its based claims and the sentence each rests on, in their best source."""
        spoken = self.need.terms_spoken(
            [one for basis in self.bases for one in (basis.verdict.claim.text, basis.edge.quote)]
        )
        return max([basis.credit * self.need.met_by(basis.passage.text, spoken) for basis in self.bases], default=0.0)

    @once
    def claims(self) -> tuple[ClaimVerdict, ...]:
        """What the answer claims and a checker looked at."""
        return tuple(verdict for verdict in self._verdicts if verdict.outcome != "not_checkable")

    @once
    def baseless(self) -> tuple[ClaimVerdict, ...]:
        """Claims that what stood in the prompt does not support, or that turn it round."""
        return tuple(verdict for verdict in self.claims if is_baseless(verdict))

    @once
    def bases(self) -> tuple[Basis, ...]:
        """Claims that rest on something in the prompt."""
        return tuple(bases(self.claims, self.passages or ()))

    @once
    def refused(self) -> tuple[Sentence, ...]:
        """Sentences of the answer that decline to answer."""
        return tuple(sentence for sentence in claims_of(self.answer or "") if sentence.skip == "refusal")

    @property
    def rests_on_cut(self) -> bool:
        """Whether the answer rests on nothing but chunks of which the prompt lacks a good part."""
        cut = {chunk.doc for chunk in self.lost("cut") if len(chunk.left) <= _KEPT * len(chunk.text)}
        return bool(self.bases) and all(basis.passage.doc in cut for basis in self.bases)

    def lost(self, *fates: str) -> Iterator[ChunkFate]:
        """Chunks of these fates."""
        return (chunk for chunk in self.chunks if chunk.fate in fates)

    def met(self, chunk: ChunkFate) -> Met:
        """How far a chunk, as it was recorded, meets the question."""
        return Met(self.need.met(chunk.text), chunk.text, chunk.doc, chunk.span, chunk)

    def fit(self, chunk: ChunkFate) -> float:
        """How well a chunk fits the question, 0..1, by the better of two witnesses.

        Its words, beside the best chunk there is; and the ranking that kept it: 1 at the first place, 1/2 at the second.
        """
        words = self.met(chunk).share / self.pool.share if self.pool.share else 0.0
        return max(words, 1 / chunk.rank if chunk.rank else 0.0)

    def quote(self, met: Met) -> Evidence:
        """The sentence of a text that meets most of the question."""
        words = self.need.best_sentence(met.text)[:_QUOTED]
        return Evidence(span=met.span or self._searched_in, field=met.doc or "messages", quote=words)

    def lost_words(self, chunk: ChunkFate, words: str) -> Evidence:
        """Words of a chunk that did not reach the model."""
        return Evidence(span=chunk.span or self._searched_in, field=chunk.doc, quote=words[:_QUOTED])

    def answer_words(self) -> Iterator[Evidence]:
        """What the answer says: the sentence that declines, else what has no basis, else the first claim."""
        for sentence in self.refused[:1]:
            yield self._answer(sentence.text, (sentence.start, sentence.end))
        for verdict in () if self.refused else (*self.baseless, *self.claims)[:1]:
            yield self.claim_words(verdict)

    def claim_words(self, verdict: ClaimVerdict) -> Evidence:
        """A claim where it stands in the answer."""
        return self._answer(verdict.claim.text, verdict.claim.span)

    def search(self) -> Evidence:
        """The search itself, where it found nothing to show."""
        return Evidence(span=self._searched_in, field="hits", quote="")

    def _answer(self, words: str, place: tuple[int, int]) -> Evidence:
        return Evidence(span=self._answered_in, field="answer", quote=words, start=place[0], end=place[1])

    def _best(self, chunks: Sequence[ChunkFate]) -> Met:
        at = self.need.best_of([chunk.text for chunk in chunks])
        return self.met(chunks[at]) if at is not None else Met(0.0)


def _question(dossier: Dossier) -> str | None:
    """What was asked; in a conversation of several turns what the last search was for, as far as that was recorded."""
    if len(dossier.graph.users) > 1:
        bodies = [span.body for span in dossier.graph.of_kind(Kind.RETRIEVAL)]
        queries = [query for body in bodies if isinstance(body, Retrieval) and (query := text_of(body.query))]
        if queries:
            return queries[-1]
    return text_of(dossier.trace.question)
