"""What reviewers are shown has personal data and secrets taken out first. Versioned; a failure blocks the item.

What counts as one is told in ``measures.secrets``; dates, order numbers and addresses of machines stay readable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from traceeval.measures.secrets import RULES
from traceeval.model import Json

VERSION = "redact@1"
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
    for rule in RULES:
        text = rule.apply(text)
    return text
