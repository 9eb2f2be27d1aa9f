"""Every registered score keeps the contract of scores."""

import pytest

from traceeval.registry import Registry, Scorer
from traceeval.testing import check_scorer


@pytest.mark.parametrize("name", Registry("traceeval.scorers", Scorer).names())
def test_the_score_keeps_the_contract(name):
    check_scorer(name)
