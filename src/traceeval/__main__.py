"""``python -m traceeval``."""

from traceeval.cli import main

main()
