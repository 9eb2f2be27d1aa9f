"""ragas' factual correctness: F1 of claims, each side judged against the other."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.registry import scorer
from traceeval.scorers.ragas._bridge import HOSTED, Model, answer_inputs, measure, quiet


@scorer(
    "ragas.factual_correctness",
    component="generator",
    better="higher",
    default=False,
    requires="ragas",
    must=("model",),
    needs=("reference.answer",),
)
def factual_correctness(view: AnswerView, *, model: str = "", base_url: str = HOSTED) -> Reading:
    """F1 of the answer's claims in the reference and the reference's in the answer, rounded by ragas to 2 places. Source: ragas 0.4.3."""
    quiet()
    from ragas.metrics.collections import FactualCorrectness

    inputs = answer_inputs(view, "response", "reference")
    if isinstance(inputs, Reading):
        return inputs
    return measure(
        view,
        Model(model=model, base_url=base_url),
        lambda llm, _: FactualCorrectness(llm=llm),
        inputs,
        nan="no_claims: ragas found no claim on either side",
    )
