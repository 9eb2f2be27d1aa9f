"""How often intervals hold what they should, by simulation: one file per figure, run by ``benchmarks/estimates.py``."""
