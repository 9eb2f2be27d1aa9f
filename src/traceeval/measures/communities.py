"""Communities of a graph that is given by how much its nodes are linked: a symmetric matrix without a diagonal."""

from __future__ import annotations

from typing import Any

import numpy as np

_APART = 0.25
"""Modularity from which a community is several: half of what two have that are alike in size and not linked at all."""


def communities_of(links: Any, resolution: float = 1.0) -> Any:
    """The community of each node, of a dense or a sparse matrix.

    Source: Blondel et al. (2008).
    """
    import networkx as nx

    of = np.full(links.shape[0], -1)
    if not len(of):
        return of
    read = nx.from_numpy_array if isinstance(links, np.ndarray) else nx.from_scipy_sparse_array
    for number, nodes in enumerate(nx.community.louvain_communities(read(links), resolution=resolution, seed=0)):
        of[list(nodes)] = number
    return of


def parted_communities(links: Any, halves: tuple[Any, Any]) -> Any:
    """The community of each node, small ones beside many others too.

    ``links``: sparse; ``halves``: those that either half of what was observed tells.

    Modularity takes communities together that are small beside the whole (Fortunato & Barthélemy 2007). So each is a
    graph of its own, and taken apart once more where communities that one half tells are linked in the other half too.
    """
    whole, first, second = (one.tocsr() for one in (links, *halves))
    of = communities_of(whole)
    told = np.full(len(of), -1)
    left = _groups(np.arange(len(of)), of)
    number = 0
    while left:
        nodes = left.pop()
        inside, fitted, held = (one[nodes][:, nodes] for one in (whole, first, second))
        parts = _groups(nodes, communities_of(inside))
        if len(parts) > 1 and modularity_of(held, communities_of(fitted)) >= _APART:
            left += parts
        else:
            told[nodes] = number
            number += 1
    return told


def _groups(nodes: Any, of: Any) -> list[Any]:
    """The nodes of each community."""
    return [nodes[of == one] for one in range(int(of.max(initial=-1)) + 1)]


def modularity_of(links: Any, of: Any) -> float:
    """How much more the nodes of a community are linked than by chance: -.5 to 1; 0: not at all.

    Source: Newman & Girvan (2004).
    """
    from scipy.sparse import coo_matrix

    graph = coo_matrix(links)
    whole = graph.sum()
    if whole == 0:
        return 0.0
    same = of[graph.row] == of[graph.col]
    ends = np.bincount(of, np.asarray(graph.sum(axis=1)).ravel() / whole)
    return float(graph.data[same].sum() / whole - (ends**2).sum())
