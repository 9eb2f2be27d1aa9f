"""A LangChain Runnable or LangGraph graph: ``langchain:MODULE:FUNCTION``, FUNCTION taking the tools and making it.

Its tools are wrapped around the session; the calls a model asks for are heard by a callback, so that what is asked for and
never made is told apart from what is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from traceeval.errors import ConfigError, MissingExtra
from traceeval.model import Scenario
from traceeval.registry import attachment
from traceeval.replay._modules import load_function
from traceeval.replay._session import Session

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage


class LangChainAgent:
    """Makes the Runnable anew for each trial, and gives it the whole conversation each turn."""

    clock: Literal["virtual"] = "virtual"
    hosts: tuple[str, ...] = ()

    def __init__(self, named: str | Callable[..., Any]) -> None:
        self.label = named if isinstance(named, str) else named.__qualname__
        self._named = named
        self._make: Callable[..., Any] | None = named if callable(named) else None

    def prepare(self) -> None:
        """Import it, and LangChain.

        Raises:
            MissingExtra: LangChain is not installed.
        """
        try:
            import langchain_core.messages  # noqa: F401
        except ImportError as error:
            raise MissingExtra("agents of LangChain need langchain-core; pip install 'traceeval[langchain]'") from error
        if self._make is None:
            self._make = load_function(str(self._named))

    def run(self, session: Session, scenario: Scenario, stream: int) -> None:
        """Turn by turn, until the user is done."""
        from langchain_core.messages import HumanMessage

        from traceeval.replay.agents._langchain_tools import Listener, tools_of

        assert self._make is not None
        runnable = self._make(tools_of(session))
        if not hasattr(runnable, "invoke"):
            raise ConfigError(f"langchain:{self.label} made a {type(runnable).__name__}, which is no Runnable")
        config = {"callbacks": [Listener(session)], "max_concurrency": 1}
        words: str | None = str(session.messages[0].content)
        history: list[BaseMessage] = []
        while words is not None:
            history.append(HumanMessage(words))
            text, history = _read(runnable.invoke(_input(runnable, history, words), config), history)
            words = session.say(text)


def _input(runnable: Any, history: Sequence[BaseMessage], words: str) -> Any:
    """Graphs take ``messages``, models the messages themselves, other chains may ask for ``input`` too."""
    from langchain_core.language_models import BaseLanguageModel

    if type(runnable).__module__.startswith("langgraph."):
        return {"messages": list(history)}
    return list(history) if isinstance(runnable, BaseLanguageModel) else {"messages": list(history), "input": words}


def _read(result: Any, history: list[BaseMessage]) -> tuple[str, list[BaseMessage]]:
    """(what it said, the conversation after it)."""
    from langchain_core.messages import AIMessage, BaseMessage

    if isinstance(result, dict) and result.get("messages"):
        messages = list(result["messages"])
        return str(messages[-1].text), messages
    if isinstance(result, dict) and "output" in result:
        result = result["output"]
    if isinstance(result, BaseMessage):
        return str(result.text), [*history, result]
    return str(result), [*history, AIMessage(str(result))]


@attachment("langchain")
def langchain(named: str | Callable[..., Any]) -> LangChainAgent:
    """A LangChain Runnable or LangGraph graph."""
    return LangChainAgent(named)
