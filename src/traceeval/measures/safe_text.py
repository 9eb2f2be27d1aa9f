"""The one door through which text of a trace leaves for a page, a drawing or a terminal (review.md section 16).

Text stays text: no Markdown, no links, whitespace kept. Characters that act or hide (C0 and C1 controls, ESC, bidi
controls, zero-width, tag characters, lone surrogates) are shown as ``⟦U+202E⟧``. ZWJ and ZWNJ stay only between letters
of joining scripts, after a virama, and in emoji sequences. Joining types are not in the standard library, so "between
two letters of a joining script" stands in for the context rule of RFC 5892 A.1: a little wider, never outside a word.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape as _html_escape

_ACTING = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and newline
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
_JOINING = re.compile(
    "[\u0600-\u086f\u08a0-\u08ff\u1800-\u18af\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufefc\U0001e900-\U0001e95f]"
)
_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c-\u2049\u2122-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934-\u2b55\u3030-\u3299\U0001f000-\U0001faff\ufe0f]"
)
_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_VIRAMA = 9
_BLANK = re.compile(r"\s+")


def visible(text: str) -> str:
    """The text with every character that acts or hides spelled out. Not escaped for any markup."""
    return _ACTING.sub(_spell, text.replace("\r\n", "\n"))


def escape(text: str) -> str:
    """``visible`` text for HTML and SVG, in content and in quoted attributes."""
    return _html_escape(visible(text), quote=True)


def inline(text: str, limit: int = 120) -> str:
    """``visible`` text on one line, cut to ``limit`` characters with an ellipsis."""
    line = _BLANK.sub(" ", visible(text[: 4 * limit])).strip()
    return line if len(line) <= limit and len(text) <= 4 * limit else line[: limit - 1].rstrip() + "…"


def _spell(match: re.Match[str]) -> str:
    char, text, at = match.group(), match.string, match.start()
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if char in "\u200c\u200d" and _joins(char, text, at, before, after):
        return char
    if "\ufe00" <= char <= "\ufe0f" and before and not _ACTING.match(before) and not before.isspace():
        return char
    if "\U000e0100" <= char <= "\U000e01ef" and _IDEOGRAPH.match(before):
        return char
    return f"⟦U+{ord(char):04X}⟧"


def _joins(char: str, text: str, at: int, before: str, after: str) -> bool:
    if before and unicodedata.combining(before) == _VIRAMA:
        return True
    if char == "\u200d" and _EMOJI.match(after):
        return bool(_EMOJI.match(before))
    return bool(_JOINING.match(after) and _JOINING.match(_base(text, at)))


def _base(text: str, at: int) -> str:
    """The letter before position ``at``, skipping up to four marks on it."""
    for back in range(at - 1, max(at - 6, -1), -1):
        if not unicodedata.combining(text[back]):
            return text[back]
    return ""
