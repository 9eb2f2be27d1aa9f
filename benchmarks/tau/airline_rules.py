"""tau-bench airline: rules written from the policy text and from what the tools return. Never from references.

``traceeval evaluate FILE --tools benchmarks/tau/airline.yaml --rules benchmarks/tau/airline_rules.py``
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from traceeval.graph import Breach, Call, TraceGraph, done, last_read, newest, payload, policy, records
from traceeval.model import Generation, Kind, text_of

NOW = datetime(2024, 5, 15, 15, 0, 0)
TODAY = "2024-05-15"
SOURCE = "policies.json#airline"
FREE_BAGS = {
    "regular": {"basic_economy": 0, "economy": 1, "business": 2},
    "silver": {"basic_economy": 1, "economy": 2, "business": 3},
    "gold": {"basic_economy": 2, "economy": 3, "business": 3},
}
_COVERED = re.compile(
    r"\b(?:sick|ill(?:ness)?|health|medical|doctor|hospital|surgery|injur\w+|unwell|flu|covid|weather|storm|hurricane|snow\w*|emergency)\b",
    re.IGNORECASE,
)
_BY_AIRLINE = re.compile(
    r"\b(?:airline (?:has |had )?cancel\w*|cancel\w* by the airline|flight (?:was|is|has been|got) cancel\w*|cancel\w* flight)\b",
    re.IGNORECASE,
)
_WANTS_AMENDS = re.compile(
    r"\b(?:compensat\w*|voucher|certificate|gesture|reimburs\w*|make up for|credit|refund\w*)\b", re.IGNORECASE
)
_DELAY = re.compile(r"\bdelay\w*\b", re.IGNORECASE)


def reservation(graph: TraceGraph, call: Call, id: Any) -> dict[str, Any] | None:
    """A reservation as it was before a call, as far as that was observed; a cabin changed by a call is the new one."""
    found = newest(graph.calls, call, "reservation_id", id)
    if found is None:
        return None
    by, known = found
    if by.name == "update_reservation_flights" and isinstance(by.arguments, dict):
        known = {**known, "cabin": by.arguments.get("cabin", known.get("cabin"))}
    return known


def legs(flights: Any) -> list[tuple[Any, Any]]:
    """(flight number, date) of every segment."""
    return [(one.get("flight_number"), one.get("date")) for one in flights or () if isinstance(one, dict)]


@policy(
    "airline.basic_economy", severity=4, source=SOURCE, text="Change flights: Basic economy flights cannot be modified."
)
def basic_economy(graph: TraceGraph) -> Iterator[Breach]:
    """The flights of a basic economy reservation were changed."""
    for call, args in done(graph.calls, "update_reservation_flights"):
        before = reservation(graph, call, args.get("reservation_id"))
        if (
            before
            and before.get("cabin") == "basic_economy"
            and legs(args.get("flights")) != legs(before.get("flights"))
        ):
            yield Breach(call, "the flights of a basic economy reservation were changed")


@policy(
    "airline.same_route",
    severity=4,
    source=SOURCE,
    text="Other reservations can be modified without changing the origin, destination, and trip type.",
)
def same_route(graph: TraceGraph) -> Iterator[Breach]:
    """The new flights lead elsewhere, or a round trip has become a one-way trip."""
    places = {number: leg for call in graph.calls if call.executed and call.ok for number, leg in _legs_seen(call)}
    for call, args in done(graph.calls, "update_reservation_flights"):
        before = reservation(graph, call, args.get("reservation_id"))
        route = [places.get(number) for number, _ in legs(args.get("flights"))]
        if not before or not route or None in route:
            continue
        start, end = before.get("origin"), before.get("destination")
        stops = [leg[1] for leg in route if leg]
        back = before.get("flight_type") == "round_trip"
        whole = route[0][0] == start and (stops[-1] == start and end in stops if back else stops[-1] == end)  # type: ignore[index]
        if not whole:
            yield Breach(
                call,
                f"a {before.get('flight_type')} reservation {start}-{end} became {' '.join(f'{a}-{b}' for a, b in filter(None, route))}",
            )


def _legs_seen(call: Call) -> Iterator[tuple[str, tuple[Any, Any]]]:

    for record in records(payload(call)):
        one = record.values
        if "flight_number" in one and "origin" in one:
            yield str(one["flight_number"]), (one["origin"], one["destination"])


@policy(
    "airline.cancel",
    severity=4,
    source=SOURCE,
    text="All reservations can be cancelled within 24 hours of booking, or if the airline cancelled the flight. Otherwise, "
    "basic economy or economy flights can be cancelled only if travel insurance is bought and the condition is met, and "
    "business flights can always be cancelled.",
)
def cancel(graph: TraceGraph) -> Iterator[Breach]:
    """A cancellation that none of the four conditions allows."""
    for call, args in done(graph.calls, "cancel_reservation"):
        before = reservation(graph, call, args.get("reservation_id"))
        if before is None:
            yield Breach(call, "it was cancelled without being looked at first")
            continue
        fresh = NOW - datetime.fromisoformat(str(before.get("created_at"))) <= timedelta(hours=24)
        words = graph.said_before(call)
        if fresh or before.get("cabin") == "business" or _BY_AIRLINE.search(words):
            continue
        if before.get("insurance") != "yes":
            yield Breach(
                call,
                f"a {before.get('cabin')} reservation without insurance, booked {before.get('created_at')}, was cancelled",
            )
        elif not _COVERED.search(words):
            yield Breach(call, "the insurance covers health and weather, and the user named neither")


@policy(
    "airline.flown",
    severity=4,
    source=SOURCE,
    text="The agent can only cancel the whole trip that is not flown. If any of the segments are already used, the agent "
    "cannot help and transfer is needed.",
)
def flown(graph: TraceGraph) -> Iterator[Breach]:
    """A reservation was cancelled although part of it had been flown."""
    for call, args in done(graph.calls, "cancel_reservation"):
        before = reservation(graph, call, args.get("reservation_id"))
        used = [date for _, date in legs((before or {}).get("flights")) if str(date) < TODAY]
        if used:
            yield Breach(call, f"a segment of {used[0]} had been flown")


@policy(
    "airline.baggage_fee",
    severity=4,
    source=SOURCE,
    text="Checked bag allowance: If the booking user is a regular member, 0 free checked bag for each basic economy passenger, "
    "1 free checked bag for each economy passenger, and 2 free checked bags for each business passenger. (silver: 1, 2, 3; "
    "gold: 2, 3, 3.) Each extra baggage is 50 dollars.",
)
def baggage_fee(graph: TraceGraph) -> Iterator[Breach]:
    """More or fewer bags were charged than the allowance leaves."""
    for call, args in done(graph.calls, "update_reservation_baggages", "book_reservation"):
        booked = args if call.name == "book_reservation" else reservation(graph, call, args.get("reservation_id"))
        user = last_read(graph.calls, call, "get_user_details", user_id=(booked or {}).get("user_id"))
        if not booked or not user:
            continue
        free = FREE_BAGS.get(str(user.get("membership")), {}).get(str(booked.get("cabin")))
        total, charged = args.get("total_baggages"), args.get("nonfree_baggages")
        if free is None or not isinstance(total, int) or not isinstance(charged, int):
            continue
        right = max(0, total - free * len(booked.get("passengers") or ()))
        if charged != right:
            yield Breach(
                call,
                f"{charged} of {total} bags were charged; the allowance of a {user.get('membership')} member leaves {right}",
            )


@policy("airline.baggage_kept", severity=4, source=SOURCE, text="The user can add but not remove checked bags.")
def baggage_kept(graph: TraceGraph) -> Iterator[Breach]:
    """Bags were removed."""
    for call, args in done(graph.calls, "update_reservation_baggages"):
        before = reservation(graph, call, args.get("reservation_id"))
        had, has = (before or {}).get("total_baggages"), args.get("total_baggages")
        if isinstance(had, int) and isinstance(has, int) and has < had:
            yield Breach(call, f"{had} bags became {has}")


@policy(
    "airline.payment",
    severity=4,
    source=SOURCE,
    text="Payment: each reservation can use at most one travel certificate, at most one credit card, and at most three gift "
    "cards. All payment methods must already be in user profile for safety reasons.",
)
def payment(graph: TraceGraph) -> Iterator[Breach]:
    """A booking paid with too many of a kind, or with something the profile does not hold."""
    most = {"certificate": 1, "credit_card": 1, "gift_card": 3}
    for call, args in done(graph.calls, "book_reservation"):
        used = [str(one.get("payment_id")) for one in args.get("payment_methods") or () if isinstance(one, dict)]
        for kind, limit in most.items():
            if sum(id_.startswith(kind) for id_ in used) > limit:
                yield Breach(call, f"more than {limit} of kind {kind}")
        user = last_read(graph.calls, call, "get_user_details", user_id=args.get("user_id"))
        strange = [id_ for id_ in used if user and id_ not in (user.get("payment_methods") or {})]
        if strange:
            yield Breach(call, f"{strange[0]} is not in the profile")


@policy(
    "airline.change_payment",
    severity=4,
    source=SOURCE,
    text="Payment: If the flights are changed, the user needs to provide one gift card or credit card for payment or refund method.",
)
def change_payment(graph: TraceGraph) -> Iterator[Breach]:
    """A change was paid with a certificate."""
    for call, args in done(graph.calls, "update_reservation_flights", "update_reservation_baggages"):
        if str(args.get("payment_id")).startswith("certificate"):
            yield Breach(call, "a change was paid with a travel certificate")


@policy(
    "airline.certificate",
    severity=4,
    source=SOURCE,
    text="If the user is silver/gold member or has travel insurance or flies business, and complains about cancelled [delayed] "
    "flights in a reservation, the agent can offer a certificate as a gesture after confirming the facts, with the amount being "
    "$100 [$50] times the number of passengers. Do not compensate if the user is regular member and has no travel insurance and "
    "flies (basic) economy.",
)
def certificate(graph: TraceGraph) -> Iterator[Breach]:
    """A certificate for somebody who has no claim, of another amount, or before the facts were looked up."""
    for call, args in done(graph.calls, "send_certificate"):
        user = last_read(graph.calls, call, "get_user_details", user_id=args.get("user_id"))
        seen = [one for _, one in done_reservations(graph, call)]
        if not user or not seen:
            yield Breach(call, "a certificate was sent before profile and reservation had been looked at")
            continue
        worthy = user.get("membership") in ("silver", "gold") or any(
            one.get("insurance") == "yes" or one.get("cabin") == "business" for one in seen
        )
        if not worthy:
            yield Breach(call, f"a {user.get('membership')} member without insurance in economy was compensated")
        each = (
            50 if _DELAY.search(graph.said_before(call)) and not _BY_AIRLINE.search(graph.said_before(call)) else None
        )
        amounts = {k * len(one.get("passengers") or ()) for one in seen for k in ((each,) if each else (50, 100))}
        if args.get("amount") not in amounts:
            yield Breach(call, f"the amount {args.get('amount')} is none of {sorted(amounts)}")


@policy(
    "airline.delay_certificate",
    severity=4,
    source=SOURCE,
    text="and complains about delayed flights in a reservation and wants to change or cancel the reservation, the agent can offer "
    "a certificate as a gesture after confirming the facts and changing or cancelling the reservation",
)
def delay_certificate(graph: TraceGraph) -> Iterator[Breach]:
    """Compensation for a delay although the reservation was neither changed nor cancelled before."""
    for call, _ in done(graph.calls, "send_certificate"):
        words = graph.said_before(call)
        changed = any(
            one.ok and one.at < call.at and one.name in ("cancel_reservation", "update_reservation_flights")
            for one in graph.calls
        )
        if _DELAY.search(words) and not _BY_AIRLINE.search(words) and not changed:
            yield Breach(call, "a certificate for a delay was sent without a change or cancellation of the reservation")


@policy(
    "airline.unasked_certificate",
    severity=4,
    source=SOURCE,
    text="Do not proactively offer these unless the user complains about the situation and explicitly asks for some compensation.",
)
def unasked_certificate(graph: TraceGraph) -> Iterator[Breach]:
    """A certificate nobody had asked for."""
    for call, _ in done(graph.calls, "send_certificate"):
        if not _WANTS_AMENDS.search(graph.said_before(call)):
            yield Breach(call, "the user had not asked for compensation")


@policy("airline.five_passengers", severity=4, source=SOURCE, text="Each reservation can have at most five passengers.")
def five_passengers(graph: TraceGraph) -> Iterator[Breach]:
    """A booking for more than five."""
    for call, args in done(graph.calls, "book_reservation"):
        if len(args.get("passengers") or ()) > 5:
            yield Breach(call, f"{len(args['passengers'])} passengers")


def done_reservations(graph: TraceGraph, call: Call) -> Iterator[tuple[Call, dict[str, Any]]]:
    """Reservations that had been read before a call."""
    for one in graph.calls:
        if one.ok and one.at < call.asked and "reservation" in one.name:
            found = payload(one)
            if isinstance(found, dict):
                yield one, found


_RENAMES = re.compile(
    r"\b(?:chang|updat|correct|modif|fix|switch|replac)\w*\b[^.?!\n]{0,60}\b(?:passenger|name)\b(?!s? (?:count|number))"
    r"|\b(?:passenger|name)\b[^.?!\n]{0,40}\b(?:chang|updat|correct|modif|fix)\w*",
    re.IGNORECASE,
)
_FEWER = re.compile(r"\b(?:remov|add|drop|cancel|delet|extra|additional|number of passengers)\w*", re.IGNORECASE)
_PARTLY = re.compile(
    r"\b(?:only|just)\b[^.!?\n]{0,40}\b(?:passenger|outbound|inbound|return|leg|segment|one)\b[^.!?\n]{0,60}\b(?:business|economy)\b"
    r"|\bupgrad\w+ (?:only |just )?(?!all\b|your\b|the\b|to\b|for\b|from\b|cabin\b)[A-Z][a-z]+\b[^.!?\n]{0,30}\b(?:business|economy)\b",
)
_CABINS = re.compile(r"\b(basic economy|economy|business)\b", re.IGNORECASE)
_SEGMENT = re.compile(r"\b[A-Z]{3} (?:to|-|→) [A-Z]{3}\b|\bHAT\d{3}\b")


@policy(
    "airline.passengers_can_change",
    severity=4,
    source=SOURCE,
    text="Change passengers: The user can modify passengers but cannot modify the number of passengers. [...] You should transfer "
    "the user to a human agent if and only if the request cannot be handled within the scope of your actions.",
)
def passengers_can_change(graph: TraceGraph) -> Iterator[Breach]:
    """A user asked for another name on a reservation, and it was not even tried."""
    tried = any(call.name == "update_reservation_passengers" for call in graph.calls)
    asked = next(((at, text) for at, text in graph.users if _RENAMES.search(text) and not _FEWER.search(text)), None)
    if asked is not None and not tried:
        span = next((one.id for one in graph.steps if one.seq == asked[0]), graph.steps[0].id)
        yield Breach(span, "a change of passenger was asked for, is allowed, and was not tried")


@policy(
    "airline.whole_cabin",
    severity=4,
    source=SOURCE,
    text="Cabin class must be the same across all the flights in the same reservation; changing cabin for just one flight segment "
    "is not possible. [...] All passengers must fly the same flights in the same cabin.",
)
def whole_cabin(graph: TraceGraph) -> Iterator[Breach]:
    """The cabin of a whole reservation was changed after the agent had offered it for one passenger or one segment."""
    for call, args in done(graph.calls, "update_reservation_flights"):
        before = reservation(graph, call, args.get("reservation_id"))
        if before is None or before.get("cabin") == args.get("cabin"):
            continue
        offer = _offer(graph, call)
        mixed = {
            cabin.lower() for line in offer.splitlines() if _SEGMENT.search(line) for cabin in _CABINS.findall(line)
        }
        if _PARTLY.search(offer) or len(mixed) > 1:
            yield Breach(call, "the cabin was offered for a part of the reservation, and changed for all of it")


def _offer(graph: TraceGraph, call: Call) -> str:
    """What the assistant last said to the user before a call."""
    for span in reversed(graph.of_kind(Kind.MODEL)):
        output = span.body.output if span.seq < call.asked and isinstance(span.body, Generation) else None
        if output is not None and (text := text_of(output.content)):
            return text
    return ""
