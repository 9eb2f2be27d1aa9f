"""A decision to release as lines of plain text: the answer, then every layer with what it rests on and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from traceeval.measures.safe_text import inline
from traceeval.model.release import EvidenceRow, ReleaseDecision, Standing
from traceeval.report._numbers import number, plural

WORDS: Mapping[str, str] = {"holds": "holds", "fails": "FAILS", "open": "OPEN", "waived": "waived"}
TITLES: Mapping[str, str] = {
    "benchmarks": "benchmarks",
    "scores": "automated scores",
    "judge": "judge",
    "people": "people",
    "red_team": "red team",
    "regression": "regression",
}


def decision_lines(found: ReleaseDecision) -> Iterator[str]:
    """The answer first; then a block a layer."""
    yield f"{found.answer}: {version_told(found)}"
    yield f"decided for {found.at}"
    for text in reasons(found):
        yield f"  {text}"
    for stand in found.layers:
        yield ""
        yield f"{WORDS[stand.state]:<6}  {TITLES[stand.layer]}"
        yield from (f"    {text}" for text in _layer(stand))


def version_told(found: ReleaseDecision) -> str:
    """``release 1.1.0, agent_sha256 ad1d4dae…``."""
    return ", ".join(f"{inline(name, 40)} {short(value)}" for name, value in found.version.items())


def short(value: str) -> str:
    """A digest by its first digits; anything else on one line."""
    digest = len(value) == 64 and all(char in "0123456789abcdef" for char in value)
    return f"{value[:12]}…" if digest else inline(value, 60)


def reasons(found: ReleaseDecision) -> list[str]:
    """Why the answer is what it is, a sentence a line."""
    said = [f"cannot be decided: {inline(gap, 400)}" for gap in found.gaps]
    said += [f"fails: {inline(failure, 400)}" for failure in found.failures]
    waived = [f"goes without {TITLES[one.layer]}: {inline(one.waived, 300)}" for one in found.layers if one.waived]
    return [*said, *waived] or ["every layer holds"]


def _layer(stand: Standing) -> Iterator[str]:
    if stand.waived:
        yield f"waived: {inline(stand.waived, 300)}"
    for row in stand.evidence:
        yield f"{inline(row.path, 120)}: {row.kind}, {age_told(row, stand)}; {states_told(row)}"
    yield from (f"gap: {inline(gap, 400)}" for gap in stand.gaps)
    for line in stand.lines:
        yield f"{line.state:<9} {inline(f'{line.name}: {line.why}', 400)}"


def age_told(row: EvidenceRow, stand: Standing) -> str:
    """How old a piece of evidence is, against how old it may be."""
    if row.age_days is None:
        return "of unknown age"
    return f"{number(row.age_days, 1)} days old, at most {number(stand.max_age_days, 0)}"


def states_told(row: EvidenceRow) -> str:
    """What a piece of evidence says of its version."""
    told = ", ".join(
        f"{inline(name, 40)} {' and '.join(short(value) for value in values[:3])}"
        for name, values in row.states.items()
    )
    return told or "states no version"


def limits_told(stand: Standing) -> str:
    """``3 of 4 limits hold``."""
    if not stand.lines:
        return ""
    return f"{sum(line.state == 'held' for line in stand.lines)} of {plural(len(stand.lines), 'limit')} held"
