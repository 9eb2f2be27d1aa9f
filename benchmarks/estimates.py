"""How often intervals hold what they should, printed as JSON: ``python benchmarks/estimates.py [rates] [agreement] ...``.

``rates``: estimates of a rate (review.md section 7); ``agreement``: every coefficient of agreement at 30 to 200 scenarios;
``harm``: the bound on harm nobody saw; ``comparisons``: an agent against itself and against a worse one; ``hijacks``:
AgentDojo runs drawn by our risk; ``pools``: P@10 of TREC runs from a quarter of the pool. The last two need the labelled
rows (``--data``).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FIGURES = ("rates", "agreement", "harm", "comparisons", "hijacks", "pools")
WITH_DATA = frozenset({"hijacks", "pools"})


def figure(name: str, draws: int, data: Path) -> Any:
    """What one figure's simulation says."""
    from importlib import import_module

    run: Callable[..., Any] = import_module(f"benchmarks.coverage.{name}").run
    return run(draws, data) if name in WITH_DATA else run(draws)


def main() -> None:
    """Print the figures asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], default=list(FIGURES), metavar="FIGURE")
    parser.add_argument("--draws", type=int, default=2000, help="Draws of each simulation (default: %(default)s).")
    parser.add_argument("--data", type=Path, default=DATA, help="Folder of the labelled rows.")
    arguments = parser.parse_args()
    told = {name: figure(name, arguments.draws, arguments.data) for name in arguments.figures}
    print(json.dumps(told, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
