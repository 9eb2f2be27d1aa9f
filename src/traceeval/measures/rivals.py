"""Where a passage says something else in a fact's place: the answer overrode what it was given."""

from __future__ import annotations

from traceeval.measures.claims import Sentence
from traceeval.measures.facts import TURNED, Fact, denies, is_value, states_any
from traceeval.measures.flips import ALIGNED, vetoes
from traceeval.measures.lexicon import NEGATIONS, UNITS
from traceeval.measures.numbers import dates_of
from traceeval.measures.quantities import quantities
from traceeval.measures.support import page_of
from traceeval.measures.tokens import STOP, Tokens, tokenise, weight

FRAME, TIGHT = 0.6, 0.75
_LIGHT = frozenset(
    tokenise("within long take get much many far often old cost per until pay give make last need").stems
)
_FEWEST = 2  # words of the frame a sentence must share before another name in it means anything


def rival(passage: str, fact: Fact, said: str, question: str | None = None) -> tuple[int, int] | None:
    """Range of the first sentence that says otherwise than ``said``, the answer's sentence with the fact.

    Otherwise: it rejects the fact or turns it round, or has another number of the same unit, another date or another
    name where the rest of the words agree. None where nothing does, and where the passage states the fact as well.
    """
    if not passage or states_any(passage, fact, question):
        return None
    claim = tokenise(said)
    frames = _frames(claim, fact, question)
    found = (s for s in page_of(passage).sentences if _otherwise(s, fact, said, claim, frames, question))
    first = next(found, None)
    return (first.start, first.end) if first is not None else None


def _otherwise(
    sentence: Sentence, fact: Fact, said: str, claim: Tokens, frames: list[frozenset[str]], question: str | None
) -> bool:
    if denies(sentence.text, fact, question):
        return True
    if _turned(sentence, fact, said, claim):
        return True
    held = frozenset(sentence.tokens.stems)
    share = max((_share(frame, held) for frame in frames), default=0.0)
    if share >= FRAME and any(_other_value(sentence.text, one) for one in fact if is_value(one)):
        return True
    shared = max((len(frame & held) for frame in frames), default=0)
    return (
        share >= TIGHT and shared >= _FEWEST and any(_other_name(sentence.tokens, one, said, question) for one in fact)
    )


def _turned(sentence: Sentence, fact: Fact, said: str, claim: Tokens) -> bool:
    """The sentence aligns with what was said, and differs in the fact's own words or in a negation."""
    if _share(frozenset(claim.content), frozenset(sentence.tokens.stems)) < ALIGNED:
        return False
    own = {low for one in fact for low in tokenise(one).low}
    diffs = [diff for diff in vetoes(claim, said, sentence.tokens, sentence.text) if diff.veto in TURNED]
    return any(
        diff.veto in ("negation", "antonym") or own & set(tokenise(diff.claim).low) or not any(map(is_value, fact))
        for diff in diffs
    )


def _frames(claim: Tokens, fact: Fact, question: str | None) -> list[frozenset[str]]:
    """The content of what was said, and of what was asked, without the fact's own words and those that fit anything."""
    own = {stem for one in fact for stem in tokenise(one).stems}
    units = {stem for stem, low in zip(claim.stems, claim.low, strict=True) if low in UNITS or low[0].isdigit()}
    texts = [claim, *([tokenise(question)] if question else [])]
    frames = [frozenset(tokens.content) - own - units - _LIGHT for tokens in texts]
    return [frame for frame in frames if frame]


def _share(frame: frozenset[str], held: frozenset[str]) -> float:
    total = sum(map(weight, frame))
    return sum(weight(stem) for stem in frame if stem in held) / total if total else 0.0


def _other_value(text: str, one: str) -> bool:
    """A number of the same unit, or a date, that is not the fact's."""
    wanted, seen = quantities(one), quantities(text)
    if wanted:
        same = [q for q in seen if any(_alike(q.unit, q.kind, w.unit, w.kind) for w in wanted)]
        return bool(same) and not {q.value for q in same} & {w.value for w in wanted}
    mine, theirs = dates_of(one, tokenise(one)), dates_of(text, tokenise(text))
    if mine:
        return bool(theirs) and not mine & theirs
    years = [set(_years(words)) for words in (one, text)]
    return bool(years[0] and years[1]) and not years[0] & years[1]


def _alike(unit: str | None, kind: str | None, other: str | None, other_kind: str | None) -> bool:
    return kind == other_kind if kind or other_kind else unit is not None and unit == other


def _years(text: str) -> list[str]:
    return [
        low
        for low in tokenise(text).low
        if len(low) == 4 and low.isdigit() and low[:2] in {"16", "17", "18", "19", "20"}
    ]


def _other_name(tokens: Tokens, one: str, said: str, question: str | None) -> bool:
    """Another name where the fact is one: capitalised, and neither in what was said nor in what was asked."""
    if not is_value(one) or any(char.isdigit() for char in one) or not any(word[:1].isupper() for word in one.split()):
        return False
    if NEGATIONS & set(tokens.low):
        return False
    known = {*tokenise(said).stems, *(tokenise(question).stems if question else ())}
    names = (
        stem
        for at, (raw, low, stem) in enumerate(zip(tokens.raw, tokens.low, tokens.stems, strict=True))
        if raw[0].isupper() and low not in STOP and (at or len(tokens.raw) > 1)
    )
    return any(stem not in known for stem in names)
