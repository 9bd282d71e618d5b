"""The application: every router, the order of what stands before them, and what is done at start and stop."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import (
    body,
    commands,
    events,
    health,
    log,
    names,
    openapi,
    problem,
    registers,
    sessions,
    subjects,
    taking,
    workbooks,
)
from api.http.service import Service
from api.pages.install import install as install_pages

DESCRIPTION = (
    """帮扶台账：每一项变动都是一条签了名的事件。写入以签名为凭，查阅以台账密钥登录（见 docs/api.zh.md）。"""
)

# Of every answer. Pages run no script at all; /docs says otherwise for itself.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


class _Headers:
    """The headers of every answer that does not state them itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def stating(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, stating)


def create_app(service: Service) -> FastAPI:
    """The application over a service. The desk stays its caller's, to be closed after the application has stopped."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        service.start()
        # What lives now lives as long as the server: the collector need not look at it again and again (p99).
        gc.collect()
        gc.freeze()
        yield
        service.stop()

    app = FastAPI(
        title=openapi.TITLE,
        description=DESCRIPTION,
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.state.taking = taking.taking(service)
    problem.install(app)
    for module in (commands, workbooks, registers, sessions, events, log, health):
        app.include_router(module.router)
    for router in (*names.ROUTERS, *subjects.ROUTERS):
        app.include_router(router)
    openapi.install(app)
    install_pages(app)
    app.add_middleware(commands.FastWay, service=service)
    app.add_middleware(body.Limit, large=service.large)
    app.add_middleware(_Headers)
    if service.hosts:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(service.hosts))
    return app
