"""Strings of the pages: one catalogue a language under ``languages/``, English where a string or language is missing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

HERE = Path(__file__).parent / "languages"
_DECIMAL = re.compile(r"-?\d+\.\d+")
ENGLISH, COOKIE = "en", "te_language"
SAID_BY_SERVICES = ("refusal.", "reading.", "outcome.", "piece.")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Key -> string of one language, ``section.name`` as the key; empty for a language that has none."""
    if language not in languages():
        return {}
    tables = tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{section}.{name}": text for section, table in tables.items() for name, text in table.items()}


@cache
def languages() -> tuple[str, ...]:
    """Languages there is a catalogue for."""
    return tuple(sorted(path.stem for path in HERE.glob("*.toml")))


def words(language: str) -> Callable[..., str]:
    """``t(key, **values)``: the string with its values filled in.

    Raises:
        KeyError: English lacks the key, which is a mistake of ours.
    """
    own, english = catalogue(language), catalogue(ENGLISH)

    def t(key: str, **values: Any) -> str:
        return (own.get(key) or english[key]).format(**values)

    return t


def point(number: str, t: Callable[..., str]) -> str:
    """A number as Python writes it (``1,234.5``), with the marks of a language."""
    return number.translate({ord(","): t("base.thousands"), ord("."): t("base.decimal")})


def decimal(value: float | None, t: Callable[..., str], digits: int = 2) -> str:
    """``0.67`` as a language writes it; nothing for None."""
    return "" if value is None else point(f"{value:.{digits}f}", t)


def _point(value: str, t: Callable[..., str]) -> str:
    return point(value, t) if _DECIMAL.fullmatch(value) else value


def retold(language: str, said: str) -> str:
    """What a service said in English, in a language: as it is where the catalogue has no such sentence.

    A sentence of ``SAID_BY_SERVICES`` is recognised by its English words; what stands between them is filled in again,
    and said in that language too where the catalogue knows it (``{state}`` by ``[state]``).
    """
    if language == ENGLISH:
        return said
    t, own = words(language), catalogue(language)
    for key, template in _sentences():
        values = _values(template, said)
        if values is not None:
            known = {name: own.get(f"{name}.{value}", _point(value, t)) for name, value in values.items()}
            return t(key, **known)
    return said


def said_of_steps(language: str, said: str) -> str:
    """A word of ours or a length of time, as drawings have them."""
    return point(said, words(language)) if said[:1].isdigit() else retold(language, said)


@cache
def _sentences() -> tuple[tuple[str, str], ...]:
    """What services say, the one with the most words of its own first."""
    found = [(key, text) for key, text in catalogue(ENGLISH).items() if key.startswith(SAID_BY_SERVICES)]
    return tuple(sorted(found, key=lambda one: -sum(len(text) for text, *_ in Formatter().parse(one[1]))))


def _values(template: str, said: str) -> dict[str, str] | None:
    """What stands at each place of a template; None where its words are not those. Each part is looked for once."""
    parsed = [(text, name) for text, name, *_ in Formatter().parse(template)]
    texts, names = [text for text, _ in parsed], [name for _, name in parsed if name is not None]
    texts += [""] if len(names) == len(texts) else []
    if not names or not said.startswith(texts[0]) or not said.endswith(texts[-1]):
        return {} if said == template else None
    values, at, end = {}, len(texts[0]), len(said) - len(texts[-1])
    for name, text in zip(names[:-1], texts[1:-1], strict=True):
        found = said.find(text, at, end)
        if found < 0:
            return None
        values[name], at = said[at:found], found + len(text)
    return values | {names[-1]: said[at:end]} if at <= end else None


def preferred(accept: str) -> str:
    """The first language of an Accept-Language header that has a catalogue; English when none has."""
    for part in accept.split(","):
        name = part.split(";")[0].strip().lower().split("-")[0]
        if name in languages():
            return name
    return ENGLISH
