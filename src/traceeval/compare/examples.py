"""What a judge's prompt may show: labels of the calibration split, one of a family, both classes."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import zip_longest

from traceeval.compare._chosen import failed
from traceeval.errors import ConfigError
from traceeval.model import PeopleRow


def draw_examples(people: Iterable[PeopleRow], criterion: str, n: int, seed: str = "0") -> list[PeopleRow]:
    """``n`` labels in turn of both classes; the same seed draws the same, whatever the order of the rows.

    Raises:
        ConfigError: the calibration split holds no label of that criterion.
    """
    rows = sorted(
        (row for row in people if row.criterion == criterion and row.split == "calibration" and row.mark is not None),
        key=lambda row: row.subject,
    )
    if not rows:
        raise ConfigError(f"no label on {criterion!r} in the calibration split; examples come from no other")
    rng = random.Random(seed)
    rng.shuffle(rows)
    single = list({row.cluster: row for row in reversed(rows)}.values())[::-1]
    classes = ([row for row in single if failed(row)], [row for row in single if not failed(row)])
    return [row for pair in zip_longest(*classes) for row in pair if row is not None][:n]
