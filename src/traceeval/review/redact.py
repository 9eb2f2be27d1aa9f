"""What reviewers are shown has personal data and secrets taken out first. Versioned; a failure blocks the item.

What counts as one is told in ``measures.secrets``; dates, order numbers and addresses of machines stay readable. Names
of people need a model: a detector of yours, an entry point in the group ``traceeval.detectors`` that loads a function
``text -> (start, end, kind), …``, joins in and is named in the version.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import msgspec

from traceeval.errors import RedactionFailed
from traceeval.measures.secrets import RULES
from traceeval.model import Json
from traceeval.review._detectors import by_context, by_entropy, by_plugins, plugged

VERSION = "redact@2"
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
        return msgspec.json.encode(_walk(msgspec.json.decode(payload)))
    except (msgspec.DecodeError, RecursionError) as error:
        raise RedactionFailed(f"the trace cannot be redacted: {error}; it is blocked and not shown") from error


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
    """One text without e-mail addresses, telephone numbers, cards, accounts, identity numbers, passwords and keys.

    Detectors of plug-ins look first, at the text as it was written.

    Raises:
        RedactionFailed: a detector failed.
    """
    text = by_plugins(text, plugged())
    for rule in RULES:
        text = rule.apply(text)
    return by_entropy(by_context(text))


def redact_id(text: str) -> str:
    """An id as it is, or, where it identifies somebody, another one: the same wherever it is named."""
    return _link(text)
