"""One server process for one ledger: uvicorn over the application, ended with grace."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

import uvicorn

from api.desk import Desk
from api.http.app import create_app
from api.http.lines import Line
from api.http.service import Service
from api.http.verified import Verified
from api.workroom import WorkRoom
from audit.driver import StoreFailure

LOCAL = ("127.0.0.1", "localhost", "::1")
GRACE_SECONDS = 5


class Places(logging.Formatter):
    """Says where an error came from and of what kind it is, never its words: they may hold what somebody entered."""

    def formatException(  # noqa: N802 - the library's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"places": {"()": "api.serving.Places", "format": "%(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "places"}},
    "loggers": {
        name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
        for name in ("uvicorn", "asyncio", "projections", "api")
    },
}


def service_for(
    desk: Desk,
    *,
    host: str = "127.0.0.1",
    hosts: Sequence[str] = (),
    verified: bool = True,
    workroom: WorkRoom | None = None,
) -> Service:
    """`hosts` are further names under which the server is reached, behind a proxy for instance."""
    names = tuple(dict.fromkeys((*LOCAL, host, *hosts)))
    watched = desk.settings.data if verified else None
    return Service(desk, hosts=names, verified=Verified(watched, desk.settings.trust), workroom=workroom)


def vault_trouble(desk: Desk) -> str:
    """Look into the vault, if there is one, so that what was ordered to be erased is erased before anybody asks, of a vault
    that was put back too. What keeps it closed; "" when nothing does."""
    settings = desk.settings
    if not settings.vault_key_path.exists() and not (settings.data / "vault.db").exists():
        return ""  # none is made before there is anything to keep
    try:
        with desk.keeper.at_work():
            return ""
    except StoreFailure as failure:
        return str(failure)


class Server(uvicorn.Server):
    """Tells those who wait for events that it ends, so that the others can be answered to the end."""

    def __init__(
        self,
        service: Service,
        *,
        host: str,
        port: int,
        ready: Callable[[str, int], None] = lambda _host, _port: None,
        line: type[Line] = Line,
    ) -> None:
        """`ready` is called with the address once it listens."""
        # No access log: addresses and queries may hold what belongs in no file. One process: the desk is one (D13).
        super().__init__(
            uvicorn.Config(
                create_app(service),
                host=host,
                port=port,
                http=line,
                access_log=False,
                log_config=LOGGING,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._service = service
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready(*self.bound)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._service.end_streams()
        await super().shutdown(sockets)

    @property
    def bound(self) -> tuple[str, int]:
        """The address that was taken: with port 0 the system chose. Only once it has started."""
        found = self.servers[0].sockets[0].getsockname()
        return str(found[0]), int(found[1])
