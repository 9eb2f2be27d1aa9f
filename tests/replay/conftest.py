"""Each test forks its own nursery: what every nursery would import is imported once, before them all."""

import pytest
from tests.replay._run import SHOP

from traceeval.replay import load_suite
from traceeval.replay.agents import open_agent
from traceeval.replay.trial import Stage


@pytest.fixture(scope="session", autouse=True)
def _warm():
    Stage(suite=load_suite(SHOP), agent=open_agent("noop")).prepare()
