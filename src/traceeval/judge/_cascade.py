"""The cascade: each stage sees only what the one before deferred, and ``by`` records who decided each claim."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future

import msgspec

from traceeval.judge._ask import Ask, Reader
from traceeval.judge._calibrated import by_rule
from traceeval.judge._checker import AsksModel, Checker, deferred
from traceeval.judge._drive import adrive
from traceeval.judge._judges import Judges
from traceeval.judge._told import told
from traceeval.model import Checked, ClaimVerdict, Passage

_OTHERS = "its verdicts are of other claims than were asked"
_CANNOT_KNOW = "it said contradicted, which it cannot know"


class Cascade:
    """``reader`` splits the answer. Where ``decides`` is False its verdicts do not count: every claim goes down.

    A stage is asked first about what a rule deferred, then about the least certain: a budget that runs out costs the
    surest. A stage is a stranger's code, and its contract is that whatever it raises costs its own opinion and neither
    the answer nor the run: its claims stay open as ``checker_failed``, with the text of the error and no secret in it.
    """

    def __init__(self, reader: Reader, stages: Sequence[Checker], judges: Judges, *, decides: bool = True) -> None:
        self.reader = reader
        self.stages = tuple(stages)
        self.decides = decides
        self._judges = judges
        self.id = " -> ".join([*([reader.id] if decides else []), *(stage.id for stage in stages)])
        self._cans = [(reader.id, reader.can), *((stage.id, stage.can) for stage in stages)]
        self.can = frozenset[str]().union(*(stage.can for stage in stages), reader.can if decides else frozenset())

    def check(self, ask: Ask) -> Checked:
        """Every claim with its verdict; waits for every stage."""
        return self.begin(ask).result()

    def begin(self, ask: Ask) -> Future[Checked]:
        """Read the answer now, ask the stages meanwhile."""
        read = self.reader.check(ask)
        verdicts = read.verdicts if self.decides else tuple(map(_reopened, read.verdicts))
        if not any(verdict.outcome == "defer" for verdict in verdicts):
            done: Future[Checked] = Future()
            done.set_result(read)
            return done
        return self._judges.submit(self._rest(read, verdicts))

    async def _rest(self, read: Checked, verdicts: tuple[ClaimVerdict, ...]) -> Checked:
        for stage in self.stages:
            open_ = sorted((verdict for verdict in verdicts if may_decide(stage, verdict)), key=_urgency)
            if not open_:
                continue
            found = await self._asked(stage, open_, read.passages)
            verdicts = tuple(_merged(verdict, found.get(verdict.claim.id)) for verdict in verdicts)
        return msgspec.structs.replace(read, verdicts=verdicts, by=self.id, can=self._known(verdicts))

    async def _asked(
        self, stage: Checker, open_: Sequence[ClaimVerdict], passages: tuple[Passage, ...]
    ) -> dict[str, ClaimVerdict]:
        claims = [verdict.claim for verdict in open_]
        try:
            if isinstance(stage, AsksModel):
                found = await adrive(stage.inquire(claims, passages), stage.endpoint.answer)
            else:
                found = list(await asyncio.to_thread(stage.check, claims, passages))
        except Exception as error:  # the contract of plug-ins: see the class
            found = deferred(claims, "checker_failed", stage.id, f"{stage.id}: {told(error)}")
        if [verdict.claim for verdict in found] != claims:
            found = deferred(claims, "checker_failed", stage.id, f"{stage.id}: {_OTHERS}")
        return {v.claim.id: v for v in (_allowed(verdict, stage) for verdict in found)}

    def _known(self, verdicts: Sequence[ClaimVerdict]) -> frozenset[str]:
        """What the verdicts may claim to know: what everybody who decided one of them can."""
        by = {verdict.by for verdict in verdicts if verdict.outcome not in ("defer", "not_checkable")}
        cans = [can for id_, can in self._cans if id_ in by]
        return frozenset.intersection(*cans) if cans else self.can


def may_decide(stage: Checker, verdict: ClaimVerdict) -> bool:
    """Whether a stage is asked about a claim: a veto needs one that knows contradiction, another language one that reads it."""
    if verdict.outcome != "defer":
        return False
    if any(code.startswith("veto_") for code in verdict.codes) and "contradiction" not in stage.can:
        return False
    return "language_mismatch" not in verdict.codes or "multilingual" in stage.can


def _urgency(verdict: ClaimVerdict) -> tuple[bool, float]:
    """Deferred by a rule before deferred by the score, then the least certain first."""
    return not by_rule(verdict.outcome, verdict.codes), abs((0.5 if verdict.p is None else verdict.p) - 0.5)


def _reopened(verdict: ClaimVerdict) -> ClaimVerdict:
    if verdict.outcome in ("defer", "not_checkable"):
        return verdict
    return msgspec.structs.replace(verdict, outcome="defer", codes=("not_asked", *verdict.codes))


def _allowed(verdict: ClaimVerdict, stage: Checker) -> ClaimVerdict:
    """A contradiction from one who cannot tell contradictions is no verdict."""
    if verdict.outcome == "contradicted" and "contradiction" not in stage.can:
        return deferred([verdict.claim], "checker_failed", stage.id, f"{stage.id}: {_CANNOT_KNOW}")[0]
    return verdict


def _merged(before: ClaimVerdict, after: ClaimVerdict | None) -> ClaimVerdict:
    """The later stage's word, if it decided; else the claim stays open, and why comes first among its codes."""
    if after is None:
        return before
    if after.outcome == "defer":
        codes = tuple(dict.fromkeys((*after.codes, *before.codes)))
        return msgspec.structs.replace(before, codes=codes, note=after.note or before.note)
    edges = after.edges or (before.edges if after.outcome == "supported" else ())
    return msgspec.structs.replace(after, edges=edges, diffs=before.diffs, by=after.by)
