"""What must come of a trial: milestones, what is forbidden, the state, the answer. Matchers are those of a Reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from traceeval.model._value import Json, Value, one_of
from traceeval.model.reference import CallSpec
from traceeval.model.user import Claim

AssertionName: TypeAlias = Literal["milestones", "forbidden", "state", "answer", "policy", "budget"]


class CallPattern(Value, frozen=True):
    """Calls of these tools whose arguments match; other arguments may be anything."""

    tool: str | tuple[str, ...]
    args: Mapping[str, Json] = {}

    @property
    def spec(self) -> CallSpec:
        """The same as an expected call, however it ends."""
        return CallSpec(tool=self.tool, args=self.args, extra="allow", result="any")


class FlowEnd(Value, frozen=True):
    """Where a flow may end: tools of this effect, or this tool."""

    effect: Literal["write", "external", "privileged"] | None = None
    tool: str | None = None

    def __post_init__(self) -> None:
        one_of(self, "effect", "tool")


class FlowPattern(Value, frozen=True, rename={"from_": "from"}):
    """A value written by one of that trust reaching a call."""

    from_: Literal["untrusted", "user"]
    to: FlowEnd


class Forbidding(Value, frozen=True):
    """What must never happen: a call, or a flow."""

    call: CallPattern | None = None
    flow: FlowPattern | None = None
    why: str | None = None

    def __post_init__(self) -> None:
        one_of(self, "call", "flow")


class MilestoneCall(Value, frozen=True):
    """The call of a milestone; its other arguments must be at their defaults unless ``extra`` says otherwise."""

    tool: str | tuple[str, ...]
    args: Mapping[str, Json] = {}
    extra: Literal["allow", "forbid", "defaults"] = "defaults"
    result: Literal["ok", "error", "any"] = "ok"
    by: str | None = None


class StateValue(Value, frozen=True):
    """A value of the final state."""

    path: str
    value: Json


class Milestone(Value, frozen=True):
    """Something that has to happen: a call, or a value of the final state."""

    call: MilestoneCall | None = None
    state: StateValue | None = None
    after: tuple[str, ...] = ()
    optional: bool = False
    any_of: str | None = None
    min: int = 1
    max: int | None = 1
    weight: float = 1.0

    def __post_init__(self) -> None:
        if one_of(self, "call", "state") == "state" and (self.after or self.any_of or self.optional):
            raise ValueError("a milestone of the state has no `after`, `any_of` or `optional`: it holds at the end")

    def spec(self, id: str) -> CallSpec | None:
        """The same as an expected call; None for a milestone of the state."""
        if self.call is None:
            return None
        call = msgspec.structs.asdict(self.call)
        return CallSpec(
            id=id,
            **call,
            after=self.after,
            optional=self.optional,
            any_of=self.any_of,
            min=self.min,
            max=self.max,
            weight=self.weight,
        )


class Allowed(Value, frozen=True):
    """Paths of the state that may change; ``*`` stands for any one step."""

    allow: tuple[str, ...] = ()


class StateRule(Value, frozen=True):
    """The state afterwards: as it was, but for ``expect`` (path -> value or matcher) and what ``diff.allow`` names."""

    expect: Mapping[str, Json] = {}
    diff: Allowed = Allowed()


class AnswerRule(Value, frozen=True):
    """One thing the last text must or must not say. ``regex``: RE2, which takes linear time, anywhere in the text."""

    contains: str | None = None
    contains_value: Json = None
    not_contains: str | None = None
    claims: Claim | None = None
    not_claims: Claim | None = None
    regex: str | None = None

    def __post_init__(self) -> None:
        one_of(self, *self.__struct_fields__)


class Spent(Value, frozen=True):
    """What a passing trial may use beyond what was asked for."""

    extra_reads: int | None = None
    calls: int | None = None
    tokens: int | None = None


class Assertions(Value, frozen=True, rename={"passes": "pass"}):
    """What must come of a trial; ``pass`` is the conjunction that decides."""

    milestones: Mapping[str, Milestone] | None = None
    forbidden: tuple[Forbidding, ...] | None = None
    state: StateRule | None = None
    answer: tuple[AnswerRule, ...] | None = None
    policy: tuple[str, ...] | None = None
    budget: Spent | None = None
    passes: tuple[AssertionName, ...] = ()

    def __post_init__(self) -> None:
        if not self.passes:
            raise ValueError("assertions need `pass`: the list of those that decide")
        lacking = [name for name in self.passes if getattr(self, name) is None]
        if lacking:
            raise ValueError(f"pass names {', '.join(lacking)}, which the assertions do not declare")
