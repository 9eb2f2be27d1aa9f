"""Average precision over the relevant documents that were found: the field's "context precision", honestly named."""

from __future__ import annotations

from traceeval.graph.views import Reading, RetrievalView
from traceeval.measures import ranking
from traceeval.registry import scorer
from traceeval.scorers.retriever._common import against_gold


@scorer("retriever.found_ap", needs=("reference.documents",))
def found_ap(view: RetrievalView) -> Reading:
    """As ``retriever.ap`` but over the relevant documents found: it charges nothing for those that were never found.

    Undefined when none was found. Source: the "context precision" of ragas and deepeval.
    """

    def formula(gains: list[float], relevant: int) -> float | None:
        return ranking.average_precision(gains, sum(gain >= view.rel_level for gain in gains), view.rel_level)

    return against_gold(view, formula, empty="none_found: no relevant document was retrieved")
