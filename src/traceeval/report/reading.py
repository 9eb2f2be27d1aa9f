"""What other pages of ours show of a trace, the same as the report shows: steps taken apart, their order, their signs."""

from traceeval.report._shapes import LETTERS
from traceeval.report._shown import choose
from traceeval.report._steps import Row, Step, Text, duration, step_of
from traceeval.report._style import DRAWING

__all__ = ["DRAWING", "LETTERS", "Row", "Step", "Text", "choose", "duration", "step_of"]
