"""What reviewers are shown has personal data and secrets taken out first. Versioned; a failure blocks the item."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from traceeval.model import Json

VERSION = "redact@1"
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_PHONE = re.compile(r"(?<![\w.])\+?\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]\d{2,4}){2,4}(?![\w.])")
_CARD = re.compile(r"\b(?:\d[ -]?){12,18}\d\b")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b")
_KEY = re.compile(
    r"\b(?:sk|pk|rk|ghp|gho|ghs|github_pat|glpat|xox[abpr]|AKIA|ASIA|AIza|hf|te)[-_A-Za-z0-9]{16,}\b|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"
)
_NAMES = frozenset(
    {
        "id",
        "parent",
        "kind",
        "type",
        "doc",
        "call_id",
        "requested_by",
        "reads",
        "schema_version",
        "tool_call_id",
        "agent",
        "role",
    }
)
MIN_ENTROPY = 3.0


def redact(payload: bytes) -> bytes:
    """A canonical trace with what identifies people taken out of its texts; ids and structure stay.

    Raises:
        msgspec.DecodeError: the payload is no JSON; its item must be blocked, not shown.
    """
    return msgspec.json.encode(_walk(msgspec.json.decode(payload)))


def _walk(value: Json, key: str = "") -> Json:
    if isinstance(value, str):
        return value if key in _NAMES else redact_text(value)
    if isinstance(value, dict):
        return {name: _walk(item, name) for name, item in value.items()}
    return [_walk(item, key) for item in value] if isinstance(value, list) else value


def redact_text(text: str) -> str:
    """One text without e-mail addresses, phone numbers, cards, accounts and keys."""
    for rule in _RULES:
        text = rule.apply(text)
    return text


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of secret looks like, and a check that tells it from a look-alike."""

    kind: str
    pattern: re.Pattern[str]
    genuine: Callable[[str], bool]

    def apply(self, text: str) -> str:
        """Replace what is genuine."""
        return self.pattern.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        return f"[REDACTED {self.kind}]" if self.genuine(match.group()) else match.group()


def luhn(text: str) -> bool:
    """Whether the digits carry a valid card checksum. Source: ISO/IEC 7812-1."""
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [sum(divmod(2 * d, 10)) if place % 2 else d for place, d in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def iban(text: str) -> bool:
    """Whether an account number carries a valid checksum. Source: ISO 13616, mod 97."""
    compact = text.replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def entropy(text: str) -> float:
    """Bits per character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


_RULES = (
    Rule("key", _KEY, lambda text: entropy(text) >= MIN_ENTROPY),
    Rule("email", _EMAIL, lambda text: True),
    Rule("account", _IBAN, iban),
    Rule("card", _CARD, luhn),
    Rule("phone", _PHONE, lambda text: sum(char.isdigit() for char in text) >= 9),
)
