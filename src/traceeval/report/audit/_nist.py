"""Which file of a pack is evidence for which subcategory of the NIST AI RMF 1.0 and AI 600-1: offered, never "met".

Source: NIST AI 100-1 (2023), Tables 1 to 4; NIST AI 600-1 (2024).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

COLUMNS = ("artefact", "asked_for", "framework", "subcategory", "status")
_PROTOCOL = "GOVERN 1.4; GOVERN 3.2; MAP 2.3; MAP 3.5; MEASURE 1.1; MEASURE 2.1; MEASURE 2.3"
_PEOPLE = "MEASURE 2.2; MEASURE 1.3; GOVERN 2.2"
_LINEAGE = "MAP 2.3; MEASURE 2.1; MEASURE 2.10"
_VERDICTS = "MEASURE 2.5; MEASURE 2.8; MEASURE 2.13; MEASURE 4.2"
_RESULTS = "MEASURE 2.4; MEASURE 2.13; MEASURE 3.1; MANAGE 4.1"
_SAFETY = "MEASURE 2.6; MEASURE 2.7; MEASURE 2.10; MEASURE 2.11; MANAGE 4.3"
_LOG = "MEASURE 1.1"
MAP = (
    ("protocol.md", "evaluation protocol", _PROTOCOL),
    ("roles.csv", "evaluation protocol", _PROTOCOL),
    ("estimates.json", "evaluation protocol", _PROTOCOL),
    ("selection.csv", "evaluation protocol", _PROTOCOL),
    ("rubrics/", "rubrics", _PEOPLE),
    ("training/", "annotator training", _PEOPLE),
    ("lineage.csv", "data lineage", _LINEAGE),
    ("contamination.json", "contamination", _LINEAGE),
    ("verdicts.csv", "inter-rater statistics, adjudication notes", _VERDICTS),
    ("decisions.csv", "inter-rater statistics, adjudication notes", _VERDICTS),
    ("agreement.json", "inter-rater statistics, adjudication notes", _VERDICTS),
    ("adjudications.json", "inter-rater statistics, adjudication notes", _VERDICTS),
    ("benchmarks/", "versioned results", _RESULTS),
    ("regression_history.csv", "regression history", _RESULTS),
    ("judge_validation.json", "versioned results", _RESULTS),
    ("decision/", "the decision to release, its policy and its evidence", _RESULTS),
    ("safety.csv", "safety audit", _SAFETY),
    ("access.jsonl", "safety audit", _SAFETY),
    ("ledger.jsonl", "audit log", _LOG),
    ("checkpoints.jsonl", "audit log", _LOG),
    ("manifest.json", "audit log", _LOG),
    ("limits.md", "what was not measured", _LOG),
)
RISKS = {
    "harm_done": "Dangerous, Violent, or Hateful Content",
    "injection_obeyed": "Information Security",
    "policy_breach": "Human-AI Configuration",
    "private_data": "Data Privacy",
}
"""Flags of the starter rubric -> the AI 600-1 risk they are evidence about."""


def rows(present: Collection[str]) -> Iterator[dict[str, str]]:
    """A row per artefact and subcategory; ``present``: the files of the pack."""
    for artefact, topic, subcategories in MAP:
        there = any(name == artefact or (artefact.endswith("/") and name.startswith(artefact)) for name in present)
        status = "evidence offered" if there else "not in this pack, see limits.md"
        for subcategory in subcategories.split("; "):
            yield dict(zip(COLUMNS, (artefact, topic, "AI RMF 1.0", subcategory, status), strict=True))
    for flag, risk in RISKS.items():
        yield dict(zip(COLUMNS, ("safety.csv", f"flag {flag}", "AI 600-1", risk, "evidence offered"), strict=True))
