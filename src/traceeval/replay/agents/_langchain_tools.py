"""LangChain's side of a session; imported only where LangChain is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler  # noqa: TID253
from langchain_core.documents import Document  # noqa: TID253
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage  # noqa: TID253
from langchain_core.outputs import LLMResult  # noqa: TID253
from langchain_core.tools import BaseTool, ToolException  # noqa: TID253

from traceeval.model import Hit, Json, Message, ToolRequest, Usage
from traceeval.replay._events import Prompt, Retrieved, Used
from traceeval.replay._session import Session
from traceeval.replay.agents._wire import request_of


class SessionTool(BaseTool):
    """A tool of the session. Called with a tool call it answers with a ToolMessage, as LangChain's tools do."""

    session: Any
    handle_tool_error: Any = True

    def invoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:
        """Make the call: by the id the model gave it, where it has one."""
        if not (isinstance(input, dict) and input.get("type") == "tool_call"):
            return super().invoke(input, config, **kwargs)
        result = self.session.execute(request_of(self.name, input["args"], input["id"]))
        return ToolMessage(
            content=result.text,
            tool_call_id=input["id"] or "",
            name=self.name,
            status="success" if result.ok else "error",
        )

    async def ainvoke(self, input: Any, config: Any = None, **kwargs: Any) -> Any:
        """The same: calls of one message run in their order."""
        return self.invoke(input, config, **kwargs)

    def _run(self, *args: Any, **kwargs: Json) -> str:
        result = self.session.execute(ToolRequest(name=self.name, arguments=kwargs))
        if not result.ok:
            raise ToolException(result.text)
        return str(result.text)


class Listener(BaseCallbackHandler):
    """Hears what models are sent and ask for, and what retrievers find. Final words are said by whoever runs the graph."""

    run_inline = True
    raise_error = True

    def __init__(self, session: Session) -> None:
        self._session = session
        self._queries: dict[UUID, str] = {}

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], *, run_id: UUID, **kwargs: Any
    ) -> None:
        """A model is sent a prompt."""
        self._session.emit(Prompt(messages=tuple(_message(one) for one in messages[0])))

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: Any) -> None:
        """A model has answered."""
        for row in response.generations:
            message = getattr(row[0], "message", None) if row else None
            if not isinstance(message, AIMessage):
                continue
            usage = _usage(message)
            if message.tool_calls or message.invalid_tool_calls:
                self._session.ask(_requests(message), str(message.text) or None, usage)
            elif usage is not None:
                self._session.emit(Used(usage=usage))

    def on_retriever_start(self, serialized: dict[str, Any], query: str, *, run_id: UUID, **kwargs: Any) -> None:
        """A search begins."""
        self._queries[run_id] = query

    def on_retriever_end(self, documents: Sequence[Document], *, run_id: UUID, **kwargs: Any) -> None:
        """A search has found."""
        hits = tuple(
            Hit(doc=str(one.id or one.metadata.get("id") or place), rank=place, text=one.page_content)
            for place, one in enumerate(documents, 1)
        )
        self._session.emit(Retrieved(hits=hits, query=self._queries.pop(run_id, None)))


_ROLES = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool"}


def _message(message: BaseMessage) -> Message:
    """A message of LangChain's as ours."""
    calls = _requests(message) if isinstance(message, AIMessage) else []
    return Message(
        role=_ROLES.get(message.type, message.type),
        content=str(message.text),
        tool_calls=tuple(calls),
        tool_call_id=getattr(message, "tool_call_id", None),
        name=message.name,
    )


def tools_of(session: Session) -> list[BaseTool]:
    """The session's tools as LangChain's."""
    return [
        SessionTool(
            name=offer.name,
            description=offer.description or offer.name,
            args_schema=dict(offer.parameters or {"type": "object", "properties": {}}),
            session=session,
        )
        for offer in session.tools
    ]


def _requests(message: AIMessage) -> list[ToolRequest]:
    made = [request_of(call["name"], call["args"], call["id"]) for call in message.tool_calls]
    return made + [
        request_of(call["name"] or "", call["args"] or "", call["id"]) for call in message.invalid_tool_calls
    ]


def _usage(message: AIMessage) -> Usage | None:
    used = message.usage_metadata
    return Usage(input=used["input_tokens"], output=used["output_tokens"]) if used else None
