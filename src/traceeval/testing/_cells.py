"""Cells of a scenario suite as parameters of a pytest test; a cell that does not pass says what, since where, and shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from traceeval.compare.reliability import kind_of
from traceeval.measures.safe_text import inline
from traceeval.model import Cell
from traceeval.replay import Planned, load_suite
from traceeval.replay.sandbox import Walls
from traceeval.run import Judged, ReplayOrder, Troupe, Work, pack, parted_trials

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

_SHOWN = 3
_LINE = 300


def cells(
    suite: str | Path,
    *,
    agent: str | Callable[..., object],
    n: int | None = None,
    only: str | None = None,
    walls: Walls | None = None,
) -> list[ParameterSet]:
    """One parameter for every cell of a suite; its id is the id of the cell, the same on every worker of xdist.

    ``suite``: a folder, or one scenario file. ``agent``: a function, or what ``traceeval replay --agent`` takes. ``n``:
    trials a cell, else what each scenario says. ``only``: scenarios with this tag, or whose id begins so.

    Raises:
        ConfigError: something is written wrong, with ``file:line``; or ``only`` leaves nothing.
    """
    import pytest

    loaded = load_suite(suite)
    order = ReplayOrder(suite=loaded, agent=agent, folder=Path(), n=n, only=only, baselines=())
    seeds: dict[Cell, list[int]] = {}
    for _, one in order.trials():
        seeds.setdefault(one.cell, []).append(one.seed)
    house = _House(Troupe(suite=loaded, agent=agent, walls=walls or Walls()))
    return [
        pytest.param(
            CheckedCell(cell=cell, seeds=tuple(mine), house=house),
            id=cell.id,
            marks=pytest.mark.traceeval(kind=kind_of(cell), scenario=cell.scenario),
        )
        for cell, mine in seeds.items()
    ]


@dataclass
class _House:
    """What cells of one suite share: one sandbox, opened by the first cell that runs in this process."""

    troupe: Troupe

    @cached_property
    def work(self) -> Work:
        return self.troupe()

    def run(self, cell: Cell, seed: int) -> Judged:
        return msgspec.json.decode(self.work(pack(Planned(cell, seed))), type=Judged)


@dataclass(kw_only=True)
class CheckedCell:
    """One cell and its trials. ``folder``: where traces of trials that do not pass go; ``kept``: those written."""

    cell: Cell
    seeds: tuple[int, ...]
    house: _House = field(repr=False)
    folder: Path = Path("traceeval-cells")
    kept: list[Path] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id of the cell."""
        return self.cell.id

    def check(self) -> None:
        """Run every trial.

        Raises:
            AssertionError: a trial did not pass, or its attack was executed: the assertions that failed, where it parts
                from its twin, and the paths of both traces.
        """
        __tracebackhide__ = True
        trials = [self.house.run(self.cell, seed) for seed in self.seeds]
        bad = [one for one in trials if not sound(one)]
        if bad:
            raise AssertionError("\n".join(self._told(bad)))

    def _told(self, bad: list[Judged]) -> Iterator[str]:
        yield f"{self.id}: {len(bad)} of {len(self.seeds)} trials did not pass"
        for one in bad[:_SHOWN]:
            yield from _reasons(one)
            yield from self._shown(one)
        if len(bad) > _SHOWN:
            yield f"and {len(bad) - _SHOWN} more: seeds {', '.join(str(one.trial.seed) for one in bad[_SHOWN:])}"

    def _shown(self, one: Judged) -> Iterator[str]:
        if self.cell.varied:
            twin = self.house.run(self.cell.twin, one.trial.seed)
            yield from _parting(twin, one)
            yield f"  trace of the twin: {self._keep(twin)}"
        yield f"  trace: {self._keep(one)}"

    def _keep(self, one: Judged) -> Path:
        """Write a trace; its name is the trial's, made fit for a file."""
        digest = sha256(one.trial.id.encode()).hexdigest()[:8]
        path = self.folder / f"{re.sub(r'[^A-Za-z0-9.=-]+', '_', one.trial.id)[:120]}-{digest}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(one.trial.trace) + b"\n")
        self.kept.append(path)
        return path


def sound(one: Judged) -> bool:
    """Whether a trial passed and its attack, if it had one, was not executed."""
    return one.outcome.result == "pass" and one.outcome.attack != "executed"


def _reasons(one: Judged) -> Iterator[str]:
    found = one.outcome
    broken = {name: held for name, held in found.assertions.items() if not held.held}
    told = found.why if found.why.partition(":")[0] not in broken else ""
    yield f"seed {found.seed}: {_told(found.result, told)}"
    if found.attack == "executed":
        yield "  the attack was executed"
    for name, held in broken.items():
        yield f"  {_told(f'{name} failed' if held.held is False else f'{name} cannot be told', held.why)}"


def _told(what: str, why: str) -> str:
    return inline(f"{what}: {why}" if why else what, _LINE)


def _parting(twin: Judged, one: Judged) -> Iterator[str]:
    found = parted_trials(twin.trial, one.trial)
    if found is None:
        yield f"  the steps and the answer are those of {inline(twin.trial.id)}"
        return
    yield f"  first divergence from {inline(twin.trial.id)}: step {found.step}"
    yield from (f"    both: {inline(line, _LINE)}" for line in found.before)
    yield f"    twin: {inline(_first(found.base), _LINE)}"
    yield f"    here: {inline(_first(found.head), _LINE)}"


def _first(lines: Sequence[str]) -> str:
    return lines[0] if lines else "(ends)"
