"""ragas' answer relevancy: cosine between the question and questions its model writes from the answer."""

from __future__ import annotations

from traceeval.graph.views import AnswerView, Reading
from traceeval.registry import scorer
from traceeval.scorers.ragas._bridge import HOSTED, Model, answer_inputs, measure, quiet


@scorer(
    "ragas.answer_relevancy",
    component="generator",
    range=(-1.0, 1.0),
    default=False,
    requires="ragas",
    must=("model", "embeddings"),
)
def answer_relevancy(view: AnswerView, *, model: str = "", embeddings: str = "", base_url: str = HOSTED) -> Reading:
    """Mean cosine similarity of the question to questions regenerated from the answer. Source: ragas 0.4.3."""
    quiet()
    from ragas.embeddings.base import embedding_factory
    from ragas.metrics.collections import AnswerRelevancy

    inputs = answer_inputs(view, "user_input", "response")
    if isinstance(inputs, Reading):
        return inputs
    return measure(
        view,
        Model(model=model, base_url=base_url),
        lambda llm, client: AnswerRelevancy(
            llm=llm, embeddings=embedding_factory("openai", model=embeddings, client=client, interface="modern")
        ),
        inputs,
        nan="no_direction: an embedding of length 0",
    )
