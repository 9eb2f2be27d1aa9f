"""The shop behind the support desk, over a JSON state: what an agent refunds, cancels or sends stays done.

The tools are those of ``examples/support_desk`` with a search over the same knowledge. A tool refuses what the shop's
systems refuse; what only the policy forbids it does, as real tools do.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from traceeval.replay.tools import ToolError

_WORD = re.compile(r"[a-z0-9]+")
_ARTICLE = re.compile(r"^## (kb-\d+): (.*)\n((?:(?!^## ).*\n?)*)", re.MULTILINE)
_FOUND = 3


def build(state: dict[str, Any], clock: Any, rng: random.Random) -> Iterable[Callable[..., Any]]:
    """The tools over a shop: ``customers``, ``orders``, ``parcels``, ``tickets`` and the ``outbox``."""
    shop = Shop(state, clock)
    return (
        shop.search_knowledge,
        shop.get_customer,
        shop.get_order,
        shop.list_orders,
        shop.track_shipment,
        shop.read_ticket,
        shop.refund_order,
        shop.cancel_order,
        shop.update_address,
        shop.create_ticket,
        shop.send_email,
    )


class Shop:
    """Everything the tools know; ``clock.today`` is the day they believe it is."""

    def __init__(self, state: dict[str, Any], clock: Any) -> None:
        self._state = state
        self._clock = clock

    def search_knowledge(self, query: str) -> list[dict[str, str]]:
        """Search the articles of the help centre, which are in English; the best three come back, best first."""
        wanted = words(query)
        rated = [(_score(wanted, article), article) for article in articles()]
        best = sorted((one for one in rated if one[0] > 0), key=lambda one: (-one[0], one[1]["id"]))
        return [article for _, article in best[:_FOUND]]

    def get_customer(self, email: str) -> dict[str, Any]:
        """Find a customer by the e-mail address they gave."""
        for one in self._state["customers"].values():
            if one["email"] == email.strip().lower():
                return dict(one)
        raise ToolError(f"no customer with the address {email}")

    def get_order(self, order_id: str) -> dict[str, Any]:
        """Look an order up by its number, e.g. BL-1001."""
        return self._shown(order_id)

    def list_orders(self, customer_id: str) -> list[dict[str, Any]]:
        """List the orders of a customer, newest first."""
        self._customer(customer_id)
        mine = [id for id, order in self._state["orders"].items() if order["customer_id"] == customer_id]
        return [
            self._shown(id) for id in sorted(mine, key=lambda id: (self._order(id)["ordered_on"], id), reverse=True)
        ]

    def track_shipment(self, order_id: str) -> dict[str, Any]:
        """Ask the carrier where the parcel of an order is."""
        self._order(order_id)
        parcel = self._state["parcels"].get(order_id)
        if parcel is None:
            raise ToolError(f"order {order_id} has not been handed to the carrier")
        return {"order_id": order_id, **parcel, "days_unchanged": self._days_since(parcel["changed_on"])}

    def read_ticket(self, ticket_id: str) -> dict[str, Any]:
        """Read a ticket: what the customer wrote, in their own words."""
        return {"ticket_id": ticket_id, **self._ticket(ticket_id)}

    def refund_order(self, order_id: str, amount: float, to: Literal["card", "credit"] = "card") -> dict[str, Any]:
        """Pay money back for an order, to the card it was paid with or as store credit. Cannot be undone."""
        order = self._order(order_id)
        left = round(order["total"] - order["refunded"], 2)
        if not 0 < amount <= left:
            raise ToolError(f"{amount:.2f} cannot be refunded for order {order_id}: {left:.2f} is left to refund")
        order["refunded"] = round(order["refunded"] + amount, 2)
        order["refunded_to"] = to
        return {"order_id": order_id, "refunded": round(amount, 2), "to": to}

    def cancel_order(self, order_id: str) -> dict[str, Any]:
        """Cancel an order that is not packed yet."""
        order = self._order(order_id)
        if order["status"] != "open":
            raise ToolError(f"order {order_id} is {order['status']} and cannot be cancelled")
        order["status"] = "cancelled"
        return {"order_id": order_id, "status": "cancelled"}

    def update_address(self, order_id: str, address: str) -> dict[str, Any]:
        """Change where an order is delivered to, while it is in our warehouse."""
        order = self._order(order_id)
        if order["status"] not in ("open", "packed"):
            raise ToolError(f"order {order_id} is {order['status']}; its address cannot be changed any more")
        order["address"] = address
        return {"order_id": order_id, "address": address}

    def create_ticket(self, customer_id: str, summary: str) -> dict[str, Any]:
        """Open a ticket for a colleague, who answers the customer by e-mail."""
        self._customer(customer_id)
        ticket_id = f"T-{900 + sum(id.startswith('T-9') for id in self._state['tickets'])}"
        self._state["tickets"][ticket_id] = {"customer_id": customer_id, "status": "open", "text": summary}
        return {"ticket_id": ticket_id, "status": "open"}

    def send_email(self, to: str, subject: str, body: str) -> dict[str, Any]:
        """Send an e-mail. Cannot be undone."""
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", to):
            raise ToolError(f"{to} is no e-mail address")
        self._state["outbox"].append({"to": to, "subject": subject, "body": body})
        return {"sent_to": to, "subject": subject}

    def _shown(self, order_id: str) -> dict[str, Any]:
        order = self._order(order_id)
        delivered = order["delivered_on"]
        since = None if delivered is None else self._days_since(delivered)
        return {"order_id": order_id, **order, "days_since_delivery": since}

    def _days_since(self, day: str) -> int:
        return (date.fromisoformat(self._clock.today) - date.fromisoformat(day)).days

    def _order(self, order_id: str) -> dict[str, Any]:
        return _known(self._state["orders"], order_id, "order")

    def _customer(self, customer_id: str) -> dict[str, Any]:
        return _known(self._state["customers"], customer_id, "customer")

    def _ticket(self, ticket_id: str) -> dict[str, Any]:
        return _known(self._state["tickets"], ticket_id, "ticket")


def _known(rows: dict[str, Any], id: str, kind: str) -> dict[str, Any]:
    if id not in rows:
        raise ToolError(f"there is no {kind} {id}")
    found: dict[str, Any] = rows[id]
    return found


@cache
def articles() -> tuple[dict[str, str], ...]:
    """The knowledge of the desk, one article a heading."""
    text = (Path(__file__).parent / "knowledge.md").read_text(encoding="utf-8")
    return tuple({"id": id, "title": title, "text": body.strip()} for id, title, body in _ARTICLE.findall(text))


def words(text: str) -> set[str]:
    """Lower-cased words, a plural s dropped."""
    return {word[:-1] if len(word) > 3 and word.endswith("s") else word for word in _WORD.findall(text.lower())}


@cache
def _rarity() -> dict[str, float]:
    counts = Counter(word for article in articles() for word in words(f"{article['title']} {article['text']}"))
    return {word: math.log(1 + len(articles()) / count) for word, count in counts.items()}


def _score(wanted: set[str], article: dict[str, str]) -> float:
    """How rare the words are that both have; those of the title count twice."""
    rare, title = _rarity(), wanted & words(article["title"])
    return sum(rare[word] for word in wanted & words(article["text"])) + 2 * sum(rare[word] for word in title)
