"""Language tags (BCP 47): compared without case, kept in one. RFC 5646, section 2.1.1."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from sqlalchemy import ColumnElement, func, or_

_REGION, _SCRIPT = 2, 4


def canonical(tag: str) -> str:
    """A tag in the case that RFC 5646 recommends: ``pt-BR``, ``zh-Hant``. A level stays: ``de-AT:C1``."""
    lang, colon, level = tag.partition(":")
    parts = lang.lower().split("-")
    return "-".join([parts[0], *(_cased(part, before) for before, part in pairwise(parts))]) + colon + level


def _cased(part: str, before: str) -> str:
    """Two letters are a region and four a script, but not behind a singleton, which begins an extension."""
    if len(before) == 1:
        return part
    return part.upper() if len(part) == _REGION else part.title() if len(part) == _SCRIPT else part


def covers(langs: Iterable[str], lang: str | None) -> bool:
    """Whether a stated language is one of these: ``de`` covers ``de-AT`` as well."""
    return lang is not None and any(f"{lang}-".lower().startswith(f"{one}-".lower()) for one in langs)


def speaks(langs: Iterable[str], column: ColumnElement[str | None]) -> ColumnElement[bool]:
    """An item of no stated language, or of one of these: ``de`` and ``de:C1`` cover ``de-AT`` as well."""
    spoken, stated = [lang.partition(":")[0].lower() for lang in langs], func.lower(column)
    return or_(column.is_(None), stated.in_(spoken), *(stated.startswith(f"{lang}-") for lang in spoken))


def alike(one: ColumnElement[str | None], other: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether two stated languages are the same."""
    return func.lower(one) == func.lower(other)
