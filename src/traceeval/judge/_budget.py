"""How much judging may cost. What is left is reserved before a call and settled after it, so it is never overdrawn."""

from __future__ import annotations

from dataclasses import dataclass

from traceeval.errors import ConfigError
from traceeval.judge._request import Reply, Request


@dataclass(slots=True)
class Budget:
    """Calls and money. ``prices``: model -> (USD per million tokens in, out). Used from one event loop only."""

    prices: dict[str, tuple[float, float]]
    max_calls: int | None = None
    max_usd: float | None = None
    calls: int = 0
    spent: float = 0.0
    reserved: float = 0.0
    refused: int = 0

    def admit(self, model: str) -> None:
        """Check once that the model can be paid for.

        Raises:
            ConfigError: there is a limit in USD and nobody said what the model costs.
        """
        if self.max_usd is not None and model not in self.prices:
            raise ConfigError(
                f"--max-judge-usd: the price of {model!r} is unknown; add it under [prices] in the policy file "
                "(USD per million tokens in and out), or limit calls with --max-judge-calls"
            )

    def reserve(self, request: Request, model: str) -> float | None:
        """The most this call can cost, set aside; None when the budget does not allow the call."""
        worst = self._cost(model, request.size, request.most_tokens)
        calls = self.max_calls is not None and self.calls >= self.max_calls
        money = self.max_usd is not None and self.spent + self.reserved + worst > self.max_usd
        if calls or money:
            self.refused += 1
            return None
        self.calls += 1
        self.reserved += worst
        return worst

    def settle(self, reserved: float, reply: Reply | None, model: str) -> None:
        """Replace what was set aside by what it cost. Usage that is not reported is charged at its most."""
        self.reserved -= reserved
        if reply is None:
            return
        known = reply.tokens_in is not None and reply.tokens_out is not None
        self.spent += self._cost(model, reply.tokens_in or 0, reply.tokens_out or 0) if known else reserved

    def price(self, model: str, reply: Reply) -> float | None:
        """What a reply cost in USD; None where the price or the tokens are not known."""
        if model not in self.prices or reply.tokens_in is None or reply.tokens_out is None:
            return None
        return self._cost(model, reply.tokens_in, reply.tokens_out)

    def _cost(self, model: str, read: int, written: int) -> float:
        if model not in self.prices:
            return 0.0
        price_in, price_out = self.prices[model]
        return (read * price_in + written * price_out) / 1e6
