"""Which parts of a question an answer answers, and which of its claims bear on one: decided by type, or left open.

Answered: a clause about the part holds a value of the type it expects. Missing: nothing in the answer is of that type,
or the answer declines it. Open: the words do not tell, or the type is ``free``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import msgspec

from traceeval.measures.claims import Sentence, claims_of
from traceeval.measures.language import language_of
from traceeval.measures.lexicon import MONTHS, UNITS, WEEKDAYS
from traceeval.measures.once import once
from traceeval.measures.phrases import pattern
from traceeval.measures.polarity import polarity
from traceeval.measures.quantities import has_date, quantities
from traceeval.measures.questions import Part, parts_of
from traceeval.measures.tokens import STOP, Tokens, tokenise

State: TypeAlias = Literal["answered", "missing", "open"]
Bearing: TypeAlias = Literal["on", "off", "open"]

_CLAUSE = re.compile(r"(?<!\d),\s+|;\s+|:\s+|\s+(?:but|and|while|whereas|although|because|since|so)\s+|\s[–—]\s")
_POINTING = frozenset("it they this that these those he she them its their his her there such both".split())
_DETERMINERS = frozenset("the a an your my our their his its her no every each all some any".split())
_ITEM = re.compile(r"(?m)^\s*(?:[-*•–]|\d{1,2}[.)])\s+\S")
_JOINED = re.compile(r",\s*(?:and\s+|or\s+)?|\s+and\s+|\s+or\s+|\s+as well as\s+")
_NOTHING: frozenset[str] = frozenset()
_SOME, _SHORT = 0.25, 8


class Clause(msgspec.Struct, frozen=True, gc=False):
    """A clause of the answer. ``about``: its stems and, where it points back, those before. ``bare``: it names nothing."""

    text: str
    tokens: Tokens
    about: frozenset[str]
    bare: bool


def answered(question: str, answer: str) -> tuple[tuple[Part, State], ...]:
    """Every part of the question with what the answer does about it."""
    parts = parts_of(question)
    sentences = claims_of(answer)
    if _other_language(question, answer):
        return tuple((part, "open") for part in parts)
    clauses = _Clauses([sentence for sentence in sentences if _speaks(sentence)])
    declined = _declined(parts, [s for s in sentences if s.skip == "refusal"])
    found: list[tuple[Part, State]] = []
    for at, part in enumerate(parts):
        state = _state(part, clauses, answer, lone=len(parts) == 1) if clauses.spoken else "missing"
        found.append((part, "missing" if state == "open" and at in declined else state))
    return tuple(found)


def bearing(question: str, answer: str) -> tuple[tuple[Sentence, Bearing], ...]:
    """Every claim of the answer with whether it bears on a part of the question.

    Off: it shares no word with any part, points back to nothing that does, and every part expects a value.
    """
    parts = parts_of(question)
    checkable = all(part.expects not in ("free", "list") for part in parts) and not _other_language(question, answer)
    found: list[tuple[Sentence, Bearing]] = []
    before: Bearing = "on"
    for sentence in claims_of(answer):
        if sentence.skip is None:
            before = _bears(sentence, parts, before, checkable=checkable)
            found.append((sentence, before))
    return tuple(found)


def _other_language(question: str, answer: str) -> bool:
    asked, said = language_of(question), language_of(answer)
    return asked not in ("en", None) or said not in ("en", None)


def _speaks(sentence: Sentence) -> bool:
    return sentence.skip in (None, "no_content", "lead_in")


class _Clauses:
    """What the answer claims, sentence by sentence, then clause by clause; one that points back is about what came before."""

    def __init__(self, spoken: Sequence[Sentence]) -> None:
        self.spoken = spoken
        self._before: list[frozenset[str]] = []
        last = _NOTHING
        for sentence in spoken:
            self._before.append(last)
            low = sentence.tokens.low
            last = frozenset(sentence.tokens.stems) | (last if low and low[0] in _POINTING else _NOTHING)

    def __iter__(self) -> Iterator[Clause]:
        """The sentences first: they often tell, and the rest is not taken apart then."""
        yield from self._whole
        yield from self._parts

    @once
    def _whole(self) -> list[Clause]:
        return [
            _clause(sentence.text, sentence.tokens, last, last)
            for sentence, last in zip(self.spoken, self._before, strict=True)
            if sentence.tokens.low
        ]

    @once
    def _parts(self) -> list[Clause]:
        return [
            clause
            for sentence, last in zip(self.spoken, self._before, strict=True)
            if len(pieces := _CLAUSE.split(sentence.text)) > 1
            for clause in _apart(pieces, last)
        ]


def _apart(pieces: Sequence[str], last: frozenset[str]) -> Iterator[Clause]:
    """The clauses of a sentence; ``last``: the stems of what came before it."""
    first, head = last, True
    for text in pieces:
        tokens = tokenise(text)
        if not tokens.low:
            continue
        clause = _clause(text, tokens, last, first, head=head)
        yield clause
        first, head = (first if _points(tokens) else _NOTHING) | clause.about, False


def _clause(text: str, tokens: Tokens, last: frozenset[str], first: frozenset[str], *, head: bool = False) -> Clause:
    """One that points back, or heads a sentence that is taken apart, is about ``first`` too."""
    points = _points(tokens)
    about = frozenset(tokens.stems) | (first if points or head else _NOTHING)
    return Clause(text, tokens, about, bare=points and not last)


def _points(tokens: Tokens) -> bool:
    """Whether some words begin as if they went on about something."""
    opening = tokens.low[0]
    return opening in _POINTING or not opening[0].isalpha() or (opening in STOP and opening not in _DETERMINERS)


def _declined(parts: Sequence[Part], refusals: Sequence[Sentence]) -> frozenset[int]:
    """Which parts the answer declines: those a declining sentence shares most words with; without any, all."""
    found: set[int] = set()
    for sentence in refusals:
        shared = [len(part.content & set(sentence.tokens.stems)) for part in parts]
        most = max(shared)
        found |= {at for at, n in enumerate(shared) if n == most}
    return frozenset(found)


def _state(part: Part, clauses: _Clauses, answer: str, *, lone: bool) -> State:
    if part.expects == "free":
        return "open"
    if part.expects == "list":
        return _list(part, clauses.spoken, answer)
    short = len(clauses.spoken) <= 1
    near = (clause for clause in clauses if _is_about(clause, part, lone=lone, short=short))
    if part.expects == "yes_no":
        return _yes_no(part, near, clauses.spoken, lone=lone)
    holds: set[bool | None] = set()
    for clause in near:
        holds.add(held := _holds(part, clause))
        if held:
            return "answered"
    if part.expects == "name":
        return "open" if holds or lone else "missing"
    return "open" if None in holds or any(_holds(part, clause) for clause in clauses) else "missing"


def _is_about(clause: Clause, part: Part, *, lone: bool, short: bool) -> bool:
    """Shares a word, names nothing itself, or is all the answer says to a single question."""
    if part.content & clause.about or not part.content:
        return True
    return clause.bare or (lone and short and len(clause.tokens.low) <= _SHORT)


def _holds(part: Part, clause: Clause) -> bool | None:
    """Whether a clause has a value of the type that is asked for; None where it has a number of something else."""
    if part.expects == "date":
        return has_date(clause.text)
    if part.expects == "count":
        return _counts(part, clause)
    if part.expects == "number":
        return _measures(part, clause)
    return _names(part, clause)


def _counts(part: Part, clause: Clause) -> bool | None:
    """The thing itself is counted, or a bare number stands there; of another thing it may be the same in other words."""
    stems = clause.tokens.stems
    if pattern("answers", "none").search(clause.text) and (part.noun is None or part.noun in stems or len(stems) <= 2):
        return True
    found = quantities(clause.text)
    for one in found:
        bare = one.unit is None and isinstance(one.value, float)
        if bare or one.unit == part.noun or part.noun is None or part.noun in stems[one.at + 1 : one.at + 4]:
            return True
    return None if any(one.kind is None for one in found) else False


def _measures(part: Part, clause: Clause) -> bool:
    if "often" in part.kinds:
        return pattern("answers", "often").search(clause.text) is not None
    found = quantities(clause.text)
    if not part.kinds:
        return bool(found) or _about_one(clause.tokens)
    if any(one.kind in part.kinds or (one.kind is None and one.unit is None) for one in found):
        return True
    return any(pattern("answers", *names).search(clause.text) for kind, names in _IN_WORDS if kind in part.kinds)


_IN_WORDS = (("money", ("free_of_charge",)), ("clock", ("clock",)), ("time", ("at_once", "until")))
"""What says an amount of a kind without a number."""


def _about_one(tokens: Tokens) -> bool:
    """``half a litre``, ``a pinch``: an amount without a number."""
    units = [at for at, low in enumerate(tokens.low) if low in UNITS]
    return any({"half", "quarter", "a", "an"} & set(tokens.low[max(0, at - 2) : at]) for at in units)


def _names(part: Part, clause: Clause) -> bool:
    """A name the question does not have; for a place, where; else something new beside what was asked."""
    if part.options:
        return any(option & set(clause.tokens.stems) for option in part.options)
    known = {*part.content, *tokenise(part.text).stems}
    new = [
        at
        for at, (low, stem_) in enumerate(zip(clause.tokens.low, clause.tokens.stems, strict=True))
        if low not in STOP and stem_ not in known and low[0].isalpha() and low not in MONTHS and low not in WEEKDAYS
    ]
    if any(clause.tokens.raw[at][0].isupper() and at for at in new):
        return True
    if pattern("questions", "place").match(part.text):
        return pattern("answers", "place").search(clause.text) is not None
    shared = [at for at, stem_ in enumerate(clause.tokens.stems) if stem_ in part.content]
    if pattern("questions", "person").match(part.text):
        by = "by" in clause.tokens.low and any(at > clause.tokens.low.index("by") for at in new)
        return by or (bool(shared) and any(at < min(shared) for at in new))
    return clause.bare and bool(new)


def _yes_no(part: Part, near: Iterable[Clause], spoken: Sequence[Sentence], *, lone: bool) -> State:
    said = [sentence.text for sentence in spoken]
    if any(polarity(text, part.text) is not None and _starts_or_says(text, part, lone=lone) for text in said):
        return "answered"
    about = [clause.text for clause in near]
    if any(pattern("answers", "depends").search(text) for text in about):
        return "answered"
    return "open" if about else "missing"


def _starts_or_says(text: str, part: Part, *, lone: bool) -> bool:
    """Of several parts, ``yes`` answers the one whose words stand beside it."""
    return lone or bool(part.content & set(tokenise(text).stems)) or len(tokenise(text).low) <= 2


def _list(part: Part, spoken: Sequence[Sentence], answer: str) -> State:
    items = len(_ITEM.findall(answer))
    about = [s for s in spoken if not part.content or part.content & set(s.tokens.stems)] or spoken[:1]
    joined = max((_joined(sentence.text) for sentence in about), default=0)
    if items >= part.least or joined >= (part.least if part.told else max(part.least, 3)):
        return "answered"
    if any(pattern("answers", "none").match(sentence.text) for sentence in about):
        return "answered"
    if part.least > 2 and joined != 2:  # so many were asked for, and fewer are told
        return "missing"
    return "open"


def _joined(text: str) -> int:
    """How many things a sentence names in a row."""
    pieces = [piece for piece in _JOINED.split(text.rstrip(".!")) if piece.strip()]
    middle = pieces[1:-1]
    return len(pieces) if all(len(piece.split()) <= 5 for piece in middle) else len(pieces) - len(middle)


def _bears(sentence: Sentence, parts: Sequence[Part], before: Bearing, *, checkable: bool) -> Bearing:
    stems = set(sentence.tokens.stems)
    shared = max(
        (len(part.content & stems) / len(part.content) if part.content else 1.0 for part in parts), default=0.0
    )
    if shared >= _SOME:
        return "on"
    opening = sentence.tokens.low[0] if sentence.tokens.low else ""
    if opening in _POINTING or (opening in STOP and opening not in _DETERMINERS) or not opening[:1].isalpha():
        return before
    if shared or not checkable:
        return "open"
    clause = Clause(sentence.text, sentence.tokens, frozenset(stems), bare=False)
    return "open" if any(_holds(part, clause) for part in parts if part.expects != "yes_no") else "off"
