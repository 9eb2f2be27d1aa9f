"""Citation marks in an answer: which labels stand where, and what a list of sources at the end says they mean.

Read are ``[1]``, ``[1, 3]``, ``[1-3]``, ``[kb-001]``, ``[^1]``, ``¹``, ``(source: x)``, ``【1†x】``, ``<sup>1</sup>`` and a closing line
``Sources: …``. ``m²`` and code are none; a link ``[words](address)``, ``[sic]`` and ``[NAME]`` cite only a passage of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from traceeval.measures.looks import may_hold

_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
_ID = r"[\w.:/#@%&?=+~-]{1,200}"
_WORD = r"(?:sources?|references?|refs?|see|cf|docs?|documents?|passages?|chunks?|quellen?|siehe|fuentes?|fonti?)"
MARK = re.compile(
    rf"\s?\[\^?(?P<numbers>{_NUMBERS})\](?P<link>\([^()\s]*\))?"
    rf"|\s?\[(?:{_WORD}\.?:?\s+)(?P<worded>[^\[\]\n]{{1,200}})\](?!\()"
    rf"|\s?\[(?P<ids>{_ID}(?:\s*[,;]\s*{_ID})*)\](?!\()"
    r"|\s?【(?P<assistant>[^】\n]{1,200})】"
    rf"|\s?\((?:{_WORD}\.?:?\s+|{_WORD}:)(?P<told>[^()\n]{{1,200}})\)"
    rf"|\s?\((?P<bare>{_ID})\)"
    r"|(?<=[a-z.,;!?\"')]{3})(?P<raised>[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3})(?!\w)"
    r"|<sup>\s*(?P<sup>\d{1,3})\s*</sup>",
    re.IGNORECASE,
)
WORDED = re.compile(
    rf"\s?【[^】\n]{{1,200}}】|\s?\((?:{_WORD}\.?:\s*)[^()\n]{{1,200}}\)|(?<=[a-z.,;!?\"')]{{3}})[¹²³⁴⁵⁶⁷⁸⁹⁰]{{1,3}}(?!\w)"
    r"|<sup>\s*\d{1,3}\s*</sup>",
    re.IGNORECASE,
)
"""Marks that are no part of a claim, beside those in square brackets."""
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(
    r"(?im)^[\s#*_]*(?:sources?|references?|citations?|bibliography|quellen?|fuentes|fonti)\s*:?[\s*_]*$"
)
_LINE = re.compile(
    r"(?im)^[\s*_]*(?:sources?|references?|citations?|quellen?|fuentes?|fonti?)[*_]*\s*:[*_]*[ \t]*(?P<what>\S.*)$"
)
_NOTE = re.compile(r"(?m)^\s*(?:[-*•]\s+)?\[?\^?(?P<label>\d{1,3})[\]:.)]{1,2}\s*(?P<what>\S.*)$")
_FOOT = re.compile(r"(?m)^\[\^?(?P<label>\d{1,3})\]:\s*(?P<what>\S.*)$")
_SPLIT = re.compile(r"\s*[,;]\s*|\s+and\s+")
_LISTING = ("[", "source", "reference", "citation", "bibliography", "quelle", "fuentes", "fonti")
_CITING = ("[", "(", "<sup", "source", "reference", "citation", "bibliography", "quelle", "fuente", "font")
_PLACEHOLDER = re.compile(r"[A-Z][A-Z_ -]*\d*")
_YEAR = re.compile(r"[12]\d{3}")
_MOST = 200
_WIDEST = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """One label of one mark, with the range of the mark. ``sure``: it can only be a citation; else if it names a passage."""

    label: str
    start: int
    end: int
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Citations:
    """All of an answer. ``notes``: label -> what a list of sources says it stands for; ``whole``: labels of a source line."""

    marks: tuple[Mark, ...]
    notes: Mapping[str, str]
    whole: tuple[Mark, ...]


def citations_in(answer: str) -> Citations:
    """Every citation of an answer, at most 200, several labels of one mark apart."""
    if not may_hold(answer, _CITING):
        return Citations((), {}, ())
    block = _block(answer)
    notes = {m["label"]: m["what"].strip() for m in _FOOT.finditer(answer)}
    if block is not None:
        notes |= {m["label"]: m["what"].strip() for m in _NOTE.finditer(answer, block[0])}
    lines = [] if block is not None else list(_LINE.finditer(answer))
    apart = [*(match.span() for match in _CODE.finditer(answer)), *sources_of(answer)]
    marks = (
        mark
        for match in MARK.finditer(answer)
        if not any(start < match.end() <= end for start, end in apart)
        for mark in _marks(match)
    )
    whole = tuple(mark for line in lines for mark in _named(line["what"], line.start("what")))
    return Citations(tuple(mark for mark, _ in zip(marks, range(_MOST), strict=False)), notes, whole[:_MOST])


def sources_of(answer: str) -> list[tuple[int, int]]:
    """Ranges that only say what labels stand for: a list of sources, footnotes, a closing line ``Sources: …``."""
    if not may_hold(answer, _LISTING):
        return []
    block = _block(answer)
    if block is not None:
        return [block]
    return [match.span() for pattern in (_LINE, _FOOT) for match in pattern.finditer(answer)]


def _block(answer: str) -> tuple[int, int] | None:
    """The range of a list of sources under a heading of its own, to the end; None without one."""
    last = None
    for match in _HEADING.finditer(answer):
        last = match
    if last is None or not _NOTE.search(answer, last.end()):
        return None
    return last.start(), len(answer)


def _marks(match: re.Match[str]) -> Iterator[Mark]:
    start, end = match.span()
    kind = match.lastgroup if match.lastgroup != "link" else "numbers"
    text = match[kind or "numbers"]
    if kind == "numbers" and match["link"]:
        yield Mark(match["link"][1:-1], start, end)
    elif kind in ("numbers", "raised", "sup"):
        yield from (Mark(label, start, end) for label in _numbers(text.translate(_RAISED)))
    elif kind == "assistant":
        number, _, name = text.partition("†")
        yield Mark(name.strip() or number.strip(), start, end)
    elif kind in ("worded", "told"):
        yield from (Mark(label, start, end) for part in _SPLIT.split(text.strip()) for label in _numbers(part))
    else:
        listed = [part.removeprefix("#") for part in _SPLIT.split(text.strip()) if part.strip("#")]
        yield from (Mark(part, start, end, sure=kind == "ids" and _looks_like_id(part)) for part in listed)


def _numbers(text: str) -> Iterator[str]:
    """The numbers of ``1, 3-5``; a text that is no such list is one label."""
    if not re.fullmatch(_NUMBERS, text.strip()):
        yield text.strip()
        return
    for part in re.split(r"\s*[,;]\s*", text.strip()):
        low, dash, high = (piece.strip() for piece in re.sub("–", "-", part).partition("-"))
        if dash and int(low) <= int(high) <= int(low) + _WIDEST:
            yield from map(str, range(int(low), int(high) + 1))
        else:
            yield from (piece for piece in (low, high) if piece)


def _looks_like_id(label: str) -> bool:
    """Letters and digits, a path or a file name; no word, and no placeholder such as ``PERSON_1``."""
    if _PLACEHOLDER.fullmatch(label) or _YEAR.fullmatch(label) or label.startswith("."):
        return False
    return any(char.isdigit() for char in label) or bool(re.search(r"\w[/#:]\w|\w\.\w{2,5}$", label))


def _named(text: str, at: int) -> Iterator[Mark]:
    """The labels of a closing source line."""
    for part in _SPLIT.split(text):
        label = part.strip().strip("[]()*_.\"'")
        if label:
            yield Mark(label, at, at + len(text))


def same_source(label: str, name: str) -> bool:
    """Whether a label names a document: its id, its id without a part (``#3``), its file name, or its file's stem."""
    one, other = label.strip().casefold(), name.strip().casefold()
    if one == other:
        return True
    whole = other.partition("#")[0]
    file = whole.rstrip("/").rsplit("/", 1)[-1]
    return one in {whole, file} or (len(one) > 3 and one == file.rsplit(".", 1)[0])
