"""Plug-ins: the name is the path, and a wrong plug-in says so at once."""

import pytest

from traceeval.errors import ConfigError, UnknownPlugin
from traceeval.graph.views import RetrievalView
from traceeval.registry import Registry, Scorer, scorer

SCORERS = Registry("traceeval.scorers", Scorer)


def test_names_are_paths_and_helpers_are_not_plugins():
    names = SCORERS.names()
    assert "retriever.recall" in names
    assert not [name for name in names if "._" in name or name.startswith("_")]


def test_every_scorer_loads_and_carries_its_own_name():
    assert [plugin.name for plugin in SCORERS.all()] == list(SCORERS.names())


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(UnknownPlugin, match=r"retriever\.recall"):
        SCORERS.get("retriever.recal")


def test_parameters_are_read_as_literals():
    plugin, options = SCORERS.configured("retriever.recall(k=5)")
    assert (plugin.name, options) == ("retriever.recall", {"k": 5})


@pytest.mark.parametrize(
    "text", ["retriever.recall(k=open('x'))", "retriever.recall(5)", "retriever.recall(depth=5)", "retriever.recall(k="]
)
def test_anything_but_known_literal_parameters_is_refused(text):
    with pytest.raises(ConfigError):
        SCORERS.configured(text)


def test_a_scorer_must_see_a_view():
    with pytest.raises(ConfigError, match="View"):

        @scorer("retriever.odd")
        def odd(trace: int) -> float:
            return 0.0


def test_a_scorers_parameters_are_keyword_only_with_defaults():
    with pytest.raises(ConfigError, match="keyword-only"):

        @scorer("retriever.odd")
        def odd(view: RetrievalView, k: int) -> float:
            return 0.0
