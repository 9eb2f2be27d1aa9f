"""``traceeval replay``: an agent against a suite of scenarios."""

from __future__ import annotations

from typing import Any

import click

from traceeval.cli._ci import Builder, ci_options, gate_code, gate_lines
from traceeval.cli._failures import UNREADABLE, exits
from traceeval.cli._progress import trials_progress
from traceeval.cli._suites import order_of, suite_options


@click.command()
@click.argument("suite", metavar="SUITE")
@click.option("--agent", metavar="AGENT", help="MODULE:FUNCTION, stdio:COMMAND, http:URL, noop, ...; not for --list.")
@click.option(
    "--out", default="traceeval-replay", show_default=True, metavar="DIR", help="Written once, never changed."
)
@click.option("--list", "list_", is_flag=True, help="Print the cells and how many trials there are; run nothing.")
@click.option("--resume", is_flag=True, help="Go on where a run that did not finish stopped.")
@click.option(
    "--baseline", "baselines", multiple=True, metavar="NAME", help="noop, random, reference; default: all; '-': none."
)
@suite_options
@ci_options
@click.option("--json", "as_json", is_flag=True, help="Print replay.json.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
@exits
def command(
    suite: str, agent: str | None, out: str, list_: bool, as_json: bool, quiet: bool, **given: Any
) -> int | None:
    """Run AGENT against every cell of SUITE, and say how reliably it passes, beside agents that do nothing or anything.

    SUITE: a folder of scenario files, or one of them. The folder --out gets traces.jsonl (for `traceeval evaluate`),
    outcomes.jsonl, trials.jsonl, replay.json, report.html and manifest.json. Exit codes: 0 done, and the gate held; 1 the gate failed,
    for want of trials too; 2 something is written wrong; 3 the harness failed in every trial, or too often for the gate.
    """
    if agent is None and not list_:
        raise click.UsageError("name the agent: --agent MODULE:FUNCTION, or one of those that docs/replay.md lists")
    builder = Builder.of(given)
    with trials_progress(show=not (quiet or as_json)) as told:
        order = order_of(
            suite, agent or "noop", out, progress=told, **{**given, "baselines": _baselines(given["baselines"])}
        )
        if list_:
            _list(order)
            return None
        from traceeval.run import replay

        found = replay(order)
    gate = builder.hold(found.folder)
    if as_json:
        click.echo((found.folder / "replay.json").read_text(encoding="utf-8"), nl=False)
    elif not quiet:
        from traceeval.report.replayed import replay_lines

        written = f"report: {found.folder / 'report.html'}; traceeval evaluate {found.folder} scores the traces"
        again = _again(suite, str(agent), out, given)
        builder.tell([*replay_lines(found.summary, again), *gate_lines(gate), written])
    builder.write(order.suite, found, gate)
    broken = sum(table.results.get("infra_error", 0) for table in found.summary.tables)
    return gate_code(gate) or (UNREADABLE if broken == found.summary.trials else None)


def _baselines(named: tuple[str, ...]) -> tuple[str, ...]:
    from traceeval.errors import ConfigError
    from traceeval.run import BASELINES

    unknown = set(named) - {*BASELINES, "-"}
    if unknown:
        raise ConfigError(f"--baseline {', '.join(sorted(unknown))}: one of {', '.join(BASELINES)}, or -")
    return tuple(name for name in named if name != "-") if named else BASELINES


def _list(order: Any) -> None:
    from traceeval.report._numbers import plural

    cells: dict[str, int] = {}
    trials = [one for agent, one in order.trials() if agent is None]
    for one in trials:
        cells[one.cell.id] = cells.get(one.cell.id, 0) + 1
    for id, count in cells.items():
        click.echo(f"{id} x {count}")
    click.echo(f"{plural(len(cells), 'cell')}, {plural(len(trials), 'trial')}")


def _again(suite: str, agent: str, out: str, given: dict[str, Any]) -> str:
    """The command that replays the suite the same way into a folder beside this one, but for what is replayed."""
    import shlex

    words = ["traceeval", "replay", suite, "--agent", agent, "--out", f"{out.rstrip('/')}-again", "--baseline", "-"]
    words += ["--n", str(given["n"])] if given["n"] is not None else []
    words += ["--sandbox", given["sandbox"]] if given["sandbox"] != "auto" else []
    return shlex.join([*words, *(word for name in given["env"] for word in ("--env", name))])
