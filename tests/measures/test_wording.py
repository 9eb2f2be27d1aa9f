"""Counts as people say them."""

import pytest

from traceeval.measures.wording import plural


@pytest.mark.parametrize(
    ("n", "told"), [(0, "0 scenarios"), (1, "1 scenario"), (2, "2 scenarios"), (1204, "1,204 scenarios")]
)
def test_one_is_one_and_anything_else_is_many(n, told):
    assert plural(n, "scenario") == told


def test_an_irregular_plural_is_given():
    assert [plural(n, "scenario has", "scenarios have") for n in (1, 2)] == ["1 scenario has", "2 scenarios have"]
