"""The process of one trial, watched from outside."""

import os
import select
import time

import pytest

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


def left(folder):
    return _child._too_much(folder, _child.Limits(10, 500, 10_000))


def test_files_up_to_their_number_and_their_size_may_lie_in_a_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(_child, "_MANY_FILES", 4)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"x" * 130_000)
    (tmp_path / "gone").symlink_to("nowhere")
    assert left(tmp_path) == ""
    (tmp_path / "a" / "d").write_bytes(b"")
    assert left(tmp_path) == "it left more than 4 files"
    monkeypatch.setattr(_child, "_MANY_FILES", 5)
    assert left(tmp_path) == ""
    (tmp_path / "a" / "d").write_bytes(b"x" * 40_000)
    assert left(tmp_path) == "its files hold more than 16 times the 0.01 MB one may hold"


def test_a_sparse_file_takes_no_room(tmp_path):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(10**9)
    if os.lstat(tmp_path / "sparse").st_blocks:
        pytest.skip("this file system keeps no sparse files")
    assert left(tmp_path) == ""
