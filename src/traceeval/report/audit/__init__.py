"""The audit pack: one file that a safety reviewer hands over and that verifies anywhere (review.md section 19)."""

from traceeval.report.audit._limits import Shortfall, limits
from traceeval.report.audit._nist import COLUMNS as NIST_COLUMNS
from traceeval.report.audit._nist import rows as nist_rows
from traceeval.report.audit._protocol import protocol
from traceeval.report.audit._table import cell, write_json, write_lines, write_table
from traceeval.report.audit._zip import zip_folder
from traceeval.report.audit.verify import COLUMNS, FORMAT, Broken, plain, unpack, verify

__all__ = [
    "Broken",
    "COLUMNS",
    "FORMAT",
    "NIST_COLUMNS",
    "Shortfall",
    "cell",
    "limits",
    "nist_rows",
    "plain",
    "protocol",
    "unpack",
    "verify",
    "write_json",
    "write_lines",
    "write_table",
    "zip_folder",
]
