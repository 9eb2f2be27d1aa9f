"""``traceeval scenario``: the files of a suite, and where they come from: recorded traces and what people decided of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceeval.cli._failures import exits
from traceeval.cli.review import DEFAULT_QUEUE
from traceeval.errors import ConfigError, InputError

if TYPE_CHECKING:
    from traceeval.model import Trace
    from traceeval.run import PinnedSuite, ToPin

F = TypeVar("F", bound=Callable[..., Any])

_PINNING = (
    click.option("--out", required=True, metavar="SUITE", help="A suite's folder, new or not; no file is replaced."),
    click.option("--tools", metavar="FILE", help="Annotations of the tools; default: the suite's own tools.yaml."),
    click.option("--mock", metavar="FILE:FUNCTION", help="Stateful tools of the suite instead of a tape of the calls."),
    click.option("--state", metavar="FILE", help="The state --mock begins with, a file of the suite."),
)


def _pinning(command: F) -> F:
    for option in reversed(_PINNING):
        command = option(command)
    return command


@click.group()
def command() -> None:
    """The files of a suite of scenarios."""


@command.command("schema")
@click.argument("name", type=click.Choice(["scenario", "suite", "gate"]), default="scenario")
@exits
def schema(name: str) -> None:
    """Print the JSON Schema of a scenario file, of suite.yaml, or of a gate file."""
    import msgspec

    from traceeval.model import Scenario, SuiteFile
    from traceeval.model.gate import ReplayGate

    kind = {"scenario": Scenario, "suite": SuiteFile, "gate": ReplayGate}[name]
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())


@command.command("vary")
@click.argument("suite", metavar="SUITE")
@click.option("--out", required=True, metavar="DIR", help="A new folder: the suite again, with the variants in it.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same bytes.")
@click.option("--operator", "operators", multiple=True, metavar="NAME", help="Only this one; repeatable. Default: all.")
@exits
def vary(suite: str, out: str, seed: int, operators: tuple[str, ...]) -> None:
    """Tell every scenario of SUITE in other ways: other order, register, typing errors, facts left out, corrections, ...

    Nothing is asked of a model. `traceeval replay DIR` then names the operators that break an agent. What an operator
    could make nothing of is printed with the reason.
    """
    from pathlib import Path

    from traceeval.errors import ConfigError
    from traceeval.measures.safe_text import inline
    from traceeval.replay import load_suite
    from traceeval.replay.vary import OPERATORS, vary_suite

    unknown = set(operators) - set(OPERATORS)
    if unknown:
        raise ConfigError(f"--operator {', '.join(sorted(unknown))}: one of {', '.join(OPERATORS)}")
    made, left = vary_suite(load_suite(suite), Path(out), seed=seed, operators=operators)
    for one in left:
        click.echo(f"  {inline(one.scenario)}: no {one.operator}: {inline(one.why, 160)}")
    click.echo(f"{made} variants written to {out}; traceeval replay {out} --agent AGENT runs them")


@command.command("from-trace")
@click.argument("path", metavar="TRACE")
@click.option(
    "--id", "trace_id", metavar="ID", help="Which trace, by the beginning of its id; default: all of the file."
)
@click.option("--wrong", multiple=True, metavar="TOOL", help="Its calls were wrong and must not be made; repeatable.")
@_pinning
@exits
def from_trace(path: str, trace_id: str | None, wrong: tuple[str, ...], **given: Any) -> None:
    """Make scenarios of recorded traces: the user's words, a tape of the calls, redacted; tested is that it goes so again.

    Calls that findings of severity 3 and over name, or --wrong, are forbidden; those before the first of them have to be made.
    """
    from traceeval.run import ToPin

    found = _traces(path)
    chosen = [one for one in found if trace_id is None or one.id.startswith(trace_id)]
    if not chosen:
        raise ConfigError(f"{path}: no trace{f' whose id begins with {trace_id!r}' if trace_id else ''}")
    note = f"people call {', '.join(wrong)} wrong" if wrong else "recorded; confirm what is asserted"
    _pin((ToPin(trace=one, note=note, wrong=frozenset(wrong)) for one in chosen), **given)


def _traces(path: str) -> list[Trace]:
    """Every trace of a file.

    Raises:
        InputError: none of it can be read; the first reason.
    """
    from traceeval.adapters import read_records
    from traceeval.model import Diagnostic, Trace

    records = list(read_records([path]))
    found = [one for one in records if isinstance(one, Trace)]
    wrong = [one for one in records if isinstance(one, Diagnostic) and one.level == "error"]
    if wrong and not found:
        raise InputError(f"{wrong[0].where or path}: {wrong[0].text}")
    return found


@command.command("from-decisions")
@click.option("--queue", "url", envvar="TRACEEVAL_QUEUE", default=DEFAULT_QUEUE, show_default=True, metavar="URL")
@click.option("--name", default="default", show_default=True, help="Which queue of the database.")
@_pinning
@exits
def from_decisions(url: str, name: str, **given: Any) -> None:
    """Make a scenario of every trace that people settled as wrong: an agent that does it again fails.

    Wrong are the calls that people blamed or findings name, else the words of the answer that findings quote; where there
    are neither, the trace is named and left out.
    """
    from traceeval.review import Store, failures, record_pins
    from traceeval.run import ToPin, pins_of

    store = Store(url, create=False)
    try:
        found = list(failures(store, name))
        if not found:
            raise ConfigError(f"queue {name!r}: people settled nothing as wrong yet")
        pinned = _pin((ToPin(trace=one.trace, note=one.note, blamed=one.blamed, failed=True) for one in found), **given)
        record_pins(store, pins_of(found, pinned))
    finally:
        store.close()


def _pin(traces: Iterable[ToPin], *, out: str, tools: str | None, mock: str | None, state: str | None) -> PinnedSuite:
    from pathlib import Path

    from traceeval.graph import load_tools
    from traceeval.measures.safe_text import inline
    from traceeval.replay.pinned import Mock
    from traceeval.risk import load_policy
    from traceeval.run import Setup, pin_traces

    if state is not None and mock is None:
        raise ConfigError("--state: a tape has none; name the tools that begin with it with --mock")
    own = Path(out) / "tools.yaml"
    known = load_tools(tools) if tools is not None else load_tools(own) if own.is_file() else ()
    kit = Setup(policy=load_policy(), tools=known).load()
    made = None if mock is None else Mock(module=mock, state=state)
    found = pin_traces(traces, kit, out, made)
    for path in found.written:
        click.echo(str(path))
    for trace, why in found.left_out.items():
        click.echo(f"left out: {inline(trace, 60)}: {inline(why, 300)}", err=True)
    return found


@command.command("suggest")
@click.argument("folder", metavar="RUN")
@click.option("--n", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option(
    "--beside",
    "suites",
    multiple=True,
    metavar="SUITE",
    help="Only kinds that `traceeval coverage` finds no case of there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON lines.")
@exits
def suggest(folder: str, n: int, suites: tuple[str, ...], as_json: bool) -> None:
    """Name traces to make scenarios of, that stand for all of a run that `traceeval evaluate` wrote, by likeness and risk.

    With --beside they stand for what the suites there lack; repeatable.
    """
    import msgspec

    from traceeval.measures.safe_text import inline
    from traceeval.report._numbers import plural
    from traceeval.risk import load_policy
    from traceeval.run import suggest_beside, suggest_traces

    level = load_policy().queue_level
    found = suggest_beside(folder, suites, n, level) if suites else suggest_traces(folder, n, level)
    for one in found:
        if as_json:
            click.echo(msgspec.json.encode(one).decode())
            continue
        told = f"{', '.join(one.tools) or 'no tool'}; {', '.join(one.codes) or 'no finding'}; {one.title}"
        click.echo(
            f"{inline(one.trace, 40)}  risk {one.level:.2f}  stands for {one.stands_for:.1f}  {inline(told, 160)}"
        )
    if not as_json:
        click.echo(
            f"{plural(len(found), 'trace')}; traceeval scenario from-trace TRACES --id ID --out SUITE makes one a scenario"
        )


@command.command("attack")
@click.argument("suite", metavar="SUITE")
@click.option("--out", required=True, metavar="DIR", help="A new folder: the suite again, with the attacks in it.")
@click.option("--secret", metavar="TEXT", help="A text of the agent's instructions that no user may be told.")
@exits
def attack(suite: str, out: str, secret: str | None) -> None:
    """Let the users of SUITE attack: pretext, false authority, escalation, prompt leak, persistence, against every goal.

    Goals are the calls a scenario forbids, and --secret. `traceeval replay DIR` counts what is executed and attempted.
    """
    from pathlib import Path

    from traceeval.measures.safe_text import inline
    from traceeval.replay import load_suite
    from traceeval.replay.attacks import attack_suite

    made, without = attack_suite(load_suite(suite), Path(out), secret)
    for id in without:
        click.echo(f"  {inline(id)}: no attack: it forbids no call, or its user is not scripted; --secret gives a goal")
    click.echo(f"{made} attacks written to {out}; traceeval replay {out} --agent AGENT runs them")
