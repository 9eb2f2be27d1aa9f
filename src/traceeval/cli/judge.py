"""``traceeval judge``: a judge asked, measured against people, and whether a gate may rest on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from traceeval.cli._config import load_config
from traceeval.cli._failures import GATE_FAILED, INTERNAL, exits
from traceeval.cli._judges import asking_options, judge_settings
from traceeval.cli._people import judge_rows, people_options, people_rows
from traceeval.cli._people import reliability as among_people
from traceeval.cli._people import unanswered as no_label
from traceeval.cli._report import as_json, tell
from traceeval.errors import ConfigError

_json = click.option("--json", "json_", is_flag=True, help="Print it as JSON.")
_criterion = click.option("--criterion", default="safety", show_default=True)


@click.group()
def command() -> None:
    """Ask a judge and measure it against what people settled; until it is admitted it may triage and nothing more."""


@command.command("ask")
@click.argument("rows", metavar="ROWS")
@click.option("--model", required=True, metavar="NAME", help="The judge.")
@click.option("--base-url", metavar="URL", help="Any OpenAI-compatible endpoint; default: the hosted one.")
@click.option(
    "--out", required=True, metavar="FILE", help="Verdicts, added as they come; what stands is not asked again."
)
@click.option(
    "--probe",
    "probes",
    multiple=True,
    type=click.Choice(("position", "length", "refusal", "injection", "framing")),
    help="Ask again for these only; repeatable; default: all.",
)
@click.option("--prompt", metavar="FILE", help="Your judge's instructions; default: those that ship.")
@click.option("--framing", "framings", multiple=True, metavar="NAME=FILE", help="The same in other words; repeatable.")
@click.option("--family", metavar="NAME", help="Whose model the judge is, as `authors` of the rows name families.")
@click.option("--config", envvar="TRACEEVAL_CONFIG", metavar="FILE", help="Options; default: traceeval.toml.")
@click.option("--policy", envvar="TRACEEVAL_POLICY", metavar="FILE", help="Prices of models (policy.toml).")
@asking_options
@_json
@click.option("--quiet", is_flag=True, help="Draw no progress bar.")
@exits
def ask_(
    rows: str,
    model: str,
    base_url: str | None,
    out: str,
    probes: tuple[str, ...],
    prompt: str | None,
    framings: tuple[str, ...],
    family: str | None,
    config: str | None,
    policy: str | None,
    json_: bool,
    quiet: bool,
    **judging: Any,
) -> int:
    """Ask a judge about ROWS, plainly and under every probe, and write the verdicts that `measure` and `admit` read.

    ROWS: what people settled, JSON lines with `question` and `outputs` (`traceeval schema people`).
    """
    from traceeval.cli._asking import ask_all, asked_lines, read_shown, read_wordings, standing
    from traceeval.judge import Judges
    from traceeval.judge.backends.openai import HOSTED
    from traceeval.judge.probing import ASKED, Judge, questions
    from traceeval.risk import load_policy

    options, _ = load_config(config)
    shown, wordings, file = read_shown(rows), read_wordings(prompt, framings), Path(out)
    judge = Judge(model=model, base_url=base_url or HOSTED, prompt=wordings.plain, family=family)
    stands = standing(file, judge, shown[0].rubric)
    asked = list(questions(shown, wordings, probes or tuple(ASKED)))
    judges = Judges(judge_settings(judging, options, load_policy(policy or options.policy)))
    told = ask_all(asked, stands, judge, judges, file, show=not (quiet or json_))
    tell(told, asked_lines, json_=json_)
    if set(told.failed) - {"budget"}:
        return INTERNAL
    return GATE_FAILED if told.failed else 0


@command.command("measure")
@click.argument("verdicts", metavar="VERDICTS")
@people_options
@_json
@click.option("--plot", metavar="DIR", help="Also draw agreement by criterion and what moves it, as SVG files.")
@exits
def measure(verdicts: str, url: str, name: str, people: str | None, json_: bool, plot: str | None) -> None:
    """Print agreement, errors and biases of the judge behind VERDICTS, JSON lines (`traceeval schema judged`)."""
    from traceeval.compare import compare_judge
    from traceeval.report import judge_lines

    report = compare_judge(judge_rows(verdicts), people_rows(url, name, people))
    if plot is not None:
        from traceeval.report import agreement_plot, probe_plot

        folder = Path(plot)
        folder.mkdir(parents=True, exist_ok=True)
        for number, agreed in enumerate(one for one in report.agreement if not one.where):
            (folder / f"agreement-{number + 1}.svg").write_text(agreement_plot(agreed, report.judge), encoding="utf-8")
        (folder / "probes.svg").write_text(probe_plot(report), encoding="utf-8")
    tell(report, judge_lines, json_=json_)


@command.command("admit")
@click.argument("verdicts", metavar="VERDICTS")
@people_options
@_criterion
@click.option("--min-kappa", type=click.FloatRange(0, 1), default=0.6, show_default=True, help="Lower bound.")
@click.option("--min-recall", type=click.FloatRange(0, 1), default=0.9, show_default=True, help="Lower bound, safety.")
@click.option("--examples", metavar="FILE", help="What its prompt shows, as `traceeval judge examples` printed it.")
@click.option(
    "--reliability",
    type=click.Choice(("reliable", "tentative", "exploratory", "insufficient")),
    help="How well people agree among themselves, with --people; of a queue it is computed.",
)
@click.option(
    "--unanswered",
    type=click.FloatRange(0, 1),
    help="Share of what people closed without a label, with --people; of a queue it is computed.",
)
@click.option("--waiver", default="", metavar="WHY", help="A lead's reason to go without reliable people; recorded.")
@click.option("--out", required=True, metavar="FILE", help="Where the outcome goes, admitted or not.")
@_json
@exits
def admit_(
    verdicts: str,
    url: str,
    name: str,
    people: str | None,
    criterion: str,
    min_kappa: float,
    min_recall: float,
    examples: str | None,
    reliability: str | None,
    unanswered: float | None,
    waiver: str,
    out: str,
    json_: bool,
) -> int:
    """Write whether a gate may rest on the judge behind VERDICTS; exit 1 with every condition it misses."""
    from traceeval.cli._people import read_lines
    from traceeval.compare import Demands, admit
    from traceeval.model import PeopleRow
    from traceeval.report import admission_lines

    if people is None and (reliability is not None or unanswered is not None):
        raise ConfigError("--reliability and --unanswered go with --people: of a queue they are computed")
    shown = read_lines(examples, PeopleRow) if examples else []
    demands = Demands(
        kappa=min_kappa,
        recall=min_recall,
        reliability=among_people(url, name, criterion) if people is None else reliability,
        unanswered=no_label(url, name) if people is None else unanswered,
        waiver=waiver,
        examples=frozenset(row.subject for row in shown),
    )
    found = admit(judge_rows(verdicts), people_rows(url, name, people), criterion, demands)
    Path(out).write_text(as_json(found) + "\n", encoding="utf-8")
    tell(found, admission_lines, json_=json_)
    return 0 if found.admitted else GATE_FAILED


@command.command("check")
@click.argument("admission", metavar="ADMISSION")
@click.option("--judge", required=True, metavar="ID", help="The judge in use.")
@click.option("--prompt", required=True, metavar="SHA256", help="The digest of its prompt.")
@click.option("--rubric", required=True, metavar="SHA256", help="The digest of the rubric in use.")
@exits
def check(admission: str, judge: str, prompt: str, rubric: str) -> int:
    """Say whether what `admit` wrote holds for the judge, prompt and rubric in use; exit 1 with what changed."""
    from traceeval.compare import read_admission, reopened

    why = reopened(read_admission(admission), judge=judge, prompt=prompt, rubric=rubric)
    for line in why:
        click.echo(f"- {line}", err=True)
    click.echo("it may triage only" if why else "it holds")
    return GATE_FAILED if why else 0


@command.command("examples")
@people_options
@_criterion
@click.option("-n", "count", type=click.IntRange(1), default=8, show_default=True)
@click.option("--seed", default="0", show_default=True)
@exits
def examples_(url: str, name: str, people: str | None, criterion: str, count: int, seed: str) -> None:
    """Print labels its prompt may show, as JSON lines: from the calibration split only, one of a scenario family."""
    import msgspec

    from traceeval.compare import draw_examples

    for row in draw_examples(people_rows(url, name, people), criterion, count, seed):
        click.echo(msgspec.json.encode(row).decode())


@command.command("people")
@people_options
@exits
def people_(url: str, name: str, people: str | None) -> None:
    """Print what people settled as JSON lines: what --people reads elsewhere, with subjects, splits and weights."""
    import msgspec

    for row in people_rows(url, name, people):
        click.echo(msgspec.json.encode(row).decode())
