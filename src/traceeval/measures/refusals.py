"""Whether an answer declines to answer, wholly or in part, and which of its words only accompany that.

A condition ("if I cannot find it, …"), a quotation and a third person decline nothing. What a world lacks ("not
covered by the basic plan") is a claim; what the texts do not say is a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Literal, TypeAlias

from traceeval.measures.phrases import pattern, table

Declining: TypeAlias = Literal["refusal", "referral"]
"""``refusal``: declines. ``referral``: sends elsewhere, offers help or says what the texts are about, beside a refusal."""

_ENGLISH = frozenset({"english", "english_it", "texts", "beside", "turn"})
_WITHOUT_LATIN = ("ru", "ja", "zh", "ko", "ar", "he", "el", "hi", "th")
_WORD = re.compile(r"\w+")
_CONDITION = re.compile(
    r"(?:^|[\s(])(?:if|when|whenever|unless|in case|once|until|whether or not|should)\s[^,;:]*$", re.IGNORECASE
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»")
_LEADING = re.compile(r"^(?:while|although|though|even though|whereas|obwohl|bien que|aunque)\b", re.IGNORECASE)
_GREEK = "\u0370"  # from here on scripts are not Latin
_TYPOGRAPHIC = {ord("’"): "'"}


def _pattern(*names: str) -> re.Pattern[str]:
    return pattern("refusals", *names)


@cache
def _hints(name: str) -> frozenset[str]:
    return frozenset(table("refusals")["hints"][name].split())


@cache
def _latin() -> re.Pattern[str]:
    return _pattern(*(name for name in table("refusals")["phrases"] if name not in {*_ENGLISH, *_WITHOUT_LATIN}))


@lru_cache(maxsize=4096)
def refuses(sentence: str) -> bool:
    """Whether a sentence declines to answer, in English or one of two dozen other languages."""
    plain = sentence if sentence.isascii() else sentence.translate(_TYPOGRAPHIC)
    plain = (_QUOTED.sub(" ", plain) if '"' in plain or not plain.isascii() else plain).strip()
    low = plain.lower()
    words = _WORD.findall(low)
    if "n't" in low or "n/a" in low or not _hints("english").isdisjoint(words):
        for match in _pattern("english").finditer(plain):
            if not _CONDITION.search(plain[: match.start()]):
                return True
    latin = not _hints("latin").isdisjoint(words) or any(map(low.__contains__, _hints("latin_parts")))
    if latin and _latin().search(plain):
        return True
    return not plain.isascii() and max(plain) >= _GREEK and _pattern(*_WITHOUT_LATIN).search(plain) is not None


def declining(sentences: Sequence[str]) -> tuple[Declining | None, ...]:
    """What each sentence of an answer has to do with declining; None for those that claim, ask or greet.

    Without a refusing sentence nothing is a referral: advice is then what the answer is about.
    """
    refused = [refuses(text) or _says_so_of_texts(sentences, at) for at, text in enumerate(sentences)]
    if not any(refused):
        return (None,) * len(sentences)
    return tuple(
        "refusal" if told else "referral" if _pattern("beside").search(_plain(text)) else None
        for told, text in zip(refused, sentences, strict=True)
    )


def _plain(text: str) -> str:
    return (text if text.isascii() else text.translate(_TYPOGRAPHIC)).strip()


def _says_so_of_texts(sentences: Sequence[str], at: int) -> bool:
    """``They do not mention it``, behind a sentence about the texts."""
    if not at or not _pattern("english_it").match(_plain(sentences[at])):
        return False
    return _pattern("texts").search(sentences[at - 1]) is not None


def clauses(sentence: str) -> list[tuple[int, int]]:
    """Ranges of a sentence between its turns; a declining sentence may claim in one of them."""
    cuts = [match.span() for match in _pattern("turn").finditer(sentence) if match.start()]
    if _LEADING.search(sentence) and (comma := sentence.find(", ")) > 0:
        cuts.append((comma, comma + 2))
    ranges, begin = [], 0
    for start, end in sorted(cuts):
        if start >= begin:
            ranges.append((begin, start))
            begin = end
    return [*ranges, (begin, len(sentence))]
