"""ragas' context precision: average precision over contexts its judge calls useful; what was not found costs nothing."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.registry import scorer
from traceeval.scorers.ragas._bridge import HOSTED, Model, answer_inputs, measure, quiet


@scorer(
    "ragas.context_precision",
    component="retriever",
    better="higher",
    default=False,
    requires="ragas",
    must=("model",),
    needs=("reference.answer",),
)
def context_precision(view: AnswerView, *, model: str = "", base_url: str = HOSTED) -> Reading:
    """Average precision of the contexts by usefulness for the reference, over useful contexts found. Source: ragas 0.4.3."""
    quiet()
    from ragas.metrics.collections import ContextPrecision

    inputs = answer_inputs(view, "user_input", "reference", "retrieved_contexts")
    if isinstance(inputs, Reading):
        return inputs
    return measure(
        view,
        Model(model=model, base_url=base_url),
        lambda llm, _: ContextPrecision(llm=llm),
        inputs,
        nan="no_verdicts: ragas judged no context",
    )
