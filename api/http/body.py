"""What may come in: sizes, content types, strict JSON. A body that ends before its time is nobody's fault of ours."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.exchange.errors import TooLarge
from api.exchange.limits import BYTES_MAX
from api.fair import Places
from api.http.problem import Failed, place_of
from audit import dsse
from audit.entry import COMMAND_BYTES_MAX
from audit.errors import Malformed

COMMAND_MAX = 2 * COMMAND_BYTES_MAX  # base64 takes a third more, signatures and spaces the rest
BATCH_MAX = 16 * 1024 * 1024
# Of JSON: a batch has a thousand commands and what it discloses. Parsing holds up everybody for as long as it takes.
PARTS_MAX = 200_000
LARGE_MAX, LARGE_OF_ONE = 24, 8  # bodies longer than a command's that are here at once; from one address
JSON_TYPES = frozenset({"application/json", "application/vnd.dsse.envelope.v1+json"})


WORKBOOKS = ("/api/v1/workbooks", "/api/v1/workbooks:annotated")
# Every other body is at most as long as a command's.
LIMITS = {"/api/v1/commands:batch": BATCH_MAX, **dict.fromkeys(WORKBOOKS, BYTES_MAX)}


class Limit:
    """Before everything else that reads a body: never keeps more than the limit, and of large bodies so many at once.

    Nobody has asked for a key when a batch comes in. What is as short as a command always has its place.
    """

    def __init__(self, app: ASGIApp, large: Places) -> None:
        self._app, self._large = app, large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = LIMITS.get(scope["path"], COMMAND_MAX)
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and int(stated[:16]) > limit:
            await too_large(limit, scope["path"]).response()(scope, receive, send)
            return
        left = limit
        place = ExitStack()

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            before = left
            left -= len(message.get("body", b""))
            if left < limit - COMMAND_MAX <= before:
                place.enter_context(place_of(self._large, _sender(scope), "正在收的批次、文件"))
            if left < 0:
                if scope["path"] in WORKBOOKS:
                    raise too_large(limit, scope["path"])
                raise HTTPException(413)
            return message

        with place:
            await self._app(scope, counted, send)


def _sender(scope: Scope) -> str:
    """Where a request comes from; behind a proxy as the proxy says (X-Forwarded-For)."""
    return str((scope.get("client") or ("",))[0])


async def received(
    request: Request, kinds: frozenset[str] = JSON_TYPES, wanted: str = "application/json"
) -> bytes:
    """The bytes of a body, JSON unless said otherwise, whose length `Limit` watches. Raises Failed: 415, 400."""
    _require_kind(request, kinds, wanted)
    try:
        return await request.body()
    except ClientDisconnect:
        # Nobody is there to read it; the route ends by the ordinary way all the same.
        raise Failed(400, "body_incomplete", "内容没有收全，没有办理，请重新提交") from None


async def json_only(request: Request) -> None:
    """For a route whose body the framework reads. Raises Failed: 415."""
    _require_kind(request, frozenset({"application/json"}), "application/json")


def _require_kind(request: Request, kinds: frozenset[str], wanted: str) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise Failed(415, "unsupported_media_type", f"Content-Type 应为 {wanted}，所写是“{kind[:60]}”")


def too_large(limit: int, path: str = "") -> Failed:
    if path in WORKBOOKS:
        return Failed(
            413, TooLarge.code, f"文件超过 {limit} 字节，没有读入；请分成几个文件", rule=TooLarge.rule
        )
    return Failed(413, "too_large", f"内容超过 {limit} 字节", rule="FORMAT-16")


def parsed(text: bytes) -> Any:
    """Raises Failed. Double keys are refused: two readers must not read two things."""
    if len(text) > COMMAND_MAX and sum(map(text.count, (b",", b"[", b"{"))) > PARTS_MAX:
        raise Failed(413, "too_large", f"内容超过 {PARTS_MAX} 项", rule="FORMAT-16")
    try:
        return dsse.strict_json(text)
    except Malformed as error:
        raise Failed(400, "bad_form", str(error), rule="FORMAT-5") from None
