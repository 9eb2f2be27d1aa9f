"""Errors of a span, in the order of evidence: status, exception event, error field."""

from __future__ import annotations

from traceeval.adapters._content import redacted
from traceeval.adapters._raw import RawSpan
from traceeval.model import Fault

_TRACEBACK = "Traceback (most recent call last)"


def fault_of(span: RawSpan) -> Fault | None:
    """The error of a span; None when it ended well or nothing was said.

    An exception event alone counts only where the status says nothing: handled exceptions are recorded too.
    """
    type_, message = _exception(span)
    named = span.attributes.get("error.type")
    if span.status == "ok" or (span.status != "error" and type_ is None and named is None):
        return None
    type_ = type_ or (str(named) if named is not None else None)
    message = message or span.message.partition(_TRACEBACK)[0].strip() or None
    return Fault(type=type_, message=message, redacted=message is not None and redacted(message))


def _exception(span: RawSpan) -> tuple[str | None, str | None]:
    for event in reversed(span.events):
        if event.name == "exception":
            kind, message = event.attributes.get("exception.type"), event.attributes.get("exception.message")
            return (str(kind) if kind else "exception"), (str(message) if message else None)
    return None, None
