"""A replay as JUnit XML: a test case a cell, a case of its own for each limit of the gate.

Form: the XML schema of Jenkins' xUnit plug-in (junit-10.xsd). Characters that XML 1.0 cannot carry are spelled out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Sequence

from traceeval.measures.safe_text import inline
from traceeval.model.gate import GateLine
from traceeval.report.ci._cells import CellReport


def junit(suite: str, cells: Iterable[CellReport], gate: Sequence[GateLine] = ()) -> bytes:
    """The document, in UTF-8."""
    root = ElementTree.Element("testsuite", name=inline(suite))
    counts = dict.fromkeys(("tests", "failures", "errors"), 0)
    for cell in cells:
        _count(counts, _cell(root, cell))
    for line in gate:
        _count(counts, _limit(root, line))
    for name, count in counts.items():
        root.set(name, str(count))
    ElementTree.indent(root)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _count(counts: dict[str, int], kind: str | None) -> None:
    counts["tests"] += 1
    if kind is not None:
        counts[f"{kind}s"] += 1


def _cell(root: ElementTree.Element, cell: CellReport) -> str | None:
    file, line = cell.where
    case = ElementTree.SubElement(
        root, "testcase", classname=inline(cell.scenario), name=inline(cell.id), file=inline(file, 1000), line=str(line)
    )
    if not cell.bad:
        return None
    kind = "error" if cell.verdict == "undecided" else "failure"
    told = ElementTree.SubElement(case, kind, message=cell.headline, type=cell.verdict)
    told.text = "\n".join(cell.lines)
    return kind


def _limit(root: ElementTree.Element, line: GateLine) -> str | None:
    case = ElementTree.SubElement(root, "testcase", classname="gate", name=inline(line.name))
    if line.state == "held":
        return None
    kind = "failure" if line.state == "failed" else "error"
    ElementTree.SubElement(case, kind, message=inline(line.why, 300), type=line.state)
    return kind
