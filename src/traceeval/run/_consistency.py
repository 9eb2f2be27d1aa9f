"""Replays of one agent read back for how consistent it is: outcomes, final states, the values its answers state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import msgspec

from traceeval.compare.consistency import Telling, find_consistency
from traceeval.errors import ConfigError
from traceeval.measures.numbers import values_of
from traceeval.measures.tokens import tokenise
from traceeval.model import ConsistencyReport, Trace, text_of
from traceeval.run._folders import ReplayFolder, read_replay
from traceeval.run._journal import TRACES


def consistency_of(folders: Sequence[str | Path]) -> ConsistencyReport:
    """How consistent an agent is over paraphrases, from one or several replays of it.

    Raises:
        ConfigError: a folder without a finished replay; replays of different suites, scenarios or agents, or of the same
            trials twice; no second wording.
        InputError: a damaged one.
    """
    found = {str(folder): read_replay(folder) for folder in folders}
    _refuse(found)
    told = [one for folder, replay in found.items() for one in _tellings(Path(folder), replay)]
    manifest = next(iter(found.values())).manifest
    return find_consistency(manifest.suite, manifest.agent, list(found), told)


def _refuse(found: dict[str, ReplayFolder]) -> None:
    """Only trials of one thing are added up, and each once."""
    for (one, mine), (other, theirs) in combinations(found.items(), 2):
        for name in ("suite", "scenarios", "agent", "agent_sha256"):
            if getattr(mine.manifest, name) != getattr(theirs.manifest, name):
                raise ConfigError(
                    f"{one} and {other}: not of one {name.replace('_sha256', ' code')}; trials of one agent on one suite add up"
                )
        behaved = [{row.trial: row.behaviour for row in side.outcomes} for side in (mine, theirs)]
        shared = behaved[0].keys() & behaved[1].keys()
        if shared and all(behaved[0][trial] == behaved[1][trial] for trial in shared):
            raise ConfigError(
                f"{one} and {other}: the same trials, in which the same was done; replay with other seeds (--n)"
            )


def _tellings(folder: Path, replay: ReplayFolder) -> Iterator[Telling]:
    decoder = msgspec.json.Decoder(Trace)
    with (folder / TRACES).open("rb") as lines:
        traces = {trace.id: _compared(trace) for trace in map(decoder.decode, lines)}
    for one in replay.outcomes:
        recorded, values = traces.get(one.trace, (False, None))
        yield Telling(outcome=one, state=one.changed if recorded else None, answer=values)


def _compared(trace: Trace) -> tuple[bool, frozenset[float | str] | None]:
    """Whether the final state was recorded, and the values that the answer states; None without an answer."""
    answer = text_of(trace.answer)
    return trace.state is not None, None if answer is None else frozenset(values_of(tokenise(answer)))
