"""A reader whose sure and unsure verdicts follow a calibration file instead of the shipped cut and band."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from traceeval.judge._ask import Ask, Reader
from traceeval.measures.calibration import Platt
from traceeval.model import Calibration, Checked, ClaimVerdict

UNCERTAIN, CANNOT_TELL, SUPPORT = "uncertain", "cannot_tell", "support"
_FIXED = ("no_context", "language_fallback")


class Calibrated:
    """Decides by ``p`` and ``h`` of a calibration; vetoes and other hard deferrals stay what they are.

    An answer in another language, or of another system, than the labels were of is treated as uncalibrated.
    """

    def __init__(self, reader: Reader, calibration: Calibration) -> None:
        self.id = reader.id
        self.can = reader.can
        self.calibration = calibration
        self._reader = reader
        self._model = Platt(calibration.a, calibration.b)

    def check(self, ask: Ask) -> Checked:
        """Every claim of the answer with its verdict; deterministic."""
        found = self._reader.check(ask)
        if ask.system not in self.calibration.systems or found.language not in (None, self.calibration.language):
            return found
        return structs.replace(found, verdicts=tuple(map(self._decided, found.verdicts)))

    def _decided(self, verdict: ClaimVerdict) -> ClaimVerdict:
        if not is_soft(verdict):
            return verdict
        support = dict(verdict.features)[SUPPORT]
        p, codes = self._model(support), tuple(code for code in verdict.codes if code != UNCERTAIN)
        given = structs.replace(verdict, p=p, calibration=self.calibration.id)
        if self.calibration.state == "cannot_tell":
            return structs.replace(given, outcome="defer", codes=(CANNOT_TELL, *codes))
        if abs(p - 0.5) < self.calibration.h:
            return structs.replace(given, outcome="defer", codes=(UNCERTAIN, *codes))
        return structs.replace(given, outcome="supported" if p >= 0.5 else "unsupported", codes=codes)


def is_soft(verdict: ClaimVerdict) -> bool:
    """Whether the embedded score alone decided about a claim: no veto, no other language, nothing missing, no judge."""
    return any(name == SUPPORT for name, _ in verdict.features) and by_score(verdict.outcome, verdict.codes)


def by_score(outcome: str, codes: Sequence[str]) -> bool:
    """The same of an outcome and its codes, where the embedded score is known to have spoken."""
    if outcome == "defer":
        return tuple(codes[:1]) in ((UNCERTAIN,), (CANNOT_TELL,))
    return outcome in ("supported", "unsupported") and not set(_FIXED) & set(codes)


def by_rule(outcome: str, codes: Sequence[str]) -> bool:
    """Whether a claim was deferred whatever its score: a veto, another language, too short, a checker that failed."""
    return outcome == "defer" and not by_score(outcome, codes)
