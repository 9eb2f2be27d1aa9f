"""Where the work runs: in this process, or in a pool of processes."""

from traceeval.engines._engine import Engine, Lost
from traceeval.engines._pool import Pool
from traceeval.engines._serial import Serial
from traceeval.errors import ConfigError

__all__ = ["Engine", "Lost", "Pool", "Serial", "engine"]


def engine(name: str = "pool", workers: int | None = None) -> Engine:
    """The engine of that name: ``serial`` or ``pool``.

    Raises:
        ConfigError: for any other name, or a worker count below 1.
    """
    if workers is not None and workers < 1:
        raise ConfigError(f"--workers {workers}: at least 1 worker is needed")
    if name == "serial":
        return Serial()
    if name == "pool":
        return Pool(workers)
    raise ConfigError(f"no engine {name!r}; choose serial or pool")
