"""WiCE tokens: which words of a claim the evidence does not support. ``token_f1``, micro, of the unsupported words.

A word is called unsupported when its stem stands in neither of the two best sentences; a gap of at most two words
between two such words is filled (the diff a reviewer is shown).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._bootstrap import measured
from traceeval.measures.support import Context, ranked_sentences
from traceeval.measures.tokens import STOP, stem, tokenise

BEST, GAP = 2, 2


def run(rows: list[dict[str, Any]], cv: bool, path: Path) -> dict[str, Any]:
    """Token F1 over all claims, beside flagging everything and flagging absent stems."""
    told = [(row["group"], list(map(bool, row["non_supported"])), flagged(row)) for row in rows]
    plain = [(row["non_supported"], [True] * len(row["claim_tokens"]), absent(row)) for row in rows]
    return {
        "metrics": {"token_f1": measured(told, [one[0] for one in told], lambda drawn: f1([one[1:] for one in drawn]))},
        "subsets": {},
        "baselines": {
            "flag all": {"token_f1": f1([(gold, every) for gold, every, _ in plain])},
            "stem absent": {"token_f1": f1([(gold, missing) for gold, _, missing in plain])},
        },
        "misses": [],
    }


def flagged(row: dict[str, Any]) -> list[bool]:
    """Words whose stem is in neither of the best sentences, short gaps filled."""
    context = Context(row["evidence"])
    content = frozenset(tokenise(row["claim"]).content)
    known = {s for at in ranked_sentences(content, context)[:BEST] for s in context.sentences[at].tokens.stems}
    return filled([_unknown(word, known) for word in row["claim_tokens"]])


def absent(row: dict[str, Any]) -> list[bool]:
    """Words whose stem stands nowhere in the evidence."""
    known = Context(row["evidence"]).stems
    return [_unknown(word, known) for word in row["claim_tokens"]]


def _unknown(word: str, known: set[str] | frozenset[str]) -> bool:
    parts = tokenise(word)
    return any(low not in STOP and stem(low) not in known for low in parts.low if low[0].isalnum())


def filled(flags: Sequence[bool]) -> list[bool]:
    """Gaps of at most two between flagged words become flagged."""
    found, last = list(flags), None
    for at, flag in enumerate(flags):
        if flag:
            if last is not None and at - last - 1 <= GAP:
                found[last + 1 : at] = [True] * (at - last - 1)
            last = at
    return found


def f1(pairs: Sequence[tuple[Sequence[bool], Sequence[bool]]]) -> float | None:
    """Micro F1 of (gold, predicted); None when neither side flags anything."""
    both = [(g, p) for gold, said in pairs for g, p in zip(gold, said, strict=True)]
    right = sum(g and p for g, p in both)
    flags = sum(g for g, _ in both) + sum(p for _, p in both)
    return 2 * right / flags if flags else None
