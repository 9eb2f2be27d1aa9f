"""The pytest plugin: cells of a scenario suite as tests. Loaded by every pytest run, so it imports nothing until a cell runs.

``traceeval.testing.cells`` makes the parameters; here are their marker, their folder, and what a report says of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from traceeval.testing import CheckedCell

MARKER = "traceeval"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where traces of cells that do not pass are kept."""
    group = parser.getgroup("traceeval", "cells of scenario suites")
    group.addoption(
        "--traceeval-out",
        default="traceeval-cells",
        metavar="DIR",
        help="traces of cells that do not pass are written here (default: traceeval-cells, in the root folder)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, for ``--strict-markers`` and ``-m``."""
    config.addinivalue_line(
        "markers",
        "traceeval(kind, scenario): a cell of a scenario suite; kind is as_written, variants, faults, injections or "
        "crossed: -m \"traceeval(kind='faults')\"",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Say where traces go, and put the paths of those written into the report (JUnit: a property)."""
    found = _cells(item) if item.get_closest_marker(MARKER) is not None else []
    for cell in found:
        cell.folder = item.config.rootpath / item.config.getoption("--traceeval-out")
    try:
        yield
    finally:
        item.user_properties += [("trace", str(path)) for cell in found for path in cell.kept]


def _cells(item: pytest.Item) -> list[CheckedCell]:
    from traceeval.testing import CheckedCell

    params = getattr(item, "callspec", None)
    return [one for one in params.params.values() if isinstance(one, CheckedCell)] if params is not None else []
