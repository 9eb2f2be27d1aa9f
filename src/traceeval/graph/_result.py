"""Whether a call succeeded: status, then the declared condition, then what the text of the result says."""

from __future__ import annotations

import re

import msgspec

from traceeval.model import Json, Partial, Span, ToolCall, ToolSpec, text_of

_ERROR_STARTS = ("error", "exception", "traceback", "failed:", "failure:")
_LONGEST = max(map(len, _ERROR_STARTS))
_FLAG = re.compile(r'"is_?error"\s*:\s*true', re.IGNORECASE)
_STATUS = ("status", "status_code", "statusCode", "http_status", "httpStatus", "code")
_TALK = frozenset(
    {
        "error",
        "errors",
        "message",
        "detail",
        "details",
        "code",
        "status",
        "status_code",
        "type",
        "success",
        "ok",
        "request_id",
    }
)
_SHORT, _END = 20_000, 200


def outcome_of(span: Span, body: ToolCall, spec: ToolSpec) -> tuple[bool | None, str | None]:
    """(ok, error text). ``ok`` is None when neither a result nor an error was recorded.

    Order of evidence: the span's error, the annotation's ``error_when``, then a result that begins with an error word,
    is flagged ``isError``, has an HTTP status of 400 or more, or holds an ``error`` and nothing but talk about it.
    Error words inside a successful payload do not count.
    """
    if span.error is not None:
        return False, span.error.message or span.error.type or "error"
    text = text_of(body.result)
    if text is None:
        return (None, None) if body.result is None or isinstance(body.result, Partial) else (True, None)
    if spec.error_when is not None:
        from traceeval.graph._condition import holds

        verdict = holds(spec.error_when, text)
        if verdict is not None:
            return (not verdict), (text[:200] if verdict else None)
    head = text[:_END].lstrip()
    if (head[:1] == "{" and _says_so(text)) or head[:_LONGEST].lower().startswith(_ERROR_STARTS):
        return False, text.strip()[:_END]
    return True, None


def _says_so(text: str) -> bool:
    """Whether a JSON object is an error by its own fields. Long payloads are only asked for the flag at either end."""
    if len(text) > _SHORT:
        return bool(_FLAG.search(text[:_END]) or _FLAG.search(text[-_END:]))
    try:
        data: Json = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return False
    if data.get("isError") is True or data.get("is_error") is True or _refused(data):
        return True
    return bool(data.get("error") or data.get("errors")) and data.keys() <= _TALK


def _refused(data: Json) -> bool:
    """A three-digit status from 400 on, beside nothing but talk or under a name that only a status has."""
    for name in _STATUS:
        if name not in data:
            continue
        value = data[name]
        number = int(value) if isinstance(value, str) and value.isdecimal() and len(value) == 3 else value
        if isinstance(number, int) and not isinstance(number, bool) and 400 <= number < 600:
            return name not in ("status", "code") or data.keys() <= _TALK
    return False
