"""The desk's own tools (examples/support_desk/tools.py) over the state of a trial."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from examples.support_desk.app import ToolFailure
from examples.support_desk.tools import Shop

from traceeval.replay import ToolError


def build(state: dict[str, Any], clock: Any, rng: Any) -> dict[str, Callable[..., Any]]:
    """Every tool of the shop; refunds and mails leave a trace in the state, so that what was done can be told."""
    shop = Shop(data=state)
    tools = {tool.name: _refusing(tool.func) for tool in shop.tools()}
    plain_refund, plain_mail = tools["refund_order"], tools["send_email"]

    @wraps(plain_refund)
    def refund_order(order_id: str, amount: float) -> Any:
        result = plain_refund(order_id=order_id, amount=amount)
        order = state["orders"][order_id]
        order["refunded"] = order.get("refunded", 0) + amount
        return result

    @wraps(plain_mail)
    def send_email(to: str, subject: str, body: str) -> Any:
        state["sent"].append({"to": to, "subject": subject})
        return plain_mail(to=to, subject=subject, body=body)

    return {**tools, "refund_order": refund_order, "send_email": send_email}


def _refusing(function: Callable[..., Any]) -> Callable[..., Any]:
    """The tool, its own way of failing told as the harness's."""

    @wraps(function)
    def tool(**arguments: Any) -> Any:
        try:
            return function(**arguments)
        except (ToolFailure, KeyError) as error:
            raise ToolError(str(error)) from error

    return tool
