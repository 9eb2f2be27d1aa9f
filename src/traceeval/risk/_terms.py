"""Words and phrases of a lexicon, found in a text in any inflection, with where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from traceeval.measures.memo import remembered
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


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order; ``stems`` and ``line``, which holds them all, say quickly what cannot be among them."""

    words: tuple[Word, ...]
    stems: frozenset[str]
    line: str


@remembered(200_000)
def words_in(text: str) -> Words:
    """Every word of a text, a hyphenated one also in its parts."""
    words = tuple(_words(text))
    return Words(words, frozenset(word.stem for word in words), " ".join([word.low for word in words]))


def _words(text: str) -> Iterator[Word]:
    for match in _WORD.finditer(text):
        low = match[0].lower().replace("’", "'")
        yield Word(low, stem(low), *match.span())
        start = match.start()
        for part in low.split("-") if "-" in low else ():
            yield Word(part, stem(part), start, start + len(part))
            start += len(part) + 1


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms by the stem they begin with: the stems that follow. ``beginnings``: single words with ``*``."""

    by_stem: dict[str, set[tuple[str, ...]]] = field(default_factory=dict)
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
        joined = "|".join(map(re.escape, sorted(starts)))
        return cls(by_stem, re.compile(rf"(?<!\S)(?:{joined})") if starts else None)

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
