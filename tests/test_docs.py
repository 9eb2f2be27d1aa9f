"""Every Python example in the documentation runs."""

import importlib.util
import re
from pathlib import Path

import pytest

from traceeval.cli import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def with_examples():
    return [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", with_examples(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run_from_top_to_bottom(page, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    names = {"__name__": "example", "tmp_path": tmp_path}
    for block in BLOCK.findall(page.read_text(encoding="utf-8")):
        exec(compile(block, str(page), "exec"), names)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_told_of_in_the_documentation(command):
    assert any(f"traceeval {command}" in page.read_text(encoding="utf-8") for page in PAGES)


def test_there_are_examples():
    assert with_examples()


@pytest.fixture(scope="module")
def figures():
    spec = importlib.util.spec_from_file_location("figures", ROOT / "docs" / "figures.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_output_in_the_readme_is_what_the_demo_prints(figures, tmp_path):
    assert figures.demo(tmp_path / "out") in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_catalogue_of_findings_is_what_the_rules_say(figures):
    assert figures.findings() in (ROOT / "docs" / "findings.md").read_text(encoding="utf-8")


def test_the_suspects_of_the_page_for_engineers_are_what_is_printed(figures, tmp_path):
    assert figures.suspects(tmp_path / "out") in (ROOT / "docs" / "rag-engineers.md").read_text(encoding="utf-8")


@pytest.fixture
def made():
    spec = importlib.util.spec_from_file_location("reliability", ROOT / "docs" / "reliability.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_the_figures_of_the_page_on_reliability_are_those_that_were_noted(made):
    assert made.table(made.read(made.KEPT)) in made.PAGE.read_text(encoding="utf-8")


def test_a_figure_replaces_those_of_its_check_on_its_database(made):
    kept = {"1 load": ["sqlite: old", "postgres: old"], "2 kill": ["six: old", "seven: old"], "3 disks": ["EIO: old"]}
    noted = {"1 load": ["sqlite: new"], "2 kill": ["six: new"], "4 clock": ["new"]}
    assert made.renewed(kept, noted) == {
        "1 load": ["postgres: old", "sqlite: new"],
        "2 kill": ["six: new"],
        "3 disks": ["EIO: old"],
        "4 clock": ["new"],
    }
