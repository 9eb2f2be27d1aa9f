"""How much of a claim stands in its context: coverage, order, neighbours, missing numbers, names and phrases.

``v1`` is the three-term formula of faithfulness.md section 3. ``v2`` adds what that one cannot see: whether the words
stand together in few sentences (``near``) and next to each other (``pairs``), the best order among several sentences,
and ``phrases`` nobody said: one unknown word among known ones is wording, two together are a fact. No constant of
either was fitted. Both find missing support and are blind to negation and modality.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import TypeAlias

import msgspec
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from traceeval.measures.claims import Sentence, sentences_of
from traceeval.measures.lexicon import MONTHS
from traceeval.measures.memo import remembered
from traceeval.measures.numbers import SPELLED, SPELLED_STEMS, dates_of, digit_values, readings, values_of
from traceeval.measures.once import once
from traceeval.measures.tokens import SIGNS, STOP, Tokens, number_value, weight

PENALTY = 0.08
_ALIKE = 85.0
_ORDERED = 5  # sentences whose order is compared
_MOST_EVIDENCE = 3
_NO_WORDS: frozenset[str] = frozenset()


Date: TypeAlias = tuple[int | None, int | None, int]
"""(year, month, day), as ``dates_of`` tells it."""


class Text:
    """Sentences with their content stems, ready to be asked about claims; numbered through."""

    sentences: Sequence[Sentence]
    contents: Sequence[frozenset[str]]

    def __len__(self) -> int:
        """How many sentences there are."""
        return len(self.contents)

    @once
    def stems(self) -> frozenset[str]:
        """Every stem of it."""
        return _NO_WORDS.union(*[sentence.tokens.stems for sentence in self.sentences])

    @once
    def numbers(self) -> frozenset[float | str]:
        """The values it states."""
        found = frozenset().union(*[readings(stem) for stem in self.stems if stem[0].isdigit()])
        if SPELLED_STEMS.isdisjoint(self.stems):
            return found
        return found.union(*[values_of(s.tokens) for s in self.sentences if not SPELLED.isdisjoint(s.tokens.low)])

    @once
    def dates(self) -> frozenset[Date]:
        """The dates it states."""
        return frozenset[Date]().union(*[dates_of(sentence.text, sentence.tokens) for sentence in self.sentences])


class Page(Text):
    """A passage taken apart once."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self.sentences = sentences
        self.contents = [frozenset(sentence.tokens.content) for sentence in sentences]


@remembered(300_000)
def page_of(text: str) -> Page:
    """Take a passage apart; remembered, because many claims share a passage."""
    return Page(sentences_of(text))


class Context(Text):
    """Everything the model had in its prompt."""

    def __init__(self, texts: Sequence[str]) -> None:
        pages = [page_of(text) for text in texts]
        self.pages = pages
        self.sentences = [sentence for page in pages for sentence in page.sentences]
        self.contents = [content for page in pages for content in page.contents]

    def passage_of(self, at: int) -> int:
        """The number of the passage that sentence ``at`` stands in."""
        return bisect_right(self._ends, at)

    def resembles(self, stem: str) -> bool:
        """Whether a name stands in the context, allowing for spelling."""
        if stem in self.stems:
            return True
        return (
            len(stem) > 3 and process.extractOne(stem, self._long, scorer=fuzz.ratio, score_cutoff=_ALIKE) is not None
        )

    @once
    def spoken(self) -> str:
        """The content stems in order, each between two spaces, a line a sentence: to look neighbours up in."""
        return "\n".join([f" {'  '.join(sentence.tokens.content)} " for sentence in self.sentences])

    @once
    def _ends(self) -> list[int]:
        return list(accumulate([len(page.sentences) for page in self.pages]))

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
    worth, ranked = _ranked(known, context)
    evidence = _evidence(known, worth, context, ranked)
    held = _NO_WORDS.union(*[context.contents[at] for at in evidence])
    near = _covered(content, held)
    lcs, order = _ordered(claim.stems, [at for _, at in ranked[:_ORDERED]] or [0][: len(context)], context)
    numbers = missing_numbers(claim, text, context, held)
    return Features(
        cov=near if near == 1.0 else _covered(content, context.stems),
        lcs=lcs,
        near=near,
        order=order,
        pairs=_paired(content, context),
        numbers=numbers,
        names=_missing_names(claim, context, held),
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


def _ordered(stems: Sequence[str], alike: Sequence[int], context: Context) -> tuple[float, float]:
    """(``lcs``, ``order``) of a claim with these sentences, the best first."""
    if not stems or not alike:
        return 0.0, 0.0
    first, *others = [context.sentences[at].tokens.stems for at in alike]
    lcs = LCSseq.similarity(stems, first)
    most = lcs if lcs == len(stems) else max([lcs, *[LCSseq.similarity(stems, other) for other in others]])
    return lcs / len(stems), most / len(stems)


def _paired(content: Sequence[str], context: Context) -> float:
    """Share of neighbouring content words that are neighbours in some sentence; a single word counts as its own."""
    wanted = list(pairwise(content))
    if not wanted:
        return _covered(content, context.stems)
    spoken = context.spoken
    return sum([f" {one}  {other} " in spoken for one, other in wanted]) / len(wanted)


Ranked = list[tuple[float, int]]
"""(idf weight of the shared content, number of the sentence), best first, the first of equals first."""


def _ranked(content: frozenset[str], context: Context) -> tuple[dict[str, float], Ranked]:
    """What each stem of a claim is worth in this context, ``weight(t) * idf(t)``, and the sentences that share any.

    idf is over the sentences of the context; 1 in contexts of three or fewer.
    """
    shared = [(both, at) for at, one in enumerate(context.contents) if (both := content & one)]
    n = len(context)
    if n > 3:
        df = dict.fromkeys(content, 0.5)
        for both, _ in shared:
            for stem in both:
                df[stem] += 1
        worth = {stem: weight(stem) * math.log(1 + n / often) for stem, often in df.items()}
    else:
        worth = {stem: weight(stem) for stem in content}
    scored = [(math.fsum(map(worth.__getitem__, both)), at) for both, at in shared]
    return worth, sorted(scored, key=itemgetter(0), reverse=True)


def ranked_sentences(content: frozenset[str], context: Context) -> tuple[int, ...]:
    """Indices of the sentences that share content stems with a claim: its evidence first, then the most alike."""
    worth, ranked = _ranked(content, context)
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


def missing_numbers(claim: Tokens, text: str, context: Text, held: frozenset[str] = _NO_WORDS) -> tuple[str, ...]:
    """The numbers of a claim that neither stand in its context nor are part of a date that does.

    ``held``: stems of its evidence; a number that stands there as it is written needs no look at the others.
    """
    stated = [(raw, value) for raw, value in digit_values(claim) if raw not in held or value != number_value(raw)]
    found = [(raw, value) for raw, value in stated if value not in context.numbers]
    if not found:
        return ()
    dates = dates_of(text, claim)
    known = dates & context.dates if dates else dates
    dated = {float(part) for date in known for part in date if part is not None}
    return tuple(raw for raw, value in found if value not in dated)


def _missing_names(claim: Tokens, context: Context, held: frozenset[str]) -> tuple[str, ...]:
    """Words with a capital, but for the first, that no word of the context resembles; ``held`` as above."""
    words = [
        (raw, low, stem)
        for raw, low, stem in zip(claim.raw[1:], claim.low[1:], claim.stems[1:], strict=True)
        if raw[0].isupper() and stem not in held
    ]
    return tuple(
        [raw for raw, low, stem in words if low not in STOP and low not in MONTHS and not context.resembles(stem)]
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
    rows = [(f.cov, f.near, f.order, f.pairs, 1.0 if f.phrases else 0.0) for f in found]
    cov, near, order, pairs, unsaid = map(_mean, zip(*rows, strict=True)) if len(rows) > 1 else rows[0]
    worst = min([f.near for f in found])
    return _clip((cov + near + 2 * order + pairs + worst) / 6 - _missing(found) - PENALTY * unsaid)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _missing(found: Sequence[Features]) -> float:
    numbers, names = max([len(f.numbers) for f in found]), max([len(f.names) for f in found])
    return PENALTY * min(3, numbers) + PENALTY * min(5, names)


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def content_count(claim: Tokens) -> int:
    """How many content tokens a claim has."""
    return len(claim.content)
