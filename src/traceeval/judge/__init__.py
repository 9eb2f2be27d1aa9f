"""Asking who knows, without I/O in the scorer that wants to know."""

from traceeval.judge._ask import Ask, Asking, Checker
from traceeval.judge._drive import Desk, drive

__all__ = ["Ask", "Asking", "Checker", "Desk", "drive"]
