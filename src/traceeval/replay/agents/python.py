"""An agent in Python: ``MODULE:FUNCTION``, where FUNCTION takes the session, or takes nothing and makes what does."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from traceeval.errors import ConfigError
from traceeval.model import Scenario
from traceeval.registry import attachment
from traceeval.replay._modules import load_function
from traceeval.replay._session import Session


class PythonAgent:
    """Calls ``run(session)``, or an object's ``run``. It may be async."""

    clock: Literal["virtual"] = "virtual"
    hosts: tuple[str, ...] = ()

    def __init__(self, named: str | Callable[..., Any]) -> None:
        self._named = named
        self.label = named if isinstance(named, str) else getattr(named, "__qualname__", type(named).__name__)
        self._run: Callable[[Session], Any] | None = None if isinstance(named, str) else self._runner(named)

    def prepare(self) -> None:
        """Import it."""
        if self._run is None and isinstance(self._named, str):
            self._run = self._runner(load_function(self._named))

    def run(self, session: Session, scenario: Scenario, stream: int) -> Awaitable[None] | None:
        """One conversation; a maker makes a new agent for it."""
        self.prepare()
        assert self._run is not None
        found: Awaitable[None] | None = self._run(session)
        return found

    def _runner(self, function: Callable[..., Any]) -> Callable[[Session], Any]:
        taken = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
        if len(taken) == 1:
            return function
        if taken:
            raise ConfigError(f"--agent {self.label}: it takes {len(taken)} arguments; one (the session) or none")
        return lambda session: _callable(function(), self.label)(session)


def _callable(made: Any, label: str) -> Callable[[Session], Any]:
    run = getattr(made, "run", made)
    if not callable(run):
        raise ConfigError(f"--agent {label}: it made a {type(made).__name__}, which has no run(session)")
    found: Callable[[Session], Any] = run
    return found


@attachment("python")
def python(named: str | Callable[..., Any]) -> PythonAgent:
    """A Python callable, sync or async."""
    return PythonAgent(named)
