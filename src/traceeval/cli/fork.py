"""``traceeval fork``: a failing trial run again with one step mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from traceeval.cli._bench import bench_options, trial_option
from traceeval.cli._failures import exits

if TYPE_CHECKING:
    from traceeval.model import Forked, Mend
    from traceeval.replay.repair import Step
    from traceeval.replay.sandbox import Wanted


@click.command()
@click.argument("suite", metavar="SUITE")
@trial_option
@click.option("--at", metavar="SPAN", help="The suspect step, as the trace names it. Default: every step in turn.")
@click.option("--say", metavar="TEXT", help="With --at: what the user hears there instead.")
@click.option("--result", metavar="TEXT", help="With --at: what that call brings back; it is not made.")
@click.option("--n", type=click.IntRange(1), default=1, show_default=True, help="Reruns a step; one without chance.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a step.")
@bench_options
@exits
def command(
    suite: str,
    trial: str,
    at: str | None,
    say: str | None,
    result: str | None,
    n: int,
    as_json: bool,
    agent: str,
    sandbox: Wanted,
    env: tuple[str, ...],
) -> None:
    """Rerun a failing trial with a step repaired: does it pass then? That confirms or refutes that the step decided it.

    Without --say or --result a step is repaired as the scenario's reference does it, or by keeping its fault or payload away.
    """
    from traceeval.errors import ConfigError
    from traceeval.model import Mend
    from traceeval.replay import load_suite, planned_of, steps_of
    from traceeval.replay.sandbox import Walls
    from traceeval.run import bench, failing, fork, fork_each, reference_repairs

    if (say is not None or result is not None) and at is None:
        raise ConfigError("--say and --result need --at: the step they are for")
    loaded, walls = load_suite(suite), Walls(wanted=sandbox, env=env)
    planned = planned_of(loaded.scenarios, trial)
    with bench(loaded, agent, walls) as judge:
        failed = failing(judge, planned)
        if at is not None and at not in {step.span for step in steps_of(failed.trial.trace)}:
            raise ConfigError(f"--at {at}: the trial has no such step")
        if say is not None or result is not None:
            found = [fork(judge, planned, failed, Mend(span=str(at), say=say, result=result), n=n)]
        else:
            mends = reference_repairs(loaded, planned, failed, walls)
            found = list(fork_each(judge, planned, failed, mends, n=n, at=at))
    did = {step.span: step for step in steps_of(failed.trial.trace)}
    for one in found:
        _tell(one, did[one.span], as_json)


def _tell(one: Forked, did: Step, as_json: bool) -> None:
    import msgspec

    from traceeval.measures.safe_text import inline

    if as_json:
        click.echo(msgspec.json.encode(one).decode())
        return
    counts = f": {one.flipped} of {one.n} pass with it mended, {one.unreached} cannot be told" if one.n else ""
    mend = "" if one.mend is None else f"{inline(_mended(one.mend), 120)}, where it "
    click.echo(f"{one.span} {one.verdict}{counts} ({mend}{inline(_done(did), 120)})")


def _mended(mend: Mend) -> str:
    if mend.spare:
        return "without the fault or payload"
    return f"gets {mend.result!r}" if mend.result is not None else _done(mend)


def _done(step: Step | Mend) -> str:
    return f"calls {step.call.tool} {dict(step.call.args)}" if step.call is not None else f"says {step.say!r}"
