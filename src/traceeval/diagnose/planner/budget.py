"""BUD-1: more was spent than was allowed."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.diagnose._calls import at_span, undecided
from traceeval.graph import Dossier
from traceeval.model import Component, Evidence, Finding, Generation, Kind, Span, ToolCall
from traceeval.registry import diagnosis

CODE = "planner.budget"
_NEEDS = {"tokens": "span.usage", "cost": "span.usage.cost", "seconds": "span.start"}


@diagnosis(CODE, severity=2, id="BUD-1")
def budget(dossier: Dossier) -> Iterator[Finding]:
    """Steps, tokens, cost or seconds of a trace over the ``[budget]`` of the policy file; no budget, no question.

    Steps are model calls and tool calls; seconds run from the first start to the last end. Something of a budgeted
    quantity was not recorded: unknown, unless what was recorded is over already.
    """
    allowed = dossier.policy.budget
    if not allowed or not dossier.trace.spans:
        return
    spent = _spent(dossier)
    root = dossier.trace.spans[0].id
    over = [(name, spent[name][0], most) for name, most in allowed.items() if name in spent and spent[name][0] > most]
    for name, used, most in over:
        quote = Evidence(span=root, field=name, quote=f"{used:g}")
        yield at_span(
            dossier, CODE, Component.PLANNER, 2, root, f"{used:g} {name}, {most:g} allowed", quote, key=f"budget:{name}"
        )
    told = {name for name, _, _ in over}
    for name in allowed:
        if name in spent and not spent[name][1] and name not in told:
            text = f"whether the budget of {name} was kept is unknown"
            yield undecided(dossier, CODE, Component.PLANNER, 2, text, _NEEDS[name])


def _spent(dossier: Dossier) -> dict[str, tuple[float, bool]]:
    """Quantity -> (what was spent, whether all of it was recorded)."""
    steps = dossier.graph.steps
    models = dossier.graph.of_kind(Kind.MODEL)
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
        "seconds": (seconds, _timed(steps)),
    }


def _timed(steps: tuple[Span, ...]) -> bool:
    return all(span.start is not None and span.end is not None for span in steps)
