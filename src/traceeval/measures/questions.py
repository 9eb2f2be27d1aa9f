"""What a question asks for: its parts, each with the type of answer it expects. English; other questions are one part.

``Hello! When was it built, and who paid for it?`` has two parts: a date and a name. What has no type that can be
checked without understanding (why, how, what does it mean) is ``free``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, TypeAlias

import msgspec
from msgspec import structs

from traceeval.measures.claims import split_sentences
from traceeval.measures.language import ENOUGH, language_of, script_of
from traceeval.measures.lexicon import NUMBER_WORDS
from traceeval.measures.memo import remembered
from traceeval.measures.phrases import pattern
from traceeval.measures.tokens import stem, tokenise

Expected: TypeAlias = Literal["date", "count", "number", "name", "yes_no", "list", "free"]

_CLOSING = " \"')]*_»”’"
_MARKS = ("?", "\N{FULLWIDTH QUESTION MARK}", "\N{ARABIC QUESTION MARK}")
_STOPS = (".", "!", "\N{IDEOGRAPHIC FULL STOP}")
_EITHER = re.compile(r"\bor\b(?! not\b)", re.IGNORECASE)
_LIGHT = frozenset(
    stem(word)
    for word in (
        "what who whom whose when where which why how much many long please tell know list name give explain describe kind type sort exact "
        "exactly actually currently usually get take need make happen mean find able possible there one thing things way ways two three four"
    ).split()
)  # fmt: skip
_KINDS = {
    "long": "time length",
    "far": "length time",
    "tall": "length",
    "high": "length money share temperature",
    "wide": "length",
    "broad": "length",
    "deep": "length",
    "thick": "length",
    "heavy": "mass",
    "old": "time",
    "fast": "speed time",
    "quickly": "time speed",
    "often": "often",
    "frequently": "often",
    "hot": "temperature",
    "cold": "temperature",
    "warm": "temperature",
    "loud": "sound",
    "late": "time clock",
    "early": "time clock",
}
_ATTRIBUTES = {
    "height": "length",
    "length": "length time",
    "width": "length",
    "depth": "length",
    "distance": "length",
    "weight": "mass",
    "mass": "mass",
    "age": "time",
    "duration": "time",
    "temperature": "temperature",
    "speed": "speed",
    "percentage": "share",
    "voltage": "power",
    "frequency": "often",
    **dict.fromkeys(
        "price costs fee fees fine salary rent deposit budget charge surcharge premium discount wage revenue profit turnover income".split(),
        "money share",
    ),
    "cost": "money",
    "weigh": "mass",
    "earn": "money",
}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return pattern("questions", name)


class Part(msgspec.Struct, frozen=True, gc=False):
    """One thing a question asks for.

    ``content``: the stems it is about. ``kinds``: of units a number may have, empty for any. ``noun``: what is counted.
    ``least``: how many items a list needs, ``told`` whether the question says so. ``options``: between which to choose, as stems.
    """

    text: str
    expects: Expected
    content: frozenset[str]
    kinds: frozenset[str] = frozenset()
    noun: str | None = None
    least: int = 2
    told: bool = False
    options: tuple[frozenset[str], ...] = ()


def asks(text: str) -> bool:
    """Whether a text asks for anything: a question, or a request to tell or list something."""
    return bool(_bodies(text))


@remembered(20_000)
def without_questions(text: str) -> str:
    """A text with what it asks overwritten by spaces: who asks whether something is so does not say that it is.

    Gone are questions, requests to check or tell something, and a last line such as ``who wrote it`` without its mark;
    what is said before a question in the same sentence stays.
    """
    kept = text
    for start, end in split_sentences(text):
        begin = _asked_from(text[start:end])
        if begin is not None:
            kept = kept[: start + begin] + " " * (end - start - begin) + kept[end:]
    return kept


def _asked_from(sentence: str) -> int | None:
    """Where in a sentence it begins to ask; None when it says something instead."""
    plain = sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    last = sentence.rstrip(_CLOSING)[-1:]
    if last in _MARKS:
        late = _pattern("late").search(plain)
        return late.start() if late is not None else 0
    unended = last not in _STOPS and _pattern("asks").match(_pattern("lead").sub("", plain, count=1))
    return 0 if unended or _pattern("requests").match(plain) else None


@remembered(200_000)
def parts_of(question: str) -> tuple[Part, ...]:
    """Every part of a question, in order; at least one. In another language than English it is one free part."""
    if _foreign(question):
        return (Part(question.strip(), "free", frozenset(tokenise(question).content)),)
    found = [part for body in _bodies(question) for part in _split(body)]
    if not found:
        return (Part(question.strip(), "free", _content(question)),)
    return tuple(_lent(found))


def _foreign(question: str) -> bool:
    if script_of(question) not in ("latin", "none"):
        return True
    known = language_of(question)
    if known is not None or len(tokenise(question).low) >= ENOUGH:
        return known not in ("en", None)
    return not _pattern("english").search(question)


@remembered(200_000)
def _bodies(question: str) -> tuple[str, ...]:
    """The sentences that ask, without what leads up to the question; where none does, nothing."""
    return tuple([body for start, end in split_sentences(question) if (body := _body(question[start:end])) is not None])


def _body(sentence: str) -> str | None:
    plain = sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    body = _pattern("lead").sub("", plain, count=1).strip(" \"'(")
    if _pattern("asks").match(body):
        return body
    if not sentence.endswith("?"):
        return None
    late = _pattern("late").search(body)
    return body[late.end() :] if late is not None else body


def _split(body: str) -> Iterator[Part]:
    begin = 0
    for match in _pattern("between").finditer(body):
        yield from _twice(body[begin : match.start()])
        begin = match.end()
    yield from _twice(body[begin:])


def _twice(piece: str) -> Iterator[Part]:
    """``How many cars and bikes …`` and ``What are the price and the weight of …`` ask for two things each."""
    low = piece.lower()
    joined = " and " in low or " or " in low
    found = (_pattern("both").match(piece) or _pattern("named").match(piece)) if joined else None
    if found is None:
        yield _part(piece)
        return
    for half in ("a", "b"):
        yield _part(f"{found['head']}{found[half]}{found['rest']}")


def _part(piece: str) -> Part:
    text = piece.strip(" ?.!,;")
    content = _content(text)
    if _pattern("date").match(text):
        return Part(text, "date", content)
    if (counted := _pattern("count").match(text)) is not None:
        noun = counted["noun"] or counted["of"]
        return Part(text, "count", content, noun=stem(noun.lower()) if noun else None)
    if (how := _pattern("how").match(text)) is not None:
        return Part(text, "number", content, kinds=_kinds_of(how["adjective"].lower(), text))
    if (amount := _pattern("amount").match(text)) is not None:
        what = (amount["what"] or amount["at"] or amount["verb"]).lower()
        return Part(text, "number", content, kinds=frozenset(_ATTRIBUTES.get(what, "").split()))
    if (listed := _pattern("list").match(text)) is not None:
        wanted = listed["n"] or listed["two"] or listed["listed"]
        return Part(text, "list", content, least=_least(wanted), told=wanted is not None)
    if _pattern("plural").match(text):
        return Part(text, "list", content)
    if _pattern("name").match(text):
        return Part(text, "name", content)
    if _pattern("yes_no").match(text):
        options = _options(text)
        return Part(text, "name" if options else "yes_no", content, options=options)
    return Part(text, "free", content)


def _kinds_of(adjective: str, text: str) -> frozenset[str]:
    if adjective == "much":
        return frozenset({"money"} if _pattern("paid").search(text) else ())
    if adjective == "long" and _pattern("lasts").search(text):
        return frozenset({"time"})
    return frozenset(_KINDS.get(adjective, "").split())


def _least(word: str | None) -> int:
    if word is None:
        return 2
    return int(word) if word.isdecimal() else int(NUMBER_WORDS.get(word.lower(), 2))


def _options(text: str) -> tuple[frozenset[str], ...]:
    """What to choose from in ``is it a or b``; none where nothing stands on either side."""
    sides = _EITHER.split(text)
    if len(sides) != 2:
        return ()
    left, right = tokenise(sides[0]).content[-2:], tokenise(sides[1]).content[:2]
    return (frozenset(left), frozenset(right)) if left and right else ()


def _content(text: str) -> frozenset[str]:
    return frozenset(tokenise(text).content) - _LIGHT


def _lent(parts: list[Part]) -> Iterator[Part]:
    """A part that names nothing, or only ``it``, is about what the one before it, or behind it, is about."""
    for at, part in enumerate(parts):
        near = parts[at - 1] if at else parts[1] if len(parts) > 1 else part
        lends = not part.content or (at and _pattern("pronoun").search(part.text) is not None)
        yield structs.replace(part, content=part.content | near.content) if lends else part
