"""How much of the answer has no support."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Asking
from traceeval.registry import scorer
from traceeval.scorers.generator._answers import checked, claim_share, missing


@scorer("generator.unsupported", better="lower")
def unsupported(view: AnswerView) -> Asking[Reading]:
    """Unsupported claims over claims asked; evidence quotes each. Source: metrics.md section 4."""
    early = missing(view)
    if early is not None:
        return early
    return claim_share(view, (yield from checked(view)), "unsupported")
