"""Writes every generated part of the documentation: ``python docs/figures.py [PART ...]``, all parts by default.

``findings``: the table of rules. ``demo``: the output of ``make demo`` in the README.
``suspects``: what the page for RAG engineers shows of an evaluation
without gold. ``slices``: what it shows of slices. ``quality``: the tables of ``docs/quality.md``, measured on the
labelled rows beside the checkout. ``picture``: the report as the README shows it (needs chromium). ``statistics``: coverage
of every interval, by simulation.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
OURS = {
    "annotations": DATA,
    "mutations": DATA,
    "planted": ROOT / "traces" / "labels.jsonl",
    "suspects": ROOT / "tests" / "diagnose" / "unlabelled",
    "contradictions": ROOT / "tests" / "data" / "contradictions" / "pairs.jsonl",
}
SIMULATED = {"slices"}
ALIKE = {"planted", "llmbar"}  # kinds of faults, judges times subsets: too many rows for a page
FITTED = {"begin", "magentic_agentrx", "mtrag_human", "qags", "who_and_when", "wice"}  # measured by cross-validation
README, QUALITY, PICTURE = ROOT / "README.md", ROOT / "docs" / "quality.md", ROOT / "docs" / "report.png"
FINDINGS = ROOT / "docs" / "findings.md"
ENGINEERS = ROOT / "docs" / "rag-engineers.md"
STATISTICS = ROOT / "docs" / "statistics.md"
DEMO = ["evaluate", "traces", "--gold", "traces/gold.jsonl", "--tools", "examples/support_desk/tools.yaml"]


def printed(*arguments: str) -> list[str]:
    """The lines a command of ours prints, 80 columns wide."""
    command = [sys.executable, "-m", "traceeval", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, env={**os.environ, "COLUMNS": "80"}
    )
    return [line.rstrip() for line in done.stdout.splitlines()]


def demo(out: Path) -> str:
    """What ``make demo`` prints."""
    return "\n".join(printed(*DEMO, "--out", str(out))).replace(str(out), "traceeval-out")


def suspects(out: Path) -> str:
    """What an evaluation of the example traces says of suspects when it is given no gold, and of one of the traces."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "traces").glob("*.otlp.jsonl"))
    lines = printed("evaluate", *files, "--out", str(out))
    first = next(at for at, line in enumerate(lines) if line.startswith("Suspected"))
    last = lines.index("", first)
    tree = printed("inspect", "traces/ranked_out.otlp.jsonl", "--id", "19f7")
    branch = next(at for at, line in enumerate(tree) if "suspected (" in line)
    commands = "$ traceeval evaluate traces/*.otlp.jsonl", "$ traceeval inspect traces/ranked_out.otlp.jsonl --id 19f7"
    return "\n".join([commands[0], "...", *lines[first:last], "", commands[1], "...", *tree[branch:]])


def between(page: str, name: str, text: str) -> str:
    """The page with what stands between two marks replaced."""
    begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    head, _, rest = page.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}\n{text}\n{end}{tail}"


def slices(out: Path) -> str:
    """What an evaluation of the example traces says of its slices."""
    command = [*DEMO, "--by", "tools"]
    lines = printed(*command, "--out", str(out))
    first = next(at for at, line in enumerate(lines) if "reliably worse" in line)
    return "\n".join([f"$ traceeval {' '.join(command)}", "...", *lines[first : lines.index("", first)]])


def findings() -> str:
    """The catalogue of findings: every rule, its severity, what it says in one line, and what taxonomies call it."""
    from traceeval.diagnose import maps_of
    from traceeval.registry import Diagnosis, Registry

    lines = ["| finding | id | severity | a defect when | elsewhere |", "| --- | --- | --- | --- | --- |"]
    for rule in sorted(Registry("traceeval.diagnose", Diagnosis).all(), key=lambda one: (one.id is None, one.name)):
        if rule.id is not None or rule.name == "guard.obeyed_instruction":
            told = ", ".join(
                f"{one.scheme} {one.id}" if one.verified else f"{one.scheme} {one.id}†" for one in maps_of(rule.name)
            )
            doc = rule.doc.replace("|", "\\|").replace("``", "`")
            lines.append(f"| `{rule.name}` | {rule.id or ''} | {rule.severity} | {doc} | {told} |")
    return "\n".join(lines)


def write_findings() -> None:
    """Put the catalogue into its page."""
    FINDINGS.write_text(between(FINDINGS.read_text(encoding="utf-8"), "findings", findings()), encoding="utf-8")


def write_demo() -> None:
    """Put the demo's output into the README."""
    with tempfile.TemporaryDirectory() as folder:
        text = f"```text\n{demo(Path(folder) / 'out')}\n```"
    README.write_text(between(README.read_text(encoding="utf-8"), "demo", text), encoding="utf-8")


def write_suspects() -> None:
    """Put what is said without gold into the page for RAG engineers."""
    with tempfile.TemporaryDirectory() as folder:
        text = f"```text\n{suspects(Path(folder) / 'out')}\n```"
    ENGINEERS.write_text(between(ENGINEERS.read_text(encoding="utf-8"), "suspects", text), encoding="utf-8")


def write_slices() -> None:
    """Put what is said of slices into the page for RAG engineers."""
    with tempfile.TemporaryDirectory() as folder:
        text = f"```text\n{slices(Path(folder) / 'out')}\n```"
    ENGINEERS.write_text(between(ENGINEERS.read_text(encoding="utf-8"), "slices", text), encoding="utf-8")


def measured() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every suite whose rows are there, with its result."""
    for suite in sorted(path.stem for path in (ROOT / "benchmarks" / "suites").glob("[a-z]*.py")):
        data = OURS.get(suite, DATA / suite)
        rows = [] if suite in SIMULATED else ["--data", str(data)]
        if data.exists() or not rows:
            command = [sys.executable, str(ROOT / "benchmarks" / "quality.py"), suite, *rows]
            command += ["--cv"] if suite in FITTED else []
            print(f"measuring {suite}", file=sys.stderr)
            yield suite, json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def table(results: dict[str, dict[str, Any]]) -> str:
    """One row per suite, subset and metric that has a value, with the baselines of the same run."""
    lines = ["| suite | subset | metric | ours | 95 % | baselines |", "| --- | --- | --- | --- | --- | --- |"]
    for suite, result in results.items():
        head = f"{suite} ({result['rows']:,} rows)"
        parts = {} if suite in ALIKE else result["subsets"]
        for subset, metrics in {"": result["metrics"], **parts}.items():
            for name, value in metrics.items():
                if name.startswith("overflow") and not value["value"]:
                    continue
                told = [
                    f"{who} {_short(figures[name])}" for who, figures in result["baselines"].items() if name in figures
                ]
                cells = (
                    head,
                    subset,
                    f"`{name}`",
                    _short(value["value"]),
                    _range(value),
                    "; ".join(told) if not subset else "",
                )
                lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _short(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.1e}" if 0 < abs(value) < 0.0005 else f"{value:.3f}"


def _range(value: dict[str, float | None]) -> str:
    return "" if value["low"] is None else f"{_short(value['low'])}–{_short(value['high'])}"


def write_quality() -> None:
    """Measure everything and put the table into the page."""
    text = table(dict(measured()))
    QUALITY.write_text(between(QUALITY.read_text(encoding="utf-8"), "quality", text), encoding="utf-8")


def write_picture() -> None:
    """Photograph the top of the report."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no chromium: install it, or leave the picture as it is")
    with tempfile.TemporaryDirectory() as folder:
        demo(Path(folder) / "out")
        page = (Path(folder) / "out" / "report.html").as_uri()
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
        ]
        quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
        shot = [f"--screenshot={PICTURE}", "--window-size=1200,1500", page]
        subprocess.run([chromium, *flags, *quiet, *shot], check=True, capture_output=True)


def coverage(told: dict[str, Any]) -> str:
    """A table a simulation: rows as its command names them."""
    parts = [
        _table("10,000 traces, 400 reviews, 17 % failures", told["rates"], ("bias", "coverage", "width", "found")),
        _table("bound on harm at a rate of .5 %", told["harm"], ("coverage", "mean_bound", "found_none")),
        *(_intervals(name, rows) for name, rows in told["agreement"].items()),
    ]
    if "pools" in told:
        columns = ("p10", "unjudged_as_irrelevant", "coverage", "width")
        parts.append(_table("P@10 of TREC 2003 Robust runs, a quarter of the pool judged", told["pools"], columns))
    if "hijacks" in told:
        found = told["hijacks"]
        rows = {name: found[name] for name in ("difference", "Hájek")}
        title = f"rate of hijacks, a fifth reviewed: {found['found_ratio']:.2f} times the hijacks of a uniform draw"
        parts.append(_table(title, rows, ("bias", "coverage", "width")))
    return "\n\n".join(parts)


def _table(title: str, rows: dict[str, dict[str, float]], columns: tuple[str, ...]) -> str:
    heads = " | ".join(name.replace("_", " ") for name in columns)
    lines = [f"| {title} | {heads} |", f"| --- |{' --- |' * len(columns)}"]
    lines += [f"| {name} | {' | '.join(_short(row[column]) for column in columns)} |" for name, row in rows.items()]
    return "\n".join(lines)


def _intervals(title: str, rows: dict[str, dict[str, dict[str, float | None]]]) -> str:
    """One row per coefficient, one column per number of scenarios: coverage, mean width, share of draws without an interval."""
    sizes = list(next(iter(rows.values())))
    lines = [f"| {title} | {' | '.join(sizes)} |", f"| --- |{' --- |' * len(sizes)}"]
    lines += [f"| {name} | {' | '.join(_interval(by_size[n]) for n in sizes)} |" for name, by_size in rows.items()]
    return "\n".join(lines)


def _interval(told: dict[str, float | None]) -> str:
    refused = f", none {told['refused']:.1%}" if told["refused"] else ""
    return "none" if told["coverage"] is None else f"{told['coverage']:.3f}, {told['width']:.3f}{refused}"


def write_statistics() -> None:
    """Simulate and put the tables into the page."""
    names = ["rates", "harm", "agreement", *(["pools", "hijacks"] if DATA.exists() else [])]
    command = [sys.executable, str(ROOT / "benchmarks" / "estimates.py"), *names]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    STATISTICS.write_text(between(STATISTICS.read_text(encoding="utf-8"), "statistics", coverage(told)), "utf-8")


PARTS = {
    "findings": write_findings,
    "demo": write_demo,
    "suspects": write_suspects,
    "slices": write_slices,
    "quality": write_quality,
    "statistics": write_statistics,
    "picture": write_picture,
}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
