"""Whether a call succeeded: status, then the declared condition, then what the text of the result says."""

from __future__ import annotations

from traceeval.model import Partial, Span, ToolCall, ToolSpec, text_of

_ERROR_STARTS = ("error", "exception", "traceback", "failed:", "failure:")


def outcome_of(span: Span, body: ToolCall, spec: ToolSpec) -> tuple[bool | None, str | None]:
    """(ok, error text). ``ok`` is None when neither a result nor an error was recorded.

    Order of evidence: the span's error, the annotation's ``error_when``, then a result that begins with an error word.
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
    if text.lstrip().lower().startswith(_ERROR_STARTS):
        return False, text.strip()[:200]
    return True, None
