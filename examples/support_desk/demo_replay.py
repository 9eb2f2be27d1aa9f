"""The last lines of ``make demo-replay``: pass^k with its interval beside the baselines, and the same as a picture.

``python -m examples.support_desk.demo_replay FOLDER PICTURE`` reads the folder of a replay and writes an SVG.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from traceeval.model.replayed import ReplaySummary
from traceeval.report.replay_plot import baselines, passes, replay_plot


def lines(found: ReplaySummary) -> Iterator[str]:
    """One line a figure."""
    yield f"{found.suite} {found.version} on {found.agent}: {len(found.scenarios)} scenarios, {found.n} trials a cell"
    for mark in (*passes(found), *baselines(found)):
        yield f"  {mark.label:<32} {mark.value:.3f} [{mark.low:.3f}, {mark.high:.3f}]"


def main(folder: Path, picture: Path) -> None:
    """Print the lines and write the picture."""
    found = msgspec.json.decode((folder / "replay.json").read_bytes(), type=ReplaySummary)
    picture.write_text(replay_plot(found), encoding="utf-8")
    print("\n".join([*lines(found), f"plotted in {picture}"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
