"""Scores that are ragas' own, through ragas' own code: extra ``ragas``, a model endpoint, and only when named."""
