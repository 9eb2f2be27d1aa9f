"""A sample drawn from what an earlier run recorded: its ``risk.jsonl`` is the frame, its traces are read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from traceeval.errors import ConfigError, InputError, NotFound, Refused
from traceeval.measures.safe_text import inline
from traceeval.measures.sampling import permanent_number
from traceeval.model import QueueRow, Trace, trace_hash
from traceeval.run._batch import Unit
from traceeval.run._drawing import Drawing, by_budget
from traceeval.run._fields import keys_of, metadata_of
from traceeval.run._folders import scores_file
from traceeval.run._output import RISK
from traceeval.run._queue import put
from traceeval.run._setup import Setup
from traceeval.run._source import Record

MOST_AUTHORS = 50
_LISTED = 10


class _Reason(msgspec.Struct, frozen=True):
    rule: str
    text: str


class _Row(msgspec.Struct, frozen=True):
    """A line of ``risk.jsonl``, as far as a draw needs it."""

    trace: str
    sha256: str
    level: float
    floor: int
    reasons: tuple[_Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What to draw from and where to.

    ``folder``: the run's; ``source``: its traces, as often as they are asked for; ``budget`` None: the queue's own;
    ``setup``: its policy and seed. ``lang``: the language all traces are in (BCP 47), or ``lang_field``: where their
    metadata states it; None, None: nobody says. ``tag_field`` and ``warn_field``: where it states the speciality it takes
    to judge a trace, and the categories of content that people may opt out of; ``author_field``: handles of those who wrote
    it, and so never judge it. ``score``: a score of the run, its mean by trace frozen at the draw.
    """

    folder: Path
    source: Callable[[], Iterable[Record]]
    url: str
    queue: str
    setup: Setup
    budget: int | None = None
    lang: str | None = None
    lang_field: str | None = None
    tag_field: str | None = None
    warn_field: str | None = None
    author_field: str | None = None
    score: str | None = None
    originals: str | None = None


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a trace's metadata says of who can judge it."""

    lang: str | None
    tag: str | None
    warnings: tuple[str, ...]
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was queued. ``left_out``: traces of the run in no language of the queue, which are no part of its frame.

    ``stated``: traces of the run that state their language (``lang``), a speciality (``tag``), harmful content (``warn``),
    and who wrote them (``author``). ``keys``: what there is in their metadata, in words.
    """

    row: QueueRow
    left_out: int
    stated: Mapping[str, int]
    keys: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """Every unit that may be drawn."""

    units: tuple[Unit, ...]

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    @property
    def frame_sha256(self) -> str:
        """A digest of the set of subjects, whatever their order."""
        return f"{sum(int(unit.sha256, 16) for unit in self.units) % 2**256:064x}"


def draw(order: Draw) -> Drawn:
    """Draw by interest, with known probabilities, from every trace of a recorded run; a larger budget only adds.

    Raises:
        ConfigError: the folder holds no run, traces of it are missing, or no number is said.
        InputError: its files are damaged.
        NotFound: there is no such queue.
        Refused: the queue compares pairs or grades documents, is for fewer items, or for languages nobody states.
    """
    budget, langs = _asked(order)
    rows = {row.sha256: row for row in _recorded(order.folder / RISK)}
    stated, keys = _all_stated(order, rows)
    scores = _scores(order.folder, order.score) if order.score else {}
    units = (_unit(row, stated[sha], scores.get(row.trace), order.setup) for sha, row in rows.items())
    frame = _Frame(tuple(unit for unit in units if not langs or _covers(langs, unit.lang)))
    counts = _counted(stated.values())
    if not frame.units:
        unstated = f"states a language in {order.lang_field!r}; {keys}"
        why = f"is in {', '.join(langs)}" if counts["lang"] else unstated
        raise ConfigError(f"none of the {len(rows)} traces of {order.folder} {why}")
    planned = by_budget(frame, order.setup, budget)
    plan = {**planned.plan, "langs": list(langs), "score": order.score}
    chances = tuple(planned.source())
    drawing = Drawing(planned.frame_sha256, plan, lambda: _with_payloads(chances, order.source))
    row = put(order.url, order.queue, drawing, len(chances), order.setup, order.originals)
    return Drawn(row, len(rows) - len(chances), counts, keys)


def _counted(stated: Iterable[_Stated]) -> dict[str, int]:
    """How many traces state what."""
    counts = dict.fromkeys(("lang", "tag", "warn", "author"), 0)
    for one in stated:
        for name, value in zip(counts, (one.lang, one.tag, one.warnings, one.authors), strict=True):
            counts[name] += bool(value)
    return counts


def _asked(order: Draw) -> tuple[int, tuple[str, ...]]:
    """How many, and in which languages, as the queue has it."""
    from traceeval.review import Store
    from traceeval.review.desk import queues
    from traceeval.review.settings import settings_of

    store = Store(order.url, create=False)
    try:
        rules = settings_of(store, order.queue)
        mode = next((row.mode for row in queues(store) if row.name == order.queue), None)
    finally:
        store.close()
    if rules is None:
        raise NotFound(f"no queue {order.queue!r}; `traceeval queue create` makes one")
    if mode != "single":
        way = "pool" if mode == "relevance" else "pairs"
        raise Refused(
            f"queue {order.queue!r} is {mode}: single traces are drawn for queues of mode single; `traceeval queue {way}` "
            "fills this one"
        )
    budget = order.budget if order.budget is not None else rules.budget
    if budget is None:
        raise ConfigError(f"how many? queue {order.queue!r} has no budget of its own; name one with --budget N")
    if rules.langs and order.lang is None and order.lang_field is None:
        raise Refused(
            f"queue {order.queue!r} is for {', '.join(rules.langs)} and a language is never guessed: say where the "
            "traces' metadata states it (--lang-field FIELD), or what they all are in (--lang)"
        )
    return budget, rules.langs


def _covers(langs: Iterable[str], lang: str | None) -> bool:
    from traceeval.review import covers

    return covers(langs, lang)


def _recorded(path: Path) -> Iterator[_Row]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; run `traceeval evaluate` first and name its folder") from error
    for number, line in enumerate(lines, 1):
        try:
            yield msgspec.json.decode(line, type=_Row)
        except msgspec.DecodeError as error:
            raise InputError(
                f"{path}:{number}: not what `traceeval evaluate` writes ({error}); run it again"
            ) from error


def _all_stated(order: Draw, rows: Mapping[str, _Row]) -> tuple[dict[str, _Stated], str]:
    """What every trace of the frame states, and the keys their metadata has, in words."""
    found, keys = dict[str, _Stated](), dict[str, None]()
    for record in order.source():
        if isinstance(record, Trace) and (sha := trace_hash(record)) in rows:
            lang = order.lang or stated_language(record, order.lang_field)
            tag, warnings = stated_tag(record, order.tag_field), stated_warnings(record, order.warn_field)
            found[sha] = _Stated(lang, tag, warnings, stated_authors(record, order.author_field))
            if len(keys) <= _LISTED:
                keys |= dict.fromkeys(keys_of(record))
    missing = [row.trace for sha, row in rows.items() if sha not in found]
    if missing:
        raise ConfigError(
            f"{len(missing)} of {len(rows)} traces of {order.folder} are not in the files named, {missing[0]!r} first: "
            "name the files that were evaluated"
        )
    return found, _in_words(list(keys))


def _in_words(keys: list[str]) -> str:
    """The keys of some metadata, the first few of them: strangers wrote them."""
    more = ", …" if len(keys) > _LISTED else ""
    return f"their metadata has {', '.join(inline(key, 60) for key in keys[:_LISTED]) or 'nothing'}{more}"


def stated_language(trace: Trace, field: str | None) -> str | None:
    """What a trace's metadata says its language is; None: nothing."""
    value = metadata_of(trace, field) if field is not None else None
    return value.strip() or None if isinstance(value, str) else None


def stated_authors(trace: Trace, field: str | None) -> tuple[str, ...]:
    """Handles of those whom a trace's metadata names as its authors, each once, the first 50."""
    return _listed(trace, field)[:MOST_AUTHORS]


def stated_tag(trace: Trace, field: str | None) -> str | None:
    """The speciality it takes to judge a trace, as its metadata states it, the first of a list; None: it states none."""
    return next(iter(_listed(trace, field)), None)


def stated_warnings(trace: Trace, field: str | None) -> tuple[str, ...]:
    """Categories of content that people may opt out of, as a trace's metadata states them, each once."""
    return _listed(trace, field)


def _listed(trace: Trace, field: str | None) -> tuple[str, ...]:
    value = None if field is None else metadata_of(trace, field)
    told = value if isinstance(value, list | tuple) else (value,)
    return tuple(dict.fromkeys(one.strip() for one in told if isinstance(one, str) and one.strip()))


def _scores(folder: Path, name: str) -> dict[str, float]:
    """The mean of a score by trace, where it has a value."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    columns = ["trace", "scorer", "value"]
    table = pq.read_table(scores_file(folder, columns), columns=columns)
    valued = table.filter(pc.is_valid(table["value"]))
    mine = valued.filter(pc.equal(valued["scorer"], name))
    if not mine.num_rows:
        known = ", ".join(sorted(set(valued["scorer"].to_pylist()))) or "none with a value"
        raise ConfigError(f"--score {name}: no trace of the run has it; there are {known}")
    means = mine.group_by("trace").aggregate([("value", "mean")])
    return dict(zip(means["trace"].to_pylist(), means["value_mean"].to_pylist(), strict=True))


def _unit(row: _Row, stated: _Stated, judged: float | None, setup: Setup) -> Unit:
    """A line of the frame with its permanent number; its probability comes with the plan."""
    return Unit(
        trace=row.trace,
        sha256=row.sha256,
        level=row.level,
        floor=row.floor,
        pi=0.0,
        u=permanent_number(setup.seed, row.sha256),
        safety=row.floor >= setup.policy.double_from,
        why="random",
        reasons=tuple((reason.rule, reason.text) for reason in row.reasons),
        payload=None,
        lang=stated.lang,
        tag=stated.tag,
        warnings=stated.warnings,
        authors=stated.authors,
        judged=judged,
    )


def _with_payloads(units: Iterable[Unit], source: Callable[[], Iterable[Record]]) -> Iterator[Unit]:
    """The units as they are, and those that were drawn once their trace was read again."""
    drawn, encoder = dict[str, Unit](), msgspec.json.Encoder()
    for unit in units:
        if unit.drawn:
            drawn[unit.sha256] = unit
        else:
            yield unit
    for record in source():
        if isinstance(record, Trace) and (sha := trace_hash(record)) in drawn:
            yield msgspec.structs.replace(drawn.pop(sha), payload=encoder.encode(record))
