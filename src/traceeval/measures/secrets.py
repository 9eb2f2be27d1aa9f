"""Secrets and personal data in texts, told by shape and checksum: keys, passwords, cards, accounts, addresses, numbers.

Precision is kept by checksums (cards, IBAN), by prefix and entropy (keys), and by the shapes of telephone numbers:
dates, order numbers and addresses of machines are none. Names of people are not found: that needs a model.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from traceeval.measures.looks import may_hold

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
_PASSWORD = re.compile(
    r"\b(?:pass(?:word|wd|phrase|code)?|pwd|secret|api[ _-]?key|access[ _-]?token|private[ _-]?key|seed phrase|pin|cvv|cvc)\b"
    r"[\"']?\s*(?:is|are|was|[:=])\s*[\"']?(?P<value>[^\s\"',;<>]{3,64})",
    re.IGNORECASE,
)
_PASSWORDS = ("pass", "pwd", "secret", "api", "access", "private", "seed", "pin", "cvv", "cvc")
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_SEVEN_DIGITS = re.compile(r"(?:\d\D*+){7}")
_COUNTRY = re.compile(r"[A-Z]{2}\d{2}")
_CREDENTIALS = frozenset({"key", "password"})
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of secret looks like, and how much of a match is one: a prefix of it, empty for a look-alike.

    ``may``: a look that most texts fail, and none that holds one.
    """

    kind: str
    pattern: re.Pattern[str]
    genuine: Callable[[str], str]
    may: Callable[[str], object]

    def apply(self, text: str) -> str:
        """Replace what is genuine."""
        return self.pattern.sub(self._replaced, text) if self.may(text) else text

    def find(self, text: str) -> Iterator[Secret]:
        """What is genuine."""
        for match in self.pattern.finditer(text) if self.may(text) else ():
            found = self.genuine(match.group())
            if found:
                yield Secret(self.kind, found, match.start(), match.start() + len(found))

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


def has_run(text: str, length: int) -> bool:
    """Whether as many characters stand in one piece, without any space."""
    return len(text) >= length and max(map(len, text.split()), default=0) >= length


def _phone(text: str) -> str:
    return text if sum(char.isdigit() for char in text) in range(7, 16) and not _DATE.match(text) else ""


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret in a text: its kind, its words, where they stand."""

    kind: str
    value: str
    start: int
    end: int

    @property
    def credential(self) -> bool:
        """Whether it opens something, and does not only name somebody."""
        return self.kind in _CREDENTIALS

    @property
    def masked(self) -> str:
        """Its first characters only: a reason must not leak what it warns of."""
        return f"[{self.kind} {self.value[:_SHOWN]}…]" if len(self.value) > 2 * _SHOWN else f"[{self.kind}]"


def secrets_in(text: str) -> Iterator[Secret]:
    """Credentials, cards, accounts and identity numbers of a text. Addresses and telephone numbers are no secrets."""
    for rule in RULES:
        if rule.kind in ("key", "account", "card"):
            yield from rule.find(text)
    yield from named_in(text)


def named_in(text: str) -> Iterator[Secret]:
    """Passwords that are named as such, and identity numbers."""
    for match in _PASSWORD.finditer(text) if may_hold(text, _PASSWORDS) else ():
        if _secretive(match["value"]):
            yield Secret("password", match["value"], match.start("value"), match.end("value"))
    for match in _SSN.finditer(text) if "-" in text and _SEVEN_DIGITS.search(text) else ():
        yield Secret("identity", match.group(), match.start(), match.end())


def _secretive(value: str) -> bool:
    """A word of a sentence is no password: those have digits or signs in them."""
    return any(char.isdigit() for char in value) or (len(value) >= 6 and any(not char.isalnum() for char in value[:-1]))


RULES = (
    Rule("key", _KEY, _key, lambda text: has_run(text, 16) or "-----BEGIN" in text),
    Rule("email", _EMAIL, lambda text: text, lambda text: "@" in text),
    Rule("account", _IBAN, _longest_iban, _COUNTRY.search),
    Rule("card", _CARD, lambda text: text if luhn(text) else "", _SEVEN_DIGITS.search),
    Rule("phone", _PHONE, _phone, _SEVEN_DIGITS.search),
)
