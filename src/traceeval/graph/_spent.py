"""What a trace took: steps, tokens, money and seconds, each with whether all of it was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from traceeval.model import Generation, Kind, Span, ToolCall

QUANTITIES = ("steps", "tokens", "cost", "seconds")


def spent(steps: Sequence[Span]) -> Mapping[str, tuple[float, bool]]:
    """Quantity -> (what was spent, whether all of it was recorded), of spans without plumbing.

    ``steps`` are model calls and tool calls, ``seconds`` run from the first start to the last end; ``cost`` is in the
    currency of the recording.
    """
    models = [span for span in steps if span.kind is Kind.MODEL]
    usages = [span.usage for span in models]
    tokens = [(u.input, u.output) for u in usages if u is not None]
    costs = [u.cost for u in usages if u is not None and u.cost is not None]
    times = [(span.start, span.end) for span in steps if span.start is not None and span.end is not None]
    work = sum(isinstance(span.body, Generation | ToolCall) for span in steps)
    seconds = max((end for _, end in times), default=0.0) - min((start for start, _ in times), default=0.0)
    return {
        "steps": (float(work), True),
        "tokens": (
            float(sum((a or 0) + (b or 0) for a, b in tokens)),
            len(tokens) == len(models) and all(None not in pair for pair in tokens),
        ),
        "cost": (sum(costs), len(costs) == len(models)),
        "seconds": (seconds, len(times) == len(steps)),
    }
