"""Into a browser: the link of `bangfu login` is opened, a button is pressed, and a cookie holds the session.

Opening the link uses nothing up: programs that look at links before people do would otherwise take the session.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from starlette.requests import ClientDisconnect

from api.http.auth import SESSION_SECONDS, Reader
from api.http.problem import Failed
from api.http.service import Service, ServiceDep
from api.pages.show import page

router = APIRouter(include_in_schema=False)
COOKIE = "bangfu_session"
_FORM_MAX = 200


class NotLoggedIn(Exception):
    """A page was asked for without a session; it is answered with how to have one."""


def reader_at(service: Service, request: Request) -> Reader:
    """Who looks at a page. Raises NotLoggedIn."""
    try:
        return service.reader(request.cookies.get(COOKIE, ""))
    except Failed:
        raise NotLoggedIn from None


@router.get("/login")
async def ask(request: Request, code: Annotated[str, Query(max_length=100)] = "") -> Response:
    return page("login.html", code=code, base=str(request.base_url).rstrip("/"), failed=False, reader=None)


@router.post("/login")
async def enter(request: Request, service: ServiceDep) -> Response:
    token = service.sessions.follow(await _code(request))
    if token is None:
        base = str(request.base_url).rstrip("/")
        return page("login.html", 403, code="", base=base, failed=True, reader=None)
    answer = Response(status_code=303, headers={"Location": "/", "Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE,
        token,
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/logout")
async def leave(request: Request, service: ServiceDep) -> Response:
    service.sessions.close(request.cookies.get(COOKIE, ""))
    answer = Response(status_code=303, headers={"Location": "/login"})
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


async def _code(request: Request) -> str:
    """The one field of the form."""
    try:
        text = (await request.body())[:_FORM_MAX].decode("ascii", "replace")
    except ClientDisconnect:
        return ""
    return next(iter(parse_qs(text).get("code", [])), "")
