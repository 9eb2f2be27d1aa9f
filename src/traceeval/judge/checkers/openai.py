"""``openai``: any OpenAI-compatible endpoint, local or hosted. It sends the claims and the passages there."""

from __future__ import annotations

from collections.abc import Sequence

from traceeval.errors import ConfigError
from traceeval.judge._drive import adrive
from traceeval.judge._judges import Judges
from traceeval.judge._request import Inquiry, load_prompt
from traceeval.judge._verdicts import inquire
from traceeval.model import Claim, ClaimVerdict, Passage
from traceeval.registry import checker

HOSTED = "https://api.openai.com/v1"
PROMPT = "supports"


class OpenAIChecker:
    """A judge that must quote: a verdict without its words in the passage is deferred as ``bad_evidence``."""

    can = frozenset({"contradiction", "edges", "multilingual"})

    def __init__(self, judges: Judges, *, model: str, base_url: str, per_call: int) -> None:
        self._judges = judges
        self._per_call = per_call
        self._prompt = load_prompt(PROMPT)
        self.id = f"openai:{model}@{self._prompt.sha}"
        self.endpoint = judges.endpoint(model, base_url.rstrip("/"))

    def inquire(self, claims: Sequence[Claim], passages: Sequence[Passage]) -> Inquiry[list[ClaimVerdict]]:
        """A verdict for every claim, by way of Requests."""
        return inquire(claims, passages, prompt=self._prompt, by=self.id, per_call=self._per_call)

    def check(self, claims: Sequence[Claim], passages: Sequence[Passage]) -> Sequence[ClaimVerdict]:
        """A verdict for every claim; waits for the endpoint."""
        return self._judges.submit(adrive(self.inquire(claims, passages), self.endpoint.answer)).result()


@checker("openai")
def openai(judges: Judges, *, model: str = "", base_url: str = HOSTED, per_call: int = 8) -> OpenAIChecker:
    """A model behind an OpenAI-compatible endpoint; ``per_call`` claims of one answer go into one request."""
    if not model:
        raise ConfigError("checker openai needs a model: --checker openai:model=NAME[,base_url=URL][,per_call=N]")
    if per_call < 1:
        raise ConfigError(f"checker openai: per_call={per_call}: at least 1 claim per request")
    return OpenAIChecker(judges, model=model, base_url=base_url, per_call=per_call)
