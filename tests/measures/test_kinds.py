"""What is asked in like words and answered with like tools is one kind; what is asked once is none."""

import numpy as np

from traceeval.measures.kinds import Kinds, asked

PAY = [asked(f"pay {to} the rent", ("pay",)) for to in ("Anna", "Ben", "Carl", "Dora", "Emil", "Fritz")]
FIND = [asked(f"find a plumber in {place}", ("search",)) for place in ("Rome", "Oslo", "Bern", "Lyon", "Cork", "Graz")]


def test_two_kinds_are_told_apart_the_larger_first():
    kinds = Kinds([*PAY, *FIND, FIND[0]])
    assert kinds.of.tolist() == [1] * 6 + [0] * 7
    assert kinds.sizes.tolist() == [7, 6]
    assert (kinds.words(1), kinds.tools(1)) == (("pay", "rent"), ("pay",))


def test_how_often_a_thing_was_asked_counts_as_if_it_stood_there_as_often():
    folded = Kinds([PAY[0], FIND[0]], [6, 7])
    assert folded.sizes.tolist() == [7, 6]
    assert folded.of.tolist() == [1, 0]


def test_fewer_than_five_make_no_kind():
    kinds = Kinds([*PAY[:4], *FIND])
    assert kinds.of.tolist() == [-1] * 4 + [0] * 6
    assert Kinds(PAY[:4]).sizes.tolist() == []


def test_a_case_is_like_a_kind_when_it_calls_its_tools_and_more_and_not_when_it_calls_other_ones():
    kinds = Kinds([*PAY, *FIND])
    words = "please pay the rent"
    ways = [asked(words, tools) for tools in (("pay",), ("pay", "search"), ("search",), (), None)]
    assert kinds.alike(ways)[:, 0].tolist() == [True, True, False, False, True]
    assert not kinds.alike([asked("water the garden", ("pay",))]).any()


def test_by_words_alone_what_says_none_that_tells_is_like_nothing():
    silent = [asked(str(n), ()) for n in range(6)]
    kinds = Kinds([*PAY, *silent])
    foreign = [asked("quantum xylophones", None), asked("", None)]
    assert not kinds.alike(foreign).any()
    assert not kinds.near([asked("7", ())], foreign).any()
    assert kinds.alike([asked("quantum xylophones", ())]).tolist() == [[False, True]]


def test_words_are_told_as_they_are_written_and_numbers_tell_nothing():
    kinds = Kinds([asked(f"cancelled deliveries {n}", ()) for n in range(6)])
    assert set(kinds.words(0)) == {"cancelled", "deliveries"}
    assert asked("order 4711, 3.5 %", ()).words == {"order"}


def test_the_order_of_things_changes_no_kind():
    things = [*PAY, *FIND]
    order = np.random.default_rng(0).permutation(len(things))
    mixed = Kinds([things[at] for at in order])
    found = {frozenset(order[mixed.of == kind].tolist()) for kind in range(2)}
    assert found == {frozenset(range(6)), frozenset(range(6, 12))}


def test_of_many_things_unlike_any_other_none_is_a_kind_and_what_is_alike_still_is():
    lone = [
        asked(" ".join(f"{chr(97 + n % 26)}{chr(97 + n // 26)}{word}" for word in ("ab", "cd", "ef")), ())
        for n in range(600)
    ]
    kinds = Kinds([*lone, *PAY])
    assert kinds.of[-6:].tolist() == [int(kinds.of[-1])] * 6
    assert kinds.of[-1] >= 0
