"""The scripted agent as a LangGraph graph with a scripted chat model and a tool node."""

from typing import Annotated, Any, TypedDict

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.graph import END, START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.prebuilt import ToolNode
from tests.replay.agents._scripted import decide


class Model(BaseChatModel):
    """Decides by the messages alone."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        turn = sum(isinstance(one, HumanMessage) for one in messages)
        step = decide(turn, int(isinstance(messages[-1], ToolMessage)))
        if isinstance(step, str):
            message = AIMessage(step)
        else:
            call = {"name": step[0], "args": step[1], "id": f"lc-{len(messages)}", "type": "tool_call"}
            message = AIMessage("", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=message)])


class State(TypedDict):
    """The conversation."""

    messages: Annotated[list[AnyMessage], add_messages]


def graph_agent(tools) -> Any:
    """The graph, around these tools."""
    graph = StateGraph(State)
    graph.add_node("model", lambda state: {"messages": [Model().invoke(state["messages"])]})
    graph.add_node("tools", ToolNode(tools))
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", lambda state: "tools" if state["messages"][-1].tool_calls else END)
    graph.add_edge("tools", "model")
    return graph.compile()
