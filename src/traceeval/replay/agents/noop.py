"""The baseline that does nothing: a scenario it passes proves nothing."""

from __future__ import annotations

from typing import Literal

from traceeval.model import Scenario
from traceeval.registry import attachment
from traceeval.replay._session import Session

WORDS = "OK."


class Noop:
    """Says one word to whatever it hears."""

    label = "noop"
    clock: Literal["virtual"] = "virtual"
    hosts: tuple[str, ...] = ()

    def prepare(self) -> None:
        """Nothing to do."""

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """Until the user is done."""
        while not session.ended:
            session.say(WORDS)


@attachment("noop")
def noop(rest: str) -> Noop:
    """The agent that does nothing."""
    return Noop()
