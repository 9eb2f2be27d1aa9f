"""The sign of each kind of span: a shape and a letter, so that no meaning rests on colour."""

from __future__ import annotations

from traceeval.model import Kind

LETTERS = {
    Kind.AGENT: "A",
    Kind.MODEL: "M",
    Kind.RETRIEVAL: "R",
    Kind.RERANK: "K",
    Kind.TOOL: "T",
    Kind.GUARD: "G",
    Kind.HUMAN: "H",
    Kind.PLAN: "P",
    Kind.EMBED: "E",
    Kind.MEMORY: "Y",
    Kind.OTHER: "O",
}

PATHS = {
    Kind.AGENT: "M8 1h12l7 13-7 13H8L1 14z",
    Kind.MODEL: "M14 1a13 13 0 1 1 0 26a13 13 0 1 1 0-26z",
    Kind.RETRIEVAL: "M2 5c0-5 24-5 24 0v18c0 5-24 5-24 0z",
    Kind.RERANK: "M1 3h26l-9 24h-8z",
    Kind.TOOL: "M2 2h24v24H2z",
    Kind.GUARD: "M14 1l12 4v10c0 6-6 10-12 12C8 25 2 21 2 15V5z",
    Kind.HUMAN: "M14 0l14 14-14 14L0 14z",
    Kind.PLAN: "M8 3h19l-7 22H1z",
    Kind.EMBED: "M9 1h10v8h8v10h-8v8H9v-8H1V9h8z",
    Kind.MEMORY: "M2 2h18l6 6v18H2z",
    Kind.OTHER: "M9 3h10a6 6 0 0 1 6 6v10a6 6 0 0 1-6 6H9a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6z",
}
"""SVG paths in a box of 28 by 28."""
