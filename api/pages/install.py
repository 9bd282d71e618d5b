"""Every page as part of the application, and what a person is shown when a page fails."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles

from api.http.problem import HANDLED, failed_of
from api.pages import login, pages
from api.pages.login import NotLoggedIn

FOR_PROGRAMS = ("/api/", "/log/", "/docs", "/static/", "/openapi.json", "/healthz", "/readyz", "/metrics")
STATIC = Path(__file__).parent / "static"


def install(app: FastAPI) -> None:
    """Every page and its assets; pages are no part of the description."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(login.router)
    app.include_router(pages.router)

    async def to_login(_request: Request, _error: Exception) -> Response:
        return RedirectResponse("/login", 303)

    async def told(request: Request, error: Exception) -> Response:
        failed = failed_of(error)
        if request.url.path.startswith(FOR_PROGRAMS):
            return failed.response()
        try:
            return pages.failed_page(request.app.state.service, request, failed)
        except NotLoggedIn:
            return RedirectResponse("/login", 303) if request.method == "GET" else failed.response()

    app.add_exception_handler(NotLoggedIn, to_login)
    for kind in HANDLED:
        app.add_exception_handler(kind, told)
