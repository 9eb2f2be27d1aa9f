"""How calls are answered: stateful mocks, cassettes, live tools; faults and planted texts wrap any of them."""

from traceeval.replay.tools._functions import ToolError

__all__ = ["ToolError"]
