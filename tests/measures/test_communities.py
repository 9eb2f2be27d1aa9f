"""Nodes that are linked with each other are a community, and modularity says how much more so than by chance."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from traceeval.measures.communities import communities_of, modularity_of, parted_communities

# Two triangles, and one link between them: 7 links.
LINKS = np.zeros((6, 6))
for one, two in [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (2, 3)]:
    LINKS[one, two] = LINKS[two, one] = 1.0


@pytest.mark.parametrize("read", [np.array, csr_matrix], ids=["dense", "sparse"])
def test_two_triangles_with_one_link_between_them_are_two_communities(read):
    of = communities_of(read(LINKS))
    assert (of[:3] == of[0]).all()
    assert (of[3:] == of[3]).all()
    assert of[0] != of[3]


@pytest.mark.parametrize("read", [np.array, csr_matrix], ids=["dense", "sparse"])
def test_their_modularity_is_that_of_the_definition(read):
    """6 of 7 links within, each community with half of the ends: 6/7 - 2 (1/2)^2 (Newman & Girvan 2004)."""
    assert modularity_of(read(LINKS), np.array([0, 0, 0, 1, 1, 1])) == pytest.approx(6 / 7 - 1 / 2)
    assert modularity_of(read(LINKS), np.zeros(6, dtype=int)) == pytest.approx(0.0)
    assert modularity_of(read(LINKS), np.arange(6)) == pytest.approx(-(2 * 9 + 4 * 4) / 196)


def test_without_links_there_is_nothing():
    assert communities_of(np.zeros((0, 0))).tolist() == []
    assert len(set(communities_of(np.zeros((3, 3))).tolist())) == 3
    assert modularity_of(np.zeros((3, 3)), np.arange(3)) == 0.0


def ring(of, of_each=5):
    """Cliques, each with one link to the next: the graph of Fortunato & Barthélemy (2007)."""
    links = np.kron(np.eye(of), np.ones((of_each, of_each)) - np.eye(of_each))
    for one in range(of):
        here, there = one * of_each, (one + 1) % of * of_each + 1
        links[here, there] = links[there, here] = 1.0
    return csr_matrix(links)


def test_thirty_cliques_in_a_ring_are_thirty_communities_and_modularity_alone_takes_them_in_twos():
    links = ring(30)
    cliques = np.repeat(np.arange(30), 5)
    assert communities_of(links).max() + 1 < 20
    of = parted_communities(links, (links, links))
    assert len({(clique, one) for clique, one in zip(cliques, of, strict=True)}) == len(set(of)) == 30


def test_what_goes_apart_in_one_half_of_what_was_observed_only_stays_together():
    links = ring(30)
    order = np.random.default_rng(0).permutation(150)
    of = parted_communities(links, (links, links[order][:, order]))
    assert len(set(of)) == communities_of(links).max() + 1
    assert parted_communities(csr_matrix((0, 0)), (csr_matrix((0, 0)),) * 2).tolist() == []
