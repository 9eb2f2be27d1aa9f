"""The shop of the tests: orders that can be looked up and cancelled, tickets that anybody may have written."""

from traceeval.replay import ToolError


def build(state, clock, rng):
    """The tools over one state."""

    def get_order(order_id: str) -> dict:
        """Look an order up."""
        return {"order_id": order_id, **order(order_id)}

    def list_orders() -> list:
        """All orders."""
        return [{"order_id": id, **one} for id, one in state["orders"].items()]

    def cancel_order(order_id: str) -> dict:
        """Cancel an order."""
        order(order_id)["status"] = "cancelled"
        return {"message": f"Order {order_id} is cancelled."}

    def refund_order(order_id: str, amount: float) -> dict:
        """Pay money back; twice if asked twice."""
        one = order(order_id)
        one["refunded"] = one.get("refunded", 0) + amount
        return {"refunded": one["refunded"]}

    def read_ticket(ticket_id: str) -> dict:
        """Read a ticket."""
        return {"ticket_id": ticket_id, "text": state["tickets"][ticket_id]}

    def send_email(to: str, body: str) -> str:
        """Send an e-mail."""
        state.setdefault("sent", []).append(to)
        return "sent"

    def ship_order(order_id: str) -> dict:
        """Ship an order; the carrier always refuses, after the order was marked."""
        order(order_id)["status"] = "shipped"
        raise ToolError("the carrier refused")

    def hold_order(order_id: str) -> str:
        """Leave something in the state that is no JSON."""
        order(order_id)["held"] = object()
        return "held"

    def lottery() -> dict:
        """A number of the trial's own generator, and the time."""
        return {"number": rng.randint(1, 1000), "today": clock.today}

    def broken() -> int:
        """A mock with a mistake in it."""
        return 1 // 0

    def order(order_id):
        if order_id not in state["orders"]:
            raise ToolError(f"no order {order_id}")
        return state["orders"][order_id]

    return [
        get_order,
        list_orders,
        cancel_order,
        refund_order,
        read_ticket,
        send_email,
        ship_order,
        hold_order,
        lottery,
        broken,
    ]
