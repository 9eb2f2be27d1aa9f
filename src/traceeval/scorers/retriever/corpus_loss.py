"""What no retriever could find: relevant documents that are in no index."""

from __future__ import annotations

from traceeval.graph.views import Reading, StagesView
from traceeval.registry import scorer
from traceeval.scorers._stages import K, with_part


@scorer("retriever.corpus_loss", better="lower", needs=("reference.documents",))
def corpus_loss(view: StagesView, *, k: int = K) -> Reading:
    """1 - nDCG@k of the indexed documents in their best order: the part of ``retriever.loss`` that is not the retriever's.

    Not applicable unless the gold or a list of the corpus says what is in no index. Source: ours.
    """
    return with_part(view, k, "corpus", "nobody said which documents are in no index")
