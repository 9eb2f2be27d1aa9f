"""Simulated users: one file a mode. Each says the first words and answers what the agent says."""
