"""Assignments against brute force and networkx."""

from itertools import permutations

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.measures.assignment import Fit, assign, heaviest, injective

EDGES = st.lists(st.lists(st.integers(0, 5), unique=True, max_size=6), max_size=6)


@settings(deadline=None)
@given(EDGES)
def test_injective_is_as_large_as_networkx_finds(edges):
    graph = nx.Graph()
    rows = [("row", row) for row in range(len(edges))]
    graph.add_nodes_from(rows)
    graph.add_edges_from((("row", row), ("column", column)) for row, columns in enumerate(edges) for column in columns)
    found = injective(edges)
    assert all(column in edges[row] for row, column in found.items())
    assert len(set(found.values())) == len(found)
    assert len(found) == len(nx.bipartite.maximum_matching(graph, top_nodes=rows)) // 2


def test_injective_is_not_greedy():
    assert injective([[0, 1], [0]]) == {0: 1, 1: 0}


@settings(deadline=None)
@given(st.lists(st.dictionaries(st.integers(0, 3), st.sampled_from([0.5, 1.0, 2.0])), max_size=4))
def test_heaviest_is_the_best_of_all_maps(gains):
    n = 4
    best = max(
        sum(gains[row].get(column, 0.0) for row, column in enumerate(chosen[: len(gains)]))
        for chosen in permutations(range(n))
    )
    found = heaviest(dict(enumerate(gains)))
    assert len(set(found.values())) == len(found)
    assert sum(gains[row][column] for row, column in found.items()) == best


def test_full_matches_come_before_similarity():
    fits = [
        {0: Fit(full=False, similarity=0.99), 1: Fit(full=False, similarity=0.99)},
        {0: Fit(full=True, similarity=1)},
    ]
    assert assign(fits, [True, True]) == {0: 1, 1: 0}


def test_a_required_spec_comes_before_two_optional_ones():
    fits = [{0: Fit(full=True, similarity=1), 1: Fit(full=True, similarity=1)}]
    assert assign(fits, [False, True]) == {0: 1}


def test_of_equal_calls_the_first_is_matched():
    fits = [{0: Fit(full=True, similarity=1)}] * 3
    assert assign(fits, [True]) == {0: 0}
