"""What irrCAC says of 500 random tables: ``python tests/measures/irrcac.py > tests/measures/irrcac.json``.

irrCAC 0.4.4 wants a scipy older than ours, so its answers are kept beside the test, and this remakes them (in an
environment with ``pip install irrCAC numpy==1.26.4``). Tables are drawn by the standard library: the same everywhere.
"""

import json
import math
import random
import sys

SCALE = (1, 2, 3, 4, 5)
SEED = 20


def tables(n=500):
    """Units by raters, None where a rating is missing; 2 to 5 raters, some people more often right than others."""
    rng = random.Random(SEED)
    for _ in range(n):
        raters, units, hit, gap = rng.randint(2, 5), rng.randint(4, 40), rng.random(), rng.choice((0, 0.1, 0.4))
        truth = [rng.choice(SCALE) for _ in range(units)]
        yield [
            [None if rng.random() < gap else t if rng.random() < hit else rng.choice(SCALE) for _ in range(raters)]
            for t in truth
        ]


def complete_pairs(table):
    """The first two raters' marks of the units both rated."""
    return [(row[0], row[1]) for row in table if None not in row[:2]]


def main():
    import pandas as pd
    from irrCAC.raw import CAC

    def of(table, method, weights):
        frame = pd.DataFrame(table, dtype=float)
        found = getattr(CAC(frame, weights=weights, categories=[float(mark) for mark in SCALE], digits=16), method)()
        value = float(found["est"]["coefficient_value"])
        return None if math.isnan(value) else round(value, 12)

    def kappa(pairs):
        return of(pairs, "conger", "quadratic") if len(pairs) > 3 else None

    answers = [
        [*(of(table, "gwet", kind) for kind in ("identity", "ordinal", "quadratic")), kappa(complete_pairs(table))]
        for table in tables()
    ]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
