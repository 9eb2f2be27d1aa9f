"""One order of several systems."""

import numpy as np
import pytest

from traceeval.measures.bradley_terry import connected, fit_strengths

BASEBALL = np.array(  # Agresti (2002), Categorical Data Analysis, table 10.10: American League 1987, row beat column
    [
        [0, 7, 9, 7, 7, 9, 11],
        [6, 0, 7, 5, 11, 9, 9],
        [4, 6, 0, 7, 7, 8, 12],
        [6, 8, 6, 0, 6, 7, 10],
        [6, 2, 6, 7, 0, 7, 12],
        [4, 4, 5, 6, 6, 0, 6],
        [2, 4, 1, 3, 1, 7, 0],
    ],
    dtype=float,
)


def test_the_published_strengths_of_the_american_league_are_met():
    found = np.array(fit_strengths(BASEBALL, np.zeros((7, 7))).values)
    assert (found - found[-1]).round(2).tolist() == [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0]


def test_two_systems_with_ties_have_a_closed_form():
    found = fit_strengths(np.array([[0.0, 6], [3, 0]]), np.array([[0.0, 4], [0, 0]]))
    assert found.values == pytest.approx((np.log(2) / 2, -np.log(2) / 2), abs=1e-5)
    assert found.ties == pytest.approx(4 / np.sqrt(18), abs=1e-5)  # Davidson (1970)


def test_a_table_whose_wins_do_not_lead_everywhere_is_refused():
    wins = np.array([[0.0, 3, 3], [0, 0, 2], [0, 2, 0]])
    assert not connected(wins, np.zeros((3, 3)))
    assert fit_strengths(wins, np.zeros((3, 3))) is None


def test_a_tie_leads_both_ways():
    wins, ties = np.array([[0.0, 3, 3], [0, 0, 2], [0, 2, 0]]), np.zeros((3, 3))
    ties[0, 2] = 1
    assert connected(wins, ties)
    assert fit_strengths(wins, ties).values[0] > 0


def test_the_order_of_the_systems_does_not_matter():
    order = [3, 1, 0, 2, 6, 5, 4]
    found = fit_strengths(BASEBALL, np.zeros((7, 7))).values
    turned = fit_strengths(BASEBALL[np.ix_(order, order)], np.zeros((7, 7))).values
    assert turned == pytest.approx([found[at] for at in order], abs=1e-4)
