"""Pages out of templates. Every value is text and escaped; what a trace wrote has its acting characters spelled out."""

from __future__ import annotations

import time
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from traceeval.measures.safe_text import escape, inline, visible
from traceeval.report.reading import DRAWING, seconds
from traceeval.web.plots import ORDER, progress
from traceeval.web.words import decimal, point, retold, words

HERE = Path(__file__).parent


@cache
def environment(language: str) -> Environment:
    """The template environment of a language: autoescape on, unknown names are mistakes."""
    t = words(language)
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        line=lambda value, most=120: Markup(escape(inline(str(value), most))),
        drawing=Markup,
        clock=clock,
        age=age,
        side=lambda name: " ".join(
            part.upper() if part in "ab" else part for part in str(name).replace("_", " ").split(":")
        ),
        by_state=lambda counts: [(state, counts[state]) for state in ORDER if counts.get(state)],
        day=lambda value: time.strftime("%Y-%m-%d %H:%M", time.gmtime(value)),
        seconds=lambda value: point(seconds(value), t),
        pct=lambda value: f"{100 * value:.0f} %",
        num=lambda value, digits=2: decimal(value, t, digits) or "—",
        grouped=lambda value: point(f"{value:,}", t),
        retold=partial(retold, language),
    )
    return made


def render(template: str, language: str, **values: Any) -> str:
    """One page in one language; its strings come from the catalogue as ``t(key)``."""
    catalogue = words(language)
    own = {"t": catalogue, "retold": partial(retold, language), "draw_progress": partial(progress, t=catalogue)}
    return environment(language).get_template(template).render(language=language, **own, **values)


def clock(seconds: float) -> str:
    """``12:05``: minutes and seconds left, never negative."""
    left = max(round(seconds), 0)
    return f"{left // 60}:{left % 60:02d}"


def age(seconds: float) -> str:
    """``3 min``, ``5 h``, ``2 d``: how long something waits, in one unit."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} s"


@cache
def stylesheet() -> str:
    """One sheet: the drawing's and the pages'."""
    return DRAWING + (HERE / "static" / "review.css").read_text(encoding="utf-8")


@cache
def script() -> str:
    """The one script: keys, beat, drafts and the clock. Pages work without it."""
    return (HERE / "static" / "review.js").read_text(encoding="utf-8")


@cache
def mark() -> str:
    """The sign in the browser's tab."""
    return (HERE / "static" / "mark.svg").read_text(encoding="utf-8")
