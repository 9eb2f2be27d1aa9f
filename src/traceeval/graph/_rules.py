"""Policy rules people write: Python predicates over a trajectory, each with the words of the policy it rests on.

A file of rules is loaded only when a command line, a configuration or a caller names it, never because a trace does.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from traceeval.errors import ConfigError
from traceeval.graph._call import Call
from traceeval.model import Evidence

if TYPE_CHECKING:
    from traceeval.graph._trace_graph import TraceGraph


@dataclass(frozen=True, slots=True)
class Breach:
    """One violation. ``at``: the call that broke the rule, or the id of a span; ``why``: one sentence.

    ``quotes``: further words of the trace that show it. ``missing``: what the rule lacked; then it is not said to be
    broken, it is said to be undecided.
    """

    at: Call | str
    why: str
    quotes: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()


Predicate: TypeAlias = "Callable[[TraceGraph], Iterable[Breach]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """A rule with its id, the severity 1..5 of a breach, where its words stand (``source``) and the words (``text``).

    ``waived``: why breaches are accepted for now; they are then still listed, at severity 1.
    """

    id: str
    severity: int
    source: str
    text: str
    call: Predicate
    waived: str = ""


def policy(id: str, *, severity: int, source: str, text: str, waived: str = "") -> Callable[[Predicate], Predicate]:
    """Mark a function ``TraceGraph -> Iterable[Breach]`` as a policy rule.

    Raises:
        ConfigError: at import, for a severity outside 1..5, or a rule without the words it rests on.
    """
    if severity not in range(1, 6):
        raise ConfigError(f"policy {id}: severity is 1 to 5, not {severity}")
    if not text.strip() or not source.strip():
        raise ConfigError(f"policy {id}: quote the text it rests on, and say where that stands (text=, source=)")

    def register(function: Predicate) -> Predicate:
        rule = PolicyRule(id=id, severity=severity, source=source, text=text, call=function, waived=waived)
        function.__policy__ = rule  # type: ignore[attr-defined]
        return function

    return register


def load_rules(paths: Iterable[str | Path]) -> tuple[PolicyRule, ...]:
    """The rules of these Python files, in the order they are written. The files are run: load only what you trust.

    Raises:
        ConfigError: for a file that cannot be read or run, that holds no rule, or an id that two rules have.
    """
    found: dict[str, PolicyRule] = {}
    for path in paths:
        rules = list(_rules_of(Path(path)))
        if not rules:
            raise ConfigError(f"{path}: no rule; mark a function with @policy(...)")
        for rule in rules:
            if rule.id in found:
                raise ConfigError(f"{path}: two rules are called {rule.id!r}")
            found[rule.id] = rule
    return tuple(found.values())


def _rules_of(path: Path) -> Iterator[PolicyRule]:
    module = f"traceeval_rules_{sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(module, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ConfigError(f"{path}: no Python file; pass another --rules")
    loaded = sys.modules[module] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(loaded)
    except (SyntaxError, ImportError, NameError, AttributeError, TypeError, ValueError) as error:
        raise ConfigError(f"{path}: {type(error).__name__}: {error}") from error
    marked = (getattr(value, "__policy__", None) for value in vars(loaded).values())
    rules = {rule.id: rule for rule in marked if isinstance(rule, PolicyRule)}
    yield from sorted(rules.values(), key=lambda rule: inspect.unwrap(rule.call).__code__.co_firstlineno)
