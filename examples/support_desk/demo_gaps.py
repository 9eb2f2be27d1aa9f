"""The last lines of ``make demo-decide``: ``python -m examples.support_desk.demo_gaps PACK`` decides on a pack, layer by layer.

First as it stands; then, for each layer, without its evidence, and long after it was made. Nothing is read but the pack.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from traceeval.model.release import LAYERS, ReleaseDecision
from traceeval.report.audit import unpack, verify
from traceeval.run import Evidence, decide, read_packed

HELD = (
    "protocol.md", "rubrics/", "training/qualifications.csv", "training/calibration_rounds.csv", "training/gold.csv",
    "training/rubric_proposals.csv", "lineage.csv", "contamination.json", "agreement.json", "verdicts.csv", "decisions.csv",
    "benchmarks/", "judge_validation.json", "regression_history.csv", "decision/decision.json", "decision/evidence/",
)  # fmt: skip
"""What an auditor asks for: none of it may be empty."""


def empty(pack: Path) -> list[str]:
    """What of that is missing, or holds nothing but its heading."""
    data = pack.read_bytes()
    verify(data, {})
    files = unpack(data)
    return [name for name in HELD if not any(_full(at, held) for at, held in files.items() if at.startswith(name))]


def _full(name: str, held: bytes) -> bool:
    return held.count(b"\n") > 1 if name.endswith(".csv") else held.strip() not in (b"", b"{}", b"[]")


def gaps(pack: Path, now: datetime) -> Iterator[tuple[str, str, ReleaseDecision]]:
    """(layer, what was done to it, the answer then)."""
    asked, gathered = read_packed(pack)
    yield "all layers", "as they stand", decide(asked, gathered, at=now)
    for layer in LAYERS:
        without = {name: found for name, found in gathered.items() if name != layer}
        yield layer, "removed", decide(asked, without, at=now)
        old = decide(asked, {**without, layer: _aged(gathered[layer])}, at=now)
        yield layer, "aged", old


def _aged(found: Mapping[str, Evidence | str]) -> dict[str, Evidence | str]:
    return {
        path: one if isinstance(one, str) else msgspec.structs.replace(one, created=_earlier(one.created))
        for path, one in found.items()
    }


def _earlier(created: str) -> str:
    return (datetime.fromisoformat(created) - timedelta(days=400)).isoformat()


def main(pack: Path) -> None:
    """Print the answers; end with 1 where a layer can be missing or old without being named."""
    lacking = empty(pack)
    print(f"{pack}: {len(HELD) - len(lacking)} of {len(HELD)} parts that an auditor asks for hold something")
    passed_over = list(lacking)
    for layer, done, found in gaps(pack, datetime.now(UTC)):
        named = [gap for gap in found.gaps if gap.startswith(f"{layer}: ")]
        print(f"  {layer:<11} {done:<13} {found.answer:<14} {named[0] if named else ''}".rstrip())
        if layer in LAYERS and not (found.answer == "not decidable" and named):
            passed_over.append(layer)
    if passed_over:
        sys.exit(f"empty or passed over: {', '.join(passed_over)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
