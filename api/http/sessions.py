"""How a session is had: take a challenge, sign it with the ledger key, hand it in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.auth import (
    LINK_SECONDS,
    SESSION,
    SESSION_SECONDS,
    Reader,
    bearer,
)
from api.http.challenges import CHALLENGE_SECONDS
from api.http.problem import Failed, json_response, problems
from api.http.service import ReaderDep, Service, ServiceDep
from audit.dsse import unb64
from audit.errors import Malformed

router = APIRouter(prefix="/api/v1", tags=["登录"])
_NEVER_KEPT = {"Cache-Control": "no-store"}


class Challenge(BaseModel):
    challenge: str
    origin: str = Field(description="台账标识")
    audience: str = Field(description="本服务的地址，须与调用者所连的一致")
    payloadType: str  # noqa: N815 - the name of DSSE
    expires_in: int = Field(description="秒")


class _Signature(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    keyid: Annotated[str, Field(max_length=40)]
    sig: Annotated[str, Field(max_length=100)]


class SignedChallenge(BaseModel):
    """A DSSE envelope over the canonical JSON {audience, challenge, key, origin}."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    payload: Annotated[str, Field(max_length=2000)]
    payloadType: Annotated[str, Field(max_length=80)]  # noqa: N815 - as above
    signatures: Annotated[list[_Signature], Field(min_length=1, max_length=1)]


class Session(BaseModel):
    token: str = Field(description="放在 Authorization: Bearer 之后；只用于查阅")
    expires_in: int
    key: str
    role: str
    role_title: str
    areas: list[str] | None = Field(description="可查阅的区域；null 为全账")


class Link(BaseModel):
    path: str = Field(description="在浏览器中打开，一次有效")
    expires_in: int


@router.post(
    "/challenges",
    operation_id="make_challenge",
    summary="取一个登录用的 challenge",
    status_code=201,
    response_model=Challenge,
)
def make_challenge(request: Request, service: ServiceDep) -> Response:
    """公开。请核对 audience 是自己所连的地址，再签。"""
    found = {
        "challenge": service.sessions.challenge(),
        "origin": service.desk.log.origin,
        "audience": audience_of(request),
        "payloadType": SESSION,
        "expires_in": CHALLENGE_SECONDS,
    }
    return json_response(found, 201, headers=_NEVER_KEPT)


def audience_of(request: Request) -> str:
    """The name under which we were reached; only names of ours get so far (TrustedHostMiddleware)."""
    return request.headers.get("host", "").lower()


@router.post(
    "/sessions",
    operation_id="open_session",
    summary="登录：交回签过名的 challenge",
    status_code=201,
    response_model=Session,
    responses=problems(400, 403, 413, 415),
)
def open_session(request: Request, signed: SignedChallenge, service: ServiceDep) -> Response:
    """会话只用于查阅，八小时有效；密钥停用或岗位撤销即失效。"""
    if signed.payloadType != SESSION:
        raise Failed(400, "bad_form", f"payloadType 应为 {SESSION}", rule="FORMAT-5")
    try:
        body = unb64(signed.payload)
        signatures = {one.keyid: unb64(one.sig) for one in signed.signatures}
    except Malformed as error:
        raise Failed(400, "bad_form", str(error), rule="FORMAT-5") from None
    token, _ = service.sessions.open(
        body,
        signatures,
        origin=service.desk.log.origin,
        audience=audience_of(request),
        public_key=service.desk.public_key,
    )
    try:
        reader = service.reader(token)
    except Failed:
        service.sessions.close(token)
        raise Failed(403, "key_not_good", "密钥已停用或岗位已撤销，不能登录", rule="AUTH-2") from None
    return json_response({"token": token, **_told(reader)}, 201, headers=_NEVER_KEPT)


def _told(reader: Reader) -> dict[str, Any]:
    return {
        "expires_in": SESSION_SECONDS,
        "key": reader.key,
        "role": reader.role,
        "role_title": reader.title,
        "areas": None if reader.areas is None else sorted(reader.areas),
    }


@router.delete(
    "/sessions",
    operation_id="close_session",
    summary="退出登录",
    status_code=204,
    responses=problems(401),
)
def close_session(request: Request, service: ServiceDep, reader: ReaderDep) -> Response:
    service.sessions.close(bearer(request))
    return Response(status_code=204)


@router.post(
    "/sessions:link",
    operation_id="make_link",
    summary="取一个一次有效的浏览器登录链接",
    status_code=201,
    response_model=Link,
    responses=problems(401),
)
def make_link(service: ServiceDep, reader: ReaderDep) -> Response:
    """供 bangfu login 使用：把会话带进浏览器。"""
    found = {"path": f"/login?code={service.sessions.link(reader.key)}", "expires_in": LINK_SECONDS}
    return json_response(found, 201, headers=_NEVER_KEPT)


__all__ = ["Service", "audience_of", "router"]
