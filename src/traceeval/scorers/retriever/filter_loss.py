"""What a search found and its filter kept out."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_part


@scorer("retriever.filter_loss", better="lower", needs=("reference.documents",))
def filter_loss(view: StagesView, *, k: int = K) -> Reading:
    """nDCG@k of what the searches found before their filters, in its best order, minus that of what was left.

    A part of ``retriever.loss``; not applicable unless an unfiltered list was recorded. Source: ours.
    """
    return with_part(view, k, "filter", "no unfiltered list was recorded")
