"""Preferences, harms and layers as lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.measures.safe_text import inline
from traceeval.model import HarmReport, LayerReport, PreferenceReport, Ranking, Share
from traceeval.report._numbers import interval, money, number, percent, plural, seconds
from traceeval.report.judged import figure


def preference_lines(report: PreferenceReport) -> Iterator[str]:
    """Every audience apart, reversals first."""
    yield f"{plural(report.rows, 'preference')} on {plural(report.subjects, 'pair')}; audiences are never added up"
    for found in report.reversals:
        yield (
            f"REVERSAL on {_criterion(found.criterion)}: {_who(found.prefers)} prefer {inline(found.system)} "
            f"({figure(found.share)}), {_who(found.rejects)} prefer {inline(found.other)} ({figure(found.opposite)}), p {_p(found.p)}"
        )
    for share in report.shares:
        yield _share(share)
    for ranking in report.rankings:
        yield from _ranking(ranking)
    for leaning in report.leanings:
        who = "all together" if leaning.reviewer is None else inline(leaning.reviewer)
        flag = ", LEANS" if leaning.adjusted < 0.05 else ""
        yield f"shown first and preferred, {who}: {leaning.first} of {leaning.n}, p {_p(leaning.adjusted)}{flag}"
    yield f"prefer the longer: {figure(report.longer)}"
    yield f"against their own marks by 2 or more: {report.inconsistent}"


def _criterion(name: str) -> str:
    return inline(name) if name else "preference"


def _who(audience: str) -> str:
    return inline(audience) if audience else "people"


def _share(share: Share) -> str:
    language = "" if share.language is None else f", {inline(share.language) or 'no language'}"
    follows = (
        ""
        if share.follows is None or share.follows.value is None
        else f"; preference follows it {percent(share.follows.value)}"
    )
    counts = f"{share.wins} won, {share.ties} tied, {share.losses} lost"
    what = f"{_who(share.audience)}{language}: {_criterion(share.criterion)}"
    return f"{what}: {inline(share.system)} over {inline(share.other)} {figure(share.share)}; {counts}{follows}"


def _ranking(ranking: Ranking) -> Iterator[str]:
    if not ranking.strengths:
        yield f"{_who(ranking.audience)}: no order of the systems: {ranking.why}"
    for place, one in enumerate(ranking.strengths, 1):
        ends = f" ({interval(one.low, one.high)})" if one.low is not None else ""
        yield f"{_who(ranking.audience)}: {place}. {inline(one.system)} {number(one.value)}{ends}"


def _p(value: float) -> str:
    return "< .001" if value < 0.001 else number(value, 3)


def harm_lines(report: HarmReport) -> Iterator[str]:
    """A line for every category, and the names of those nobody reviewed."""
    yield f"{report.version}: {plural(report.frame, 'trace')} in the frame"
    for row in report.rows:
        yield f"{row.category:<28} tested {row.tested:>6}  reviewed {row.reviewed:>6}  flagged {row.flagged:>5}  rate {figure(row.rate, 3)}"
    yield f"nobody reviewed: {', '.join(report.unreviewed) or 'every category was reviewed'}"


def layer_lines(report: LayerReport) -> Iterator[str]:
    """The three layers, and who found what alone."""
    yield f"{plural(report.frame, 'trace')}; people settled {report.settled}, of which {plural(report.failures, 'failure')}"
    for row in report.rows:
        cost = f"{money(row.usd)}, {seconds(row.seconds)}"
        found = f"found {row.found}, missed {row.missed}, false alarms {row.false_alarms}"
        yield f"{row.layer}: decided {row.decided}, flagged {row.flagged}, {found}"
        yield f"  recall {figure(row.recall)}; precision {figure(row.precision)}; cost {cost}"
    for part in report.found_by:
        yield f"found by {' and '.join(part.layers) or 'people alone'}: {part.n} ({percent(part.share)} of the frame's failures)"
