"""Agreement beyond chance: textbook values, and what cannot be known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.agreement import cohen_kappa, nominal_alpha


def test_kappa_of_a_textbook_table():
    # Cohen (1960) style table: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohen_kappa(pairs) == pytest.approx(0.4)


def test_alpha_of_krippendorffs_nominal_example():
    # Krippendorff (2011), section C: two observers, ten units, alpha 0.692
    a = "a a b b d c c c e d d a".split()
    b = "b a b b b c c c e d d d".split()
    assert nominal_alpha(list(zip(a, b, strict=True))) == pytest.approx(0.692, abs=5e-4)


def test_nothing_to_compare_is_unknown():
    assert cohen_kappa([]) is None
    assert cohen_kappa([("a", "a")] * 3) is None
    assert nominal_alpha([["a"], []]) is None
    assert nominal_alpha([["a", "a"]] * 3) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2))
def test_agreement_never_exceeds_one_and_is_one_without_disagreement(pairs):
    alpha, kappa = nominal_alpha(pairs), cohen_kappa(pairs)
    assert alpha is None or alpha <= 1
    assert kappa is None or -1 <= kappa <= 1
    same = [(a, a) for a, _ in pairs]
    assert nominal_alpha(same) in (None, 1.0)
