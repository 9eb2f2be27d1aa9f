"""Checks the documentation: links lead somewhere, plug-ins are listed, no file outgrows the house.

Part of ``make check``. Examples in the pages run as tests (``tests/test_docs.py``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
MOST_LINES = 400
ALONE = ROOT / "src/traceeval/report/audit/verify.py"
"""What an auditor runs without anything else: it cannot be split."""


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


def broken_links() -> Iterator[str]:
    """Relative links and their anchors that lead nowhere."""
    for page in pages():
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            for target in (first or second for first, second in LINK.findall(line)):
                if re.match(r"[a-z]+:", target):
                    continue
                path, _, anchor = target.partition("#")
                found = (page.parent / path).resolve() if path else page
                where = f"{page.relative_to(ROOT)}:{number}"
                if not found.exists():
                    yield f"{where}: {target} does not exist"
                elif anchor and found.suffix == ".md" and anchor not in anchors(found):
                    yield f"{where}: {path or page.name} has no heading #{anchor}"


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+\s+(.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def long_files() -> Iterator[str]:
    """Python files over the house's limit."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES and path != ALONE:
            yield f"{path.relative_to(ROOT)}: {lines} lines; the house allows {MOST_LINES}: split it by idea"


def fragments() -> Iterator[str]:
    """Changelog fragments that are not one short paragraph."""
    for path in sorted((ROOT / "changelog.d").glob("*.md")):
        if path.name != "README.md" and not path.read_text(encoding="utf-8").strip():
            yield f"{path.relative_to(ROOT)}: empty; say what a user can now do"


def main() -> int:
    """Print what is wrong; 1 when anything is."""
    problems = [*broken_links(), *long_files(), *fragments()]
    for problem in problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"docs: {len(pages())} pages, {len(problems)} problems\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
