"""LangChain's side of a session; imported only where LangChain is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler  # noqa: TID253
from langchain_core.messages import AIMessage, ToolMessage  # noqa: TID253
from langchain_core.outputs import LLMResult  # noqa: TID253
from langchain_core.tools import BaseTool, ToolException  # noqa: TID253

from traceeval.model import Json, ToolRequest, Usage
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
    """Hears what models ask for. Their final words are said by whoever runs the graph."""

    run_inline = True
    raise_error = True

    def __init__(self, session: Session) -> None:
        self._session = session

    def on_llm_end(
        self, response: LLMResult, *, run_id: UUID, parent_run_id: UUID | None = None, **kwargs: Any
    ) -> None:
        """A model has answered."""
        for row in response.generations:
            message = getattr(row[0], "message", None) if row else None
            if isinstance(message, AIMessage) and (message.tool_calls or message.invalid_tool_calls):
                self._session.ask(_requests(message), message.text or None, _usage(message))


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
