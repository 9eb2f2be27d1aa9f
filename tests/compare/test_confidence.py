"""Applications that promise too much, too little, or unevenly, and their twins whose word can be believed."""

import numpy as np
import pandas as pd
import pytest

from traceeval.compare import judge_confidence

N, PLANTED = 150, 20


def answers(seed, came, *, by="number", n=N):
    """Answers that state .3 to .95; ``came``: how often what is said so is right."""
    rng = np.random.default_rng(seed)
    said = rng.choice([0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95], n)
    right = rng.random(n) < np.array([came(p) for p in said])
    return pd.DataFrame(
        {"trace": [f"t{at}" for at in range(n)], "title": None, "stated": said, "stated_by": by, "right": right}
    )


WRONG = {
    "overconfident": lambda p: p - 0.2,
    "underconfident": lambda p: min(1.0, p + 0.2),
    "uneven": lambda p: 0.97 - p + 0.39,  # the surest are right least: the mean .68 is what is said
}


def verdict(traces):
    (one,) = judge_confidence(traces).figures
    return one.verdict


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("by", ["number", "hedge"])
def test_twenty_planted_applications_are_called_what_they_are_and_their_honest_twins_believable(kind, by):
    planted = [verdict(answers(seed, WRONG[kind], by=by)) for seed in range(PLANTED)]
    honest = [verdict(answers(100 + seed, lambda p: p, by=by)) for seed in range(PLANTED)]
    hits, false = planted.count(kind), sum(one != "believable" for one in honest)
    assert hits >= 0.95 * PLANTED
    assert hits / (hits + false) >= 0.95


def test_under_fifty_answers_nothing_is_called_anything():
    (one,) = judge_confidence(answers(1, WRONG["overconfident"], n=49)).figures
    assert (one.verdict, one.p, one.ece) == (None, None, None)


def test_numbers_and_hedges_are_judged_apart():
    both = pd.concat([answers(1, WRONG["overconfident"]), answers(2, lambda p: p, by="hedge")], ignore_index=True)
    assert {one.by: one.verdict for one in judge_confidence(both).figures} == {
        "number": "overconfident", "hedge": "believable",
    }  # fmt: skip


def test_a_word_that_is_always_kept_is_underconfident_and_one_never_kept_overconfident():
    assert verdict(answers(1, lambda p: 1.0)) == "underconfident"
    assert verdict(answers(1, lambda p: 0.0)) == "overconfident"


def test_those_who_were_sure_and_wrong_come_surest_first():
    wrong = judge_confidence(answers(1, lambda p: 0.0)).overconfident
    assert len(wrong) == 20
    assert [one.stated for one in wrong] == sorted((one.stated for one in wrong), reverse=True)
    assert all(one.stated >= 0.7 for one in wrong)
