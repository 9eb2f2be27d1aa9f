"""Precision of rankings from a judged sample of their pool: what inferred measures do, with known probabilities.

Every document among the first k of a run is in the pool, and its chance to be judged is known: so precision is the mean
of a frame, estimated like any other. What was not judged is not counted as irrelevant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from traceeval.measures.estimation import Estimate, clipped, difference, hajek, sample


@dataclass(frozen=True, slots=True)
class PooledDocument:
    """A document of the pool. ``relevant`` None: it was drawn and nobody settled it, or not drawn.

    ``score``: known before the draw, the larger the likelier it is relevant, e.g. how many runs ranked it.
    """

    pi: float
    drawn: bool
    relevant: bool | None
    score: float = 0.0


Pool = Mapping[tuple[str, str], PooledDocument]


def precision(rankings: Mapping[str, Sequence[str]], pool: Pool, k: int = 10) -> Estimate | None:
    """Mean precision at k of one run over its questions; None when nothing of it was judged.

    ``rankings``: question -> documents, best first; places a run left empty count as irrelevant. Documents that were
    drawn and not settled are made up for by the others. Source: Yilmaz, Kanoulas & Aslam (2008), extended inferred
    measures; the estimator is that of Särndal, Swensson & Wretman (1992), ch. 6.

    Raises:
        ValueError: a document among the first k is not in the pool: it was pooled less deep.
    """
    slots = [(question, doc) for question, docs in rankings.items() for doc in docs[:k]]
    strange = next((slot for slot in slots if slot not in pool), None)
    if strange is not None:
        raise ValueError(f"document {strange[1]!r} of question {strange[0]!r} is not in the pool; pool to depth {k}")
    empty = sum(k - min(k, len(docs)) for docs in rankings.values())
    frame = [pool[slot] for slot in slots]
    settled = [one for one in frame if one.drawn and one.relevant is not None]
    if not settled:
        return None
    asked = sum(1 / one.pi for one in frame if one.drawn)
    answered = sum(1 / one.pi for one in settled) / asked
    scores = [*(one.score for one in frame), *[0.0] * empty]
    units = sample(
        [*(float(bool(one.relevant)) for one in settled), *[0.0] * empty],
        [*(one.pi * answered for one in settled), *[1.0] * empty],
        [*(one.score for one in settled), *[0.0] * empty],
    )
    found = difference(units, len(scores), float(np.mean(scores))) or hajek(units)
    return None if found is None else _as_share(found)


def _as_share(found: Estimate) -> Estimate:
    """The interval on the scale of log-odds, where a share of few documents is less skewed. Korn & Graubard (1998)."""
    p = found.value
    if not 0 < p < 1:
        return clipped(found, 0.0, 1.0)
    centre, half = math.log(p / (1 - p)), (found.high - p) / (p * (1 - p))
    low, high = (1 / (1 + math.exp(-(centre + side * half))) for side in (-1, 1))
    return replace(found, low=low, high=high)
