"""What could not be tested is said, and fails the run where everything has to run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
TEST = """
import pytest

@pytest.mark.parametrize("n", [1, 2])
def test_a_database(n):
    pytest.skip({reason!r})

def test_passes():
    pass
"""


def run(folder, reason, tests):
    (folder / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "test_it.py").write_text(TEST.format(reason=reason), encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TRACEEVAL_", "PYTEST_"))}
    clean |= {"TRACEEVAL_TESTS": tests, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # those of others take seconds to load
    workers = "1" if tests == "all" else "0"  # with xdist reports travel, without they do not: both count
    command = [sys.executable, "-m", "pytest", "-q", "-p", "xdist.plugin", "-n", workers, str(folder)]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("reason", "tests", "code"),
    [
        ("no PostgreSQL: install it", "some", 0),
        ("NO CHROMIUM: x", "all", 1),
        pytest.param("SQLite only", "all", 0, marks=pytest.mark.soak),
    ],
)
def test_a_test_that_was_left_out_is_said_and_fails_where_all_have_to_run(tmp_path, reason, tests, code):
    done = run(tmp_path, reason, tests)
    assert done.returncode == code, done.stdout
    assert (f"2 tests: {reason}" in done.stdout) == (reason != "SQLite only")
