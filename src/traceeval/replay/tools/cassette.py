"""Recorded calls played back. Off the tape nothing is invented and nothing live is called: the trial has diverged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import msgspec

from traceeval.model import Note, ToolOffer, ToolRequest
from traceeval.model.scenario import Cassette as Plan
from traceeval.replay._clock import Clock
from traceeval.replay._events import Stopped, ToolResult
from traceeval.replay.tools._tape import Take, canonical, key, read_tape, redacted, schema_hash


class Cassette:
    """Plays a tape. Key: tool, canonical arguments, and how often that came. ``offers``: given, else by name only."""

    running: str | None = None

    def __init__(
        self, plan: Plan, path: Path, clock: Clock, note: Callable[[Note], None], offers: Sequence[ToolOffer] = ()
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._note = note
        self._takes = read_tape(path)
        self._seen: Counter[str] = Counter()
        self._by_key: dict[str, list[Take]] = {}
        for take in self._takes:
            self._by_key.setdefault(take.canonical_args_hash, []).append(take)
        names = dict.fromkeys(take.tool for take in self._takes)
        self.offers = tuple(offers) or tuple(ToolOffer(name=name) for name in names)
        self._note_stale()

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """The recorded answer of this call, the next one of its kind.

        Raises:
            Stopped: it is not on the tape.
        """
        known = key(request.name, request.arguments, self._plan.volatile)
        takes, place = self._by_key.get(known, []), self._seen[known]
        if place >= len(takes):
            raise Stopped("diverged", self._off_tape(request, span, place))
        self._seen[known] += 1
        self._clock.advance(takes[place].latency_ms / 1000)
        return takes[place].answer

    def _off_tape(self, request: ToolRequest, span: str, place: int) -> str:
        told = f"{request.name}({_shown(request)})"
        text = f"{told} is not on the tape" if not place else f"{told} stands {place} times on the tape, and came again"
        near = max(self._takes, key=lambda take: _likeness(take, request), default=None)
        if near is not None:
            text += f"; nearest: line {near.seq + 1}, {near.tool}({_args(near.args)})"
        self._note(Note(code="off_tape", text=text, span=span))
        return text

    def _note_stale(self) -> None:
        offered = {offer.name: schema_hash(offer) for offer in self.offers}
        for name, recorded in {take.tool: take.tool_schema_hash for take in self._takes}.items():
            now = offered.get(name)
            if recorded is not None and now is not None and now != recorded:
                self._note(
                    Note(code="stale_tape", text=f"{name}: its schema is another than when the tape was recorded")
                )


class Recording:
    """Live tools, each call written to a tape as it is made; what the tape already has is played where only gaps are recorded."""

    def __init__(self, tools: Any, plan: Plan, path: Path) -> None:
        self._tools = tools
        self._plan = plan
        self._path = path
        self._known = list(read_tape(path)) if plan.record == "missing" and path.exists() else []
        self._left = {id(take): take for take in self._known}
        self.offers = self._tools.offers
        if plan.record == "all":
            path.write_bytes(b"")

    @property
    def running(self) -> str | None:
        """The tool that raised what it must not."""
        found: str | None = self._tools.running
        return found

    def call(self, request: ToolRequest, span: str) -> ToolResult:
        """Play it, or make the call and record it."""
        known = key(request.name, request.arguments, self._plan.volatile)
        for place, take in self._left.items():
            if take.canonical_args_hash == known:
                del self._left[place]
                return take.answer
        result: ToolResult = self._tools.call(request, span)
        self._write(request, result, known)
        return result

    def _write(self, request: ToolRequest, result: ToolResult, known: str) -> None:
        args, hidden = redacted(canonical(request.arguments))
        text, more = redacted(result.text, "result")
        offer = next((offer for offer in self.offers if offer.name == request.name), None)
        take = Take(
            seq=len(self._known),
            tool=request.name,
            canonical_args_hash=known,
            args=args,
            result=text,
            is_error=not result.ok,
            error=result.error.type if result.error is not None else None,
            redactions=(*(f"args.{path}" for path in hidden), *more),
            tool_schema_hash=schema_hash(offer),
        )
        self._known.append(take)
        with self._path.open("ab") as tape:
            tape.write(msgspec.json.encode(take) + b"\n")


def _shown(request: ToolRequest) -> str:
    return _args(request.arguments) if request.arguments is not None else (request.raw or "")[:200]


def _args(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()[:200]


def _likeness(take: Take, request: ToolRequest) -> tuple[bool, float]:
    return take.tool == request.name, SequenceMatcher(None, _args(take.args), _shown(request)).ratio()
