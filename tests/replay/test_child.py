"""The process of one trial, watched from outside."""

import select
import time

from traceeval.replay import _child


def test_what_a_child_wrote_before_it_ended_is_read_however_late_one_looks(monkeypatch, tmp_path):
    """The child writes and ends between a look at the pipe that sees nothing and the next look at the process."""
    real, looked = select.select, []

    def late(*arguments):
        if looked:
            return real(*arguments)
        looked.append(True)
        time.sleep(0.3)
        return [], [], []

    monkeypatch.setattr(_child.select, "select", late)
    ran = _child.run_trial(b"", _child.Limits(10, 500, 10**6), tmp_path, lambda _, emit: emit(b'{"x":1}'), [])
    assert ran.ended == "done"
    assert ran.frames == [b'{"x":1}']
