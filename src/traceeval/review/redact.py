"""What reviewers are shown has personal data and secrets taken out first. Versioned; a failure blocks the item.

What counts as one is told in ``measures.secrets``; dates, order numbers and addresses of machines stay readable. Names
of people need a model: a detector of yours, an entry point in the group ``traceeval.detectors`` that loads a function
``text -> (start, end, kind), …``, joins in and is named in the version.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from traceeval.errors import RedactionFailed
from traceeval.measures.secrets import RULES
from traceeval.model import Json
from traceeval.review._detectors import by_context, by_entropy, by_plugins, plugged

VERSION = "redact@2"
_LETTERS = re.compile(r"[^\W\d]*")  # and underscores: the names of fields and kinds, which hold nothing
_LINKS = frozenset(
    {"id", "parent", "reads", "doc", "document", "absent", "chunk", "call_id", "requested_by", "tool_call_id"}
)
_FREE = frozenset({"arguments", "attributes", "filter", "parameters", "metadata", "hints"})


def redaction_version() -> str:
    """What took part in a redaction: ours, and every detector of a plug-in."""
    return "+".join((VERSION, *plugged()))[:40]


def redact(payload: bytes) -> bytes:
    """A canonical trace without what identifies people; structure stays, ids that link spans stay different.

    Raises:
        RedactionFailed: the payload is no JSON, is nested too deep, or a detector failed: its item must be blocked.
    """
    try:
        return msgspec.json.encode(_Shown().of(msgspec.json.decode(payload)))
    except (msgspec.DecodeError, RecursionError) as error:
        raise RedactionFailed(f"the trace cannot be redacted: {error}; it is blocked and not shown") from error


class _Shown(dict[str, str]):
    """Text -> what is shown of it: a trace says the same again and again."""

    def __missing__(self, text: str) -> str:
        shown = self[text] = redact_text(text)
        return shown

    def of(self, value: Json, key: str = "", free: bool = False) -> Json:
        """What is shown of a value. ``free``: inside data the application chose the shape of, where no key is one of ours."""
        if isinstance(value, str):
            shown = self[value]
            return shown if shown == value or free or key not in _LINKS else _linked(value)
        if isinstance(value, dict):
            if free:
                return dict(self._renamed(value))
            return {name: self.of(item, name, name in _FREE) for name, item in value.items()}
        if isinstance(value, list):
            return [self.of(item, key, free) for item in value]
        if isinstance(value, int) and abs(value) >= 10**12:
            shown = self[str(value)]
            return shown if shown != str(value) else value
        return value

    def _renamed(self, value: dict[str, Json]) -> Iterator[tuple[str, Json]]:
        """The same where names are redacted too; two that are the same then stay two."""
        seen: Counter[str] = Counter()
        for name, item in value.items():
            shown = self[name]
            seen[shown] += 1
            if seen[shown] > 1:
                shown = f"{shown} ({seen[shown]})"
            yield shown, self.of(item, name, free=True)


def _linked(text: str) -> str:
    """An id that identifies somebody becomes another id, the same wherever it is named."""
    return f"[REDACTED id {sha256(text.encode()).hexdigest()[:12]}]"


def redact_text(text: str) -> str:
    """One text without e-mail addresses, telephone numbers, cards, accounts, identity numbers, passwords and keys.

    Detectors of plug-ins look first, at the text as it was written.

    Raises:
        RedactionFailed: a detector failed.
    """
    text = by_plugins(text, plugged())
    if _LETTERS.fullmatch(text):
        return text
    for rule in RULES:
        text = rule.apply(text)
    return by_entropy(by_context(text))


def redact_id(text: str) -> str:
    """An id as it is, or, where it identifies somebody, another one: the same wherever it is named."""
    return text if redact_text(text) == text else _linked(text)
