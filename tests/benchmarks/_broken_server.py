"""``traceeval serve`` with one guard taken out, to show that the load finds it."""

import importlib
import itertools
import sys
from contextlib import suppress
from pathlib import Path

from traceeval.cli import main
from traceeval.web.routes import api


def acknowledges_early():
    """Every fifth verdict is answered although it was rolled back."""
    count, real = itertools.count(1), api.submit

    class Undone(Exception):
        pass

    class Undoing:
        def __init__(self, opened):
            self.now, self._opened = opened.now, opened

        def transact(self, work):
            def run(connection):
                self.done = work(connection)
                raise Undone

            self._opened.transact(run)

    def submit(opened, *arguments):
        if next(count) % 5:
            return real(opened, *arguments)
        undoing = Undoing(opened)
        with suppress(Undone):
            real(undoing, *arguments)
        return undoing.done

    api.submit = submit


def gives_back_live_leases():
    """Whoever claims takes slots that others hold."""
    queue = importlib.import_module("traceeval.review.queue")
    real = queue._late
    queue._late = lambda slot, now: real(slot, now + 3600)


def hangs_up():
    """A connection is closed as soon as nothing is asked on it."""
    importlib.import_module("traceeval.web.serving").KEEP_ALIVE_S = 0


def starts_once():
    """It does not come back once it was killed."""
    Path(sys.argv.pop(1)).mkdir()


globals()[sys.argv.pop(1)]()
sys.argv[0] = "traceeval"
main(["serve", *sys.argv[1:]])
