"""Gold and retrieved ids: one namespace, or said to be two."""

from traceeval.measures.namespace import Namespace, shape


def seen(*pairs):
    space = Namespace()
    for hits, gold in pairs:
        space.add(hits, gold)
    return space


def test_one_hit_anywhere_settles_it():
    assert not seen((["x"], ["y"]), (["a"], ["a"])).mismatch


def test_ids_of_another_shape_are_a_mismatch_with_an_example_of_each_side():
    space = seen((["3f2a-11", "77b0-09"], ["KILT_105219"]))
    assert space.mismatch
    assert space.examples == ("3f2a-11", "KILT_105219")


def test_the_same_shape_without_a_match_is_a_true_miss():
    assert not seen((["kb-104", "kb-99"], ["kb-7"])).mismatch


def test_without_hits_or_without_gold_nothing_is_said():
    assert not seen(([], ["a"])).mismatch
    assert not seen((["a"], [])).mismatch


def test_shapes_fold_runs():
    assert shape("kb-104#2") == "a-9#9"
    assert shape("MARCO_D1000192") == "a_a9"


def test_merging_keeps_a_match():
    space = seen((["x1"], ["99"]))
    space.merge(seen((["a"], ["a"])))
    assert not space.mismatch
