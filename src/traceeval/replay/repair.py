"""What could be done otherwise at each step of a trial: as a trial that passes does it, or without the fault or payload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

import msgspec

from traceeval.model import Call, Generation, Kind, Mend, Span, ToolCall, Trace, Trial, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A call that was made, or a message to the user. ``token``: equal for steps that do the same."""

    span: str
    token: str
    call: Call | None = None
    asked: str | None = None
    place: int = 0
    say: str | None = None


def steps_of(trace: Trace) -> tuple[Step, ...]:
    """The steps of a trace in order. What is said counts as the same whatever the words."""
    return tuple(_steps(trace))


def repairs(trial: Trial, donor: Trial) -> Mapping[str, Mend]:
    """For each step that has one, what to do instead. ``donor``: a trial that passes, e.g. the reference's.

    Steps are aligned by what they do; one that the donor does as well has no repair. A call that met the fault or brought
    the payload is spared it.
    """
    mine, theirs = steps_of(trial.trace), steps_of(donor.trace)
    found = {span: Mend(span=span, spare=True) for span in (*trial.struck, *trial.planted)}
    aligned = SequenceMatcher(None, [one.token for one in mine], [one.token for one in theirs], autojunk=False)
    for kind, a, b, c, d in aligned.get_opcodes():
        if kind in ("equal", "replace"):
            for step, better in zip(mine[a:b], theirs[c:d], strict=False):
                mend = _mend(step, better)
                if mend is not None and step.span not in found:
                    found[step.span] = mend
    return found


def _mend(step: Step, better: Step) -> Mend | None:
    if step.call is not None and better.call is not None and step.call != better.call and step.asked is not None:
        return Mend(span=step.span, call=better.call, asked=step.asked, place=step.place)
    if step.say is not None and better.say is not None and step.say != better.say:
        return Mend(span=step.span, say=better.say)
    return None


def _steps(trace: Trace) -> Iterator[Step]:
    messages = {span.id: span.body for span in trace.spans if isinstance(span.body, Generation)}
    for span in trace.spans:
        if isinstance(span.body, ToolCall):
            yield _called(span, span.body, messages)
        elif span.kind is Kind.MODEL and isinstance(span.body, Generation) and span.body.output is not None:
            text = text_of(span.body.output.content)
            if text and not span.body.output.tool_calls:
                yield Step(span=span.id, token="say", say=text)


def _called(span: Span, body: ToolCall, messages: Mapping[str, Generation]) -> Step:
    call = Call(tool=body.name, args=body.arguments if isinstance(body.arguments, dict) else {})
    asking = messages.get(body.requested_by or "")
    ids = [one.id for one in asking.output.tool_calls or ()] if asking is not None and asking.output is not None else []
    return Step(
        span=span.id,
        token=msgspec.json.encode((call.tool, call.args), order="deterministic").decode(),
        call=call,
        asked=body.requested_by if body.call_id in ids else None,
        place=ids.index(body.call_id) if body.call_id in ids else 0,
    )
