"""What a worker does around its batches."""

import gc
import weakref

import msgspec
import pytest

from traceeval import evaluate
from traceeval.run._batch import _LARGE, _LOOK, _TOGETHER, _groups, _Quietly
from traceeval.testing import trace, user


class Knot:
    """Refers to itself: only the collector takes it away."""

    def __init__(self):
        self.me = self


@pytest.fixture(autouse=True)
def thawed():
    yield
    gc.unfreeze()


def test_cycles_that_batches_leave_behind_go_once_in_a_while():
    quietly, left = _Quietly(), []
    for number in range(1, _LOOK + 1):
        quietly(lambda: left.append(weakref.ref(Knot())))
        assert all(one() is None for one in left) == (number == _LOOK)


def test_no_cycles_are_looked_for_within_a_batch_and_the_collector_is_on_again_behind_it():
    assert _Quietly()(gc.isenabled) is False
    assert gc.isenabled()


def test_a_batch_that_fails_leaves_the_collector_on():
    with pytest.raises(ZeroDivisionError):
        _Quietly()(lambda: 1 / 0)
    assert gc.isenabled()


def test_a_run_leaves_nothing_frozen(tmp_path):
    evaluate([trace(user("Hello?"))], engine="serial", out=tmp_path / "out")
    assert gc.get_freeze_count() == 0


def test_groups_are_small_in_number_and_in_bytes():
    short, long = trace(user("Hello?")), trace(user("x" * _LARGE))
    batch = msgspec.msgpack.encode([short] * (_TOGETHER + 1) + [long, short])
    assert [len(list(group)) for group in _groups(batch)] == [_TOGETHER, 2, 1]
