"""A run that is killed at the worst moment: no file under its own name is half written, and nothing is queued twice."""

import signal
import subprocess
import sys

import msgspec
import pytest
from sqlalchemy import create_engine, text

import traceeval
from traceeval.run import _evaluate
from traceeval.testing import model, retrieval, trace, user

CHILD = """
import os, signal, sys
import traceeval
moment, count, source, out, queue = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
from traceeval.run import _evaluate, _output
_evaluate.BATCH = 4

def dies(function):
    left = [count]
    def counted(*args, **kwargs):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return counted

if moment == "naming":
    os.replace = dies(os.replace)
elif moment == "writing":
    _output.Output.write = dies(_output.Output.write)
elif moment == "queueing":
    from sqlalchemy.engine import Connection
    Connection.execute = dies(Connection.execute)
traceeval.evaluate(traceeval.read(source), out=out, queue=queue)
"""


def runs(path, count):
    documents = [("kb-1", "Refunds are paid within 14 days."), ("kb-2", "Shipping is free above 50 euros.")]
    with path.open("wb") as lines:
        for number in range(count):
            answer = "Refunds take 99 days and cost 12 dollars."
            one = trace(
                retrieval(*documents, query="refund days"),
                user("How long do refunds take?"),
                model(answer),
                id=f"t{number}",
                question="How long do refunds take?",
                answer=answer,
            )
            lines.write(msgspec.json.encode(one) + b"\n")
    return path


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith((".", "review.db"))}


def queued(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        names = ("item", "slot", "selection_unit")
        counts = tuple(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names)
    engine.dispose()
    return counts


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """An earlier input, the one of the run that dies, and what the latter comes to when nothing kills it."""
    folder = tmp_path_factory.mktemp("inputs")
    earlier, later = runs(folder / "earlier.jsonl", 3), runs(folder / "later.jsonl", 12)
    url = f"sqlite:///{folder / 'q.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_evaluate, "BATCH", 4)
        traceeval.evaluate(traceeval.read(later), out=folder / "whole", queue=url)
    return earlier, later, files(folder / "whole"), queued(url)


@pytest.mark.parametrize(("moment", "count"), [("writing", 1), ("queueing", 12), ("naming", 3)])
def test_what_stands_under_its_own_name_is_whole_and_a_second_try_adds_nothing_twice(tmp_path, inputs, moment, count):
    earlier, later, whole, counts = inputs
    out, url = tmp_path / "out", f"sqlite:///{tmp_path / 'q.db'}"
    traceeval.evaluate(traceeval.read(earlier), out=out)
    before = files(out)
    command = [sys.executable, "-c", CHILD, moment, str(count), str(later), str(out), url]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    after = files(out)
    for name, data in after.items():
        assert data in (before[name], whole[name]) or name == "report.html"
    if "summary.json" in after:
        assert after == before
    traceeval.evaluate(traceeval.read(later), out=out, queue=url)
    again = files(out)
    assert {name: again[name] for name in again if name.endswith("l") and name != "report.html"} == {
        name: whole[name] for name in whole if name.endswith("l") and name != "report.html"
    }
    assert queued(url) == counts
    assert not list(out.glob(".staging-*"))
