"""Whether the answer rests on what stood in the prompt."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Asking
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import checked, claim_share, missing


@scorer("generator.grounded")
def grounded(view: AnswerView) -> Asking[Reading]:
    """Supported claims over claims asked. Deferred claims count in the bounds, never out of the denominator.

    Source: metrics.md section 4. Empty context with claims made: 0, scored.
    """
    early = missing(view)
    if early is not None:
        return early
    return claim_share(view, (yield from checked(view)), "supported")
