"""What is asked, out of folders: of production as ``evaluate`` wrote it; of scenarios, replays and evaluated sets as cases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from traceeval.compare import Production
from traceeval.errors import ConfigError
from traceeval.model import Trace, text_of
from traceeval.replay import load_suite
from traceeval.replay.asks import expected_tools, wordings
from traceeval.run._folders import is_replay, read_summary, traces_file
from traceeval.run._journal import TRACES as TRIALS
from traceeval.run._output import SUMMARY
from traceeval.run._traces import called_tools, done_in

if TYPE_CHECKING:
    from traceeval.measures.kinds import Asked

_COLUMNS = ("trace", "scenario", "trial", "title", "right", "level", "codes", "tools", "documents")
_MARK = re.compile(r"\[REDACTED [^\]]*\]")
Cases = dict[str, list["Asked"]]


def read_production(folder: Path, queue_level: float) -> Production:
    """What production asked, read in batches; traces of replays are no production.

    Raises:
        ConfigError: no such run, or no trace of production in it.
    """
    from traceeval.measures.kinds import asked

    places: dict[tuple[str, tuple[str, ...], tuple[str, ...] | None], int] = {}
    folded: dict[Asked, int] = {}
    traces: list[str] = []
    at: list[int] = []
    levels: list[float] = []
    easy: list[bool] = []
    for row in _rows(folder):
        if row["trial"] is not None:
            continue
        key = row["title"] or "", called_tools(row["tools"]), _documents(row)
        if key not in places:
            thing = asked(_MARK.sub(" ", _redacted(key[0])), *key[1:])
            places[key] = folded.setdefault(thing, len(folded))
        traces.append(row["trace"])
        at.append(places[key])
        levels.append(row["level"])
        easy.append(row["right"] is not False and not row["codes"] and row["level"] < queue_level)
    if not traces:
        raise ConfigError(f"{folder}: no trace of production in it; traces of replays are scenarios already")
    return Production(things=list(folded), traces=traces, at=at, levels=levels, easy=easy)


def read_titles(folder: Path, traces: Iterable[str]) -> dict[str, str]:
    """Trace -> the beginning of what was asked, redacted."""
    wanted = set(traces)
    return {row["trace"]: _redacted(row["title"] or "") for row in _rows(folder) if row["trace"] in wanted}


def read_cases(paths: Sequence[str | Path]) -> Cases:
    """Case -> every way it is asked, of suites, of replays (with the tools that were called), of evaluated sets.

    A scenario of a suite and its trials in a replay are one case.

    Raises:
        ConfigError: a path that is none of them.
    """
    found: defaultdict[str, dict[Asked, None]] = defaultdict(dict)
    for path in map(Path, paths):
        read = _replayed if is_replay(path) else _evaluated if (path / SUMMARY).is_file() else _written
        for name, thing in read(path):
            found[name][thing] = None
    return {name: list(ways) for name, ways in found.items()}


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    read_summary(folder)
    with pq.ParquetFile(traces_file(folder)) as table:
        for batch in table.iter_batches(batch_size=4096, columns=list(_COLUMNS)):
            yield from batch.to_pylist()


def _redacted(text: str) -> str:
    from traceeval.review.redact import redact_text  # the review room costs a database library

    return redact_text(text)


def _documents(row: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What its searches brought, each document once; None: no search recorded it."""
    return None if row["documents"] is None else tuple(dict.fromkeys(row["documents"]))


def _evaluated(folder: Path) -> Iterator[tuple[str, Asked]]:
    from traceeval.measures.kinds import asked

    for row in _rows(folder):
        title = _redacted(row["title"] or "")  # it names the case, and is compared with production, which is redacted
        thing = asked(_MARK.sub(" ", title), called_tools(row["tools"]), _documents(row))
        yield row["scenario"] or title or row["trace"], thing


def _replayed(folder: Path) -> Iterator[tuple[str, Asked]]:
    from traceeval.measures.kinds import asked

    decoder = msgspec.json.Decoder(Trace)
    with (folder / TRIALS).open("rb") as lines:
        for trace in map(decoder.decode, lines):
            if trace.scenario is not None:
                done = done_in(trace)
                words = text_of(trace.question) or ""
                yield trace.scenario, asked(words, called_tools(done["tools"]), _documents(done))


def _written(folder: Path) -> Iterator[tuple[str, Asked]]:
    from traceeval.measures.kinds import asked

    suite = load_suite(folder)
    for scenario in suite.scenarios:
        tools = expected_tools(scenario)
        yield from ((scenario.id, asked(text, tools)) for text in wordings(suite, scenario))
