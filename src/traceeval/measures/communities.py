"""Communities of a graph that is given by how much its nodes are linked: a symmetric matrix without a diagonal."""

from __future__ import annotations

from typing import Any

import numpy as np


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
