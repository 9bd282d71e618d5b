"""Commands: the list of them, `prepare`, the dry run, and the way in. The signature is the authority; no session is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp, Receive, Scope, Send

from api import erasing
from api.clerk import Clerk, latest
from api.columns import explained
from api.desk import Answer, Desk
from api.filling import completed
from api.http import body
from api.http.auth import Reader, outside
from api.http.gathered import Gathered
from api.http.problem import (
    HANDLED,
    Failed,
    dumps,
    failed_of,
    json_response,
    of_answer,
    of_refusal,
    problems,
    title_of,
)
from api.http.service import PROJECTED_SECONDS, ReaderDep, Service, ServiceDep
from api.http.subjects import has_already, in_view, named
from api.http.taking import Taken, receipt_of
from api.personal import apart, people_in
from audit import dsse
from audit.admission import admit, admit_batch, batch_of
from domain.base import state_of
from domain.catalogue import catalogue
from domain.errors import BadShape, NotFound
from domain.natures import Nature
from domain.proposal import Proposal
from domain.record import Signed
from domain.values import IsoDate, ids_in, kind_of
from projections.labels import event_title

router = APIRouter(prefix="/api/v1", tags=["指令"])


class DryRun(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    dry_run: Annotated[bool, Field(description="只看结果，不入账")] = False


class Signature(BaseModel):
    keyid: str
    sig: str


class Envelope(BaseModel):
    """A DSSE envelope; `payload` holds the base64 of the exact signed bytes."""

    payload: str
    payloadType: str  # noqa: N815 - the name of DSSE
    signatures: list[Signature]


class Opening(BaseModel):
    """What opens one commitment (FORMAT 5.5). It goes into the vault, never into the log."""

    field: str = Field(description="name、phone、identity_number 或 address")
    salt: str = Field(description="32 字节的十六进制")
    value: str


class DisclosedEnvelope(BaseModel):
    """A command that names persons: its envelope, and what opens the commitments in it."""

    disclosures: list[Opening]
    envelope: Envelope


class Recorded(BaseModel):
    """A recorded command. The same command again: the same receipt, with status 200."""

    position: int = Field(description="第一条分录的号")
    n: int = Field(description="共几条分录")
    command: str = Field(description="指令编号：所签字节（PAE）的 SHA-256")
    receipt: str = Field(description="C2SP tlog-proof：可离线证明已入账，永远不变")
    replayed: bool = Field(description="早已入账，本次没有再入")
    projected: bool = Field(description="读表是否已包含；否则稍候再读，已入账这一点不变")


class Previewed(BaseModel):
    model_config = ConfigDict(extra="allow")

    dry_run: bool
    command: str


class RowResult(BaseModel):
    model_config = ConfigDict(extra="allow")

    index: int
    status: str = Field(description="recorded 或 refused")


class BatchRecorded(Recorded):
    results: list[RowResult]


class BatchEnvelope(BaseModel):
    """FORMAT 5.3: the signed statement, and the base64 of each command's exact bytes."""

    commands: list[str]
    disclosures: list[Opening] = Field([], description="内容写有自然人时，随附各承诺的披露")
    envelope: Envelope


# --- the list ------------------------------------------------------------------------------------------


@cache
def _commands() -> tuple[bytes, str]:
    """The list and its tag: the same as long as the server runs."""
    content = dumps({"commands": catalogue()["commands"]})
    return content, f'"{hashlib.sha256(content).hexdigest()}"'


@router.get(
    "/commands",
    operation_id="list_commands",
    summary="全部指令及其 JSON Schema",
    responses={304: {"description": "与 If-None-Match 所写的相同"}},
)
def list_commands(request: Request) -> Response:
    """公开。每个指令：名称、由哪些岗位以何种性质签、产生哪些事件、内容的 JSON Schema。"""
    content, tag = _commands()
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


# --- prepare ---------------------------------------------------------------------------------------------


class Wish(BaseModel):
    """What somebody wants to sign. Names such as `area:青溪乡` or `project:QX-0001` may stand where ids belong."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    command: Annotated[str, Field(max_length=80, description="指令名，可不写版本")]
    payload: Annotated[dict[str, Any], Field(description="内容；本指令自己的新编号可不写")]
    signers: Annotated[
        list[Annotated[str, Field(max_length=40)]],
        Field(max_length=8, description="依次由哪些密钥签；不写则为会话的密钥"),
    ] = []
    post: Annotated[
        str, Field(max_length=200, description="作为代理所签的岗位；不写则以各密钥自己的岗位签")
    ] = ""
    nature: Nature | None = None
    occurred_on: IsoDate | None = None


class Prepared(BaseModel):
    """Sign the bytes of `pae`; put `payload` and the signature into the envelope."""

    payload: str = Field(description="指令字节的 Base64，原样放进信封")
    payloadType: str  # noqa: N815 - as above
    pae: str = Field(description="应签的确切字节（DSSE PAE）的 Base64")
    command: str = Field(description="指令编号")
    document: dict[str, Any] = Field(description="同一指令，供阅读")


@router.post(
    "/commands:prepare",
    operation_id="prepare_command",
    summary="写出待签的确切字节",
    response_model=Prepared,
    responses=problems(400, 401, 403, 404, 413, 415, 422, 503),
    dependencies=[Depends(body.json_only)],
)
def prepare(wish: Wish, service: ServiceDep, reader: ReaderDep) -> Response:
    """填好所见次数、摘要、有效期和新编号。没有入账任何东西。"""
    desk = service.desk
    for key in wish.signers:
        if desk.public_key(key) is None:
            raise Failed(403, "unknown_key", f"密钥 {key[:40]} 未登记", rule="AUTH-1")
    if wish.post and wish.post not in desk.ledger.refresh().posts:
        raise Failed(404, "not_found", f"没有岗位 {wish.post[:40]}", rule="ID-2")
    name = latest(wish.command)
    try:
        payload = completed(name, wish.payload, desk, partial(named, service, reader))
    except NotFound as refusal:
        raise of_refusal(refusal) from None
    _require_in_view(service, reader, payload)
    try:
        document = Clerk(desk).prepare(
            name,
            payload,
            nature=wish.nature or "",
            occurred_on=wish.occurred_on or "",
            signers=[desk.capacity(key, wish.post) for key in wish.signers or [reader.key]],
        )
    except BadShape as refusal:
        raise of_refusal(explained(name, refusal), 400) from None
    return json_response(
        {
            "payload": dsse.b64(document),
            "payloadType": dsse.COMMAND,
            "pae": dsse.b64(dsse.pae(dsse.COMMAND, document)),
            "command": dsse.statement_id(dsse.COMMAND, document).hex(),
            "document": dsse.strict_json(document),
        }
    )


def _require_in_view(service: Service, reader: Reader, payload: Any) -> None:
    """How often a subject has moved, and what is filled in of it, is told to those only who may look at it."""
    for subject in sorted(ids_in(payload)):
        with suppress(NotFound):  # a new id: of what the log does not know there is nothing to tell
            if not in_view(service, reader, _lying_with(service.desk, subject)):
                raise outside(subject)


def _lying_with(desk: Desk, subject: str) -> str:
    """A proposal lies where its target lies; anything else where it lies itself."""
    if kind_of(subject) != "proposal" or subject not in desk.ledger.repository:
        return subject
    found: object = desk.ledger.repository.get(subject)
    return found.subject if isinstance(found, Proposal) else subject


# --- the way in ------------------------------------------------------------------------------------------

_TAKEN: dict[int | str, dict[str, Any]] = {
    200: {"description": "早已入账（同一回执），或预演的结果"},
    201: {"description": "已入账"},
    **problems(400, 403, 409, 413, 415, 422, 503),
}


def _of_body(*models: type[BaseModel]) -> dict[str, Any]:
    """The body is read by hand, for its exact bytes; the description says what it is: one of these."""
    references = [{"$ref": f"#/components/schemas/{model.__name__}"} for model in models]
    schema = references[0] if len(references) == 1 else {"oneOf": references}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


@router.post(
    "/commands",
    operation_id="take_command",
    summary="交一条已签名的指令",
    status_code=201,
    response_model=Recorded,
    responses={**_TAKEN, 200: {**_TAKEN[200], "model": Recorded | Previewed}},
    openapi_extra=_of_body(Envelope, DisclosedEnvelope),
)
async def take_command(request: Request, query: Annotated[DryRun, Query()], service: ServiceDep) -> Response:
    """DSSE 信封。入账即得回执；同一指令再交，回执相同（200）。签名之后情况有变的，409 并列出变化。"""
    text = await body.received(request)
    if query.dry_run:
        return await run_in_threadpool(_preview, service, text)
    return await _taken(service, request, text)


async def _taken(service: Service, request: Request, text: bytes) -> Response:
    taking: Gathered[bytes, Taken] = request.app.state.taking
    return await _recorded(service, request, *await taking.ask(text))


class FastWay:
    """The same answer to a plain `POST /api/v1/commands` without the framework's way to its routes, which takes as long as all
    the rest: the route above is the description, and the way of whoever adds a parameter."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] != "http"
            or scope["path"] != "/api/v1/commands"
            or scope["method"] != "POST"
            or scope["query_string"]
        ):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await _taken(self._service, request, await body.received(request))
        except HANDLED as error:
            response = failed_of(error).response()
        await response(scope, receive, send)


async def _recorded(
    service: Service, request: Request, answer: Answer, receipt: str, more: Mapping[str, Any] | None = None
) -> Response:
    assert answer.position is not None
    projected = await service.wait(answer.position, _patience(request))
    told = {
        "position": answer.position,
        "n": answer.n,
        "command": answer.command,
        "receipt": receipt,
        "replayed": answer.replayed,
        "projected": projected,
        **(more or {}),
    }
    headers = {"Location": f"/api/v1/receipts/{answer.position}"}
    return json_response(told, 200 if answer.replayed else 201, headers=headers)


def _patience(request: Request) -> float:
    """`Prefer: wait=0` of a caller who does not want to wait for the read tables (RFC 7240, 4.3); at most 2 s."""
    for one in request.headers.get("prefer", "").split(","):
        name, _, seconds = one.strip().partition("=")
        if name.lower() == "wait" and seconds.isdecimal() and len(seconds) < 9:
            return min(float(seconds), PROJECTED_SECONDS)
    return PROJECTED_SECONDS


# --- the dry run -----------------------------------------------------------------------------------------


def _preview(service: Service, text: bytes) -> Response:
    desk = service.desk
    value, disclosures = apart(body.parsed(text))
    signed = admit(dsse.envelope_of(value), desk.public_key)
    known = desk.reader.find(signed.id)
    if known is not None:
        return json_response({"dry_run": True, "command": signed.id, "position": known[0], "events": []})
    people_in([signed], disclosures, desk.keeper.kept)
    events = _events(desk, signed)
    if signed.command["command"] == erasing.ORDER:
        desk.keeper.require_whole(signed)
    return json_response({"dry_run": True, "command": signed.id, "events": events})


def _events(desk: Desk, signed: Signed) -> list[dict[str, Any]]:
    return [
        {
            "event": made.TOPIC,
            "title": event_title(made.TOPIC),
            "stream": made.originator_id,
            "version": made.originator_version,
            "state": state_of(made),
        }
        for made in desk.ledger.preview(signed)
    ]


# --- batches ---------------------------------------------------------------------------------------------


@router.post(
    "/commands:batch",
    operation_id="take_batch",
    summary="交一批指令，一个签名",
    status_code=201,
    response_model=BatchRecorded,
    responses={**_TAKEN, 200: {**_TAKEN[200], "model": BatchRecorded | Previewed}, **problems(429)},
    openapi_extra=_of_body(BatchEnvelope),
)
async def take_batch(request: Request, query: Annotated[DryRun, Query()], service: ServiceDep) -> Response:
    """至多 1000 条；逐条判定，各有各的结果，好的入账，坏的不入，没有半条。"""
    text = await body.received(request)
    if query.dry_run:
        return await run_in_threadpool(_preview_batch, service, text)
    answer, receipt, results = await service.decide(partial(_take_batch, service, text))
    return await _recorded(service, request, answer, receipt, {"results": results})


def _take_batch(service: Service, text: bytes) -> tuple[Answer, str, list[dict[str, Any]]]:
    desk = service.desk
    value, disclosures = apart(body.parsed(text))
    envelope, bodies = batch_of(value)
    with service.metrics.seconds.time():
        answer = desk.take_batch(envelope, bodies, disclosures)
    service.metrics.commands.labels(answer.code or "ok").inc()
    if not answer.ok:
        raise of_answer(answer)
    results = [*_entered(desk, answer), *(_refused(*row) for row in answer.refused)]
    return answer, receipt_of(desk, answer), sorted(results, key=lambda one: int(one["index"]))


def _entered(desk: Desk, answer: Answer) -> Iterator[dict[str, Any]]:
    """Where each accepted command stands: its entries follow the outcome's in order."""
    left = sum(last - first + 1 for first, last in answer.accepted)
    assert answer.position is not None
    for entry in desk.reader.entries(answer.position + 1):
        if not left:
            return
        if entry.i == 1:
            assert entry.batch is not None
            left -= 1
            yield {
                "index": entry.batch[1],
                "status": "recorded",
                "position": entry.position,
                "n": entry.n,
                "subject": entry.stream,
            }


def _refused(index: int, code: str, rule: str, message: str) -> dict[str, Any]:
    return {
        "index": index,
        "status": "refused",
        "code": code,
        "rule": rule,
        "title": title_of(code),
        "detail": message,
    }


def _preview_batch(service: Service, text: bytes) -> Response:
    desk = service.desk
    value, disclosures = apart(body.parsed(text))
    batch = admit_batch(*batch_of(value), desk.public_key)
    if (known := desk.reader.find(batch.id)) is not None:
        return json_response({"dry_run": True, "command": batch.id, "position": known[0], "results": []})
    people_in(batch.members, disclosures, desk.keeper.kept)
    decision = desk.ledger.preview_batch(batch)
    results: list[dict[str, Any]] = [{"index": index, "status": "would_record"} for index in decision.indexes]
    results += [_refused(index, why.code, why.rule, why.message) for index, why in decision.refused]
    results.sort(key=lambda one: int(one["index"]))
    return json_response({"dry_run": True, "command": batch.id, "results": results})
