"""ragas' context recall: sentences of the reference that the contexts bear out. No document is looked up."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.registry import scorer
from traceeval.scorers.ragas._bridge import HOSTED, Model, answer_inputs, measure, quiet


@scorer(
    "ragas.context_recall",
    component="retriever",
    better="higher",
    default=False,
    requires="ragas",
    must=("model",),
    needs=("reference.answer",),
)
def context_recall(view: AnswerView, *, model: str = "", base_url: str = HOSTED) -> Reading:
    """Reference sentences ragas' judge attributes to the joined contexts, over those it classified. Source: ragas 0.4.3."""
    quiet()
    from ragas.metrics.collections import ContextRecall

    inputs = answer_inputs(view, "user_input", "retrieved_contexts", "reference")
    if isinstance(inputs, Reading):
        return inputs
    return measure(
        view,
        Model(model=model, base_url=base_url),
        lambda llm, _: ContextRecall(llm=llm),
        inputs,
        nan="no_statements: ragas classified no sentence of the reference",
    )
