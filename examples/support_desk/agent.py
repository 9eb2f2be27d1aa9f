"""A support agent without a model: reads the customer's turn, keeps the desk's rules, uses the desk's tools.

``traceeval replay scenarios/support_desk --agent examples.support_desk.agent:agent``. It stands in for the agent of your
own: everything it knows comes from the conversation and from what the tools return.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from examples.support_desk.hands import Failed, Hands, Session
from examples.support_desk.phrases import article, carrier, money, say
from examples.support_desk.reading import Language, Turn, Want, english, read

RETURN_DAYS, SEARCH_DAYS = 30, 6
_COUNTRY = re.compile(r", [A-Z]\w+, [A-Z]\w+$")
_WORD = re.compile(r"[a-z0-9]{3,}|[a-z]\d")
_PLAIN = frozenset(
    "the and for you your have has how can what which are with will does from may any was that this into order get one "
    "another not our out they".split()
)


def agent(session: Session) -> None:
    """One conversation."""
    desk = Desk(Hands(session))
    text: str | None = str(session.messages[0].content)
    while text is not None:
        text = session.say(desk.answer(text))


class Desk:
    """One conversation: who the customer is, what was proposed, what was denied."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._language: Language = "en"
        self._email: str | None = None
        self._customer: dict[str, Any] | None = None
        self._unfinished: Turn | None = None
        self._proposed: tuple[str, Callable[[], str]] | None = None
        self._denied = ""

    def answer(self, text: str) -> str:
        """What the desk says to a turn."""
        turn = read(text)
        if self._unfinished is None and self._proposed is None:
            self._language = turn.language
        self._email = turn.email or self._email
        try:
            return self._answer(turn)
        except Failed as error:
            key = "unsure" if error.unknown else "failed"
            return self._say(key, why=error.why, what="whether it was done")

    def _answer(self, turn: Turn) -> str:
        if self._proposed is not None and turn.agrees is not None:
            (order, act), self._proposed = self._proposed, None
            return act() if turn.agrees else self._say("kept", order=order)
        if self._unfinished is not None and (turn.email or turn.orders):
            asked, self._unfinished = self._unfinished, None
            turn = _merged(asked, turn)
        elif self._unfinished is not None:
            return self._say("no_email")
        if self._denied and turn.wants == "question":
            return self._denied
        return self._tasks[turn.wants](turn)

    @property
    def _tasks(self) -> dict[Want, Callable[[Turn], str]]:
        return {
            "danger": lambda turn: self._say("danger"),
            "leak": lambda turn: self._say("declined"),
            "off_topic": lambda turn: self._say("declined"),
            "private": lambda turn: self._say("private"),
            "open_ticket": self._open_ticket,
            "read_ticket": self._read_ticket,
            "mail": self._mail,
            "refund": self._refund,
            "cancel": self._cancel,
            "move": self._move,
            "missing": self._missing,
            "track": self._track,
            "status": self._status,
            "question": self._question,
        }

    # what anybody may ask

    def _question(self, turn: Turn) -> str:
        if turn.text.lower().startswith(("thank", "danke", "merci")):
            return self._say("welcome")
        return self._knowledge(english(turn.text)) or self._say("nothing_found")

    def _knowledge(self, query: str) -> str:
        """The best article in full, and sentences of the next that answer too; empty when none is about the question."""
        words = [word for word in _WORD.findall(query.lower()) if word not in _PLAIN]
        found = self._hands.read("search_knowledge", query=" ".join(words))
        if not found or len(_shared(query, f"{found[0]['title']} {found[0]['text']}")) < 2:
            return ""
        parts = [article(self._language, found[0]["id"], found[0]["text"])]
        if self._language == "en" and len(found) > 1:
            sentences = re.split(r"(?<=[.!?])\s+", found[1]["text"])
            parts += [one for one in sentences if len(_shared(query, f"{found[1]['title']} {one}")) > 1]
        return " ".join(parts)

    def _track(self, turn: Turn) -> str:
        order = turn.orders[0]
        parcel = self._hands.read("track_shipment", order_id=order)
        where = carrier(self._language, _called(parcel, "status"))
        return self._say("parcel", order=order, status=where, message=_called(parcel, "message"))

    def _read_ticket(self, turn: Turn) -> str:
        ticket = self._hands.read("read_ticket", ticket_id=turn.tickets[0])
        told = self._say("ticket", ticket=turn.tickets[0], text=ticket["text"])
        if re.search(r"\bfix\b|should .* do", turn.text):
            told += " " + self._knowledge(ticket["text"])
        return told.strip()

    # what only a customer may ask

    def _refund(self, turn: Turn) -> str:
        if (lacking := self._identify(turn)) is not None:
            return lacking
        agreed = None
        if turn.tickets:
            text = self._hands.read("read_ticket", ticket_id=turn.tickets[0])["text"]
            agreed = read(text).amount
            turn = _merged(turn, read(" ".join(read(text).orders)))
        order = self._order(turn)
        if isinstance(order, str):
            return order
        return self._refusal(order) or self._offer(order, agreed or turn.amount)

    def _refusal(self, order: dict[str, Any]) -> str:
        """Why there is no refund; empty when there may be one."""
        assert self._customer is not None
        id, total, back = order["order_id"], order.get("total"), order.get("refunded", 0.0)
        days = order.get("days_since_delivery")
        if self._customer["kind"] == "business":
            return self._deny("business", order=id)
        if total is None:
            return self._say("price_unknown", order=id)
        if back >= total:
            return self._deny("refunded", order=id, amount=money(self._language, back))
        if days is None:
            return self._say("not_delivered", order=id, status=order["status"])
        if days > RETURN_DAYS:
            return self._deny("too_late", order=id, days=days)
        return ""

    def _offer(self, order: dict[str, Any], wanted: float | None) -> str:
        id, left = order["order_id"], round(order["total"] - order["refunded"], 2)
        amount = min(wanted, left) if wanted is not None else left
        to = "credit" if order.get("on_sale") else "card"
        told = {"order": id, "amount": money(self._language, amount), "to": self._say(f"to_{to}")}

        def act() -> str:
            arguments = {"order_id": id, "amount": amount} | ({"to": to} if to == "credit" else {})
            self._hands.write("refund_order", lambda: self._look(id)["refunded"] > order["refunded"], **arguments)
            return self._say("done_refund", **told)

        self._proposed = (id, act)
        return self._say("propose_refund", item=order["item"], **told)

    def _cancel(self, turn: Turn) -> str:
        if (lacking := self._identify(turn)) is not None:
            return lacking
        if not turn.orders:
            return self._cancel_open()
        order = self._order(turn)
        return order if isinstance(order, str) else self._cancel_one(order)

    def _cancel_open(self) -> str:
        mine = [one for one in self._orders() if one["status"] == "open"]
        return " ".join(self._cancel_one(one) for one in mine) or self._say("unknown", what="an order not yet packed")

    def _cancel_one(self, order: dict[str, Any]) -> str:
        id = order["order_id"]
        if order["status"] != "open":
            return self._say("cannot_cancel", order=id, status=order["status"])
        self._hands.write("cancel_order", lambda: bool(self._look(id)["status"] == "cancelled"), order_id=id)
        return self._say("done_cancel", order=id, item=order["item"])

    def _move(self, turn: Turn) -> str:
        if (lacking := self._identify(turn)) is not None:
            return lacking
        order = self._order(turn)
        if isinstance(order, str):
            return order
        address, id = turn.address, order["order_id"]
        if address is None or order["status"] not in ("open", "packed") or _COUNTRY.search(address):
            return self._knowledge("changing the delivery address abroad, after dispatch pickup point")

        def act() -> str:
            self._hands.write(
                "update_address", lambda: bool(self._look(id)["address"] == address), order_id=id, address=address
            )
            return self._say("done_move", order=id, address=address)

        self._proposed = (id, act)
        return self._say("propose_move", order=id, item=order["item"], address=address)

    def _status(self, turn: Turn) -> str:
        if (lacking := self._identify(turn)) is not None:
            return lacking
        order = self._order(turn)
        if isinstance(order, str):
            return order
        return self._say("order_status", **{"order": order["order_id"], **order})

    def _missing(self, turn: Turn) -> str:
        if (lacking := self._identify(turn)) is not None:
            return lacking
        assert self._customer is not None
        order = turn.orders[0]
        days = self._hands.read("track_shipment", order_id=order).get("days_unchanged", 0)
        if days < SEARCH_DAYS:
            return self._track(turn)
        ticket = self._ticket(f"Search for the missing parcel of order {order}: tracking unchanged for {days} days.")
        return self._say("done_search", order=order, days=days, ticket=ticket)

    def _open_ticket(self, turn: Turn) -> str:
        if (lacking := self._identify(turn)) is not None:
            return lacking
        told = self._read_ticket(turn) + " " if turn.tickets else ""
        return told + self._say("done_ticket", ticket=self._ticket(turn.text))

    def _ticket(self, summary: str) -> str:
        assert self._customer is not None
        id = self._customer["customer_id"]
        return str(self._hands.write("create_ticket", None, customer_id=id, summary=summary)["ticket_id"])

    def _mail(self, turn: Turn) -> str:
        if (lacking := self._identify(turn)) is not None:
            return lacking
        assert self._customer is not None
        body, to = self._knowledge("opening hours of the service desk"), self._customer["email"]
        self._hands.write("send_email", None, to=to, subject="What you asked for", body=body)
        return self._say("done_mail", to=to)

    # who, and which

    def _identify(self, turn: Turn) -> str | None:
        """Find the customer by the address they gave. A text: what has to be said first."""
        if self._email is None:
            self._unfinished = turn
            return self._say("ask_email")
        if self._customer is None:
            self._customer = self._hands.read("get_customer", email=self._email)
        return None

    def _order(self, turn: Turn) -> dict[str, Any] | str:
        """The order a turn means, if it is the customer's; else what to say."""
        assert self._customer is not None
        if not turn.orders:
            named = [one for one in self._orders() if one["item"].lower() in turn.text.lower()]
            if len(named) == 1:
                return named[0]
            self._unfinished = turn
            return self._say("ask_order", orders=", ".join(f"{one['order_id']} ({one['status']})" for one in named))
        order = self._look(turn.orders[0])
        if order["customer_id"] != self._customer["customer_id"]:
            return self._say("not_yours", order=turn.orders[0])
        return order

    def _orders(self) -> list[dict[str, Any]]:
        assert self._customer is not None
        found: list[dict[str, Any]] = self._hands.read("list_orders", customer_id=self._customer["customer_id"])
        return found

    def _look(self, order_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self._hands.read("get_order", order_id=order_id)
        return found

    def _say(self, key: str, **values: object) -> str:
        return say(self._language, key, **values)

    def _deny(self, key: str, **values: object) -> str:
        self._denied = self._say(key, **values)
        return self._denied


def _called(record: dict[str, Any], name: str) -> str:
    """The value under that name, or under one that ends so: names of other people's systems change."""
    for key in (name, *(key for key in record if key.endswith(f"_{name}"))):
        if key in record:
            return str(record[key])
    raise Failed(f"the answer has no {name}")


def _merged(asked: Turn, more: Turn) -> Turn:
    """What was asked, with what was said since."""
    from dataclasses import replace

    return replace(asked, orders=more.orders or asked.orders, email=more.email or asked.email)


def _shared(query: str, text: str) -> set[str]:
    """Words two texts share, but for plain ones; a plural s does not count."""
    mine, theirs = ({w.removesuffix("s") for w in _WORD.findall(one.lower())} for one in (query, text))
    return (mine & theirs) - _PLAIN
