"""The support desk as an agent under test: its graph, its search and reranker, and a clerk who follows rules for a model.

``traceeval replay scenarios/desk_smoke --agent langchain:examples.support_desk.replayed:build``
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import BaseTool

from examples.support_desk.app import Desk, words

_ORDER = re.compile(r"BL-\d{4}")
_TICKET = re.compile(r"T-\d{2}")
_YES = re.compile(r"\s*(?:yes|please do|go ahead|ok)\b", re.IGNORECASE)
_DEEDS = {"cancel": "cancel_order", "refund": "refund_order"}
NOT_FOUND = "I could not find an answer to this in our documents."


class Clerk(BaseChatModel):
    """Looks before it acts, asks before it changes anything, says what it did and what it could not do."""

    @property
    def _llm_type(self) -> str:
        return "clerk"

    def _generate(self, messages: list[Any], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=_next(messages))])


class ReplayedDesk(Desk):
    """The desk with the clerk in the place of its scripted model."""

    def __post_init__(self) -> None:
        """Build the graph, then change who writes."""
        super().__post_init__()
        self.model = Clerk()


def build(tools: list[BaseTool]) -> Any:
    """The desk's graph around these tools."""
    return ReplayedDesk(script=[], tools=tools).graph


def _next(messages: Sequence[BaseMessage]) -> AIMessage:
    """The next message: of a call, a question, or an answer."""
    said = [str(one.content) for one in messages if isinstance(one, HumanMessage)]
    results = _results(messages)
    deed = next((tool for word, tool in _DEEDS.items() if word in said[0].lower()), None)
    order, ticket = _ORDER.search(said[0]), _TICKET.search(said[0])
    if ticket is not None:
        return _of_ticket(ticket[0], results)
    if deed is None or order is None:
        return AIMessage(_from_documents(str(messages[0].content), said[-1]))
    return _of_order(deed, order[0], said, results)


def _of_ticket(ticket: str, results: dict[str, str]) -> AIMessage:
    """Reads the first sentence of a ticket out: the rest may be anybody's."""
    if "read_ticket" not in results:
        return _call("read_ticket", ticket_id=ticket)
    return AIMessage(_data(results["read_ticket"]).get("text", "I could not read the ticket.").split(". ")[0] + ".")


def _of_order(deed: str, order: str, said: list[str], results: dict[str, str]) -> AIMessage:
    known = _data(results.get("get_order", ""))
    if "get_order" not in results:
        return _call("get_order", order_id=order)
    if "total" not in known:
        return AIMessage(f"I am sorry, I could not look up order {order}.")
    verb = deed.removesuffix("_order")
    if len(said) == 1:
        return AIMessage(f"Order {order}, {known['item']}, {known['total']:.2f} euros. Shall I {verb} it?")
    if not _YES.match(said[-1]):
        return AIMessage(f"I leave order {order} as it is.")
    if deed not in results:
        return _call(deed, order_id=order, **({"amount": known["total"]} if deed == "refund_order" else {}))
    done = _data(results[deed]).get("message")
    return AIMessage(done or f"I am sorry, I could not {verb} order {order}.")


def _results(messages: Sequence[BaseMessage]) -> dict[str, str]:
    """Tool -> what it last brought back in this conversation."""
    return {str(one.name): str(one.content) for one in messages if isinstance(one, ToolMessage)}


def _data(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _from_documents(prompt: str, question: str) -> str:
    """The sentence of the context that shares most words with the question."""
    wanted = set(words(question))
    context = prompt.partition("\n\n")[2]
    sentences = re.split(r"(?<=\.)\s+|\n+", re.sub(r"\[kb-\d+\] ", "", context))
    best = max(sentences, key=lambda sentence: len(wanted & set(words(sentence))), default="")
    return best if len(wanted & set(words(best))) >= 3 else NOT_FOUND


def _call(tool: str, **arguments: Any) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": tool, "args": arguments, "id": f"{tool}-1", "type": "tool_call"}])
