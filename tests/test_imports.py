"""Importing costs: a stranger's first `traceeval --help` must feel instant."""

import json
import subprocess
import sys

import pytest

import traceeval

HEAVY = (
    "pydantic",
    "numpy",
    "pandas",
    "networkx",
    "scipy",
    "matplotlib",
    "openai",
    "langchain",
    "langchain_core",
    "sqlalchemy",
    "fastapi",
    "pyarrow",
    "jinja2",
    "starlette",
    "uvicorn",
    "argon2",
    "authlib",
    "rich",
)


def modules_after(code: str) -> set[str]:
    script = (
        f"import sys, json\ntry:\n    {code}\nexcept SystemExit:\n    pass\njson.dump(sorted(sys.modules), sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stderr)}


def test_help_imports_nothing_heavy():
    loaded = modules_after("sys.argv = ['traceeval', '--help']; from traceeval.cli import main; main()")
    assert "click" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("command", ["compare", "evaluate", "ingest", "replay"])
def test_the_help_of_a_command_imports_no_library_of_tables_or_databases(command):
    loaded = modules_after(f"sys.argv = ['traceeval', '{command}', '--help']; from traceeval.cli import main; main()")
    assert not loaded & {*HEAVY} - {"pydantic"}


def test_importing_the_package_imports_nothing_heavy():
    assert not modules_after("import traceeval") & {*HEAVY, "msgspec", "click"}


def test_public_names_are_what_all_says():
    assert traceeval.__all__ == sorted(traceeval.__all__)
    for name in traceeval.__all__:
        assert getattr(traceeval, name) is not None


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        traceeval.no_such_name  # noqa: B018
