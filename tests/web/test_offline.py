"""A review needs no internet (review.md check 25): in a network of its own the page is whole and nobody calls out."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SESSION = Path(__file__).with_name("_offline.py")
ALONE = ("unshare", "-rn")


def offline(folder, *planted):
    if not shutil.which("unshare") or subprocess.run([*ALONE, "true"], capture_output=True).returncode:
        pytest.skip("no network namespaces: unshare is missing, or refused")
    command = [*ALONE, sys.executable, str(SESSION), str(folder / "review.db"), *planted]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_review_without_internet_is_whole_and_asks_nobody(tmp_path, figure):
    found = offline(tmp_path)
    assert (found["outside"], found["status"], found["problem"]) == ([], 303, None)
    assert len(found["loads"]) >= 2
    assert all(address.startswith("/") for address in found["loads"])
    figure("25 no internet", f"a review over HTTP: {len(found['loads'])} files of the page loaded, 0 outbound attempts")


@pytest.mark.soak
def test_a_server_that_calls_out_is_found(tmp_path):
    assert offline(tmp_path, "planted")["outside"] == ["socket.connect 192.0.2.1"]
