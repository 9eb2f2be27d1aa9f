"""Whether people prefer what stands first: exact binomial, for everybody together and for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from traceeval.measures.clustered import holm
from traceeval.model import Leaning, PreferenceRow


def leanings(said: Sequence[PreferenceRow]) -> tuple[Leaning, ...]:
    """All people first, then each by name; empty where nobody knows what stood first."""
    from scipy.stats import binomtest

    first, n = Counter[str](), Counter[str]()
    for row in said:
        if row.first is not None and row.preference in ("a", "b"):
            n[row.reviewer] += 1
            first[row.reviewer] += row.preference == row.first
    if not n:
        return ()
    people = sorted(n)
    chances = [float(binomtest(first[name], n[name]).pvalue) for name in people]
    whole = float(binomtest(first.total(), n.total()).pvalue)
    every = Leaning(reviewer=None, first=first.total(), n=n.total(), p=whole, adjusted=whole)
    each = zip(people, chances, holm(chances), strict=True)
    return (
        every,
        *(Leaning(reviewer=name, first=first[name], n=n[name], p=p, adjusted=adjusted) for name, p, adjusted in each),
    )
