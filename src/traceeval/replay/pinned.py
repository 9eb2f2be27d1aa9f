"""A recorded trace as a scenario: its user's words, a tape of its calls, and what is asked of an agent that meets them again.

Secrets and personal data become tokens that stay the same for the same value, in the user's words as on the tape: an agent
that passes on what it was told finds the recorded answer. Everything else of a trace is left behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import yaml

from traceeval.errors import ConfigError, OutputExists
from traceeval.model import Json, Span, ToolCall, ToolOffer, Trace, Utterance, text_of
from traceeval.model.scenario import SCENARIO_VERSION
from traceeval.replay.load import load_suite
from traceeval.replay.tools._tape import Take, canonical, key, redacted, schema_hash

Hide = Callable[[str], str]
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*")
_WORDS = frozenset("y n yes no on off true false null".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of an agent. ``right``: spans of calls that have to be made again, in this order; ``wrong``: never.

    ``unsaid``: words the answer must not hold. ``why``: what people or findings say of it, by span of ``wrong``.
    """

    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    why: dict[str, str]
    note: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """Stateful tools of the suite instead of a tape: ``file:function``, and the file of the state it begins with."""

    module: str
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A scenario as it will be written: its name (of both files), its document, and its tape."""

    name: str
    document: dict[str, Json]
    tape: tuple[Take, ...]


def calls_of(trace: Trace) -> tuple[Span, ...]:
    """The spans of executed calls, in order."""
    found = (span for span in trace.spans if isinstance(span.body, ToolCall) and not span.plumbing)
    return tuple(sorted(found, key=lambda span: span.seq))


def pin(trace: Trace, asked: Asked, hide: Hide, mock: Mock | None = None) -> Pinned:
    """The scenario of a trace. ``hide``: takes out of a text what the stable tokens leave.

    Raises:
        ConfigError: nobody speaks in it, it calls nothing, or nothing would be asked.
    """
    said = [text for text in _said(trace) if text]
    if not said:
        raise ConfigError(f"trace {trace.id[:60]!r}: nobody speaks in it, so there is nobody to replay")
    tape = tape_of(trace, hide)
    if not tape:
        raise ConfigError(
            f"trace {trace.id[:60]!r}: no call was recorded; a scenario of words alone is written by hand"
        )
    taken = dict(zip((span.id for span in calls_of(trace)), tape, strict=True))
    name = _name(trace.id)
    document: dict[str, Json] = {
        "apiVersion": SCENARIO_VERSION,
        "id": f"pinned/{name}",
        "meta": {"tags": ["pinned", *asked.tags], "source": "trace", "note": _hidden(asked.note, hide)},
        "user": {"mode": "scripted", "turns": [{"say": _hidden(text, hide)} for text in said]},
        "tools": _tools(name, mock),
        "assertions": _assertions(asked, taken, hide),
        "solution": [
            *({"call": _pattern(taken[id])} for id in asked.right),
            {"say": "That is as far as the recording was right."},
        ],
    }
    return Pinned(name=name, document=document, tape=tape if mock is None else ())


def _tools(name: str, mock: Mock | None) -> Json:
    if mock is None:
        return {"mode": "cassette", "cassette": {"file": f"cassettes/{name}.jsonl"}}
    state = {"state": {"file": mock.state}} if mock.state is not None else {}
    return {"mode": "stateful", "module": mock.module, **state}


def tape_of(trace: Trace, hide: Hide) -> tuple[Take, ...]:
    """A take of every recorded call, under the key an agent finds it by."""
    return tuple(_take(number, span, hide) for number, span in enumerate(calls_of(trace)))


def write_pinned(folder: str | Path, pinned: Sequence[Pinned]) -> tuple[Path, ...]:
    """Write scenarios and tapes into a suite, new or not, and read it back.

    Raises:
        OutputExists: one of them is there already; nothing is written then.
        ConfigError: the suite cannot be read with them; they are taken away again.
    """
    root = Path(folder)
    paths = [(root / f"{one.name}.yaml", root / "cassettes" / f"{one.name}.jsonl") for one in pinned]
    there = [path for pair in paths for path in pair if path.exists()]
    if there:
        raise OutputExists(f"{there[0]} exists: this trace is pinned already; remove it to pin it anew")
    for one, (scenario, tape) in zip(pinned, paths, strict=True):
        root.mkdir(parents=True, exist_ok=True)
        if one.tape:
            tape.parent.mkdir(exist_ok=True)
            tape.write_bytes(b"".join(msgspec.json.encode(take) + b"\n" for take in one.tape))
        scenario.write_text(as_text(one.document), encoding="utf-8")
    try:
        load_suite(root)
    except ConfigError:
        for path in (path for pair in paths for path in pair):
            path.unlink(missing_ok=True)
        raise
    return tuple(scenario for scenario, _ in paths)


def as_text(document: dict[str, Json]) -> str:
    """A document in YAML: text of strangers is quoted and escaped, so that it stays one text."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)


class _Dumper(yaml.SafeDumper):
    """Quotes every text that is no plain word, and repeats instead of naming anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _text)


def _said(trace: Trace) -> Iterator[str | None]:
    spans = sorted(trace.spans, key=lambda span: span.seq)
    said = [text_of(span.body.text) for span in spans if isinstance(span.body, Utterance)]
    return iter(said or [text_of(trace.question)])


def _take(number: int, span: Span, hide: Hide) -> Take:
    body = span.body
    assert isinstance(body, ToolCall)
    args = _hidden(canonical(body.arguments), hide)
    text = span.error.message if span.error is not None and span.error.message else text_of(body.result)
    result = _hidden(text or "", hide)
    hidden = [f"args.{path}" for path in _differing(canonical(body.arguments), args)]
    return Take(
        seq=number,
        tool=body.name,
        canonical_args_hash=key(body.name, args),
        args=args,
        result=result,
        is_error=span.error is not None,
        error=span.error.type if span.error is not None else None,
        latency_ms=_milliseconds(span),
        redactions=(*hidden, *(["result"] if result != (text or "") else [])),
        tool_schema_hash=schema_hash(ToolOffer(name=body.name, parameters=body.parameters)),
    )


def _milliseconds(span: Span) -> float:
    """How long it took, to the microsecond: seconds since 1970 tell no less."""
    if span.start is None or span.end is None:
        return 0.0
    return round(max(0.0, (span.end - span.start) * 1000), 3)


def _hidden(value: Json, hide: Hide) -> Json:
    """A value without what identifies anybody: tokens first, then what ``hide`` finds beside them; keys too."""
    if isinstance(value, str):
        return hide(redacted(value)[0])
    if isinstance(value, dict):
        return {_hidden(name, hide): _hidden(item, hide) for name, item in value.items()}
    return [_hidden(item, hide) for item in value] if isinstance(value, list | tuple) else value


def _differing(before: Json, after: Json, path: str = "") -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for (name, one), other in zip(before.items(), after.values(), strict=True):
            yield from _differing(one, other, f"{path}.{name}" if path else name)
    elif before != after:
        yield path


def _assertions(asked: Asked, taken: dict[str, Take], hide: Hide) -> dict[str, Json]:
    found: dict[str, Json] = {}
    if asked.right:
        names = [f"m{number}" for number in range(1, len(asked.right) + 1)]
        after = [[], *([name] for name in names)]
        found["milestones"] = {
            name: {
                "call": {**_pattern(taken[id]), "result": "any"},
                "max": None,
                **({"after": before} if before else {}),
            }
            for name, id, before in zip(names, asked.right, after, strict=False)
        }
    right = [_pattern(taken[id]) for id in asked.right]
    again = [id for id in asked.wrong if _pattern(taken[id]) in right]
    if again:  # a call that was right once cannot be forbidden, only its repetition
        found["budget"] = {"calls": len(taken) - len(asked.wrong)}
    forbidden = [id for id in asked.wrong if id not in again]
    if forbidden:
        found["forbidden"] = [
            {"call": _pattern(taken[id]), "why": _hidden(asked.why.get(id, ""), hide)} for id in forbidden
        ]
    if asked.unsaid:
        found["answer"] = [{"not_contains": _hidden(text, hide)} for text in asked.unsaid]
    if not found:
        raise ConfigError("nothing of it can be asked by machine: write its assertions by hand")
    return {**found, "pass": list(found)}


def _pattern(take: Take) -> dict[str, Json]:
    """A call with exactly these arguments; what looks like a matcher is a value."""
    args = take.args if isinstance(take.args, dict) else {}
    return {"tool": take.tool, "args": {name: _literal(value) for name, value in args.items()}}


def _literal(value: Json) -> Json:
    return {"$eq": value} if isinstance(value, dict | list) else value


def _name(id: str) -> str:
    """An id made fit for a file, with a digest of all of it."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", redacted(id)[0]).strip("-")[:40]
    return f"{plain or 'trace'}-{sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
