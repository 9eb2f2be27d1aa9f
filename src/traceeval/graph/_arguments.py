"""One call against one expected call: which arguments are right, and what is wrong with the first that is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from traceeval.graph._call import Call
from traceeval.graph._tools import ToolBook
from traceeval.measures.assignment import Fit
from traceeval.measures.matchers import match, may_be_missing
from traceeval.measures.paths import ABSENT, value_at
from traceeval.model import CallSpec, Json

Wrong = Literal["malformed_args", "unknown_arg", "missing_arg", "wrong_type", "wrong_value", "failed_call"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument path compared. ``wrong`` None: right."""

    path: str
    role: str
    actual: Json
    expected: Json
    wrong: Wrong | None
    coercible: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A call against a spec. ``wrong``: the first class that applies, None for a full match."""

    arguments: tuple[Argument, ...]
    wrong: Wrong | None
    similarity: float

    @property
    def fit(self) -> Fit:
        """What assignment needs to know."""
        return Fit(self.wrong is None, self.similarity)

    @property
    def equal_arguments(self) -> bool:
        """Whether only the result may be wrong."""
        return self.wrong in (None, "failed_call")


_ORDER = ("unknown_arg", "missing_arg", "wrong_type", "wrong_value")


def compare(call: Call, spec: CallSpec, book: ToolBook, *, coerce: bool = False) -> Comparison:
    """Compare a call with what was expected; never raises for anything a trace holds."""
    if not isinstance(call.arguments, dict) and not (call.arguments is None and call.raw is None and not spec.args):
        return Comparison((), "malformed_args", 0.0)
    actual = call.arguments if isinstance(call.arguments, dict) else {}
    compared = tuple(_compared(call, actual, spec, book, coerce))
    paths = sum(_leaves(argument) for argument in compared)
    right = sum(_leaves(argument) for argument in compared if argument.wrong is None)
    found = {argument.wrong for argument in compared}
    wrong: Any = next((name for name in _ORDER if name in found), None)
    if wrong is None and spec.result != "any" and call.ok is not None and call.ok != (spec.result == "ok"):
        wrong = "failed_call"
    return Comparison(compared, wrong, right / paths if paths else 1.0)


def _compared(
    call: Call, actual: Mapping[str, Json], spec: CallSpec, book: ToolBook, coerce: bool
) -> Iterator[Argument]:
    """A missing argument is its schema default, unless the schema requires it: then nobody fills it in."""
    schema = call.parameters or call.spec.parameters or {}
    listed = schema.get("properties") if isinstance(schema, dict) else None
    rules: Mapping[str, Json] = listed if isinstance(listed, dict) else {}
    required = schema.get("required") if isinstance(schema, dict) else None
    needed = required if isinstance(required, list) else []
    for path, expected in spec.args.items():
        value = value_at(actual, path)
        rule = rules.get(path)
        if value is ABSENT and isinstance(rule, dict) and "default" in rule and path not in needed:
            value = rule["default"]
        yield _argument(path, book.role(call.spec, path), value, expected, rule, coerce)
    heads = {path.split(".", 1)[0] for path in spec.args}
    for key, value in actual.items():
        if key not in heads:
            yield _extra(str(key), value, book.role(call.spec, str(key)), spec, rules)


def _argument(path: str, role: str, actual: Any, expected: Json, rule: Json, coerce: bool) -> Argument:
    missing_ok = expected is None or may_be_missing(expected)
    if actual is ABSENT:
        return Argument(path, role, None, expected, None if missing_ok else "missing_arg")
    if isinstance(rule, dict) and rule.get("uniqueItems") and isinstance(expected, list):
        expected = {"$set": expected}
    found = match(actual, expected, role)
    if found != "equal" and missing_ok and isinstance(rule, dict) and "default" in rule:
        found = "equal" if match(actual, rule["default"], role) == "equal" else found
    if found == "coercible":
        return Argument(path, role, actual, expected, None if coerce else "wrong_type", coercible=True)
    wrong: dict[str, Wrong | None] = {"equal": None, "wrong_type": "wrong_type", "different": "wrong_value"}
    return Argument(path, role, actual, expected, wrong[found])


def _extra(key: str, value: Json, role: str, spec: CallSpec, rules: Mapping[str, Json]) -> Argument:
    """An argument nobody listed: allowed, forbidden, or right only at its schema default."""
    if spec.extra == "allow":
        return Argument(key, role, value, value, None)
    rule = rules.get(key)
    if spec.extra == "defaults" and isinstance(rule, dict):
        default = rule.get("default")
        same = match(value, default, role) == "equal"
        return Argument(key, role, value, default, None if same else "wrong_value")
    return Argument(key, role, value, None, "unknown_arg")


def _leaves(argument: Argument) -> int:
    """How many leaf values an argument counts for: nested objects count each leaf."""
    whole = argument.actual if argument.actual is not None else argument.expected
    if not isinstance(whole, dict | list | tuple):
        return 1
    count, left = 0, [whole]
    while left:
        value = left.pop()
        if isinstance(value, dict | list | tuple):
            left += value.values() if isinstance(value, dict) else value
        else:
            count += 1
    return max(1, count)
