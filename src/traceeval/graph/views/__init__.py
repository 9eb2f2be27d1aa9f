"""What scorers may see of a trace."""

from traceeval.graph.views._reading import Reading
from traceeval.graph.views._views import AnswerView, CallsView, RetrievalView, StagesView

__all__ = ["AnswerView", "CallsView", "Reading", "RetrievalView", "StagesView"]
