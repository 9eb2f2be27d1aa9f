"""Asking who knows, without I/O in the scorer that wants to know."""

from traceeval.judge._ask import Ask, Asking, Reader
from traceeval.judge._calibrated import Calibrated, by_rule, by_score, is_soft
from traceeval.judge._cascade import Cascade
from traceeval.judge._checker import Checker, deferred
from traceeval.judge._drive import Desk, adrive, drive
from traceeval.judge._endpoint import JudgeSettings
from traceeval.judge._judges import Judges
from traceeval.judge._request import Inquiry, Prompt, Reply, Request

__all__ = [
    "Calibrated",
    "Ask",
    "Asking",
    "Cascade",
    "Checker",
    "Desk",
    "Inquiry",
    "JudgeSettings",
    "Judges",
    "Prompt",
    "Reader",
    "Reply",
    "Request",
    "adrive",
    "by_rule",
    "by_score",
    "deferred",
    "drive",
    "is_soft",
]
