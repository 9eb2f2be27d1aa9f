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
from traceeval.model import Evidence

LANGUAGES = ("en", "de", "fr", "es")
_ANY = "any"
_MOST = 20_000
_ENOUGH_WEAK = 2


@dataclass(frozen=True, slots=True)
class Told:
    """Words of a text that called: the language and version of the lexicon, its table, the words as they stand."""

    table: str
    words: tuple[str, ...]
    lexicon: str


def told(text: str, tables: Iterable[str]) -> Told | None:
    """The first table a text speaks of: by one strong word, or by two different weak ones.

    Read in the language of the text; one too short to tell, or in a language without a lexicon, is read in all of them.
    """
    plain, language = text[:_MOST], language_of(text)
    if language not in LANGUAGES and not _may_speak(plain, _ANY):
        return None
    for name in (language,) if language in LANGUAGES else LANGUAGES:
        lexicon = _lexicon(name)
        for table in tables if _may_speak(plain, name) else ():
            words = _words(plain, lexicon.get(table, {}))
            if words:
                return Told(table, words, f"{name}@{lexicon['version']}")
    return None


def _words(text: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    without = _compiled(tuple(table.get("not", ())))
    kept = without.sub(" ", text) if without is not None else text
    strong = _compiled(tuple(table.get("strong", ())))
    found = strong.search(kept) if strong is not None else None
    if found is not None:
        return (found.group().strip(),)
    weak = [match.group() for one in table.get("weak", ()) if (match := _compiled_one(one).search(kept))]
    return tuple(dict.fromkeys(weak)) if len(set(map(str.lower, weak))) >= _ENOUGH_WEAK else ()


@remembered(100_000)
def _may_speak(text: str, language: str) -> bool:
    """Whether any word of a lexicon stands in a text: one look for all rules that read it."""
    return _look(language)(text)


@cache
def _look(language: str) -> Look:
    """A look for the words of one language, or of all of them in one pass."""
    read = LANGUAGES if language == _ANY else (language,)
    tables = [table for one in read for table in _lexicon(one).values() if isinstance(table, Mapping)]
    return Look(one for table in tables for key in ("not", "strong", "weak") for one in table.get(key, ()))


@cache
def _lexicon(language: str) -> Mapping[str, Any]:
    path = files("traceeval.risk") / "data" / f"triggers.{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    joined = "|".join(f"(?:{one})" for one in patterns)
    return re.compile(joined, re.IGNORECASE | re.MULTILINE) if patterns else None


@cache
def _compiled_one(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


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
