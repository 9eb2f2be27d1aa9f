"""The last lines of ``make demo-replay``: pass^k with its interval beside the baselines, and where the report is.

``python -m examples.support_desk.demo_replay FOLDER`` reads the folder of a replay.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from traceeval.model.replayed import ReplaySummary
from traceeval.report.replay_plot import baselines, passes


def lines(found: ReplaySummary) -> Iterator[str]:
    """One line a figure."""
    yield f"{found.suite} {found.version} on {found.agent}: {len(found.scenarios)} scenarios, {found.n} trials a cell"
    for mark in (*passes(found), *baselines(found)):
        yield f"  {mark.label:<32} {mark.value:.3f} [{mark.low:.3f}, {mark.high:.3f}]"


def main(folder: Path) -> None:
    """Print the lines."""
    found = msgspec.json.decode((folder / "replay.json").read_bytes(), type=ReplaySummary)
    print("\n".join([f"report: {folder / 'report.html'}", *lines(found)]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
