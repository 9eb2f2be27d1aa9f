"""Ids and sums in what people and models write: what a proposal or an intention names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from traceeval.measures.values import id_key

CENT = 0.011
_TOKEN = re.compile(r"[#\w][\w@.+/-]*\w")
_MONEY = re.compile(
    r"(?:[$€£]\s*|\b(?:usd|eur|gbp)\s*)(\d[\d,]*(?:\.\d+)?)"
    r"|\b(\d[\d,]*(?:\.\d+)?)\s*(?:dollars|euros?|usd|eur|gbp|pounds|[€£$])",
    re.IGNORECASE,
)
_SHORTEST = 3


def ids_in(text: str) -> Iterator[str]:
    """Words with a digit that could be an id, folded as ``id_key`` folds them; sums of money are none."""
    for match in _TOKEN.finditer(_MONEY.sub(" ", text)):
        token = id_key(match[0])
        if len(token) >= _SHORTEST and any(map(str.isdigit, token)):
            yield token


def shape(token: str) -> str:
    """``w123`` and ``w77`` have one shape: kinds of character, runs folded. Of a bare number every digit counts."""
    if token.isdigit():
        return "9" * len(token)
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", token))


def money_in(text: str) -> list[float]:
    """Sums of money a text names, in order."""
    return [float((one or two).replace(",", "")) for one, two in _MONEY.findall(text)]
