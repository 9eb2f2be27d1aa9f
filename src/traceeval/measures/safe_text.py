"""Text of strangers on a terminal: control, bidirectional and invisible characters are shown, never sent."""

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad\u180e")
_ALLOWED = frozenset("\n\t")


def show_controls(text: str) -> str:
    """The text with every control, bidi, zero-width and tag character written as ``⟦U+202E⟧``.

    Joiners stay where they stand between two letters or marks, as Persian and Hindi need them.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(text, at, char) for at, char in enumerate(text))


def _shown(text: str, at: int, char: str) -> str:
    if char in _ALLOWED or (
        char not in _INVISIBLE and unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    ):
        return char
    if char in "\u200c\u200d" and 0 < at < len(text) - 1 and _joins(text[at - 1]) and _joins(text[at + 1]):
        return char
    return f"⟦U+{ord(char):04X}⟧"


def _joins(char: str) -> bool:
    return unicodedata.category(char)[0] in ("L", "M", "S") and not char.isascii()
