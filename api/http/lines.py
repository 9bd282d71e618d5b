"""The line to a client: how long a request may take on its way, and how much it may say beside its body.

Whoever opens a line and says nothing, says a head without end, or a body by the byte, would else keep the line and what was
said on it in memory for ever. A request that comes whole costs nothing here.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar, Literal

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Bytes beside the body: request line, headers, trailers, what parts the body into chunks.
HEAD_MAX = 64 * 1024
HEAD_SECONDS = 20.0
BODY_SECONDS = 300.0  # somewhat more than whoever reads a body gives it

Coming = Literal["", "head", "body"]


class Line(HttpToolsProtocol):
    """The library's, with limits."""

    seconds: ClassVar[dict[Coming, float]] = {"head": HEAD_SECONDS, "body": BODY_SECONDS}
    _coming: Coming = "head"  # what has begun and not ended
    _body = 0  # bytes of the body so far
    _beside = 0  # bytes that were none of it
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._beside += len(data)
        super().data_received(data)
        if not self._coming or self.transport.is_closing():
            return
        # A chunk may be as short as its own length: then there is as much beside the body as in it.
        if self._beside > HEAD_MAX + self._body:
            self._refuse()
        self._watch()

    def on_message_begin(self) -> None:
        self._coming = "head"
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._done("body")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        self._beside -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._done()
        self._body = self._beside = 0
        super().on_message_complete()

    def _refuse(self) -> None:
        if self._coming == "head":
            self.send_400_response("Too much beside the body.")
        else:
            self.transport.close()

    def _watch(self) -> None:
        if self._timer is None and self._coming:
            self._timer = self.loop.call_later(self.seconds[self._coming], self._give_up)

    def _done(self, next_: Coming = "") -> None:
        self._coming = next_
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()
