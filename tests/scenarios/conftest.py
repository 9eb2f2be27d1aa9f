"""Each test forks its own nursery: what every nursery would import is imported once, before them all."""

import pytest
from tests.scenarios._suites import OBEDIENT, shipped

from traceeval.replay.agents import open_agent
from traceeval.replay.trial import Stage


@pytest.fixture(scope="session", autouse=True)
def _warm():
    Stage(suite=shipped("support_desk"), agent=open_agent(OBEDIENT)).prepare()
