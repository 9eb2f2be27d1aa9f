"""Kinds of which the words go together are one theme; what says a word of none is of none."""

import numpy as np
from scipy.sparse import csr_matrix

from traceeval.measures.themes import Themes

# Words 0-3 belong to one theme, 4-7 to another: each kind says two, and links are things that say words of two kinds.
SAID = [(0, 1)] * 6 + [(2, 3)] * 6 + [(1, 2)] * 2 + [(4, 5)] * 6 + [(6, 7)] * 6 + [(5, 6)] * 2
KINDS = np.array([0] * 6 + [1] * 6 + [0] * 2 + [2] * 6 + [3] * 6 + [2] * 2)


def rows(said):
    made = np.zeros((len(said), 8))
    for at, names in enumerate(said):
        made[at, list(names)] = 1 / max(len(names), 1)
    return csr_matrix(made)


def themes(said=SAID, kinds=KINDS):
    return Themes(rows(said), np.ones(len(said)), kinds, np.ones(len(said), dtype=bool))


def test_kinds_that_share_no_word_are_one_theme_when_what_people_say_links_them():
    found = themes()
    assert found.count == 2
    assert found.kinds[0] == found.kinds[1] != found.kinds[2] == found.kinds[3]
    assert (found.of == found.kinds[KINDS]).all()


def test_others_are_placed_by_most_of_their_words_and_by_none_that_nobody_says():
    found = themes()
    one, two = found.kinds[0], found.kinds[2]
    assert found.placed(rows([(0,), (3,), (4, 6, 1), ()])).tolist() == [one, one, two, -1]


def test_a_thing_that_lies_in_a_kind_by_mistake_is_moved_to_the_theme_of_its_words():
    kinds = KINDS.copy()
    kinds[0] = 3
    assert themes(kinds=kinds).of[0] == themes(kinds=kinds).of[1]


def test_two_themes_of_two_linked_kinds_each_have_a_modularity_of_one_half_and_unlinked_kinds_have_none():
    assert themes().together == 0.5
    assert themes(SAID[:12], KINDS[:12]).together == 0.0


def test_nothing_has_no_theme():
    found = themes([(0, 1)], np.array([-1]))
    assert (found.count, found.of.tolist(), found.placed(rows([(0,)])).tolist()) == (0, [-1], [-1])
