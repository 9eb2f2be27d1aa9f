"""The three demos one after the other, as ``docs/decide.md`` tells: what the audit pack holds, and what `decide` says of it."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from traceeval.model.release import LAYERS

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (".venv", "Makefile", "constraints.txt", "examples", "pyproject.toml", "scenarios", "src")


@pytest.mark.soak
def test_after_the_demos_the_pack_is_whole_and_every_layer_counts(tmp_path):
    from examples.support_desk.demo_gaps import empty, gaps

    for name in NEEDED:
        (tmp_path / name).symlink_to(ROOT / name)
    for target in ("demo-compare", "demo-replay", "demo-decide"):
        done = subprocess.run(["make", target], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout
    pack = tmp_path / "traceeval-release" / "audit-pack.zip"
    assert empty(pack) == []
    whole, *others = gaps(pack, datetime.now(UTC))
    assert whole[2].answer == "do not release"
    assert {one.layer for one in whole[2].layers if one.state == "fails"} == {"judge", "regression"}
    assert len(others) == 2 * len(LAYERS)
    for layer, done_to_it, found in others:
        word = {"removed": "missing", "aged": "stale"}[done_to_it]
        assert found.answer == "not decidable"
        assert [gap.split(": ")[:2] for gap in found.gaps] == [[layer, word]]
    first = pack.read_bytes()
    again = subprocess.run(["make", "-n", "demo-decide"], cwd=tmp_path, capture_output=True, text=True).stdout
    (told,) = [line for line in again.replace("\\\n", " ").splitlines() if " audit pack " in line]
    subprocess.run(told, shell=True, cwd=tmp_path, check=True, capture_output=True)
    assert pack.read_bytes() == first
