"""Ways to attach an agent, one file each, and the baselines; what all have in common is in ``_agent``."""

from traceeval.replay.agents._agent import Agent, open_agent

__all__ = ["Agent", "open_agent"]
