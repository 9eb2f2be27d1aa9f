"""Two rankers, one of them wrong: the first stage's favourite is gone."""

import pytest
from tests.diagnose.signals._desk import LAMP, OTHERS, POOL, TIDE, found, ranked, record

from traceeval.diagnose._signals.rankers_disagree import sign
from traceeval.model import Component


@pytest.mark.parametrize(
    ("pool", "strength"), [(POOL, 1 / 2), ((TIDE, LAMP, *OTHERS), 1 / 3), ((TIDE, *OTHERS, LAMP), 1 / 5)]
)
def test_the_higher_the_first_stage_placed_it_the_stronger(pool, strength):
    told = sign(record(*ranked(pool, (TIDE, *OTHERS)), sent=(TIDE, *OTHERS)))
    assert told.component is Component.RERANKER
    assert told.strength == pytest.approx(strength)


def test_a_dropped_chunk_that_fits_badly_weighs_little():
    told = sign(record(*ranked((OTHERS[0], LAMP, TIDE), (LAMP, TIDE)), sent=(LAMP, TIDE)))
    assert told.state == "silent"


def test_one_ranker_cannot_disagree():
    assert sign(record(found(*POOL), sent=(TIDE,))).state == "silent"
