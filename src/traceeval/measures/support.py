"""How much of a claim stands in its context: coverage, order, neighbours, missing numbers and names.

``v1`` is the three-term formula of faithfulness.md section 3. ``v2`` adds what that one cannot see: whether the words
stand together in few sentences (``near``) and next to each other (``pairs``), and takes the best order among several
sentences. No constant of either was fitted. Both find missing support and are blind to negation and modality.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from traceeval.measures.claims import Sentence, sentences_of
from traceeval.measures.lexicon import MONTHS
from traceeval.measures.memo import remembered
from traceeval.measures.numbers import dates_of, digit_values, values_of
from traceeval.measures.tokens import SIGNS, STOP, Tokens, weight

PENALTY = 0.08
_ALIKE = 85.0
_ORDERED = 5  # sentences whose order is compared
_MOST_EVIDENCE = 3
_CLOSING = " \"')]*_"


@dataclass(frozen=True, slots=True)
class Source:
    """One sentence of one passage; ``content`` its content stems, ``numbers`` the values it states."""

    passage: int
    sentence: Sentence
    content: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A passage taken apart once: sentences, stems, numbers, dates."""

    sentences: tuple[tuple[Sentence, frozenset[str]], ...]
    stems: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    numbers: frozenset[float | str]
    dates: frozenset[tuple[int | None, int | None, int]]
    observed: tuple[float, ...]


@remembered(300_000)
def page_of(text: str) -> Page:
    """Take a passage apart; remembered, because many claims share a passage."""
    sentences = sentences_of(text)
    numbers: set[float | str] = set()
    dates: set[tuple[int | None, int | None, int]] = set()
    for sentence in sentences:
        numbers |= values_of(sentence.tokens)
        dates |= dates_of(sentence.text, sentence.tokens)
    return Page(
        sentences=tuple((s, frozenset(s.tokens.content)) for s in sentences),
        stems=frozenset(stem for s in sentences for stem in s.tokens.stems),
        pairs=frozenset(pair for s in sentences for pair in pairwise(s.tokens.content)),
        numbers=frozenset(numbers),
        dates=frozenset(dates),
        observed=tuple(n for n in sorted(numbers, key=str) if isinstance(n, float)),
    )


class Context:
    """Everything the model had in its prompt, ready to be asked about claims.

    ``asking``: texts whose questions are known words and numbers, but no evidence: who asks whether claims nothing.
    """

    def __init__(self, texts: Sequence[str], asking: Container[int] = ()) -> None:
        pages = [page_of(text) for text in texts]
        self.pages = pages
        self.sources = [
            Source(at, s, content)
            for at, page in enumerate(pages)
            for s, content in page.sentences
            if at not in asking or not s.text.rstrip(_CLOSING).endswith(("?", "？"))
        ]
        self.stems: frozenset[str] = frozenset().union(*(page.stems for page in pages))
        self.numbers: frozenset[float | str] = frozenset().union(*(page.numbers for page in pages))
        self.dates: frozenset[tuple[int | None, int | None, int]] = frozenset().union(*(page.dates for page in pages))
        self._long = [stem for stem in self.stems if len(stem) > 3]
        counts = Counter(stem for source in self.sources for stem in source.content)
        n = len(self.sources)
        self._idf = {stem: math.log(1 + n / (df + 0.5)) if n > 3 else 1.0 for stem, df in counts.items()}

    def idf(self, stem: str) -> float:
        """Inverse document frequency over context sentences; 1 in contexts of three sentences or fewer."""
        n = len(self.sources)
        return self._idf.get(stem) or (math.log(1 + n / 0.5) if n > 3 else 1.0)

    def resembles(self, stem: str) -> bool:
        """Whether a name stands in the context, allowing for spelling."""
        if stem in self.stems:
            return True
        return len(stem) > 3 and any(fuzz.ratio(stem, other) >= _ALIKE for other in self._long)

    @property
    def observed(self) -> list[float]:
        """Numbers in the order of the passages, for arithmetic."""
        return [number for page in self.pages for number in page.observed]


@dataclass(frozen=True, slots=True)
class Features:
    """What the formulas rest on, shares of the claim.

    ``cov``: content found anywhere; ``near``: in the evidence sentences; ``lcs``: longest common subsequence with the
    best sentence; ``order``: with the best of five; ``pairs``: neighbouring content words that are neighbours in a
    sentence. ``evidence`` indexes ``Context.sources``, up to three, the best first.
    """

    cov: float
    lcs: float
    near: float
    order: float
    pairs: float
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    evidence: tuple[int, ...]
    best_share: float

    @property
    def nummiss(self) -> int:
        """Numbers that are nowhere in the context, at most 3."""
        return min(len(self.numbers), 3)

    @property
    def capmiss(self) -> int:
        """Names that are nowhere in the context, at most 5."""
        return min(len(self.names), 5)


def features_of(claim: Tokens, text: str, context: Context) -> Features:
    """Compare a claim with its context."""
    content = claim.content
    ranked, total = _ranked(frozenset(content), context)
    evidence = _evidence(frozenset(content), context, ranked)
    best = [context.sources[at].sentence.tokens.stems for _, at in ranked[:_ORDERED]]
    best = best or [source.sentence.tokens.stems for source in context.sources[:1]]
    lcs = [LCSseq.similarity(claim.stems, stems) / len(claim.stems) for stems in best] if claim.stems else []
    return Features(
        cov=_covered(content, context.stems),
        lcs=lcs[0] if lcs else 0.0,
        near=_covered(content, frozenset[str]().union(*(context.sources[at].content for at in evidence))),
        order=max(lcs, default=0.0),
        pairs=_paired(content, context),
        numbers=_missing_numbers(claim, text, context),
        names=_missing_names(claim, context),
        evidence=evidence,
        best_share=ranked[0][0] / total if ranked else 0.0,
    )


def _covered(content: Sequence[str], stems: frozenset[str]) -> float:
    """Weight of the content stems that are among ``stems``, as a share; 0 without content."""
    total = math.fsum(map(weight, content))
    return math.fsum(weight(stem) for stem in content if stem in stems) / total if total else 0.0


def _paired(content: Sequence[str], context: Context) -> float:
    """Share of neighbouring content words that are neighbours in some sentence; a single word counts as its own."""
    wanted = list(pairwise(content))
    if not wanted:
        return _covered(content, context.stems)
    return sum(any(pair in page.pairs for page in context.pages) for pair in wanted) / len(wanted)


def _ranked(content: frozenset[str], context: Context) -> tuple[list[tuple[float, int]], float]:
    """Sentences that share content, (idf weight, index), best first, the first of equals first; and the claim's whole."""
    worth = {stem: weight(stem) * context.idf(stem) for stem in content}
    scored = (
        (sum(worth[stem] for stem in content & source.content), at)
        for at, source in enumerate(context.sources)
        if not content.isdisjoint(source.content)
    )
    return sorted(scored, key=lambda pair: (-pair[0], pair[1])), sum(worth.values())


def ranked_sentences(content: frozenset[str], context: Context) -> tuple[int, ...]:
    """Indices of the sentences that share content stems with a claim, best evidence first."""
    return tuple(at for _, at in _ranked(content, context)[0])


def _evidence(content: frozenset[str], context: Context, ranked: Sequence[tuple[float, int]]) -> tuple[int, ...]:
    """The best sentence, then up to two more that each add a content stem, the one that adds most first."""
    if not ranked:
        return ()
    chosen = [ranked[0][1]]
    left = content - context.sources[chosen[0]].content
    for _ in range(_MOST_EVIDENCE - 1):
        worth = {stem: weight(stem) * context.idf(stem) for stem in left}
        gains = ((sum(worth[s] for s in left & context.sources[at].content), -at) for _, at in ranked)
        gain, at = max(gains, default=(0.0, 0))
        if gain <= 0:
            break
        chosen.append(-at)
        left -= context.sources[-at].content
    return tuple(chosen)


def _missing_numbers(claim: Tokens, text: str, context: Context) -> tuple[str, ...]:
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


def claim_support(found: Features) -> float:
    """Support of one claim, 0..1, by the shipped formula."""
    return v2([found])


def v1(found: Sequence[Features]) -> float:
    """``lexical@1``: support of an answer, 0..1. Needs at least one claim."""
    cov, lcs = _mean(f.cov for f in found), _mean(f.lcs for f in found)
    return _clip((cov + lcs + min(f.cov for f in found)) / 3 - _missing(found))


def v2(found: Sequence[Features]) -> float:
    """``lexical@2``: support of an answer, 0..1. Needs at least one claim; the worst claim counts by its ``near``."""
    cov, near, pairs = _mean(f.cov for f in found), _mean(f.near for f in found), _mean(f.pairs for f in found)
    worst, order = min(f.near for f in found), _mean(f.order for f in found)
    return _clip((cov + near + 2 * order + pairs + worst) / 6 - _missing(found))


def _mean(values: Iterable[float]) -> float:
    several = list(values)
    return math.fsum(several) / len(several)


def _missing(found: Sequence[Features]) -> float:
    return PENALTY * max(f.nummiss for f in found) + PENALTY * max(f.capmiss for f in found)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def content_count(claim: Tokens) -> int:
    """How many content tokens a claim has."""
    return sum(low not in STOP and low not in SIGNS for low in claim.low)
