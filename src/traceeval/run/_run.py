"""The Python face of a run: scores as pandas, findings as values, a summary, a page in a notebook."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from traceeval.engines import engine as make_engine
from traceeval.model import Attribution, Blame, Finding, Gold, Policy, Summary, Suspicion, ToolSpec
from traceeval.risk import load_policy
from traceeval.run._corpus import Corpus
from traceeval.run._evaluate import Order, Outcome, evaluate_order
from traceeval.run._fields import checked_fields, refuse_unknown_fields
from traceeval.run._output import ATTRIBUTION, FINDINGS, REPORT, RISK, SCORES, SUSPECTS
from traceeval.run._replay import MAX_REPLAYS, Replayer
from traceeval.run._setup import Setup
from traceeval.run._source import Record

if TYPE_CHECKING:
    import pandas as pd


class Run:
    """What one evaluation found. Everything large is read from its folder when asked for."""

    def __init__(self, outcome: Outcome, *, temporary: bool = False) -> None:
        self._outcome = outcome
        if temporary:
            weakref.finalize(self, shutil.rmtree, outcome.folder, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._outcome.folder

    @property
    def report(self) -> Path:
        """The self-contained HTML page."""
        return self.folder / REPORT

    def summary(self) -> Summary:
        """Aggregates, waterfall, masked failures, findings and what went to people."""
        return self._outcome.summary

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores in long form: trace, span, scorer, component, value, status, lower, upper, units, why.

        A missing value is ``<NA>``, never 0 and never NaN.
        """
        import pandas as pd

        frame: pd.DataFrame = pd.read_parquet(self.folder / SCORES, dtype_backend="numpy_nullable")
        return frame

    @property
    def findings(self) -> Iterator[Finding]:
        """Every finding, trace by trace, read from the folder."""
        decoder = msgspec.json.Decoder(Finding)
        with (self.folder / FINDINGS).open("rb") as lines:
            for line in lines:
                yield decoder.decode(line)

    @property
    def blame(self) -> Iterator[Blame]:
        """Every share of blame, trace by trace, read from the folder."""
        with (self.folder / RISK).open("rb") as lines:
            for line in lines:
                yield from msgspec.convert(msgspec.json.decode(line)["blame"], list[Blame])

    @property
    def suspects(self) -> Iterator[Suspicion]:
        """Whom the record of each trace makes suspect, inferred without gold; read from the folder."""
        decoder = msgspec.json.Decoder(Suspicion)
        with (self.folder / SUSPECTS).open("rb") as lines:
            for line in lines:
                yield decoder.decode(line)

    @property
    def attributions(self) -> Iterator[Attribution]:
        """Where each failed trace may have gone wrong: at most three steps, or why none is named; read from the folder."""
        decoder = msgspec.json.Decoder(Attribution)
        with (self.folder / ATTRIBUTION).open("rb") as lines:
            for line in lines:
                yield decoder.decode(line)

    def _repr_html_(self) -> str:
        from traceeval.report import notebook_html

        return notebook_html(self.summary())


def evaluate(
    traces: Iterable[Record],
    *,
    scorers: Iterable[str] = (),
    gold: Iterable[Gold] = (),
    tools: Iterable[ToolSpec] = (),
    policy: Policy | None = None,
    out: str | Path | None = None,
    queue: str | None = None,
    corpus: Iterable[str] | None = None,
    engine: str = "serial",
    workers: int | None = None,
    by: Iterable[str] = (),
    replayer: Replayer | None = None,
    max_replays: int = MAX_REPLAYS,
    rules: Iterable[str | Path] = (),
    budget: int | None = None,
) -> Run:
    """Score, diagnose and rank traces.

    Args:
        traces: as ``traceeval.read`` yields them; other records it knows (gold, diagnostics) are welcome too.
        scorers: names such as ``retriever.recall(k=5)``; none means all.
        gold: references by trace id or question, e.g. from ``traceeval.read_gold``.
        tools: declared annotations; tools nobody declared are inferred.
        policy: thresholds and weights; None means the shipped ones.
        out: output folder; None means a temporary one that lives as long as the Run.
        queue: URL of the review queue; None means nothing is queued.
        corpus: ids of every document in the indexes: a relevant one that is not among them is nobody's failure.
        engine: ``serial`` or ``pool``.
        workers: processes of the pool; None means one per core.
        replayer: your generator, ``(question, passages) -> answer``: it is asked again without the context, and without
            one chunk at a time of what the answer rests on; what it raises becomes a status.
        max_replays: how often it is asked at most.
        by: fields to slice by: ``language``, ``tools``, ``tags``, ``system.release``, a key of the traces' metadata.
        rules: Python files of policy rules (``@traceeval.policy``); they are run, so name only files you trust.
        budget: how many traces people can see: drawn by interest, with known probabilities; None: by the policy's levels.

    Raises:
        ConfigError: for a field no trace has; everything was evaluated and written all the same.
        OutputExists: when ``out`` holds what traceeval did not write.
        UnknownPlugin: for a scorer of no known name.
    """
    setup = Setup(
        policy=policy or load_policy(),
        tools=tuple(tools),
        scorers=tuple(scorers),
        by=checked_fields(by),
        rules=tuple(map(str, rules)),
        budget=budget,
    )
    held: list[Record] = [*gold, *traces]
    order = Order(
        source=lambda: held,
        setup=setup,
        engine=make_engine(engine, workers),
        folder=Path(tempfile.mkdtemp(prefix="traceeval-") if out is None else out),
        queue=queue,
        corpus=Corpus(corpus) if corpus is not None else None,
        replayer=replayer,
        max_replays=max_replays,
    )
    run = Run(evaluate_order(order), temporary=out is None)
    refuse_unknown_fields(run.summary().slices)
    return run
