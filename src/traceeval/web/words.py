"""Strings of the pages: one catalogue a language under ``languages/``, English where a string or language is missing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "languages"
ENGLISH, COOKIE = "en", "te_language"


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


def preferred(accept: str) -> str:
    """The first language of an Accept-Language header that has a catalogue; English when none has."""
    for part in accept.split(","):
        name = part.split(";")[0].strip().lower().split("-")[0]
        if name in languages():
            return name
    return ENGLISH
