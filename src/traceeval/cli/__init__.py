"""The command line. Commands are loaded when called: ``traceeval --help`` imports none of what they need."""

from __future__ import annotations

import _thread
import importlib
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from traceeval import __version__

COMMANDS: Mapping[str, str] = {
    "annotate": "Draft a tools.yaml from recorded traces, for a person to confirm.",
    "audit": "Verify the record of a review queue, export a checkpoint of it, or hand it over.",
    "baseline": "Run an agent that does nothing, anything or the right thing against a suite of scenarios.",
    "calibrate": "Draw claims for people to label, and fit the embedded checker to what they say.",
    "compare": "Say what a new version changed, component by component, and how sure that is.",
    "confidence": "Say whether stated confidence can be believed: calibration, discrimination, who was sure and wrong.",
    "consistency": "Say whether an agent does the same for the same request told otherwise, beside its own noise.",
    "contamination": "Check a labelled set: giveaway strings, text that stood elsewhere, families across splits.",
    "coverage": "Say which kinds of what production asks no scenario has, and whether the cases are the easy ones.",
    "db": "Back up the database of a review queue.",
    "decide": "Say whether a version may be released, over every layer of evidence, or what is missing to tell.",
    "discount": "Say how much a public benchmark still counts: age, closeness to the task, contamination.",
    "drift": "Say whether two windows of production look alike: scores, tools, documents, words.",
    "evaluate": "Score, diagnose and rank recorded traces; write a report; queue what a person should see.",
    "ingest": "Convert traces of any known format to canonical JSON lines.",
    "fork": "Run a failing trial again with a step mended: did that step decide it?",
    "inspect": "Draw one trace as a tree in the terminal, or as SVG.",
    "harms": "Count which kinds of harm were tested, reviewed and found.",
    "judge": "Ask a judge, measure it against people, and say whether a gate may rest on it.",
    "layers": "Set automated scores, judge and people side by side on the same traces.",
    "lucky": "Say which passes of an agent are luck: they do not survive changes that mean nothing.",
    "monitor": "Watch production against a reference: alarms that stay valid however often one looks.",
    "lint": "Check what people wrote: annotations of tools, scenarios.",
    "preferences": "Say which output people prefer and why, an audience at a time.",
    "queue": "Make review queues, look after their gold, and write what experts graded.",
    "replay": "Run an agent against a suite of scenarios, and say how reliably it passes.",
    "review": "Claim, judge and settle what was queued for people.",
    "risk": "Fit the risk of traces to what people decided.",
    "rubric": "Show, add, compare and freeze the versions of what people are asked.",
    "runs": "List what was evaluated and replayed: version, figures with intervals, whether it is complete.",
    "saturation": "Say whether a suite still tells versions apart.",
    "scenario": "Make scenarios of traces and of what people decided; tell them in other ways; print their form.",
    "schema": "Print the JSON Schema of a file format of ours.",
    "scorers": "List every score: what it is, what gold it needs.",
    "serve": "Serve the review pages and the JSON API.",
    "shrink": "Reduce a failing trial to the fewest turns, faults and words that still fail.",
    "trend": "Show how one measure went over the runs on disk, with intervals and versions.",
    "validate": "Print the diagnostics of traces without scoring them.",
}


class LazyGroup(click.Group):
    """A group whose commands live in ``traceeval.cli.<name>`` as ``command`` and are imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, sorted, without importing one."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"traceeval.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; an interruption while it is being loaded is one, and no failed gate."""
        try:
            with _no_interruption_lost():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("traceeval: interrupted; nothing was replaced", err=True)
            ctx.exit(130)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of ``--help``, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@contextmanager
def _no_interruption_lost() -> Iterator[None]:
    """Ctrl-C that comes where Python can only ignore it, as in the callback of an import's lock, comes again right after."""
    before = sys.unraisablehook

    def again(ignored: sys.UnraisableHookArgs) -> None:
        if issubclass(ignored.exc_type, KeyboardInterrupt):
            _thread.start_new_thread(_interrupt_soon, ())  # at once, it would be ignored here too
        else:
            before(ignored)

    sys.unraisablehook = again
    try:
        yield
    finally:
        sys.unraisablehook = before


def _interrupt_soon() -> None:
    time.sleep(0.02)
    _thread.interrupt_main()


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="traceeval")
def main() -> None:
    """Evaluate RAG pipelines and agents from their traces, each component apart.

    Start with: traceeval evaluate PATH...
    """
