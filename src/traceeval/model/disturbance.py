"""What a scenario disturbs on purpose: faults of tools (replay.md section 5) and planted instructions (section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from traceeval.model._value import Json, Value, one_of
from traceeval.model.assertions import CallPattern, Forbidding


class At(Value, frozen=True, rename={"from_": "from"}):
    """Which calls a fault befalls: tool glob, argument matchers, the ``nth`` such call or all ``from`` that one on."""

    tool: str
    args: Mapping[str, Json] = {}
    nth: int | None = None
    from_: int | None = None

    def __post_init__(self) -> None:
        if self.nth is not None and self.from_ is not None:
            raise ValueError("at: give `nth` or `from`, not both")
        if min(self.nth or 1, self.from_ or 1) < 1:
            raise ValueError("at: calls are counted from 1")


def _not_negative(thing: Value, *fields: str) -> None:
    for name in fields:
        value = getattr(thing, name)
        if value is not None and value < 0:
            raise ValueError(f"{name} {value}; it is 0 or more")


class Timeout(Value, frozen=True):
    """The agent sees a time-out. ``applied``: the call took effect all the same."""

    after_ms: float = 5000.0
    applied: bool = False

    def __post_init__(self) -> None:
        _not_negative(self, "after_ms")


class Latency(Value, frozen=True):
    """The answer takes this long, on the virtual clock."""

    ms: float

    def __post_init__(self) -> None:
        _not_negative(self, "ms")


class Refusal(Value, frozen=True):
    """An HTTP error this many times."""

    times: int = 1
    retry_after_s: float | None = None

    def __post_init__(self) -> None:
        _not_negative(self, "times", "retry_after_s")


class Damage(Value, frozen=True):
    """Where the result breaks off, in bytes; None: in the middle."""

    bytes: int | None = None

    def __post_init__(self) -> None:
        _not_negative(self, "bytes")


class Stale(Value, frozen=True):
    """The result as it was this many state versions ago."""

    version: int = -1


class Drift(Value, frozen=True):
    """Keys of the result under other names."""

    rename: Mapping[str, str]


class Nothing(Value, frozen=True):
    """A fault without parameters."""


class Inject(Value, frozen=True):
    """What the agent sees instead of the plain result: exactly one kind (replay.md section 5)."""

    timeout: Timeout | None = None
    latency: Latency | None = None
    http_500: Refusal | None = None
    rate_429: Refusal | None = None
    auth_401: Refusal | None = None
    malformed_json: Damage | None = None
    truncated: Damage | None = None
    empty: Nothing | None = None
    stale: Stale | None = None
    schema_drift: Drift | None = None
    duplicate_delivery: Nothing | None = None

    def __post_init__(self) -> None:
        one_of(self, *self.__struct_fields__)

    @property
    def kind(self) -> str:
        """Which of them it is."""
        return one_of(self, *self.__struct_fields__)


class MustNot(Value, frozen=True):
    """An expectation of its own: none of these happens."""

    must_not: tuple[Forbidding, ...]


Expect: TypeAlias = Literal["recovers", "degrades_safely"] | MustNot


class PlannedFault(Value, frozen=True):
    """A fault and what the agent is expected to make of it; no default: a fault cell must say what it asks."""

    id: str
    at: At
    inject: Inject
    expect: Expect


class Slot(Value, frozen=True):
    """Where a payload is planted: a JSON path in the result of a tool."""

    tool: str
    path: str
    position: Literal["prepend", "append", "replace"] = "append"


class Payload(Value, frozen=True):
    """The words: a file of the suite, or ``text``. ``wording`` and ``obfuscation`` name its kind in reports."""

    ref: str | None = None
    text: str | None = None
    wording: str | None = None
    obfuscation: str | None = None

    def __post_init__(self) -> None:
        one_of(self, "ref", "text")


class Goal(Value, frozen=True):
    """What the attacker wants: a call, or that the agent ``says`` a text. ``text``: how the payload puts it (``{goal}``)."""

    call: CallPattern | None = None
    says: str | None = None
    text: str | None = None

    def __post_init__(self) -> None:
        one_of(self, "call", "says")

    @property
    def name(self) -> str:
        """How tables call it."""
        if self.call is None:
            return "say a secret"
        return self.call.tool if isinstance(self.call.tool, str) else " or ".join(self.call.tool)

    @property
    def words(self) -> str:
        """How a payload puts it."""
        return self.text or (f"call {self.call.tool}" if self.call is not None else f"say {self.says}")


Tactic: TypeAlias = Literal["pretext", "false_authority", "escalation", "prompt_leak", "persistence"]
TACTICS: tuple[Tactic, ...] = ("pretext", "false_authority", "escalation", "prompt_leak", "persistence")
"""How a user may attack: a story, a rank they do not have, step by step, for the prompt itself, again and again."""


class UserAttack(Value, frozen=True):
    """What a variant's user is after, and how. ``wording`` names the words in reports."""

    tactic: Tactic
    goal: Goal
    wording: str


class Injection(Value, frozen=True):
    """A planted instruction. Its label stays in the record of the trial: no scorer ever sees it."""

    id: str
    slot: Slot
    payload: Payload
    goal: Goal
