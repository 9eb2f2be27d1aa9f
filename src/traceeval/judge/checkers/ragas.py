"""``ragas`` (extra): the verdict step of ragas 0.4.3's faithfulness on our claims; its statement generator is bypassed.

It has no edges: ragas joins all contexts into one text. It cannot tell contradicted from unsupported.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from traceeval.errors import ConfigError, MissingExtra
from traceeval.judge._checker import deferred
from traceeval.judge._judges import Judges
from traceeval.judge.backends.openai import HOSTED, read_key
from traceeval.model import Claim, ClaimVerdict, Passage
from traceeval.registry import checker


class RagasChecker:
    """One call for all claims of an answer. Fewer verdicts than claims, or others: every claim is deferred."""

    can = frozenset({"multilingual"})

    def __init__(self, *, model: str, base_url: str, key: str) -> None:
        self._model, self._base_url, self._key = model, base_url, key
        self.id = f"ragas:{model}@{version('ragas')}"

    def check(self, claims: Sequence[Claim], passages: Sequence[Passage]) -> Sequence[ClaimVerdict]:
        """A verdict for every claim; waits for the endpoint."""
        import openai
        from instructor.core import InstructorRetryException

        try:
            said = asyncio.run(self._ask([claim.text for claim in claims], "\n".join(p.text for p in passages)))
        except (openai.OpenAIError, InstructorRetryException):
            return deferred(claims, "endpoint_failed", self.id)
        if len(said) != len(claims):
            return deferred(claims, "checker_failed", self.id)
        return [
            ClaimVerdict(claim=claim, outcome="supported" if one.verdict else "unsupported", by=self.id)
            for claim, one in zip(claims, said, strict=True)
        ]

    async def _ask(self, statements: list[str], context: str) -> list[Any]:
        from openai import AsyncOpenAI
        from ragas.llms import llm_factory
        from ragas.metrics.collections import Faithfulness

        async with AsyncOpenAI(api_key=self._key, base_url=self._base_url, timeout=60) as client:
            metric = Faithfulness(llm=llm_factory(self._model, client=client))
            found = await metric._create_verdicts(statements, context)
        return list(found.statements)


@checker("ragas")
def ragas(judges: Judges, *, model: str = "", base_url: str = HOSTED) -> RagasChecker:
    """The verdict step of ragas' faithfulness, with a model behind an OpenAI-compatible endpoint."""
    if not model:
        raise ConfigError("checker ragas needs a model: --checker ragas:model=NAME[,base_url=URL]")
    if find_spec("ragas") is None:
        raise MissingExtra("checker ragas needs ragas; pip install 'traceeval[ragas]'")
    limited = judges.settings.max_calls is not None or judges.settings.max_usd is not None
    if limited:
        raise ConfigError(
            "checker ragas: ragas makes its own calls, which --max-judge-calls and --max-judge-usd cannot stop"
        )
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"
    return RagasChecker(model=model, base_url=base_url, key=read_key(judges.settings.key_env, base_url))
