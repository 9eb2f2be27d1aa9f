"""One module a suite: ``run(rows, cv, path) -> {"metrics", "subsets", "baselines", "misses"}``."""
