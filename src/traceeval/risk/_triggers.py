"""Lexicons of the triggers: words of a request that call for a person whatever the scores say. Data, per language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from traceeval.graph import Dossier
from traceeval.measures.language import language_of
from traceeval.measures.looks import Look
from traceeval.measures.memo import remembered
from traceeval.measures.once import once
from traceeval.model import Evidence
from traceeval.risk._glance import Glance, Weighed
from traceeval.risk._terms import Found, Terms, words_in

LANGUAGES = ("en", "de", "fr", "es")
_FILES = ("triggers", "jargon")
_MOST = 20_000
_NEAR = 160  # characters: about a long sentence
_WEAK, _FAINT, _ENOUGH = 1 / 2, 1 / 3, 0.99


@dataclass(frozen=True, slots=True)
class Told:
    """Words of a text that called: the language and version of the lexicon, its table, the words as they stand."""

    table: str
    words: tuple[str, ...]
    lexicon: str


class _Patterns:
    """Regular expressions that ignore case; a look before says of most texts that none of them matches.

    ``at_once``: all are one expression, so that what one takes no other finds.
    """

    def __init__(self, written: Sequence[str], *, at_once: bool = False) -> None:
        self.written = tuple(written)
        self._at_once = at_once
        self._look = Look(written)

    def in_(self, text: str) -> tuple[re.Pattern[str], ...]:
        """All of them where one matches, else none."""
        return self._each if self._look(text) else ()

    @once
    def _each(self) -> tuple[re.Pattern[str], ...]:
        at_once = self._at_once and self.written
        each = ["|".join(f"(?:{one})" for one in self.written)] if at_once else self.written
        return tuple(re.compile(one, re.IGNORECASE | re.MULTILINE) for one in each)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of a lexicon. ``strong`` and ``terms``: one is enough; ``weak``, ``patterns`` and ``faint``: a share of it.

    ``without``: what is taken out of the text first; ``name``: language and version of its file.
    """

    name: str

    strong: _Patterns
    terms: Terms
    weak: Terms
    patterns: _Patterns
    faint: Terms
    without: _Patterns

    @property
    def weighed(self) -> Weighed:
        """All terms of it."""
        return (self.terms, 1.0), (self.weak, _WEAK), (self.faint, _FAINT)

    @property
    def written(self) -> tuple[str, ...]:
        """All regular expressions of it: what one takes out may leave another where none was."""
        return self.strong.written + self.patterns.written + self.without.written


@dataclass(frozen=True, slots=True)
class _Lexicon:
    tables: Mapping[str, _Table]
    quiet: Terms


def told(text: str, tables: Iterable[str]) -> Told | None:
    """The table whose words stand first in a text: one strong word, or several weaker ones near each other.

    Read in the language of the text; one too short to tell, or in a language without a lexicon, is read in all of them.
    Text beyond the first 20,000 characters is not read.
    """
    plain, language = text[:_MOST], language_of(text)
    names = (language,) if language in LANGUAGES else LANGUAGES
    for name in names if _may_call(plain, *names) else ():
        found = [(*where, table) for table in tables if (where := _words(plain, name, table)) is not None]
        if found:
            _, words, table = min(found, key=lambda row: row[0])
            return Told(table, words, _lexicon(name).tables[table].name)
    return None


@remembered(2_000_000)
def _may_call(text: str, *languages: str) -> bool:
    """Whether the lexicons of these languages have anything in a text."""
    return _glance(languages)(text)


@cache
def _glance(languages: tuple[str, ...]) -> Glance:
    tables = [table for name in languages for table in _lexicon(name).tables.values()]
    written = [one for table in tables for one in table.written]
    return Glance(written, [table.weighed for table in tables], _ENOUGH)


@remembered(2_000_000)
def _words(text: str, language: str, name: str) -> tuple[int, tuple[str, ...]] | None:
    """Where the words begin that call, and the words; None where none do."""
    lexicon = _lexicon(language)
    table = lexicon.tables.get(name)
    if table is None:
        return None
    kept = text
    for pattern in table.without.in_(text):
        kept = pattern.sub(_blank, kept)
    strong = _strong(table, kept)
    found = [strong] if strong is not None else _together(table, lexicon.quiet, kept)
    if not found:
        return None
    return found[0].start, tuple(dict.fromkeys(text[one.start : one.end].strip() for one in found))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])  # places stay as they are


def _strong(table: _Table, text: str) -> Found | None:
    """The first word that is enough by itself."""
    matches = (pattern.search(text) for pattern in table.strong.in_(text))
    first = min((match.span() for match in matches if match is not None), default=None)
    term = next(table.terms.find(words_in(text)), None)
    if first is None or (term is not None and term.start < first[0]):
        return term
    return Found("", *first)


def _together(table: _Table, quiet: Terms, text: str) -> Sequence[Found]:
    """The first weaker words near each other that are enough together and have no quiet word among them."""
    weights = _weighed(table, text)
    silent = [one.start for one in quiet.find(words_in(text))] if weights else []
    for at, (last, _) in enumerate(weights):
        near: dict[str, tuple[Found, float]] = {}
        for one, weight in reversed(weights[max(0, at - _NEAR) : at + 1]):
            if last.start - one.start > _NEAR:
                break
            near.setdefault(one.term, (one, weight))
        if sum(weight for _, weight in near.values()) >= _ENOUGH:
            first = min(one.start for one, _ in near.values())
            if not any(first - _NEAR <= place <= last.end + _NEAR for place in silent):
                return [one for one, _ in sorted(near.values(), key=lambda row: row[0].start)]
    return ()


def _weighed(table: _Table, text: str) -> list[tuple[Found, float]]:
    """The weaker words in order; of two that overlap the heavier one, then the longer."""
    words = words_in(text)
    patterns = table.patterns.in_(text)
    shaped = (Found(pattern.pattern, *one.span()) for pattern in patterns for one in pattern.finditer(text))
    found = [(one, _WEAK) for one in (*table.weak.find(words), *shaped)]
    found += [(one, _FAINT) for one in table.faint.find(words)]
    if sum(weight for _, weight in found) < _ENOUGH:
        return []
    found.sort(key=lambda row: (-row[1], row[0].start - row[0].end))
    taken, kept = bytearray(len(text)), []
    for one, weight in found:
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            kept.append((one, weight))
    return sorted(kept, key=lambda row: row[0].start)


@cache
def _lexicon(language: str) -> _Lexicon:
    tables: dict[str, _Table] = {}
    quiet = ""
    for name in _FILES:
        data = tomllib.loads((files("traceeval.risk") / "data" / f"{name}.{language}.toml").read_text(encoding="utf-8"))
        version = f"{language}@{data['version']}"
        tables |= {table: _table(one, version) for table, one in data.items() if isinstance(one, Mapping)}
        quiet = data.get("quiet", quiet)
    return _Lexicon(tables, Terms.of(quiet))


def _table(data: Mapping[str, Any], version: str) -> _Table:
    return _Table(
        name=version,
        strong=_Patterns(data.get("strong", ())),
        terms=Terms.of(data.get("terms", "")),
        weak=Terms.of(data.get("weak", "")),
        patterns=_Patterns(data.get("patterns", ())),
        faint=Terms.of(data.get("faint", "")),
        without=_Patterns(data.get("not", ()), at_once=True),
    )


def asked(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """(span, text) of every user turn, in order."""
    spans = {span.seq: span.id for span in reversed(dossier.graph.steps)}
    fallback = dossier.trace.spans[0].id if dossier.trace.spans else dossier.trace.id
    return ((spans.get(at, fallback), text) for at, text in dossier.graph.users)


def quoted(span: str, text: str, words: Sequence[str]) -> Evidence:
    """The words of a user's turn as evidence, with where they stand."""
    start = text.find(words[0]) if words else -1
    if start < 0:
        return Evidence(span=span, field="user", quote=text[:200])
    return Evidence(span=span, field="user", quote=words[0], start=start, end=start + len(words[0]))
