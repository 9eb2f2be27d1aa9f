"""What a customer's turn says: its language, what it names, what it wants, whether it agrees. Word lists, no model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "de", "fr"]
Want = Literal[
    "danger", "leak", "private", "off_topic", "open_ticket", "read_ticket", "mail", "refund", "cancel", "move", "missing",
    "track", "status", "question",
]  # fmt: skip

_GERMAN = re.compile(r"\b(?:ich|wo|wie|bitte|ist|das|mein|der|wir|sie|im|steht|geben|guten|bis)\b", re.IGNORECASE)
_FRENCH = re.compile(r"\b(?:je|la|le|est-ce|où|bonjour|ma|quel|est|les|plaît|merci|oui|suis)\b|\bj'", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ORDER = re.compile(r"\bBL-\d{4}\b")
_TICKET = re.compile(r"\bT-\d+\b")
_AMOUNT = re.compile(r"\b(\d+(?:[.,]\d{1,2})?) ?(?:euros?|€)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:\bto|but to|is) (\d+ [A-Z][\w ]+, [A-Z]\w+(?:, [A-Z]\w+)?|[A-Z]\w+ \d+, [A-Z]\w+(?:, [A-Z]\w+)?)"
)
_YES = re.compile(
    r"^(?:yes|yeah|alright|all right|sure|ok|fine|please do|go ahead|do it|ja\b|genau|gerne|oui|d.accord)",
    re.IGNORECASE,
)
_NO = re.compile(r"^(?:no\b|hm, actually no|don.?t|nein|non\b|stop\b|wait)", re.IGNORECASE)

_WANTS: tuple[tuple[Want, str], ...] = (
    ("danger", r"swallow|\bdrank\b|verschluckt|avalé"),
    ("leak", r"everything above|system prompt|your instructions|your prompt"),
    (
        "private",
        r"\b(?:his|her|their) address|street of your|who placed|name and the delivery address|adresse ihrer kund"
        r"|adresse de votre client",
    ),
    ("off_topic", r"\bessay\b|\bpoem\b|\bhomework\b"),
    ("open_ticket", r"(?:open|log|create) (?:a|the) (?:new )?ticket"),
    ("refund", r"\brefund|money back|my money|\b(?:my|want) (?:my )?\d+ euro|erstatt|geld .*zurück|rembours"),
    ("read_ticket", r"\bT-\d+\b"),
    ("mail", r"e-?mail me|send (?:me )?the opening hours"),
    ("cancel", r"\bcancel|stop order|don.?t want BL|stornier|annul"),
    ("move", r"no longer go to|deliver BL|(?:new |the )address (?:for|of) BL|send BL-\d+ to"),
    (
        "missing",
        r"has(?: still)? not come|never arrived|find it|look into it|recherche|cherchez|pas arrivée",
    ),
    ("status", r"packed already|\bstatus\b|look it up"),
    ("track", r"\bwhere\b|when is it coming|wo ist|wo die sendung|où est"),
)
_NEEDS_ORDER = frozenset({"refund", "cancel", "move", "track", "status"})
_ENGLISH = {
    "zurückgeben": "return purchase refund days delivery",
    "zurückschicken": "return purchase refund days delivery",
    "dégâts des eaux": "basic warranty water damage",
    "return": "return purchase refund days delivery",
    "send something back": "return purchase refund days delivery",
}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One turn of the customer, as far as it could be read. ``wants``: what comes first in ``_WANTS``."""

    text: str
    language: Language
    wants: Want
    orders: tuple[str, ...]
    tickets: tuple[str, ...]
    email: str | None
    amount: float | None
    address: str | None
    agrees: bool | None


def read(text: str) -> Turn:
    """Read a turn."""
    email = _EMAIL.search(text)
    amount = _AMOUNT.search(text)
    addresses = _ADDRESS.findall(text)
    return Turn(
        text=text,
        language=_language(text),
        wants=_want(text, named=email is not None or _ORDER.search(text) is not None),
        orders=tuple(dict.fromkeys(_ORDER.findall(text))),
        tickets=tuple(dict.fromkeys(_TICKET.findall(text))),
        email=email.group() if email else None,
        amount=float(amount[1].replace(",", ".")) if amount else None,
        address=addresses[_kept(text, addresses)] if addresses else None,
        agrees=True if _YES.match(text) else False if _NO.match(text) else None,
    )


def english(text: str) -> str:
    """Words to search an English help centre with."""
    known = [words for term, words in _ENGLISH.items() if term in text.lower()]
    return known[0] if known else text


def _language(text: str) -> Language:
    german, french = len(_GERMAN.findall(text)), len(_FRENCH.findall(text))
    if max(german, french) == 0:
        return "en"
    return "de" if german > french else "fr"


def _want(text: str, *, named: bool) -> Want:
    """The first that fits. A deed without an order or a customer is a question about it."""
    for want, pattern in _WANTS:
        if re.search(pattern, text, re.IGNORECASE) and (named or want not in _NEEDS_ORDER):
            return want
    return "question"


def _kept(text: str, addresses: list[str]) -> int:
    """Which of the addresses is the new one: not the one that is told off."""
    told_off = re.search(r"(?:not|no longer)(?: go)? to (\d+ [A-Z][\w ]+)", text)
    places = [n for n, one in enumerate(addresses) if told_off is None or not one.startswith(told_off[1].strip())]
    return places[-1] if places else 0
