"""ragas' tool call accuracy: names in order, arguments by equality, from position to position. It asks no model."""

from __future__ import annotations

import asyncio
import math

from traceeval.graph.views import CallsView, Reading
from traceeval.registry import scorer
from traceeval.scorers.ragas._bridge import quiet


@scorer("ragas.tool_call_accuracy", component="tool", needs=("reference.calls",), default=False, requires="ragas")
def tool_call_accuracy(view: CallsView, *, strict_order: bool = True) -> Reading:
    """Share of expected calls whose namesake at the same position has equal arguments. Source: ragas 0.4.3."""
    if view.reference is None or view.reference.calls is None:
        return Reading.not_applicable("no_reference: no expected calls")
    if not view.reference.calls:
        return Reading.not_applicable("none_expected: ragas does not score that no call is expected")
    open_ = [spec for spec in view.reference.calls if not isinstance(spec.tool, str)]
    if open_:
        return Reading.not_applicable("any_of: ragas knows one name per expected call")
    quiet()
    from ragas.messages import AIMessage, ToolCall
    from ragas.metrics.collections import ToolCallAccuracy

    made = [ToolCall(name=call.name, args=dict(call.arguments or {})) for call in view.calls]
    expected = [ToolCall(name=str(spec.tool), args=dict(spec.args)) for spec in view.reference.calls]
    metric = ToolCallAccuracy(strict_order=strict_order)
    said = [AIMessage(content="", tool_calls=made)]
    result = asyncio.run(metric.ascore(user_input=said, reference_tool_calls=expected))
    if math.isnan(result.value):
        return Reading.undefined("nan: ragas has no value for these calls")
    return Reading.scored(result.value, why="by: ragas", units=len(expected))
