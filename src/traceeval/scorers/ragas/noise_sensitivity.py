"""ragas' noise sensitivity: wrong statements that a context which also supports the reference bears out."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.registry import scorer
from traceeval.scorers.ragas._bridge import HOSTED, Model, answer_inputs, measure, quiet


@scorer(
    "ragas.noise_sensitivity",
    component="generator",
    better="lower",
    default=False,
    requires="ragas",
    must=("model",),
    needs=("reference.answer",),
)
def noise_sensitivity(view: AnswerView, *, model: str = "", base_url: str = HOSTED) -> Reading:
    """Wrong statements borne out by relevant contexts, over statements of the answer. Source: ragas 0.4.3."""
    quiet()
    from ragas.metrics.collections import NoiseSensitivity

    inputs = answer_inputs(view, "user_input", "response", "reference", "retrieved_contexts")
    if isinstance(inputs, Reading):
        return inputs
    return measure(
        view,
        Model(model=model, base_url=base_url),
        lambda llm, _: NoiseSensitivity(llm=llm),
        inputs,
        nan="no_statements: ragas found no statement in the answer",
    )
