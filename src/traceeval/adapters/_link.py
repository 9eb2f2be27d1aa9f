"""Links an executed call to the model message that asked for it: the ladder of formats.md section 5.5.

Never across user turns. Parallel identical calls are paired by order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from traceeval.adapters._draft import Draft
from traceeval.adapters._json import as_text
from traceeval.adapters._tree import note
from traceeval.model import Basis, Diagnostic, Generation, Json, ToolCall, ToolRequest

_CANON = msgspec.json.Encoder(order="sorted")


@dataclass(slots=True)
class _Asked:
    """A request, the span that wrote it, the user turn it belongs to, and whether a call was found for it."""

    span: Draft
    request: ToolRequest
    turn: int
    taken: bool = False


def link_calls(drafts: Sequence[Draft]) -> list[Diagnostic]:
    """Fill ``requested_by``, ``call_id`` and ``link`` of every tool span, and the model spans' ``reads``."""
    asked: list[_Asked] = []
    pending: list[tuple[Draft, int, int]] = []
    turn = 0
    for draft in drafts:
        if isinstance(draft.body, Generation):
            turn = max(turn, _turns(draft.body))
            asked += (_Asked(draft, request, turn) for request in _requests(draft.body))
        elif isinstance(draft.body, ToolCall):
            pending.append((draft, turn, len(asked)))
    notes = [*_observed(pending, asked), *_inferred(pending, asked)]
    _reads(drafts)
    return notes


def _requests(body: Generation) -> tuple[ToolRequest, ...]:
    return body.output.tool_calls if body.output is not None else ()


def _turns(body: Generation) -> int:
    return sum(message.role == "user" for message in body.messages or ())


def _observed(pending: Sequence[tuple[Draft, int, int]], asked: Sequence[_Asked]) -> Iterator[Diagnostic]:
    by_id: dict[str, list[_Asked]] = {}
    for one in asked:
        if one.request.id:
            by_id.setdefault(one.request.id, []).append(one)
    for draft, _, before in pending:
        body = draft.body
        if not isinstance(body, ToolCall) or not body.call_id:
            continue
        same = by_id.get(body.call_id)
        if same:
            one = next((o for o in reversed(same) if o.span.seq < draft.seq), same[0])
            one.taken = True
            bare = body.arguments is None and _bare(body, one.request)
            arguments = one.request.arguments if bare else body.arguments
            draft.body = msgspec.structs.replace(body, requested_by=one.span.id, arguments=arguments)
        elif before:
            yield note("link.missing", f"no message asked for call {body.call_id} of {body.name}", draft.id, "info")


def _inferred(pending: Sequence[tuple[Draft, int, int]], asked: Sequence[_Asked]) -> Iterator[Diagnostic]:
    by_name: dict[str, list[_Asked]] = {}
    for one in asked:
        if not one.taken:
            by_name.setdefault(one.request.name, []).append(one)
    for draft, turn, before in pending:
        body = draft.body
        if not isinstance(body, ToolCall) or body.call_id:
            continue
        free = [
            one for one in by_name.get(body.name, ()) if not one.taken and one.span.seq < draft.seq and one.turn == turn
        ]
        best, confidence = _best(body, free)
        if best is None:
            if before:
                yield note("link.missing", f"no message asked for this call of {body.name}", draft.id, "info")
            continue
        best.taken = True
        draft.body = _joined(body, best)
        yield note(
            "link.inferred",
            f"call {best.request.id or body.name} found by name and arguments ({confidence})",
            draft.id,
            "info",
        )


def _best(body: ToolCall, free: Sequence[_Asked]) -> tuple[_Asked | None, float]:
    for matches, confidence in ((_equal, 0.95), (_bare, 0.8), (_any, 0.6)):
        found = next((one for one in free if matches(body, one.request)), None)
        if found is not None:
            return found, confidence
    return None, 0.0


def _equal(body: ToolCall, request: ToolRequest) -> bool:
    return body.arguments is not None and _canon(body.arguments) == _canon(request.arguments)


def _bare(body: ToolCall, request: ToolRequest) -> bool:
    """``a`` for ``{"x": "a"}``: a framework recorded the value of the only argument."""
    arguments = request.arguments
    if body.raw is None or not isinstance(arguments, Mapping) or len(arguments) != 1:
        return False
    return body.raw == as_text(next(iter(arguments.values())))


def _any(body: ToolCall, request: ToolRequest) -> bool:
    return True


def _canon(value: Json) -> bytes:
    return _CANON.encode(value)


def _joined(body: ToolCall, one: _Asked) -> ToolCall:
    arguments = one.request.arguments if body.arguments is None and _bare(body, one.request) else body.arguments
    return msgspec.structs.replace(
        body, requested_by=one.span.id, call_id=one.request.id, link=Basis.INFERRED, arguments=arguments
    )


def _reads(drafts: Sequence[Draft]) -> None:
    """A model call whose prompt holds the result of a call, by its id, has read that call's span."""
    done = {d.body.call_id: d for d in drafts if isinstance(d.body, ToolCall) and d.body.call_id}
    for draft in drafts:
        if isinstance(draft.body, Generation):
            ids = (message.tool_call_id for message in draft.body.messages or ())
            sources = (done[id_] for id_ in ids if id_ in done)
            draft.reads += dict.fromkeys(source.id for source in sources if source.seq < draft.seq)
