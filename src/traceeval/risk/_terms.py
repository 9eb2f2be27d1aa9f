"""Words and phrases of a lexicon, found in a text in any inflection, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from traceeval.measures.memo import remembered
from traceeval.measures.once import once
from traceeval.measures.tokens import stem

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands: lower case, its stem, and its range."""

    low: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text: its stems, by which two inflections are one term, and its range."""

    term: str
    start: int
    end: int


class Words:
    """The words of a text in order, a hyphenated one also in its parts.

    ``stems``, and ``line``, which holds them all in lower case, say quickly what cannot be among them.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        low = [_low(word) for word in _WORD.findall(text)]
        if "-" in text:
            low += [part for word in low if "-" in word for part in word.split("-")]
        self.stems = frozenset(map(stem, low))
        self.line = " ".join(low)

    @once
    def words(self) -> tuple[Word, ...]:
        """Each with where it stands."""
        return tuple(_words(self._text))


@remembered(200_000)
def words_in(text: str) -> Words:
    """The words of a text."""
    return Words(text)


def _low(word: str) -> str:
    return word.lower().replace("’", "'")


def _words(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        low = _low(match[0])
        yield Word(low, stem(low), *match.span())
        start = match.start()
        for part in low.split("-") if "-" in low else ():
            yield Word(part, stem(part), start, start + len(part))
            start += len(part) + 1


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms by the stem they begin with: the stems that follow, most of them first.

    ``starts``: single words with ``*``, which ``beginnings`` finds.
    """

    by_stem: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    starts: tuple[str, ...] = ()
    beginnings: re.Pattern[str] | None = None

    @classmethod
    def of(cls, written: str) -> Terms:
        """Terms separated by commas; of one that ends in ``*`` any word that begins so counts, in a phrase too."""
        by_stem: dict[str, set[tuple[str, ...]]] = {}
        starts: list[str] = []
        for term in filter(None, map(str.split, written.split(","))):
            first, *rest = [word if word.endswith("*") else stem(word) for word in term]
            if first.endswith("*") and not rest:
                starts.append(first[:-1])
            else:
                by_stem.setdefault(first, set()).add(tuple(rest))
        longest_first = {first: sorted(rests, key=lambda rest: (-len(rest), rest)) for first, rests in by_stem.items()}
        joined = "|".join(map(re.escape, sorted(starts)))
        return cls(longest_first, tuple(starts), re.compile(rf"(?<!\S)(?:{joined})") if starts else None)

    def find(self, text: Words) -> Iterator[Found]:
        """Every place of every term, in order."""
        begins = self.beginnings is not None and self.beginnings.search(text.line) is not None
        if not begins and self.by_stem.keys().isdisjoint(text.stems):
            return
        words = text.words
        for at, word in enumerate(words):
            start = self.beginnings.match(word.low) if begins and self.beginnings is not None else None
            if start is not None:
                yield Found(f"{start[0]}*", word.start, word.end)
            for rest in self.by_stem.get(word.stem, ()):
                last = _follows(words, at, rest)
                if last is not None:
                    yield Found(" ".join((word.stem, *rest)), word.start, last.end)


def _follows(words: Sequence[Word], at: int, rest: Iterable[str]) -> Word | None:
    """The last word of a phrase whose first stands at a place; None where the others do not follow."""
    for wanted in rest:
        at += 1
        word = words[at] if at < len(words) else None
        if word is None or not (word.low.startswith(wanted[:-1]) if wanted.endswith("*") else word.stem == wanted):
            return None
    return words[at]
