"""Scores that others recorded in a trace or a log: read as scores, never as a trajectory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from traceeval.adapters._dialects._attributes import Attributes
from traceeval.adapters._raw import RawSpan
from traceeval.model import Imported, Json

_PREFIXES = ("evaluations", "trace.evaluations", "session.evaluations")
EVENT = "gen_ai.evaluation.result"


def is_evaluator(span: RawSpan) -> bool:
    """Whether a span is somebody's evaluation of another span."""
    return str(span.attributes.get("openinference.span.kind", "")).upper() == "EVALUATOR"


def evaluations(span: RawSpan) -> Iterator[Imported]:
    """Scores in ``evaluations.N.evaluation.*``, about the span an evaluator links to, else the span itself."""
    if not any(key.startswith(_PREFIXES) for key in span.attributes):
        return
    trace, about = span.links[0] if is_evaluator(span) and span.links else (span.trace, span.id)
    attributes = Attributes(span.attributes, _PREFIXES)
    for prefix in _PREFIXES:
        for item in attributes.items(prefix):
            name = item.text("evaluation.name")
            if name is not None:
                yield Imported(
                    name=name,
                    value=item.real("evaluation.score"),
                    label=item.text("evaluation.label"),
                    explanation=item.text("evaluation.explanation"),
                    trace=trace,
                    span=about if prefix == "evaluations" else None,
                    by=item.text("evaluation.identifier", "evaluation.annotator_kind"),
                )


def logged(name: str, attributes: Mapping[str, Json], trace: str, span: str) -> Imported | None:
    """A ``gen_ai.evaluation.result`` log event; None for any other."""
    if name != EVENT:
        return None
    a = Attributes(dict(attributes))
    return Imported(
        name=a.text("gen_ai.evaluation.name") or "evaluation",
        value=a.real("gen_ai.evaluation.score.value"),
        label=a.text("gen_ai.evaluation.score.label"),
        explanation=a.text("gen_ai.evaluation.explanation"),
        trace=trace or None,
        span=span or None,
        by=a.text("traceeval.evaluator.id"),
    )
