"""``traceeval evaluate``: the main job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click

from traceeval.cli._accounts import as_line
from traceeval.cli._config import load_config
from traceeval.cli._failures import GATE_FAILED, INTERNAL, UNREADABLE, exits
from traceeval.cli._judges import judge_options, judge_settings
from traceeval.cli._progress import progress
from traceeval.cli._replayer import load_replayer
from traceeval.cli._stdin import reopenable
from traceeval.judge import JudgeSettings
from traceeval.model import Admission, Policy
from traceeval.run import (
    MAX_REPLAYS,
    Corpus,
    Order,
    Outcome,
    Replayer,
    Setup,
    Totals,
    checked_fields,
    evaluate_order,
    failed_gates,
    gated,
    parse_gate,
    refuse_unknown_fields,
    unadmitted,
)

DEFAULT_OUT = "traceeval-out"
MIN_COVERAGE = 0.95
_TOLD = 5


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--from", "format", envvar="TRACEEVAL_FROM", metavar="NAME", help="Input format; default: recognised.")
@click.option("--gold", envvar="TRACEEVAL_GOLD", metavar="FILE", help="Graded documents, answers, expected calls.")
@click.option("--corpus", envvar="TRACEEVAL_CORPUS", metavar="FILE", help="Ids of all indexed documents, one a line.")
@click.option("--tools", envvar="TRACEEVAL_TOOLS", metavar="FILE", help="Annotations of the tools (tools.yaml).")
@click.option("--policy", envvar="TRACEEVAL_POLICY", metavar="FILE", help="Thresholds and risk weights (policy.toml).")
@click.option(
    "--rules", multiple=True, envvar="TRACEEVAL_RULES", metavar="FILE", help="Policy rules (Python); repeatable."
)
@click.option("--config", envvar="TRACEEVAL_CONFIG", metavar="FILE", help="Options; default: traceeval.toml.")
@click.option("--out", envvar="TRACEEVAL_OUT", metavar="DIR", help=f"Output folder; default: {DEFAULT_OUT}/.")
@click.option(
    "--queue", envvar="TRACEEVAL_QUEUE", metavar="URL", help="Review queue; default: sqlite:///DIR/review.db."
)
@click.option(
    "--originals",
    envvar="TRACEEVAL_ORIGINALS",
    metavar="URL",
    help="Where unredacted texts of the queue are kept, apart from it; default: nowhere.",
)
@click.option("--budget", type=click.IntRange(1), metavar="N", help="Queue N traces on average, drawn by interest.")
@click.option("--engine", envvar="TRACEEVAL_ENGINE", type=click.Choice(["serial", "pool"]), help="Default: pool.")
@click.option("--workers", envvar="TRACEEVAL_WORKERS", type=int, metavar="N", help="Default: one per core.")
@click.option("--scorer", "scorers", multiple=True, metavar="NAME", help="Only these, e.g. 'retriever.recall(k=5)'.")
@click.option(
    "--by",
    multiple=True,
    envvar="TRACEEVAL_BY",
    metavar="FIELD,...",
    help="Slice by these and find the worst: language, tools, tags, system.release, a key of the metadata, ...",
)
@click.option("--admission", "admissions", multiple=True, metavar="FILE", help="Judges a gate may rest on; repeatable.")
@click.option("--fail-under", "gates", multiple=True, metavar="NAME=VALUE", help="Gate on the worse bound; repeatable.")
@click.option("--min-coverage", type=float, metavar="SHARE", help=f"Coverage a gate needs; default: {MIN_COVERAGE}.")
@click.option("--replayer", metavar="MODULE:FUNCTION", help="Your generator, asked again without the context.")
@click.option(
    "--max-replays",
    type=click.IntRange(0),
    default=MAX_REPLAYS,
    show_default=True,
    metavar="N",
    help="Ask again at most N times.",
)
@judge_options
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of the tables.")
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@exits
def command(
    paths: tuple[str, ...],
    format: str | None,
    gold: str | None,
    corpus: str | None,
    tools: str | None,
    policy: str | None,
    rules: tuple[str, ...],
    config: str | None,
    out: str | None,
    queue: str | None,
    originals: str | None,
    budget: int | None,
    engine: str | None,
    workers: int | None,
    scorers: tuple[str, ...],
    by: tuple[str, ...],
    admissions: tuple[str, ...],
    gates: tuple[str, ...],
    min_coverage: float | None,
    as_json: bool,
    quiet: bool,
    checkers: tuple[str, ...],
    replayer: str | None,
    max_replays: int,
    **judging: Any,
) -> int:
    """Score each component of recorded traces apart, and say what the end result hides.

    PATH: files, folders, globs, or - for standard input; formats are recognised by structure.

    Writes summary.json, scores.parquet, findings.jsonl, risk.jsonl and report.html to the output folder, and queues
    risky traces for review. Exit codes: 0 done, 1 gate failed, 2 usage, 3 input unreadable in part, 4 internal.
    """
    options, _ = load_config(config)
    checks = [parse_gate(text) for text in gates or options.fail_under]
    judges = _admitted(admissions or options.admissions)
    folder = Path(out or options.out or DEFAULT_OUT)
    with reopenable(paths) as readable, progress(show=not quiet) as told:
        outcome = _evaluate(
            readable,
            format,
            gold or options.gold,
            corpus or options.corpus,
            tools or options.tools,
            policy or options.policy,
            folder,
            queue or options.queue or f"sqlite:///{folder / 'review.db'}",
            originals,
            budget if budget is not None else options.budget,
            engine or options.engine or "pool",
            workers or options.workers,
            scorers or options.scorers,
            told,
            checkers or options.checkers,
            judging["calibration"] or options.calibration,
            lambda policy: judge_settings(judging, options, policy),
            checked_fields(name for text in by for name in text.split(",")) or checked_fields(options.by),
            load_replayer(replayer) if replayer else None,
            max_replays,
            rules or options.rules,
        )
    _print(outcome, as_json=as_json, quiet=quiet)
    coverage = next((c for c in (min_coverage, options.min_coverage) if c is not None), MIN_COVERAGE)
    refuse_unknown_fields(outcome.summary.slices)
    failed = failed_gates(checks, gated(outcome.summary), min_coverage=coverage)
    failed += unadmitted(checks, outcome.summary.checker, judges)
    for line in failed:
        click.echo(f"gate failed: {line}", err=True)
    _tell(outcome)
    if outcome.lost:
        return INTERNAL
    if failed:
        return GATE_FAILED
    return UNREADABLE if outcome.unreadable or not outcome.summary.traces else 0


def _admitted(files: Sequence[str]) -> list[Admission]:
    from traceeval.compare import read_admission

    return [read_admission(file) for file in files]


def _tell(outcome: Outcome) -> None:
    """What could not be read or scored, on stderr: the first of them in full."""
    errors = [one for one in outcome.summary.examples if one.level == "error"]
    for one in errors[:_TOLD]:
        click.echo(as_line(one), err=True)
    more = outcome.unreadable + outcome.lost - len(errors[:_TOLD])
    if more > 0:
        click.echo(f"and {more} more errors: traceeval validate PATH prints all", err=True)
    if not outcome.summary.traces:
        click.echo("traceeval: nothing was evaluated: the input holds no trace", err=True)


def _evaluate(
    paths: Sequence[str],
    format: str | None,
    gold: str | None,
    corpus: str | None,
    tools: str | None,
    policy: str | None,
    folder: Path,
    queue: str,
    originals: str | None,
    budget: int | None,
    engine: str,
    workers: int | None,
    scorers: Sequence[str],
    told: Callable[[Totals], None],
    checkers: Sequence[str],
    calibration: str | None,
    judge: Callable[[Policy], JudgeSettings],
    by: tuple[str, ...],
    replayer: Replayer | None,
    max_replays: int,
    rules: tuple[str, ...],
) -> Outcome:
    from traceeval.adapters import read_corpus, read_gold, read_records
    from traceeval.compare import read_calibration
    from traceeval.engines import engine as make_engine
    from traceeval.graph import load_tools
    from traceeval.risk import load_policy

    numbers = load_policy(policy)
    setup = Setup(
        policy=numbers,
        tools=load_tools(tools) if tools else (),
        scorers=tuple(scorers),
        checkers=tuple(checkers),
        calibration=read_calibration(calibration) if calibration else None,
        judge=judge(numbers),
        by=by,
        rules=rules,
        budget=budget,
    )
    return evaluate_order(
        Order(
            source=lambda: chain(read_gold(gold) if gold else (), read_records(paths, format=format)),
            setup=setup,
            engine=make_engine(engine, workers),
            folder=folder,
            queue=queue,
            originals=originals,
            corpus=Corpus(read_corpus(corpus)) if corpus else None,
            replayer=replayer,
            max_replays=max_replays,
            progress=told,
        )
    )


def _print(outcome: Outcome, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(outcome.summary), indent=2).decode())
    elif not quiet:
        from rich.console import Console

        from traceeval.report import render_text

        render_text(outcome.summary, Console(), outcome.folder)
