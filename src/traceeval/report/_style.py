"""The style sheets as text: one for a drawing of its own, one for the page, which contains the first."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

DRAWING = (
    ".te-graph{--te-paper:#fff;--te-ink:#1c2024;--te-soft:#5c6670;--te-line:#b9c0c7;--te-data:#2a5f9e;"
    "--te-proof:#a2440f;--te-bad:#a8281a;--te-warn:#8a5a00;background:var(--te-paper);"
    "font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}"
    "@media(prefers-color-scheme:dark){.te-graph{--te-paper:#15181b;--te-ink:#e6e8ea;--te-soft:#a0a9b2;"
    "--te-line:#4b545d;--te-data:#86b4ea;--te-proof:#eb9a63;--te-bad:#f08a7a;--te-warn:#e0b25c}}"
    ".te-edge{fill:none;stroke:var(--te-line);stroke-width:1.25}"
    ".te-edge.te-data{stroke:var(--te-data);stroke-dasharray:6 4}"
    ".te-edge.te-evidence{stroke:var(--te-proof);stroke-dasharray:1.5 3.5;stroke-width:1.75;stroke-linecap:round}"
    ".te-tip.te-data{fill:var(--te-data)}.te-tip.te-evidence{fill:var(--te-proof)}"
    ".te-card{fill:var(--te-paper);stroke:var(--te-line)}"
    ".te-shape{fill:none;stroke:var(--te-ink);stroke-width:1.5}"
    ".te-letter{fill:var(--te-ink);font-weight:600;font-size:13px}"
    ".te-name{fill:var(--te-ink);font-weight:600}.te-note,.te-more{fill:var(--te-soft);font-size:11px}"
    ".te-error .te-note{fill:var(--te-bad)}.te-found .te-card{stroke:var(--te-bad);stroke-width:1.75}"
    ".te-badge circle{fill:var(--te-warn)}.te-badge.te-s4 circle,.te-badge.te-s5 circle{fill:var(--te-bad)}"
    ".te-badge.te-s0 circle{fill:var(--te-paper);stroke:var(--te-soft)}.te-badge.te-s0 text{fill:var(--te-soft)}"
    ".te-badge text{fill:var(--te-paper);font-weight:700;font-size:11px}"
    ".te-graph a:hover .te-card,.te-graph a:focus .te-card{stroke:var(--te-ink);stroke-width:2}"
)
"""Style of a drawing; every class begins with ``te-``, every variable with ``--te-``."""


_HOUSE = {"paper": ("#fff", "#15181b"), "ink": ("#1c2024", "#e6e8ea"), "soft": ("#5c6670", "#a0a9b2")}
_HOUSE |= {"line": ("#d5dade", "#3a424a")}
BLUE = ("#2a5f9e", "#86b4ea")
"""What a figure is drawn in, by day and by night."""


def plot_style(name: str, rules: str, *, size: int = 12, **colours: tuple[str, str]) -> str:
    """Style of a plot of class ``name``. ``colours``: its own, by day and by night; ``size``: of its text, px.

    Those of the house are ``--paper --ink --soft --line``. Every selector of ``rules`` begins with the class: plots share pages.
    """
    day, night = ("".join(f"--{key}:{one[at]};" for key, one in {**_HOUSE, **colours}.items()) for at in (0, 1))
    font = f"font:{size}px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"
    dark = f"@media(prefers-color-scheme:dark){{.{name}{{{night}}}}}"
    return f".{name}{{{day}background:var(--paper);{font}}}{dark}{rules}"


@cache
def page_style() -> str:
    """Style of the page, the drawing's included."""
    return DRAWING + files("traceeval.report").joinpath("templates/report.css").read_text(encoding="utf-8")
