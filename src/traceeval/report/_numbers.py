"""Numbers as people read them. Unknown is an em dash, never 0; the reason stands beside it."""

from __future__ import annotations

from collections.abc import Mapping

from traceeval.measures.wording import plural as plural

NONE = "—"


def number(value: float | None, digits: int = 2) -> str:
    """``0.83``; a dash for None; thousands are grouped, whole numbers from 1,000 have no decimals."""
    if value is None:
        return NONE
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{digits}f}"
    return text.replace("-", "\N{MINUS SIGN}" if text.strip("-0.") else "")


def percent(value: float | None) -> str:
    """``83 %``. A share that is not whole never prints as 0 % or 100 %."""
    if value is None:
        return NONE
    if 0 < value < 0.01:
        return "<1 %"
    return ">99 %" if 0.99 < value < 1 else f"{value:.0%}".replace("%", " %")


def interval(low: float | None, high: float | None, digits: int = 2) -> str:
    """``0.70–0.91``; one number when both ends read the same; a dash when either end is unknown."""
    if low is None or high is None:
        return NONE
    ends = number(low, digits), number(high, digits)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}" if low < 0 else "–".join(ends)


def percents(low: float | None, high: float | None) -> str:
    """``19–64 %``; a dash when either end is unknown."""
    return NONE if low is None or high is None else f"{100 * low:.0f}–{100 * high:.0f} %"


def count(value: int | None) -> str:
    """``12,345``; a dash for None."""
    return NONE if value is None else f"{value:,}"


def seconds(value: float | None) -> str:
    """``0.4 ms``, ``820 ms``, ``1.24 s``, ``3 min 20 s``; a dash for None."""
    if value is None:
        return NONE
    if value < 1:
        return f"{1000 * value:.3g} ms"
    return f"{value:.3g} s" if value < 100 else f"{int(value) // 60} min {int(value) % 60} s"


def money(value: float | None, currency: str = "USD") -> str:
    """``0.0042 USD``; a dash for None."""
    return NONE if value is None else f"{value:,.2f} {currency}" if value >= 1 else f"{value:.4g} {currency}"


def counted(counts: Mapping[str, int], most: int = 6) -> str:
    """``parametric 4, other_chunk 2``, most frequent first; empty for no counts."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = len(ordered) - most
    return ", ".join(f"{name} {n:,}" for name, n in ordered[:most]) + (f", {rest} more" if rest > 0 else "")
