"""What was lost on the way into the prompt: the last term of the waterfall."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.measures.waterfall import Losses
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_losses


@scorer("assembler.loss", better="lower", range=(-1.0, 1.0), needs=("reference.documents",))
def loss(view: StagesView, *, k: int = K) -> Reading:
    """nDCG@k of the list before the prompt was put together minus that of the prompt; negative: the order improved.

    Source: ours. Failed when the prompt was not recorded.
    """

    def term(split: Losses) -> Reading:
        if split.assembly is None:
            return Reading.failed("missing_evidence: the prompt was not recorded", span=view.span)
        return Reading.scored(split.assembly, span=view.span)

    return with_losses(view, k, term)
