"""What an application said about a whole run, wherever its tracer put it: metadata and tags, to slice by.

Keys: OpenInference ``metadata``, ``tag.tags``, ``user.id``; Langfuse ``langfuse.trace.*``; LangSmith
``langsmith.metadata.*``, ``langsmith.span.tags``; OpenLLMetry ``traceloop.association.properties.*``; of an
OpenTelemetry resource where it ran. The outermost span that says something is believed: inner ones add a framework's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from traceeval.adapters._json import unwrap
from traceeval.adapters._raw import RawSpan
from traceeval.model import Json

_WHOLE = ("metadata", "langfuse.trace.metadata")
_EACH = ("langfuse.trace.metadata.", "langsmith.metadata.", "traceloop.association.properties.")
_TAGS = ("tag.tags", "langfuse.trace.tags", "langsmith.span.tags", "logfire.tags")
_NAMED = {
    "user.id": ("user.id", "langfuse.user.id", "enduser.id"),
    "environment": ("langfuse.environment", "deployment.environment.name", "deployment.environment"),
    "service.namespace": ("service.namespace",),
}


def metadata_of(spans: Sequence[RawSpan]) -> dict[str, Json] | None:
    """Metadata of a trace from its spans, outer before inner; None when nobody said anything."""
    found: dict[str, Json] = {}
    for said in (_whole(spans), *(_each(span.attributes) for span in spans), _named(spans)):
        for key, value in said.items():
            found.setdefault(key, value)
    return found or None


def tags_of(spans: Iterable[RawSpan]) -> tuple[str, ...] | None:
    """Tags of a trace, each once, from the outermost span that has any; None when none was recorded."""
    values = (span.attributes[key] for span in spans for key in _TAGS if span.attributes.get(key) is not None)
    return next((tags for value in values if (tags := as_tags(value)) is not None), None)


def as_tags(value: Json) -> tuple[str, ...] | None:
    """A list of texts, JSON of one, or texts between commas; None for anything else."""
    listed = unwrap(value)
    if isinstance(listed, str):
        listed = [part.strip() for part in listed.split(",")]
    if not isinstance(listed, list):
        return None
    return tuple(dict.fromkeys(tag for tag in listed if isinstance(tag, str) and tag))


def _whole(spans: Iterable[RawSpan]) -> Mapping[str, Json]:
    decoded = (unwrap(span.attributes[key]) for span in spans for key in _WHOLE if key in span.attributes)
    return next(({str(key): one[key] for key in one} for one in decoded if isinstance(one, Mapping) and one), {})


def _each(attributes: Mapping[str, Json]) -> dict[str, Json]:
    return dict(_unprefixed(attributes))


def _unprefixed(attributes: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for key, value in attributes.items():
        if key.startswith(_EACH):
            prefix = next(prefix for prefix in _EACH if key.startswith(prefix))
            yield key.removeprefix(prefix), unwrap(value)


def _named(spans: Sequence[RawSpan]) -> dict[str, Json]:
    places = [*(span.attributes for span in spans), spans[0].resource]
    return {
        name: value
        for name, keys in _NAMED.items()
        if (value := next((at[key] for at in places for key in keys if at.get(key) is not None), None)) is not None
    }
