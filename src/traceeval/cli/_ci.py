"""``--gate``, ``--junit``, ``--sarif``, ``--github``: a replay for the machines that build."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceeval import __version__
from traceeval.cli._failures import DONE, GATE_FAILED, UNREADABLE
from traceeval.errors import ConfigError

if TYPE_CHECKING:
    from traceeval.model.gate import GateLine, ReplayGate
    from traceeval.replay import Suite
    from traceeval.run import Replayed

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--gate", metavar="FILE", help="Hold the replay to this file; `scenario schema gate` prints its form."
    ),
    click.option("--base", metavar="DIR", help="A stored replay, for the gate's limit on regressions."),
    click.option("--junit", metavar="FILE", help="Also write JUnit XML."),
    click.option("--sarif", metavar="FILE", help="Also write SARIF 2.1.0."),
    click.option(
        "--github", is_flag=True, help="Also print annotations of GitHub Actions, and write the step summary."
    ),
)


def ci_options(command: F) -> F:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """What was asked for, read before anything runs: a gate written wrong costs no replay."""

    gate: ReplayGate | None
    gate_file: str | None
    base: str | None
    junit: str | None
    sarif: str | None
    github: bool

    @classmethod
    def of(cls, given: dict[str, Any]) -> Builder:
        """Take the options out of what a command was given.

        Raises:
            ConfigError: the gate is written wrong, or its limit on regressions has no replay to rest on.
        """
        told = {name: given.pop(name) for name in ("gate", "base", "junit", "sarif", "github")}
        file = told.pop("gate")
        found = read_gate(file, told["base"]) if file is not None else None
        return cls(gate=found, gate_file=file, **told)

    def hold(self, folder: Path) -> tuple[GateLine, ...]:
        """The lines of the gate; none without one."""
        from traceeval.run import gate_replay

        return () if self.gate is None else gate_replay(self.gate, folder, self.base)

    def write(self, suite: Suite, found: Replayed, lines: Sequence[GateLine]) -> None:
        """Every file that was asked for, and the annotations."""
        if not (self.junit or self.sarif or self.github):
            return
        from traceeval.report import ci
        from traceeval.run import read_replay

        cells = list(ci.cell_reports(read_replay(found.folder).outcomes, _places(suite)))
        if self.junit is not None:
            Path(self.junit).write_bytes(ci.junit(suite.id, cells, lines))
        if self.sarif is not None:
            Path(self.sarif).write_bytes(ci.sarif(__version__, cells, lines, self.gate_file))
        if self.github:
            click.echo("\n".join(ci.commands(cells, lines, self.gate_file)))
            summary = os.environ.get("GITHUB_STEP_SUMMARY")
            if summary:
                with Path(summary).open("a", encoding="utf-8") as page:
                    page.write(ci.step_summary(found.summary, cells, lines))

    def tell(self, lines: Sequence[str]) -> None:
        """Print lines; on GitHub so that no text of a trace is taken for a command."""
        if self.github:
            from traceeval.report import ci

            lines = list(ci.unheard(lines))
        click.echo("\n".join(lines))


def read_gate(file: str, base: str | None) -> ReplayGate:
    """The gate of a file.

    Raises:
        ConfigError: it is written wrong, or has a limit on regressions and there is no base.
    """
    from traceeval.replay import load_gate
    from traceeval.run import read_replay

    found = load_gate(file)
    if found.regression is not None and base is None:
        raise ConfigError(f"{file}: regression: there is no replay to compare with; name a stored one with --base")
    if base is not None:
        read_replay(base)
    return found


def gate_lines(lines: Sequence[GateLine]) -> list[str]:
    """The gate in the terminal."""
    from traceeval.measures.safe_text import inline

    return [f"gate {line.state:<9} {inline(f'{line.name}: {line.why}', 240)}" for line in lines]


def gate_code(lines: Sequence[GateLine]) -> int:
    """1 when any limit fails, 3 when the harness failed too often to tell, else 0."""
    states = {line.state for line in lines}
    return GATE_FAILED if "failed" in states else UNREADABLE if "undecided" in states else DONE


def _places(suite: Suite) -> dict[str, tuple[str, int]]:
    """Scenario -> the file it is written in, from here where it lies below, and its line."""
    found = {}
    for one in suite.loaded:
        file, _, line = one.where.rpartition(":")
        path = Path(file).absolute()
        here = Path.cwd()
        found[one.scenario.id] = (str(path.relative_to(here) if path.is_relative_to(here) else path), int(line))
    return found
