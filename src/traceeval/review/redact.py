"""What reviewers are shown has personal data and secrets taken out first. Versioned; a failure blocks the item.

Precision is kept by checksums (cards, IBAN), by prefix and entropy (keys), and by the shapes of telephone numbers:
dates, order numbers and addresses of machines stay readable. Names of people are not found: that needs a model.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from traceeval.model import Json

VERSION = "redact@1"
MIN_ENTROPY = 3.0
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:"
    r"\+\d(?:[ ./()-]{0,2}\d){6,14}"  # international, ITU E.164
    r"|\(?0\d{1,5}\)?(?:[ /-]\d{2,8}){1,4}"  # national, with its trunk prefix
    r"|(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-][2-9]\d{2}[ .-]\d{4}"  # North American
    r")(?![\w-])"
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_CARD = re.compile(r"(?<![\w.+-])[2-6](?:[ -]?\d){12,18}(?![\w-]|\.\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?\b")
_KEY = re.compile(
    r"(?<![\w-])(?:"
    r"(?:sk|pk|rk|te|hf|xox[abeprs]|glpat|gh[opsur]|github_pat|npm|pypi|whsec|shpat|SG)[-_.][\w.-]{16,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"
    r")(?![\w-])"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.DOTALL,
)
_LINKS = frozenset(
    {"id", "parent", "reads", "doc", "document", "absent", "chunk", "call_id", "requested_by", "tool_call_id"}
)
_FREE = frozenset({"arguments", "attributes", "filter", "parameters", "metadata", "hints"})


def redact(payload: bytes) -> bytes:
    """A canonical trace without what identifies people; structure stays, ids that link spans stay different.

    Raises:
        msgspec.DecodeError: the payload is no JSON; its item must be blocked, not shown.
    """
    return msgspec.json.encode(_walk(msgspec.json.decode(payload)))


def _walk(value: Json, key: str = "", free: bool = False) -> Json:
    """``free``: inside data the application chose the shape of, where no key has a meaning of ours."""
    if isinstance(value, str):
        return redact_text(value) if free or key not in _LINKS else _link(value)
    if isinstance(value, dict):
        return dict(_pairs(value, free))
    if isinstance(value, list):
        return [_walk(item, key, free) for item in value]
    if isinstance(value, int) and abs(value) >= 10**12:
        return redact_text(str(value)) if redact_text(str(value)) != str(value) else value
    return value


def _pairs(value: dict[str, Json], free: bool) -> Iterator[tuple[str, Json]]:
    seen: Counter[str] = Counter()
    for name, item in value.items():
        shown = redact_text(name) if free else name
        seen[shown] += 1
        if seen[shown] > 1:
            shown = f"{shown} ({seen[shown]})"
        yield shown, _walk(item, name, free or name in _FREE)


def _link(text: str) -> str:
    """An id that identifies somebody becomes another id, the same wherever it is named."""
    return text if redact_text(text) == text else f"[REDACTED id {sha256(text.encode()).hexdigest()[:12]}]"


def redact_text(text: str) -> str:
    """One text without e-mail addresses, telephone numbers, cards, accounts and keys."""
    for rule in _RULES:
        text = rule.apply(text)
    return text


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of secret looks like, and how much of a match is one: a prefix of it, empty for a look-alike."""

    kind: str
    pattern: re.Pattern[str]
    genuine: Callable[[str], str]

    def apply(self, text: str) -> str:
        """Replace what is genuine."""
        return self.pattern.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        found = match.group()
        taken = self.genuine(found)
        return f"[REDACTED {self.kind}]{found[len(taken) :]}" if taken else found


def luhn(text: str) -> bool:
    """Whether the digits carry a valid card checksum. Source: ISO/IEC 7812-1."""
    digits = [int(char) for char in text if char in "0123456789"]
    doubled = [sum(divmod(2 * d, 10)) if place % 2 else d for place, d in enumerate(reversed(digits))]
    return 13 <= len(digits) <= 19 and sum(doubled) % 10 == 0


def iban(text: str) -> bool:
    """Whether an account number carries a valid checksum. Source: ISO 13616, mod 97."""
    compact = text.replace(" ", "")
    if not 15 <= len(compact) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in compact[4:] + compact[:4])) % 97 == 1


def entropy(text: str) -> float:
    """Bits per character; 0 for an empty text."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def _longest_iban(text: str) -> str:
    """The account at the head of a match that may have run on into the next words."""
    while text and not iban(text):
        text = text.rpartition(" ")[0]
    return text


def _key(text: str) -> str:
    """Keys mix cases or are full of digits; words joined by dashes are neither."""
    digits = sum(char.isdigit() for char in text)
    mixed = digits >= 4 or (digits and any(char.isupper() for char in text)) or text.startswith("-----")
    return text if mixed and entropy(text) >= MIN_ENTROPY else ""


def _phone(text: str) -> str:
    return text if sum(char.isdigit() for char in text) in range(7, 16) and not _DATE.match(text) else ""


_RULES = (
    Rule("key", _KEY, _key),
    Rule("email", _EMAIL, lambda text: text),
    Rule("account", _IBAN, _longest_iban),
    Rule("card", _CARD, lambda text: text if luhn(text) else ""),
    Rule("phone", _PHONE, _phone),
)
