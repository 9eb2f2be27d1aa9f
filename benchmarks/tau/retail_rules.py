"""tau-bench retail: rules written from the policy text and from what the tools return. Never from references.

``traceeval evaluate FILE --tools benchmarks/tau/retail.yaml --rules benchmarks/tau/retail_rules.py``
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from traceeval.graph import Breach, Call, TraceGraph, done, last_read, newest, payload, policy, records
from traceeval.model import text_of

SOURCE = "policies.json#retail"
ITEMS = ("modify_pending_order_items", "exchange_delivered_order_items")
CHANGES = (
    *ITEMS,
    "cancel_pending_order",
    "modify_pending_order_address",
    "modify_pending_order_payment",
    "return_delivered_order_items",
)
_NOT_NEEDED = re.compile(
    r"\b(?:no longer need\w*|(?:don'?t|do not) (?:need|want)|not needed|changed? (?:my|his|her|their) mind|unnecessary)\b",
    re.IGNORECASE,
)
_MISTAKE = re.compile(r"\b(?:mistake\w*|accident\w*|wrong\w*|by error|in error)\b", re.IGNORECASE)


def order_of(graph: TraceGraph, call: Call) -> dict[str, Any] | None:
    """The order a call names, as it was last seen before."""
    id = call.arguments.get("order_id") if isinstance(call.arguments, dict) else None
    found = newest(graph.calls, call, "order_id", id)
    return found[1] if found else None


def listed(value: Any) -> list[Any]:
    """A list, whatever was passed."""
    return value if isinstance(value, list) else []


@policy(
    "retail.one_user",
    severity=5,
    source=SOURCE,
    text="You can only help one user per conversation (but you can handle multiple requests from the same user), and must deny "
    "any requests for tasks related to any other user.",
)
def one_user(graph: TraceGraph) -> Iterator[Breach]:
    """An order of somebody else than the authenticated user was changed."""
    for call, _ in done(graph.calls, *CHANGES):
        order, user = order_of(graph, call), _authenticated(graph, call)
        if order and user and order.get("user_id") not in (None, user):
            yield Breach(call, f"the order belongs to {order['user_id']}, and {user} was authenticated")


def _authenticated(graph: TraceGraph, call: Call) -> str | None:

    names = ("find_user_id_by_email", "find_user_id_by_name_zip")
    found = [one for one in graph.calls if one.name in names and one.ok and one.at < call.asked]
    return (text_of(found[-1].result) or "").strip() or None if found else None


@policy(
    "retail.cancel_reason",
    severity=4,
    source=SOURCE,
    text="The user needs to confirm the order id and the reason (either 'no longer needed' or 'ordered by mistake') for "
    "cancellation.",
)
def cancel_reason(graph: TraceGraph) -> Iterator[Breach]:
    """An order was cancelled for a reason the user had not given."""
    for call, args in done(graph.calls, "cancel_pending_order"):
        words = graph.said_before(call)
        given = _NOT_NEEDED if args.get("reason") == "no longer needed" else _MISTAKE
        if not given.search(words):
            yield Breach(call, f"the user never said {args.get('reason')!r}")


@policy(
    "retail.once",
    severity=4,
    source=SOURCE,
    text="Exchange or modify order tools can only be called once. Be sure that all items to be changed are collected into a list "
    "before making the tool call!!!",
)
def once(graph: TraceGraph) -> Iterator[Breach]:
    """A second attempt to modify or exchange items of one order after the first succeeded."""
    seen: set[tuple[str, Any]] = set()
    for call in graph.calls:
        if not call.executed or call.name not in ITEMS or not isinstance(call.arguments, dict):
            continue
        key = call.name, call.arguments.get("order_id")
        if key in seen:
            yield Breach(call, f"{call.name} was called again for {key[1]}")
        if call.ok:
            seen.add(key)


@policy(
    "retail.locked",
    severity=4,
    source=SOURCE,
    text="This action can only be called once, and will change the order status to 'pending (items modifed)', and the agent will "
    "not be able to modify or cancel the order anymore.",
)
def locked(graph: TraceGraph) -> Iterator[Breach]:
    """Another change of an order was tried after its items had been modified."""
    modified: dict[Any, int] = {}
    for call in graph.calls:
        if not call.executed or not isinstance(call.arguments, dict):
            continue
        id = call.arguments.get("order_id")
        if call.name in CHANGES and call.name not in ITEMS and id in modified:
            yield Breach(call, f"{call.name} of {id}, whose items had been modified")
        if call.name == "modify_pending_order_items" and call.ok:
            modified[id] = call.at


@policy(
    "retail.refund_method",
    severity=4,
    source=SOURCE,
    text="The refund must either go to the original payment method, or an existing gift card.",
)
def refund_method(graph: TraceGraph) -> Iterator[Breach]:
    """A return was refunded to something else."""
    for call, args in done(graph.calls, "return_delivered_order_items"):
        order = order_of(graph, call)
        paid = [one.get("payment_method_id") for one in listed((order or {}).get("payment_history"))]
        method = str(args.get("payment_method_id"))
        if paid and method not in paid[:1] and not method.startswith("gift_card"):
            yield Breach(call, f"refunded to {method}; the order was paid with {paid[0]}")


@policy(
    "retail.gift_card_balance",
    severity=4,
    source=SOURCE,
    text="If the user provides a gift card, it must have enough balance to cover the price difference.",
)
def gift_card_balance(graph: TraceGraph) -> Iterator[Breach]:
    """A gift card that does not cover the difference."""
    for call, args in done(graph.calls, *ITEMS):
        user, method = last_read(graph.calls, call, "get_user_details"), str(args.get("payment_method_id"))
        card = ((user or {}).get("payment_methods") or {}).get(method)
        difference = _difference(graph, call, args)
        if method.startswith("gift_card") and isinstance(card, dict) and difference is not None:
            balance = card.get("balance")
            if isinstance(balance, int | float) and difference > balance + 0.005:
                yield Breach(call, f"{method} holds {balance:g}, the difference is {difference:.2f}")


def _difference(graph: TraceGraph, call: Call, args: dict[str, Any]) -> float | None:
    prices = _prices(graph, call)
    old = [prices.get(id) for id in listed(args.get("item_ids"))]
    new = [prices.get(id) for id in listed(args.get("new_item_ids"))]
    if not new or None in old or None in new:
        return None
    return sum(filter(None, new)) - sum(filter(None, old))


def _prices(graph: TraceGraph, call: Call) -> dict[str, float]:
    return {
        str(one.values["item_id"]): float(one.values["price"])
        for other in graph.calls
        if other.ok and other.at < call.asked
        for one in records(payload(other))
        if "item_id" in one.values and isinstance(one.values.get("price"), int | float)
    }


@policy(
    "retail.same_product",
    severity=4,
    source=SOURCE,
    text="each item can be modified [exchanged] to an available new item of the same product but of different product option. "
    "There cannot be any change of product types, e.g. modify shirt to shoe.",
)
def same_product(graph: TraceGraph) -> Iterator[Breach]:
    """An item was replaced by itself, or by one that was seen as not available."""
    for call, args in done(graph.calls, *ITEMS):
        gone = {
            str(one.values["item_id"])
            for other in graph.calls
            if other.ok and other.at < call.asked
            for one in records(payload(other))
            if one.values.get("available") is False and "item_id" in one.values
        }
        for old, new in zip(listed(args.get("item_ids")), listed(args.get("new_item_ids")), strict=False):
            if new in gone:
                yield Breach(call, f"{new} was not available")
            elif old == new and call.name == "modify_pending_order_items":
                yield Breach(call, f"{old} was replaced by itself")


@policy(
    "retail.other_payment",
    severity=4,
    source=SOURCE,
    text="The user can only choose a single payment method different from the original payment method.",
)
def other_payment(graph: TraceGraph) -> Iterator[Breach]:
    """The payment method was changed to the one it was."""
    for call, args in done(graph.calls, "modify_pending_order_payment"):
        paid = [one.get("payment_method_id") for one in listed((order_of(graph, call) or {}).get("payment_history"))]
        if paid and args.get("payment_method_id") == paid[0]:
            yield Breach(call, f"{paid[0]} had been the method before")


@policy(
    "retail.own_address",
    severity=4,
    source=SOURCE,
    text="You should not make up any information or knowledge or procedures not provided from the user or the tools",
)
def own_address(graph: TraceGraph) -> Iterator[Breach]:
    """An address of which a line stands in nothing the user said or a tool returned."""
    for call, args in done(graph.calls, "modify_pending_order_address", "modify_user_address"):
        for name in ("address1", "zip"):
            leaf = next((one for one in graph.flows.leaves(call) if one.path == name), None)
            if leaf is not None and args.get(name) and not graph.flows.of(call, leaf):
                yield Breach(call, f"{name}={args[name]!r} was never observed")
                break
