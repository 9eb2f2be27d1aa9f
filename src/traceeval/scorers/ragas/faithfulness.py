"""ragas' faithfulness: its own statements, each judged against all contexts joined."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.registry import scorer
from traceeval.scorers.ragas._bridge import HOSTED, Model, answer_inputs, measure, quiet


@scorer("ragas.faithfulness", component="generator", better="higher", default=False, requires="ragas", must=("model",))
def faithfulness(view: AnswerView, *, model: str = "", base_url: str = HOSTED) -> Reading:
    """Statements of the answer that ragas' judge can infer from the contexts, over verdicts. Source: ragas 0.4.3."""
    quiet()
    from ragas.metrics.collections import Faithfulness

    inputs = answer_inputs(view, "user_input", "response", "retrieved_contexts")
    if isinstance(inputs, Reading):
        return inputs
    return measure(
        view,
        Model(model=model, base_url=base_url),
        lambda llm, _: Faithfulness(llm=llm),
        inputs,
        nan="no_statements: ragas found no statement in the answer",
    )
