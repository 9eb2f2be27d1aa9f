"""Where a claim says the opposite of, or other than, the sentence it comes from; and which qualifiers got lost.

The veto layer of faithfulness.md section 5: a fired veto defers, it never condemns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from traceeval.measures.claims import asserted
from traceeval.measures.lexicon import (
    ANTONYMS,
    CONDITION_PHRASES,
    CONDITIONS,
    HEDGES,
    MONTHS,
    NEGATIONS,
    NUMBER_WORDS,
    QUANTIFIERS,
    ROUNDING,
    SAME_QUANTITY,
    UNITS,
    WEEKDAYS,
    is_negation,
    negates,
)
from traceeval.measures.numbers import dates_of, values_of
from traceeval.measures.tokens import STOP, Tokens
from traceeval.model import Diff

ALIGNED = 0.6
_QUALIFYING = NEGATIONS | HEDGES | CONDITIONS


@dataclass(frozen=True, slots=True)
class Cut:
    """One difference: the source's words, the claim's words, and whether it lies inside the aligned part."""

    source: Tokens
    claim: Tokens
    inner: bool
    at_start: bool

    @property
    def replaces(self) -> bool:
        """Both sides have words."""
        return bool(self.source.low and self.claim.low)

    def words(self) -> tuple[str, str]:
        """(claim, source) as they stand."""
        return " ".join(self.claim.raw), " ".join(self.source.raw)


def vetoes(claim: Tokens, claim_text: str, source: Tokens, source_text: str) -> tuple[Diff, ...]:
    """Every veto between a claim and its best sentence, in the order of the table; empty when they do not align."""
    claim, source = asserted(claim, claim_text), asserted(source, source_text)
    cuts = _cuts(source, claim)
    if not cuts:
        return ()
    found: list[Diff] = []
    dated = _shared_dates(claim, claim_text, source, source_text)
    for cut in cuts:
        found += _of_values(cut, dated)
    found += _negation(cuts, claim, source)
    for cut in cuts:
        found += _of_words(cut)
    found += _role(claim, source)
    return tuple(sorted(found, key=lambda diff: _ORDER.index(diff.veto)))


_ORDER = ("number", "unit", "date", "negation", "antonym", "entity", "role", "hedge", "quantifier")


def _cuts(source: Tokens, claim: Tokens) -> list[Cut]:
    """The differences of an aligned pair; nothing when too little of the claim aligns, or when it stands verbatim."""
    if f" {' '.join(claim.stems)} " in f" {' '.join(source.stems)} ":
        return []
    matcher = SequenceMatcher(None, source.stems, claim.stems, autojunk=False)
    blocks = matcher.get_matching_blocks()
    if sum(block.size for block in blocks) < ALIGNED * len(claim.stems):
        return []
    codes = matcher.get_opcodes()
    return [
        Cut(source.part(a, b), claim.part(c, d), 0 < at < len(codes) - 1, c == 0)
        for at, (tag, a, b, c, d) in enumerate(codes)
        if tag != "equal"
    ]


def _diff(veto: str, cut: Cut) -> Diff:
    claim, source = cut.words()
    return Diff(veto=veto, claim=claim, source=source)


def _shared_dates(claim: Tokens, claim_text: str, source: Tokens, source_text: str) -> frozenset[float | str]:
    """Numbers that belong to a date both sides state, however it is written."""
    mine = dates_of(claim_text, claim)
    shared = mine & dates_of(source_text, source) if mine else set()
    return frozenset(float(part) for date in shared for part in date if part is not None)


def _of_values(cut: Cut, dated: frozenset[float | str]) -> Iterator[Diff]:
    if not cut.replaces:
        return
    mine, theirs = _values(cut.claim, dated), _values(cut.source, dated)
    if not dated and _calendar(cut.claim) and _calendar(cut.source) and _calendar(cut.claim) != _calendar(cut.source):
        yield _diff("date", cut)
    elif mine and theirs and not mine & theirs and not ROUNDING & {*cut.claim.low, *cut.source.low}:
        yield _diff("number", cut)
    units = _units(cut.claim), _units(cut.source)
    if units[0] and units[1] and not units[0] & units[1]:
        yield _diff("unit", cut)


def _values(tokens: Tokens, dated: frozenset[float | str]) -> set[float | str]:
    """Values a side states; digits of a date both sides share are no difference, number words are never a date's."""
    words = {NUMBER_WORDS[low] for low in tokens.low if low in NUMBER_WORDS}
    return (values_of(tokens) - dated) | (values_of(tokens) & words)


def _units(tokens: Tokens) -> set[str]:
    return {
        UNITS["percent"] if low.endswith("%") else UNITS[low] for low in tokens.low if low in UNITS or low.endswith("%")
    }


def _calendar(tokens: Tokens) -> frozenset[object]:
    return frozenset(
        [MONTHS[low] for low in tokens.low if low in MONTHS] + [low for low in tokens.low if low in WEEKDAYS]
    )


def _negation(cuts: Sequence[Cut], claim: Tokens, source: Tokens) -> Iterator[Diff]:
    """A negation on one side only. Two that cancel, ``isn't`` against ``is not`` and ``not only`` do not count.

    One at an end of the source may have been cut off with it, but not where other words stand in its place.
    """
    mine, theirs = _negations(claim), _negations(source)
    for cut in cuts:
        added, dropped = _negations(cut.claim), _negations(cut.source)
        if added == dropped or mine == theirs:
            continue
        if (added > dropped and len(cut.claim.low) <= 4) or (
            dropped > added and len(cut.source.low) <= 4 and (cut.inner or cut.replaces)
        ):
            yield _diff("negation", cut)


def _negations(tokens: Tokens) -> int:
    low = tokens.low
    if not negates(low):
        return 0
    return sum(
        is_negation(token) and not (token == "not" and at + 1 < len(low) and low[at + 1] == "only")
        for at, token in enumerate(low)
    )


def _of_words(cut: Cut) -> Iterator[Diff]:
    if cut.replaces:
        if any((a, b) in ANTONYMS for a in cut.source.stems for b in cut.claim.stems):
            yield _diff("antonym", cut)
        if len(cut.source.low) <= 4 and len(cut.claim.low) <= 4 and not cut.at_start and _other_entity(cut):
            yield _diff("entity", cut)
    if len(cut.source.low) > 3 or len(cut.claim.low) > 3:
        return
    mine, theirs = _hedges(cut.claim), _hedges(cut.source)
    if cut.inner and mine != theirs and not (mine and not theirs and not cut.source.low):
        yield _diff("hedge", cut)
    within = cut.inner or cut.replaces
    if within and _other_quantity(QUANTIFIERS.intersection(cut.claim.low), QUANTIFIERS.intersection(cut.source.low)):
        yield _diff("quantifier", cut)


def _hedges(tokens: Tokens) -> set[str]:
    """Hedges of one side; ``May`` with a capital is the month."""
    return {low for raw, low in zip(tokens.raw, tokens.low, strict=True) if low in HEDGES and raw != "May"}


def _other_entity(cut: Cut) -> bool:
    mine, theirs = _names(cut.claim), _names(cut.source)
    if not mine or not theirs or mine & theirs:
        return False
    initials = {
        "".join(name[0] for name in cut.source.raw if name[0].isupper()).lower(),
        "".join(name[0] for name in cut.claim.raw if name[0].isupper()).lower(),
    }
    return not initials & {*cut.claim.low, *cut.source.low}


def _names(tokens: Tokens) -> set[str]:
    return {
        stem
        for raw, low, stem in zip(tokens.raw, tokens.low, tokens.stems, strict=True)
        if raw[0].isupper() and low not in STOP and low not in MONTHS and low not in WEEKDAYS
    }


def _other_quantity(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    if mine == theirs:
        return False
    left, right = mine - theirs, theirs - mine
    return not any(left and right and left <= group and right <= group for group in SAME_QUANTITY)


def _role(claim: Tokens, source: Tokens) -> Iterator[Diff]:
    """Names that occur once on each side, in another order; passives ("by") and lists are left alone."""
    if _passive(claim) or _passive(source) or "," in "".join(claim.raw):
        return
    mine, theirs = _once(claim), _once(source)
    shared = [name for name in theirs if name in mine]
    order = [name for name in mine if name in theirs]
    if len(shared) >= 2 and shared != order and "and" not in claim.low:
        yield Diff(veto="role", claim=" … ".join(order), source=" … ".join(shared))


def _passive(tokens: Tokens) -> bool:
    """Somebody did it: ``by`` before a name."""
    following = zip(tokens.low, (*tokens.raw[1:], ""), strict=True)
    return any(low == "by" and raw[:1].isupper() for low, raw in following)


def _once(tokens: Tokens) -> list[str]:
    names = [
        stem
        for raw, low, stem in zip(tokens.raw, tokens.low, tokens.stems, strict=True)
        if raw[0].isupper() and low not in STOP
    ]
    often, stems = Counter(names), Counter(tokens.stems)
    return [name for name in names if often[name] == 1 and stems[name] == 1]


def qualifiers(tokens: Tokens) -> list[str]:
    """Negations, hedges and conditions of a sentence: what must survive when a claim uses it."""
    text = " ".join(tokens.low)
    told = not _QUALIFYING.isdisjoint(tokens.low) or "n't" in text
    found = [low for low in tokens.low if low in _QUALIFYING or low.endswith("n't")] if told else []
    return found + [phrase for phrase in CONDITION_PHRASES if phrase in text]
