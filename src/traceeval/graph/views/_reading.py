"""What a scorer returns when a bare number would say too little."""

from __future__ import annotations

from traceeval.model import Evidence, Status, Value


class Reading(Value, frozen=True):
    """A value with its status. Built by the class methods; ``run`` adds scorer and subject and makes it a Score.

    ``span``: narrows the subject to one span.
    """

    status: Status
    value: float | None = None
    why: str = ""
    bounds: tuple[float, float] | None = None
    evidence: tuple[Evidence, ...] = ()
    units: int = 1
    span: str | None = None

    @classmethod
    def scored(
        cls,
        value: float,
        *,
        why: str = "",
        units: int = 1,
        evidence: tuple[Evidence, ...] = (),
        span: str | None = None,
    ) -> Reading:
        """A finite value."""
        value = float(value)
        return cls(
            status="scored",
            value=value,
            why=why,
            bounds=(value, value),
            evidence=evidence,
            units=units,
            span=span,
        )

    @classmethod
    def undefined(cls, why: str, *, span: str | None = None) -> Reading:
        """The formula is 0/0 here."""
        return cls(status="undefined", why=why, units=0, span=span)

    @classmethod
    def not_applicable(cls, why: str, *, span: str | None = None) -> Reading:
        """The question does not arise."""
        return cls(status="not_applicable", why=why, units=0, span=span)

    @classmethod
    def failed(
        cls,
        why: str,
        *,
        bounds: tuple[float, float] | None = None,
        units: int = 0,
        span: str | None = None,
        evidence: tuple[Evidence, ...] = (),
    ) -> Reading:
        """It should have a value. ``bounds`` None: the scorer's declared range."""
        return cls(status="failed", why=why, bounds=bounds, units=units, span=span, evidence=evidence)
