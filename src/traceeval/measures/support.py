"""How much of a claim stands in its context: coverage, order, neighbours, missing numbers, names and phrases.

``v1`` is the three-term formula of faithfulness.md section 3. ``v2`` adds what that one cannot see: whether the words
stand together in few sentences (``near``) and next to each other (``pairs``), the best order among several sentences,
and ``phrases`` nobody said: one unknown word among known ones is wording, two together are a fact. No constant of
either was fitted. Both find missing support and are blind to negation and modality.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, pairwise

import msgspec
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from traceeval.measures.claims import Sentence, sentences_of
from traceeval.measures.lexicon import MONTHS
from traceeval.measures.memo import remembered
from traceeval.measures.numbers import SPELLED, dates_of, digit_values, readings, values_of
from traceeval.measures.once import once
from traceeval.measures.tokens import SIGNS, STOP, Tokens, weight

PENALTY = 0.08
_ALIKE = 85.0
_ORDERED = 5  # sentences whose order is compared
_MOST_EVIDENCE = 3
_NO_WORDS: frozenset[str] = frozenset()


class Source(msgspec.Struct, frozen=True, gc=False):
    """One sentence of one passage; ``content`` its content stems, ``numbers`` the values it states."""

    passage: int
    sentence: Sentence
    content: frozenset[str]


class Page(msgspec.Struct, frozen=True, gc=False):
    """A passage taken apart once: sentences with their content stems, numbers, dates.

    ``spoken``: the content stems in order, each between two spaces, a line a sentence: to look neighbours up in.
    """

    sentences: tuple[Sentence, ...]
    contents: tuple[frozenset[str], ...]
    stems: frozenset[str]
    spoken: str
    numbers: frozenset[float | str]
    dates: frozenset[tuple[int | None, int | None, int]]


@remembered(300_000)
def page_of(text: str) -> Page:
    """Take a passage apart; remembered, because many claims share a passage."""
    sentences = sentences_of(text)
    spoken = [sentence.tokens for sentence in sentences]
    words = _NO_WORDS.union(*[tokens.low for tokens in spoken])
    digits = [word for word in words if word[0].isdigit()]
    numbers: set[float | str] = set().union(*map(readings, digits))
    if not SPELLED.isdisjoint(words):
        numbers.update(*[values_of(tokens) for tokens in spoken if not SPELLED.isdisjoint(tokens.low)])
    dates: set[tuple[int | None, int | None, int]] = set()
    if digits and ("-" in text or not MONTHS.keys().isdisjoint(words)):
        dates = set().union(*(dates_of(s.text, s.tokens) for s in sentences))
    return Page(
        sentences=sentences,
        contents=tuple([frozenset(tokens.content) for tokens in spoken]),
        stems=_NO_WORDS.union(*[tokens.stems for tokens in spoken]),
        spoken="\n".join([f" {'  '.join(tokens.content)} " for tokens in spoken]),
        numbers=frozenset(numbers),
        dates=frozenset(dates),
    )


class Context:
    """Everything the model had in its prompt, ready to be asked about claims; its sentences are numbered through."""

    def __init__(self, texts: Sequence[str]) -> None:
        pages = [page_of(text) for text in texts]
        self.pages = pages
        self.sentences = [sentence for page in pages for sentence in page.sentences]
        self.contents = [content for page in pages for content in page.contents]
        self.stems: frozenset[str] = frozenset().union(*[page.stems for page in pages])
        self.numbers: frozenset[float | str] = frozenset().union(*[page.numbers for page in pages])
        self.dates: frozenset[tuple[int | None, int | None, int]] = frozenset().union(*[page.dates for page in pages])
        self._ends = list(accumulate([len(page.sentences) for page in pages]))
        self._df = Counter(chain.from_iterable(self.contents))

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self.contents)

    def source(self, at: int) -> Source:
        """Sentence number ``at``."""
        return Source(bisect_right(self._ends, at), self.sentences[at], self.contents[at])

    def idf(self, stem: str) -> float:
        """Inverse document frequency over context sentences; 1 in contexts of three sentences or fewer."""
        n = len(self.contents)
        return math.log(1 + n / (self._df[stem] + 0.5)) if n > 3 else 1.0

    def resembles(self, stem: str) -> bool:
        """Whether a name stands in the context, allowing for spelling."""
        if stem in self.stems:
            return True
        return (
            len(stem) > 3 and process.extractOne(stem, self._long, scorer=fuzz.ratio, score_cutoff=_ALIKE) is not None
        )

    @once
    def spoken(self) -> str:
        """``Page.spoken`` of all passages."""
        return "\n".join([page.spoken for page in self.pages])

    @once
    def _long(self) -> list[str]:
        return [stem for stem in self.stems if len(stem) > 3]

    @property
    def observed(self) -> list[float]:
        """Numbers in the order of the passages, for arithmetic."""
        return [number for page in self.pages for number in sorted(page.numbers, key=str) if isinstance(number, float)]


class Features(msgspec.Struct, frozen=True, gc=False):
    """What the formulas rest on, shares of the claim.

    ``cov``: content found anywhere; ``near``: in the evidence sentences; ``lcs``: longest common subsequence with the
    best sentence; ``order``: with the best of five; ``pairs``: neighbouring content words that are neighbours in a
    sentence. ``phrases``: two content words or more in a row that stand in no evidence sentence. ``evidence``: numbers of
    sentences, up to three, the best first.
    """

    cov: float
    lcs: float
    near: float
    order: float
    pairs: float
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    phrases: tuple[str, ...]
    evidence: tuple[int, ...]
    best_share: float

    @property
    def nummiss(self) -> int:
        """Numbers that are nowhere in the context, at most 3."""
        return len(self.numbers[:3])

    @property
    def capmiss(self) -> int:
        """Names that are nowhere in the context, at most 5."""
        return len(self.names[:5])


def features_of(claim: Tokens, text: str, context: Context) -> Features:
    """Compare a claim with its context."""
    content, known = claim.content, frozenset(claim.content)
    worth = _worth(known, context)
    ranked = _ranked(known, worth, context)
    evidence = _evidence(known, worth, context, ranked)
    alike = [at for _, at in ranked[:_ORDERED]] or [0][: len(context)]
    best = [context.sentences[at].tokens.stems for at in alike]
    held = _NO_WORDS.union(*[context.contents[at] for at in evidence])
    numbers = missing_numbers(claim, text, context)
    lcs = [LCSseq.similarity(claim.stems, stems) / len(claim.stems) for stems in best] if claim.stems else []
    return Features(
        cov=_covered(content, context.stems),
        lcs=lcs[0] if lcs else 0.0,
        near=_covered(content, held),
        order=max(lcs, default=0.0),
        pairs=_paired(content, context),
        numbers=numbers,
        names=_missing_names(claim, context),
        phrases=() if held.issuperset(content) else _missing_phrases(claim, held, numbers),
        evidence=evidence,
        best_share=ranked[0][0] / math.fsum(worth.values()) if ranked else 0.0,
    )


def _covered(content: Sequence[str], stems: frozenset[str]) -> float:
    """Weight of the content stems that are among ``stems``, as a share; 0 without content."""
    if not content:
        return 0.0
    held = [stem for stem in content if stem in stems]
    if len(held) == len(content):
        return 1.0
    return math.fsum(map(weight, held)) / math.fsum(map(weight, content))


def _paired(content: Sequence[str], context: Context) -> float:
    """Share of neighbouring content words that are neighbours in some sentence; a single word counts as its own."""
    wanted = list(pairwise(content))
    if not wanted:
        return _covered(content, context.stems)
    spoken = context.spoken
    return sum([f" {one}  {other} " in spoken for one, other in wanted]) / len(wanted)


Ranked = list[tuple[float, int]]
"""(idf weight of the shared content, number of the sentence), best first, the first of equals first."""


def _worth(content: frozenset[str], context: Context) -> dict[str, float]:
    """What each stem of a claim is worth in this context."""
    return {stem: weight(stem) * context.idf(stem) for stem in content}


def _ranked(content: frozenset[str], worth: Mapping[str, float], context: Context) -> Ranked:
    """Sentences that share content."""
    scored = [
        (-math.fsum(map(worth.__getitem__, content & one)), at)
        for at, one in enumerate(context.contents)
        if not content.isdisjoint(one)
    ]
    return [(-less, at) for less, at in sorted(scored)]


def ranked_sentences(content: frozenset[str], context: Context) -> tuple[int, ...]:
    """Indices of the sentences that share content stems with a claim: its evidence first, then the most alike."""
    worth = _worth(content, context)
    ranked = _ranked(content, worth, context)
    return tuple(dict.fromkeys((*_evidence(content, worth, context, ranked), *(at for _, at in ranked))))


def _evidence(content: frozenset[str], worth: Mapping[str, float], context: Context, ranked: Ranked) -> tuple[int, ...]:
    """The best sentence, then up to two more that each add a content stem, the one that adds most first."""
    if not ranked:
        return ()
    chosen = [ranked[0][1]]
    left = content - context.contents[chosen[0]]
    while left and len(chosen) < _MOST_EVIDENCE:
        adding = [(at, left & one) for _, at in ranked if not left.isdisjoint(one := context.contents[at])]
        if not adding:
            break
        at, added = min(adding, key=lambda one: (-math.fsum(map(worth.__getitem__, one[1])), one[0]))
        chosen.append(at)
        left -= added
    return tuple(chosen)


def missing_numbers(claim: Tokens, text: str, context: Context | Page) -> tuple[str, ...]:
    """The numbers of a claim that neither stand in its context nor are part of a date that does."""
    found = [(raw, value) for raw, value in digit_values(claim) if value not in context.numbers]
    if not found:
        return ()
    known = dates_of(text, claim) & context.dates
    dated = {float(part) for date in known for part in date if part is not None} if known else set()
    return tuple(raw for raw, value in found if value not in dated)


def _missing_names(claim: Tokens, context: Context) -> tuple[str, ...]:
    return tuple(
        raw
        for raw, low, stem in zip(claim.raw[1:], claim.low[1:], claim.stems[1:], strict=True)
        if raw[0].isupper() and low not in STOP and low not in MONTHS and not context.resembles(stem)
    )


def _missing_phrases(claim: Tokens, held: frozenset[str], numbers: Sequence[str]) -> tuple[str, ...]:
    """Runs of two content words or more outside ``held``; function words between them do not end a run.

    Numbers are compared by value, not by how they are written: one that is nowhere counts as a word, others not at all.
    """
    found, run = [], list[int]()
    for at, (low, stem) in enumerate(zip(claim.low, claim.stems, strict=True)):
        if low in STOP or low in SIGNS or low in SPELLED or (low[0].isdigit() and claim.raw[at] not in numbers):
            continue
        if stem not in held:
            run.append(at)
            continue
        found.append(run)
        run = []
    return tuple(" ".join(claim.raw[one[0] : one[-1] + 1]) for one in (*found, run) if len(one) > 1)


def claim_support(found: Features) -> float:
    """Support of one claim, 0..1, by the shipped formula."""
    return v2([found])


def v1(found: Sequence[Features]) -> float:
    """``lexical@1``: support of an answer, 0..1. Needs at least one claim."""
    covs = [f.cov for f in found]
    return _clip((_mean(covs) + _mean([f.lcs for f in found]) + min(covs)) / 3 - _missing(found))


def v2(found: Sequence[Features]) -> float:
    """``lexical@2``: support of an answer, 0..1. Needs at least one claim; the worst claim counts by its ``near``.

    An invented number or name spoils an answer: the most of any claim count. A phrase may be paraphrase: claims with one
    count by their share.
    """
    nears = [f.near for f in found]
    cov, near, pairs = _mean([f.cov for f in found]), _mean(nears), _mean([f.pairs for f in found])
    worst, order = min(nears), _mean([f.order for f in found])
    unsaid = PENALTY * _mean([1.0 if f.phrases else 0.0 for f in found])
    return _clip((cov + near + 2 * order + pairs + worst) / 6 - _missing(found) - unsaid)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _missing(found: Sequence[Features]) -> float:
    return PENALTY * max([f.nummiss for f in found]) + PENALTY * max([f.capmiss for f in found])


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def content_count(claim: Tokens) -> int:
    """How many content tokens a claim has."""
    return len(claim.content)
