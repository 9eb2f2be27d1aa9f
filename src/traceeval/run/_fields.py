"""What traces are sliced by: names such as ``language``, ``tenant``, ``metadata.customer.tier``, ``system.release``.

A field's values come out of the trace as text; they are compared and shown, never interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import TypeAlias

from traceeval.errors import ConfigError
from traceeval.graph import Dossier
from traceeval.measures.language import language_of
from traceeval.measures.safe_text import inline
from traceeval.model import Json, Slices, ToolCall, Trace, text_of

MOST_VALUES, LONGEST, MOST_NAMES = 50, 120, 200
_LISTED = 30
METADATA, ATTRIBUTES = "metadata.", "attributes."

Values: TypeAlias = tuple[str, ...]
"""The values of a field in one trace, each once; none: it is not known there."""


def checked_fields(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once.

    Raises:
        ConfigError: for an empty one, or ``system.`` and ``origin.`` with a part they do not have.
    """
    cleaned = tuple(dict.fromkeys(name.strip() for name in names))
    for name in cleaned:
        head, dot, part = name.partition(".")
        if not head or (dot and not part):
            raise ConfigError(f"--by {name!r}: write FIELD,FIELD,..., e.g. language,tenant")
        if head in ("system", "origin") and name not in _OWN:
            known = ", ".join(own for own in _OWN if own.startswith(f"{head}."))
            raise ConfigError(f"--by {name}: {head} has {known}")
    return cleaned


def refuse_unknown_fields(slices: Slices | None) -> None:
    """Say so when a field was asked for that no trace has.

    Raises:
        ConfigError: with the fields these traces do have.
    """
    if slices is None or not slices.unknown:
        return
    bare = {name.removeprefix(METADATA): name for name in slices.seen}
    close = (get_close_matches(name.removeprefix(METADATA), bare, n=2) for name in slices.unknown)
    near = dict.fromkeys(inline(bare[one], 60) for several in close for one in several)
    hint = f"did you mean {', '.join(near)}? " if near else ""
    seen = ", ".join(inline(name, 60) for name in slices.seen[:_LISTED])
    more = f" and {len(slices.seen) - _LISTED} more" if len(slices.seen) > _LISTED else ""
    raise ConfigError(
        f"--by {', '.join(slices.unknown)}: no trace has it; {hint}these traces have {seen}{more}; "
        "an attribute of a span is attributes.NAME"
    )


def values_of(name: str, dossier: Dossier) -> Values:
    """A field of the trace itself, else of its metadata, else an attribute of the first span that has it."""
    own = _OWN.get(name)
    if own is not None:
        return _texts(own(dossier))
    if name.startswith(METADATA):
        return _texts(metadata_of(dossier.trace, name.removeprefix(METADATA)))
    if name.startswith(ATTRIBUTES):
        return _texts(_attribute(dossier, name.removeprefix(ATTRIBUTES)))
    return _texts(metadata_of(dossier.trace, name)) or _texts(_attribute(dossier, name))


def names_of(dossier: Dossier) -> Iterator[str]:
    """The fields this trace has: its own and those of its metadata; attributes of spans are too many to name."""
    yield from (name for name, own in _OWN.items() if _texts(own(dossier)))
    yield from islice(_of_metadata(dossier.trace.metadata or {}), MOST_NAMES)


def named_values(dossier: Dossier) -> Iterator[tuple[str, Values]]:
    """What a trace can be sliced by without being named by it: language, tags, versions, metadata; the first few hundred."""
    for name in _DESCRIBING:
        if values := _texts(_OWN[name](dossier)):
            yield name, values
    for name in islice(_of_metadata(dossier.trace.metadata or {}), MOST_NAMES):
        yield name, _texts(metadata_of(dossier.trace, name.removeprefix(METADATA)))


def _of_metadata(metadata: Mapping[str, Json]) -> Iterator[str]:
    for key, value in metadata.items():
        inside = value.items() if isinstance(value, Mapping) else ()
        yield from (f"{METADATA}{key}.{inner}" for inner, deep in inside if _texts(deep))
        if _texts(value):
            yield f"{METADATA}{key}"


def keys_of(trace: Trace) -> Iterator[str]:
    """What ``metadata_of`` finds a value under, the first few hundred."""
    return (name.removeprefix(METADATA) for name in islice(_of_metadata(trace.metadata or {}), MOST_NAMES))


def repeated_by(trace: Trace) -> str:
    """What a trace is one of several recordings of: a scenario's trials, a session's turns; else itself."""
    if trace.scenario is not None:
        return f"scenario {trace.scenario}"
    return f"session {trace.session}" if trace.session is not None else f"trace {trace.id}"


def _language(dossier: Dossier) -> str | None:
    if dossier.checked is not None and dossier.checked.language is not None:
        return dossier.checked.language
    said = (text_of(dossier.trace.answer), text_of(dossier.trace.question))
    return next((found for text in said if text and (found := language_of(text))), None)


def _tools(dossier: Dossier) -> list[str]:
    return [span.body.name for span in dossier.trace.spans if isinstance(span.body, ToolCall)]


def _system(part: str) -> Callable[[Dossier], Json]:
    return lambda dossier: getattr(dossier.trace.system, part, None)


def _origin(part: str) -> Callable[[Dossier], Json]:
    return lambda dossier: getattr(dossier.trace.origin, part, None)


_OWN: Mapping[str, Callable[[Dossier], Json]] = {
    "language": _language,
    "tags": lambda dossier: list(dossier.trace.tags or ()),
    "tools": _tools,
    "scenario": lambda dossier: dossier.trace.scenario,
    "session": lambda dossier: dossier.trace.session,
    "turn": lambda dossier: dossier.trace.turn,
    "trial": lambda dossier: dossier.trace.trial,
    **{f"system.{part}": _system(part) for part in ("app", "release", "model", "prompt", "index")},
    **{f"origin.{part}": _origin(part) for part in ("uri", "format", "dialect")},
}


_DESCRIBING = ("language", "tags", *(name for name in _OWN if name.startswith("system.")))


def metadata_of(trace: Trace, key: str) -> Json:
    """A key as it stands, else step by step: ``customer.tier`` in ``{"customer": {"tier": ...}}``."""
    at: Json = trace.metadata or {}
    if key in at:
        return at[key]
    for part in key.split("."):
        at = at.get(part) if isinstance(at, Mapping) else None
    return at


def _attribute(dossier: Dossier, key: str) -> Json:
    found = (span.attributes.get(key) for span in dossier.graph.spans.values())
    return next((value for value in found if value is not None), None)


def _texts(value: Json) -> Values:
    if value is None or isinstance(value, Mapping):
        return ()
    if isinstance(value, list | tuple):
        found = (text for item in value if not isinstance(item, list) for text in _texts(item))
        return tuple(dict.fromkeys(found))[:MOST_VALUES]
    if isinstance(value, bool):
        return ("true" if value else "false",)
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return (text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…",) if text.strip() else ()
