"""How much of a claim stands in its context: coverage, longest common subsequence, missing numbers and names.

The three-term formula of faithfulness.md section 3. It finds missing support; it is blind to negation and modality.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from traceeval.measures.claims import Sentence, sentences_of
from traceeval.measures.lexicon import MONTHS
from traceeval.measures.numbers import dates_of, digit_values, values_of
from traceeval.measures.tokens import SIGNS, STOP, Tokens, weight

PENALTY = 0.08
_ALIKE = 85.0


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
    numbers: frozenset[float | str]
    dates: frozenset[tuple[int | None, int | None, int]]
    observed: tuple[float, ...]


@lru_cache(maxsize=4096)
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
        numbers=frozenset(numbers),
        dates=frozenset(dates),
        observed=tuple(n for n in sorted(numbers, key=str) if isinstance(n, float)),
    )


class Context:
    """Everything the model had in its prompt, ready to be asked about claims."""

    def __init__(self, texts: Sequence[str]) -> None:
        pages = [page_of(text) for text in texts]
        self.pages = pages
        self.sources = [Source(at, s, content) for at, page in enumerate(pages) for s, content in page.sentences]
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
    """What the formula rests on. ``best`` indexes ``Context.sources``; ``evidence`` up to three, the best first."""

    cov: float
    lcs: float
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
    total = math.fsum(weight(stem) for stem in content)
    cov = math.fsum(weight(stem) for stem in content if stem in context.stems) / total if total else 0.0
    evidence, share = _evidence(frozenset(content), context)
    lcs = 0.0
    if context.sources and claim.stems:
        best = context.sources[evidence[0] if evidence else 0].sentence.tokens.stems
        lcs = LCSseq.similarity(claim.stems, best) / len(claim.stems)
    return Features(cov, lcs, _missing_numbers(claim, text, context), _missing_names(claim, context), evidence, share)


def _evidence(content: frozenset[str], context: Context) -> tuple[tuple[int, ...], float]:
    """The best sentence, then up to two more that each add a content stem; and the best one's share of idf weight."""
    if not content or not context.sources:
        return (), 0.0
    worth = {stem: weight(stem) * context.idf(stem) for stem in content}
    total = math.fsum(worth.values())
    scored = [(sum(worth[s] for s in content & source.content), at) for at, source in enumerate(context.sources)]
    best, at = max(scored, key=lambda pair: (pair[0], -pair[1]))
    if best <= 0:
        return (), 0.0
    chosen, seen = [at], set(content & context.sources[at].content)
    for _ in range(2):
        gain, at = max(
            ((sum(worth[s] for s in (content & context.sources[i].content) - seen), i) for value, i in scored if value),
            key=lambda pair: (pair[0], -pair[1]),
        )
        if gain <= 0:
            break
        chosen.append(at)
        seen |= content & context.sources[at].content
    return tuple(chosen), best / total


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
    """Support of one claim, 0..1."""
    return _clip((2 * found.cov + found.lcs) / 3 - PENALTY * found.nummiss - PENALTY * found.capmiss)


def answer_support(found: Sequence[Features]) -> float:
    """Support of a whole answer, 0..1; of one claim the same number as ``claim_support``. Needs at least one claim."""
    cov = math.fsum(f.cov for f in found) / len(found)
    lcs = math.fsum(f.lcs for f in found) / len(found)
    worst = min(f.cov for f in found)
    missing = PENALTY * max(f.nummiss for f in found) + PENALTY * max(f.capmiss for f in found)
    return _clip((cov + lcs + worst) / 3 - missing)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def content_count(claim: Tokens) -> int:
    """How many content tokens a claim has."""
    return sum(low not in STOP and low not in SIGNS for low in claim.low)
