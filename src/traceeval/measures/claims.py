"""Answers into claims, passages into sentences; every piece knows where it stood in the original text."""

from __future__ import annotations

import re

import msgspec

from traceeval.measures.citations import WORDED, sources_of
from traceeval.measures.memo import remembered
from traceeval.measures.refusals import clauses, declining, refuses
from traceeval.measures.tokens import SIGNS, STOP, Tokens, tokenise, tokens_of

_MARKER = re.compile(r"(?m)^[ \t]*(?:[-*•–]|\d{1,3}[.)])[ \t]+")
_CITED = re.compile(r"\s?\[(\d{1,3}(?:,\s?\d{1,3})*|[\w.:/#-]{1,64})\]")
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
# Every alternative begins with one of a few characters: those are found fast.
_SPLIT = re.compile(r"[.!?。！？।\n](?:(?<=\n)\n*|(?<!\n)[\"')\]]*\s+(?=[\"'(\[]?[^\sa-z])|(?<=[。！？])(?!\n))")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|St|Prof|Sgt|Gen|Sen|Rep|Gov|vs|etc|e\.g|i\.e|Inc|Ltd|Co|Corp|Jr|Sr|Fig|al|U\.S|U\.K"
    r"|a\.m|p\.m)\.$"
)
_COURTESY = re.compile(
    r"^(?:hello|hi|dear|thank|thanks|you're welcome|you are welcome|sure|of course|certainly|i hope|please let me know|"
    r"let me know|is there anything|feel free|have a (?:nice|great|good)|best regards|kind regards|sorry|i apologi[sz]e|"
    r"great question|good question|glad to help|happy to help|i(?:'m| am) (?:happy|glad) to)\b",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"(?:^|[\s(])No\.$")
_ANSWERED = re.compile(r"\s*(?:yes|no)\s*[,.;:!–—-]+(?:\s|$)", re.IGNORECASE)
_LONGEST = 12
_FULL_WIDTH = "。！？"
_APOLOGY = re.compile(
    r"^(?:i(?:'m|’m| am)|we(?:'re|’re| are)) (?:\w+ )?(?:sorry|afraid)\W*$|^(?:unfortunately|sadly|regrettably)\W*$",
    re.I,
)
_LEAST = 2  # content words from which on a part of a declining sentence may claim something


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A sentence with its range in the original text. ``skip``: why it is no claim, None when it is one."""

    text: str
    start: int
    end: int
    tokens: Tokens
    skip: str | None = None


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Ranges of the sentences of a text; list items and lines are sentences of their own."""
    if _SPLIT.search(text) is None:
        start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
        return [(start, stop)] if start < stop else []
    ranges: list[tuple[int, int]] = []
    begin = 0
    for match in [*_SPLIT.finditer(text), None]:
        end = match.start() + (match[0][0] != "\n") if match else len(text)
        piece = text[begin:end]
        start, stop = begin + len(piece) - len(piece.lstrip()), begin + len(piece.rstrip())
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


def _joins(text: str, before: tuple[int, int], start: int, stop: int) -> bool:
    if text[before[1] - 1] in _FULL_WIDTH:
        return False
    tail = text[max(before[0], before[1] - _LONGEST) : before[1]]  # a longer word is no abbreviation
    if tail.endswith("No.") and _NUMBER_SIGN.search(tail):  # "No. 5"; any other "No." answers a question
        return text[start].isdigit()
    if before[1] - before[0] < 4 or stop - start < 3:
        return True
    return tail[-1] == "." and bool(_ABBREVIATION.search(tail))


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """The text with every match overwritten by spaces, so that offsets stay what they were."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


@remembered(200_000)
def claims_of(answer: str) -> tuple[Sentence, ...]:
    """The sentences of an answer: list markers, citation marks and code are no part of them.

    A sentence that claims nothing carries ``skip``: question, courtesy, lead_in, no_content, or, where the answer
    declines, refusal and referral. A sentence that declines and claims comes apart.
    """
    cleaned = _without_sources(answer)
    if "```" in cleaned:
        cleaned = blank(cleaned, _CODE)
    cleaned = blank(cleaned, _MARKER)
    if "[" in cleaned:
        cleaned = blank(cleaned, _CITED)
    ranges = split_sentences(cleaned)
    codes = declining([cleaned[start:end] for start, end in ranges])
    found = []
    for (start, end), code in zip(ranges, codes, strict=True):
        for begin, stop, part in _parts(cleaned, start, end) if code == "refusal" else [(start, end, code)]:
            text = cleaned[begin:stop]
            line = " ".join(text.split())  # the same tokens: none holds a space
            tokens = tokenise(line)
            skip = _skip(text, tokens)
            found.append(Sentence(line, begin, stop, tokens, "question" if skip == "question" else part or skip))
    return tuple(found)


def _without_sources(answer: str) -> str:
    """The answer with marks in words and its list of sources overwritten by spaces: they claim nothing."""
    cleaned = answer
    if "(" in answer or "<" in answer or not answer.isascii():
        cleaned = blank(answer, WORDED)
    for start, end in sources_of(answer):
        cleaned = cleaned[:start] + re.sub(r"[^\n]", " ", cleaned[start:end]) + cleaned[end:]
    return cleaned


def _parts(text: str, start: int, end: int) -> list[tuple[int, int, str | None]]:
    """A declining sentence as its parts (start, end, code) where one of them claims something, else whole."""
    parts = [(start + a, start + b) for a, b in clauses(text[start:end]) if b > a]
    told = [(a, b, "refusal" if refuses(text[a:b]) else None if _claims(text[a:b]) else "courtesy") for a, b in parts]
    codes = {code for _, _, code in told}
    return [part for part in told if part[2] != "courtesy"] if {"refusal", None} <= codes else [(start, end, "refusal")]


def _claims(text: str) -> bool:
    """Whether a part of a sentence says something of its own."""
    if _APOLOGY.match(text) or _COURTESY.match(text) or declining(["I don't know.", text])[1]:
        return False
    return sum(low not in STOP and low not in SIGNS for low in tokenise(text).low) >= _LEAST


def _skip(text: str, tokens: Tokens) -> str | None:
    bare = text.rstrip("\"')] *_")
    if bare.endswith(("?", "？")):
        return "question"
    if bare.endswith((":", "：")):
        return "lead_in"
    if _COURTESY.match(text):
        return "courtesy"
    if not tokens.content:
        return "no_content"
    return None


def asserted(tokens: Tokens, text: str) -> Tokens:
    """The tokens of a sentence without the yes or no before it, which answers a question and negates nothing in it."""
    return tokens.part(1, len(tokens.low)) if _ANSWERED.match(text) else tokens


def sentences_of(passage: str) -> tuple[Sentence, ...]:
    """The sentences of a passage, split by the same rule; ``support.page_of`` remembers them."""
    return tuple([Sentence(text := passage[a:b], a, b, tokens_of(text)) for a, b in split_sentences(passage)])
