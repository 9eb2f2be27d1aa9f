"""Calls a metric of ragas 0.4.3 (``ragas.metrics.collections``) and turns what comes back into a Reading.

A metric that yields NaN, raises, or returns fewer verdicts than it asked for has no value here: it has a status. What
ragas heard from the model is kept as evidence, verdict by verdict. https://docs.ragas.io/en/v0.4.3/
"""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from traceeval.graph import in_context
from traceeval.graph.views import AnswerView, Reading
from traceeval.judge.backends.openai import HOSTED, read_key
from traceeval.model import Evidence
from traceeval.scorers.generator._answers import NO_REFERENCE

__all__ = ["HOSTED", "Model", "answer_inputs", "measure", "quiet"]

Make = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The model ragas asks. ``key_env``: the environment variable that holds the key."""

    model: str
    base_url: str = HOSTED
    key_env: str = "OPENAI_API_KEY"


def quiet() -> None:
    """Telemetry off, before ragas is imported."""
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"


def answer_inputs(view: AnswerView, *wanted: str) -> dict[str, Any] | Reading:
    """Arguments of ragas by their names there, or why the score cannot be had."""
    found: dict[str, Any] = {
        "user_input": view.question,
        "response": view.answer,
        "retrieved_contexts": [passage.text for passage in in_context(view)] if view.passages is not None else None,
        "reference": view.reference.answer[0] if view.reference is not None and view.reference.answer else None,
    }
    if "reference" in wanted and not found["reference"]:
        return Reading.not_applicable(NO_REFERENCE, span=view.span)
    if "user_input" in wanted and not found["user_input"]:
        return Reading.not_applicable("no_question: the trace has no question", span=view.span)
    for name, what in (("response", "the answer"), ("retrieved_contexts", "the prompt")):
        if name in wanted and found[name] is None:
            return Reading.failed(f"missing_evidence: {what} was not recorded", span=view.span)
    empty = [name for name in ("response", "retrieved_contexts") if name in wanted and not found[name]]
    if empty:
        return Reading.failed(f"empty_input: ragas refuses empty {', '.join(empty)}", span=view.span)
    return {name: found[name] for name in wanted}


def measure(view: AnswerView, model: Model, make: Make, inputs: Mapping[str, Any], *, nan: str) -> Reading:
    """Run a metric. ``nan``: what it means when this metric of ragas returns NaN."""
    quiet()
    import openai
    from instructor.core import InstructorRetryException

    try:
        value, heard = asyncio.run(_run(model, make, inputs))
    except (openai.OpenAIError, InstructorRetryException, ValueError) as error:
        return Reading.failed(f"ragas_failed: {type(error).__name__}", span=view.span)  # their words may quote the key
    verdicts = list(_verdicts(heard))
    asked = sum(len(_texts(one)) for one in heard)
    evidence = tuple(
        Evidence(span=view.span or "", field=f"ragas verdict {int(holds)}", quote=text) for text, holds in verdicts
    )
    held = sum(holds for _, holds in verdicts)
    said = f"ragas {version('ragas')}, {model.model}: {held} of {len(verdicts)} verdicts hold"
    if asked > len(verdicts):
        why = f"ragas_incomplete: {asked} statements asked, {len(verdicts)} verdicts returned ({said})"
        return Reading.failed(why, units=asked, span=view.span, evidence=evidence)
    if math.isnan(value):
        return Reading.undefined(nan, span=view.span)
    return Reading.scored(value, why=f"by: {said}", units=max(len(verdicts), 1), span=view.span, evidence=evidence)


async def _run(model: Model, make: Make, inputs: Mapping[str, Any]) -> tuple[float, list[Any]]:
    from openai import AsyncOpenAI
    from ragas.llms import llm_factory

    key = read_key(model.key_env, model.base_url)
    heard: list[Any] = []
    async with AsyncOpenAI(api_key=key, base_url=model.base_url, timeout=60) as client:
        llm = llm_factory(model.model, client=client)
        genuine = llm.agenerate

        async def listening(*args: Any, **kwargs: Any) -> Any:
            heard.append(await genuine(*args, **kwargs))
            return heard[-1]

        llm.agenerate = listening
        result = await make(llm, client).ascore(**inputs)
    return float(result.value), heard


def _texts(heard: Any) -> Sequence[str]:
    """The statements or claims a decomposition found; empty for any other reply."""
    found = [*(getattr(heard, "statements", None) or ()), *(getattr(heard, "claims", None) or ())]
    return [one for one in found if isinstance(one, str)]


def _verdicts(heard: Sequence[Any]) -> Iterator[tuple[str, bool]]:
    for number, one in enumerate(heard, 1):
        for statement in getattr(one, "statements", None) or ():
            if not isinstance(statement, str):
                yield statement.statement, bool(statement.verdict)
        for statement in getattr(one, "classifications", None) or ():
            yield statement.statement, bool(statement.attributed)
        if isinstance(getattr(one, "verdict", None), int):
            yield f"context {number}", bool(one.verdict)
