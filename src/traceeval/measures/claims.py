"""Answers into claims, passages into sentences; every piece knows where it stood in the original text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from traceeval.measures.memo import remembered
from traceeval.measures.tokens import SIGNS, STOP, Tokens, tokenise

_MARKER = re.compile(r"(?m)^[ \t]*(?:[-*•–]|\d{1,3}[.)])[ \t]+")
_CITED = re.compile(r"\s?\[(\d{1,3}(?:,\s?\d{1,3})*|[\w.:/#-]{1,64})\]")
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_SPLIT = re.compile(r"(?<=[.!?。！？।])[\"')\]]*\s+(?=[\"'(\[]?[^\sa-z])|\n+|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|St|Prof|Sgt|Gen|Sen|Rep|Gov|vs|etc|e\.g|i\.e|No|Inc|Ltd|Co|Corp|Jr|Sr|Fig|al|U\.S|U\.K"
    r"|a\.m|p\.m)\.$"
)
_LONGEST = 6  # an abbreviation with its full stop and what stands before it; sentences may grow without end
_COURTESY = re.compile(
    r"^(?:hello|hi|dear|thank|thanks|you're welcome|you are welcome|sure|of course|certainly|i hope|please let me know|"
    r"let me know|is there anything|feel free|have a (?:nice|great|good)|best regards|kind regards|sorry|i apologi[sz]e|"
    r"great question|good question|glad to help|happy to help|i(?:'m| am) (?:happy|glad) to)\b",
    re.IGNORECASE,
)
_FULL_WIDTH = re.compile(r"[。！？]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its range in the original text. ``skip``: why it is no claim, None when it is one."""

    text: str
    start: int
    end: int
    tokens: Tokens
    skip: str | None = None


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Ranges of the sentences of a text; list items and lines are sentences of their own."""
    ranges: list[tuple[int, int]] = []
    begin = 0
    for match in [*_SPLIT.finditer(text), None]:
        end = match.start() if match else len(text)
        start, stop = _trim(text, begin, end)
        begin = match.end() if match else end
        if stop <= start:
            continue
        if (
            ranges
            and (match is None or "\n" not in text[ranges[-1][1] : start])
            and _joins(text, ranges[-1], start, stop)
        ):
            ranges[-1] = (ranges[-1][0], stop)
        else:
            ranges.append((start, stop))
    return ranges


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _joins(text: str, before: tuple[int, int], start: int, stop: int) -> bool:
    last = text[before[0] : before[1]]
    if _FULL_WIDTH.search(last[-1:]):
        return False
    return bool(_ABBREVIATION.search(last[-_LONGEST:])) or len(last) < 4 or stop - start < 3


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """The text with every match overwritten by spaces, so that offsets stay what they were."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


@remembered(200_000)
def claims_of(answer: str) -> tuple[Sentence, ...]:
    """The sentences of an answer: list markers, citation marks and code are no part of them.

    A sentence that claims nothing carries ``skip``: question, courtesy, lead_in or no_content.
    """
    cleaned = blank(blank(blank(answer, _CODE), _MARKER), _CITED)
    found = []
    for start, end in split_sentences(cleaned):
        text = cleaned[start:end]
        tokens = tokenise(text)
        found.append(
            Sentence(" ".join(text.split()), start, end, tokenise(" ".join(text.split())), _skip(text, tokens))
        )
    return tuple(found)


def _skip(text: str, tokens: Tokens) -> str | None:
    bare = text.rstrip("\"')] *_")
    if bare.endswith(("?", "？")):
        return "question"
    if bare.endswith((":", "：")):
        return "lead_in"
    if _COURTESY.match(text):
        return "courtesy"
    if not any(low not in STOP and low not in SIGNS for low in tokens.low):
        return "no_content"
    return None


def citations_of(answer: str) -> list[tuple[int, str]]:
    """Citation marks of an answer: (offset, label), several labels of one mark apart."""
    return [(match.start(), label.strip()) for match in _CITED.finditer(answer) for label in match.group(1).split(",")]


def sentences_of(passage: str) -> list[Sentence]:
    """The sentences of a passage, split by the same rule."""
    return [Sentence(passage[a:b], a, b, tokenise(passage[a:b])) for a, b in split_sentences(passage)]
