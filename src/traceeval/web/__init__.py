"""The pages people judge on, and the same services as JSON: one FastAPI app, thin over ``review`` and ``run``."""

from traceeval.web._settings import Oidc, Settings
from traceeval.web.app import make_app

__all__ = ["Oidc", "Settings", "make_app"]
