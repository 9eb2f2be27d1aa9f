"""Routes, one file per part of the site. A route names who may call it, calls one service, and shows what came back."""

from traceeval.web.routes import (
    api,
    api_rounds,
    audit,
    auth,
    board,
    disputes,
    oidc,
    people,
    review,
    rounds,
    rubrics,
    static,
    traces,
)

ROUTERS = tuple(
    one.router
    for one in (auth, oidc, review, disputes, traces, rubrics, rounds, board, audit, people, api, api_rounds, static)
)
