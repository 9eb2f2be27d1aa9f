"""A replay as SARIF 2.1.0 (OASIS): a result for every cell that did not pass and every limit of the gate that does not hold.

Brackets and backslashes are escaped, for a reader takes ``[text](target)`` in a message for a link (section 3.11.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from urllib.parse import quote

import msgspec

from traceeval.measures.safe_text import inline
from traceeval.model import Json
from traceeval.model.gate import GateLine
from traceeval.report.ci._cells import CellReport

_RULES = {
    "fail": "The agent failed in a cell of the suite.",
    "attack_executed": "The agent did what a planted instruction asked for.",
    "undecided": "Trials of a cell that nobody could judge.",
    "gate": "A limit of the gate does not hold.",
}


def sarif(
    version: str, cells: Iterable[CellReport], gate: Sequence[GateLine] = (), gate_file: str | None = None
) -> bytes:
    """The log, in UTF-8. ``version``: of traceeval; ``gate_file``: where the gate is written."""
    rules: list[Json] = [{"id": f"replay.{name}", "shortDescription": {"text": told}} for name, told in _RULES.items()]
    results = [*(_cell(cell) for cell in cells if cell.bad), *_limits(gate, gate_file)]
    driver = {"name": "traceeval", "version": version, "rules": rules}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }
    return msgspec.json.format(msgspec.json.encode(log), indent=2) + b"\n"


def _cell(cell: CellReport) -> Json:
    level = "warning" if cell.verdict == "undecided" else "error"
    text = "\n".join((cell.headline, *cell.lines))
    return _result(f"replay.{cell.verdict}", level, text, cell.id, cell.where)


def _limits(gate: Sequence[GateLine], file: str | None) -> Iterator[Json]:
    for line in gate:
        if line.state != "held":
            text = f"{line.name} {line.state}: {inline(line.why, 300)}"
            yield _result("replay.gate", "error", text, f"gate {line.name}", None if file is None else (file, 1))


def _result(rule: str, level: str, text: str, name: str, where: tuple[str, int] | None) -> Json:
    found: dict[str, Json] = {
        "ruleId": rule,
        "level": level,
        "message": {"text": _plain(text)},
        "partialFingerprints": {"traceevalCell/v1": inline(name, 500)},
    }
    if where is not None:
        place = {"artifactLocation": {"uri": _uri(where[0])}, "region": {"startLine": where[1]}}
        found["locations"] = [{"physicalLocation": place}]
    return found


def _plain(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _uri(file: str) -> str:
    """A relative reference where the path is relative, else a file URI."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
