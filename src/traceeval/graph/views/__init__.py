"""What scorers may see of a trace."""

from traceeval.graph.views._reach import Reach
from traceeval.graph.views._reading import Reading
from traceeval.graph.views._views import AnswerView, CallsView, RetrievalView, Search, StagesView

__all__ = ["AnswerView", "CallsView", "Reach", "Reading", "RetrievalView", "Search", "StagesView"]
