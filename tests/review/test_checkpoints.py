"""Checkpoints leave the database on time, signed, and never bless a record that was rewritten."""

import sys

import pytest

from traceeval.errors import ConfigError, StoreFailed
from traceeval.review import Checkpoint, Checkpointer, checkpoint, claim, read_checkpoints, verify

SIGN = (sys.executable, "-c", "import sys; print('signed ' + sys.stdin.read())")


@pytest.fixture
def queue(store, kit):
    kit.fill(store, *(kit.unit(n, k=1) for n in range(60)))
    return store


def step(store, count, first=0):
    for number in range(first, first + count):
        claim(store, "default", f"p{number}")


def test_a_checkpoint_leaves_after_a_hundred_events_or_ten_minutes(queue, clock, tmp_path):
    file = tmp_path / "checkpoints.jsonl"
    keeper = Checkpointer(queue, file=file)
    first = keeper.tick()
    assert first.seq == 4
    assert keeper.tick() is None
    step(queue, 10)
    assert keeper.tick() is None
    clock.now += 599
    assert keeper.tick() is None
    clock.now += 1
    assert keeper.tick().seq == 14
    assert [point.seq for point in read_checkpoints(file)] == [4, 14]


def test_a_hundred_events_are_enough_at_any_time(queue, tmp_path):
    keeper = Checkpointer(queue, file=tmp_path / "c", every=20)
    start = keeper.tick().seq
    step(queue, 19)
    assert keeper.tick() is None
    step(queue, 1, first=19)
    assert keeper.tick().seq == start + 20
    assert verify(queue, *read_checkpoints(tmp_path / "c")).complete


def test_nothing_leaves_twice_when_nothing_happened(queue, clock, tmp_path):
    keeper = Checkpointer(queue, file=tmp_path / "c")
    keeper.tick()
    clock.now += 10_000
    assert keeper.tick() is None
    assert len(read_checkpoints(tmp_path / "c")) == 1


def test_the_last_one_outside_counts_after_a_restart(queue, tmp_path):
    Checkpointer(queue, file=tmp_path / "c").tick()
    assert Checkpointer(queue, file=tmp_path / "c").tick() is None


def test_it_can_be_said_and_signed(queue):
    said = []
    point = Checkpointer(queue, say=said.append, sign=SIGN).tick()
    assert point.signature == f"signed {point.statement}".strip()
    assert said == [point.line]
    assert checkpoint(queue, sign=SIGN).signature.startswith("signed {")


@pytest.mark.parametrize("command", [("false",), ("/no/such/signer",)])
def test_a_signer_that_fails_stops_the_export(queue, tmp_path, command):
    with pytest.raises(StoreFailed, match="not signed"):
        Checkpointer(queue, file=tmp_path / "c", sign=command).tick()
    assert not (tmp_path / "c").exists()


def test_storage_that_is_gone_is_said_and_tried_again(queue, tmp_path):
    with pytest.raises(StoreFailed, match="tried again"):
        Checkpointer(queue, file=tmp_path / "gone" / "c").tick()
    (tmp_path / "gone").mkdir()
    assert Checkpointer(queue, file=tmp_path / "gone" / "c").tick()


def test_a_rewritten_record_gets_no_fresh_checkpoint(queue, clock, tmp_path):
    file = tmp_path / "c"
    file.write_text(Checkpoint(2, "f" * 64, 0.0).line + "\n")
    with pytest.raises(StoreFailed, match="event 2 is not the one of the last checkpoint"):
        Checkpointer(queue, file=file).tick()
    assert len(read_checkpoints(file)) == 1


def test_a_line_cut_by_a_crash_is_no_checkpoint(queue, clock, tmp_path):
    file = tmp_path / "c"
    keeper = Checkpointer(queue, file=file)
    first = keeper.tick()
    with file.open("a") as out:
        out.write('{"seq": 99, "ha')
    assert read_checkpoints(file) == (first,)
    step(queue, 1)
    clock.now += 600
    second = keeper.tick()
    assert read_checkpoints(file) == (first, second)


@pytest.mark.parametrize("text", ["", "{}\n", "nonsense\n", '{"seq": 1}\n', "[]\n"])
def test_a_file_without_a_checkpoint_is_refused(tmp_path, text):
    (tmp_path / "c").write_text(text)
    with pytest.raises(ConfigError, match="no checkpoint"):
        read_checkpoints(tmp_path / "c")


def test_two_lines_that_contradict_each_other_are_refused_and_named(queue, tmp_path):
    file = tmp_path / "c"
    Checkpointer(queue, file=file).tick()
    step(queue, 1)
    point = checkpoint(queue)
    file.write_text(file.read_text() + Checkpoint(point.seq, "d" * 64).line + "\n" + point.line + "\n")
    with pytest.raises(ConfigError, match=rf"lines 2 and 3 contradict each other at event {point.seq}"):
        read_checkpoints(file)
