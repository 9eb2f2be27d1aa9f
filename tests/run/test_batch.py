"""What a worker makes of a batch."""

import msgspec

from traceeval.run._batch import _LARGE, _TOGETHER, _groups
from traceeval.testing import trace, user


def test_groups_are_small_in_number_and_in_bytes():
    short, long = trace(user("Hello?")), trace(user("x" * _LARGE))
    batch = msgspec.msgpack.encode([short] * (_TOGETHER + 1) + [long, short])
    assert [len(list(group)) for group in _groups(batch)] == [_TOGETHER, 2, 1]
