"""What several rules ask about calls: equal arguments, shared entities, what happened between."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from traceeval.graph import Call, Dossier
from traceeval.model import (
    Basis,
    Component,
    Evidence,
    Finding,
    Generation,
    Json,
    Kind,
    Message,
    Span,
    Subject,
    text_of,
)

_ENCODER = msgspec.json.Encoder(order="deterministic")


def same_arguments(call: Call) -> bytes:
    """A key equal for equal arguments: key order ignored, an integral float is the integer."""
    return _ENCODER.encode((call.name, _plain(call.arguments), call.raw if call.arguments is None else None))


def _plain(value: Json) -> Json:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def entities(dossier: Dossier, call: Call) -> frozenset[str]:
    """Ids a call touches: the declared entity arguments, else the values of resources and destinations."""
    return dossier.graph.entities.of(call)


def executed(dossier: Dossier) -> tuple[Call, ...]:
    """Calls that ran, in order."""
    return dossier.graph.executed


def shown(call: Call) -> str:
    """A call as one line."""
    arguments = call.raw if call.arguments is None else _ENCODER.encode(call.arguments).decode()
    return f"{call.name}({arguments or ''})"[:300]


def about(
    dossier: Dossier,
    code: str,
    component: Component,
    severity: int,
    call: Call,
    text: str,
    *extra: Evidence,
    inferred: bool = False,
    **fields: object,
) -> Finding:
    """A finding about one call; its evidence quotes the call first."""
    basis = Basis.INFERRED if inferred or call.link is Basis.INFERRED else Basis.OBSERVED
    quote = called_as(call)
    finding = Finding(
        code=code,
        component=component,
        severity=severity,
        key=call.span,
        text=text,
        basis=basis,
        subject=Subject(trace=dossier.trace.id, span=call.span),
        evidence=(quote, *extra),
        confidence=call.spec.confidence if inferred else 1.0,
    )
    return msgspec.structs.replace(finding, **fields) if fields else finding


def called_as(call: Call) -> Evidence:
    """The call itself, name and arguments."""
    return Evidence(span=call.span, field="call", quote=shown(call))


def result_of(call: Call) -> Evidence:
    """The words of a call's result or error."""
    text = call.error or text_of(call.result) or ""
    return Evidence(span=call.span, field="error" if call.error else "result", quote=text[:300])


def unknown(
    dossier: Dossier, code: str, component: Component, severity: int, call: Call, text: str, *missing: str
) -> Finding:
    """The admission that a rule lacked an input."""
    finding = about(dossier, code, component, severity, call, text)
    return msgspec.structs.replace(finding, state="unknown", missing=missing)


def at_span(
    dossier: Dossier,
    code: str,
    component: Component,
    severity: int,
    span: str,
    text: str,
    *evidence: Evidence,
    **fields: object,
) -> Finding:
    """A finding about a step that is no call; its event is the span."""
    finding = Finding(
        code=code,
        component=component,
        severity=severity,
        key=span,
        text=text,
        subject=Subject(trace=dossier.trace.id, span=span),
        evidence=evidence or (Evidence(span=span, field="name", quote=""),),
    )
    return msgspec.structs.replace(finding, **fields) if fields else finding


def undecided(dossier: Dossier, code: str, component: Component, severity: int, text: str, *missing: str) -> Finding:
    """The admission that a rule could not be decided on a whole trace."""
    finding = Finding(
        code=code,
        component=component,
        severity=severity,
        text=text,
        subject=Subject(trace=dossier.trace.id),
        state="unknown",
        missing=missing,
    )
    return finding


def said_by_model(dossier: Dossier) -> Iterator[tuple[Span, Message, str]]:
    """(span, message, text) of everything a model wrote to somebody, in order; texts may be empty."""
    for span in dossier.graph.of_kind(Kind.MODEL):
        if isinstance(span.body, Generation) and span.body.output is not None:
            yield span, span.body.output, text_of(span.body.output.content) or ""


def guessed(call: Call, *fields: str) -> bool:
    """Whether what is known of a call's tool, in these fields, was inferred."""
    return call.spec.basis_of(*fields) is Basis.INFERRED
