"""The log itself in the formats of C2SP (FORMAT 12, 13): checkpoint, tiles, receipts. Other people's programs read this.

Hashes are public: they tell an outsider nothing, and who has seen them can be lied to no more. Entries need authority.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http.problem import Failed, problems
from api.http.service import ServiceDep, bearer_reader
from audit.tiles import WIDTH, bundle

router = APIRouter(tags=["账本"])
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_NOW = {"Cache-Control": "no-cache"}
_NUMBER = re.compile(r"((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")
_LEVEL_MAX = 6  # 256^7 leaves are more than positions can count
Whole = Annotated[int, Path(ge=0, lt=2**53)]
_text: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
_bytes: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get(
    "/log/checkpoint",
    operation_id="get_checkpoint",
    summary="最新检查点（C2SP signed note）",
    responses=_text | problems(404),
)
def checkpoint(service: ServiceDep) -> Response:
    """公开。请记下所见：以后的账必须承接它。"""
    log = service.desk.log
    if log.seal is None:
        raise Failed(404, "not_opened", "台账尚未开立", rule="LEDGER-5")
    return Response(log.checkpoint(), media_type="text/plain; charset=utf-8", headers=_FOR_NOW)


@router.get(
    "/log/vkey",
    operation_id="get_vkey",
    summary="台账的校验密钥（C2SP vkey）",
    responses=_text | problems(404),
)
def vkey(service: ServiceDep) -> Response:
    """公开，但由台账自己给出的不能证明身份：请与信任文件核对。"""
    log = service.desk.log
    if log.seal is None:
        raise Failed(404, "not_opened", "台账尚未开立", rule="LEDGER-5")
    return Response(f"{log.vkey()}\n", media_type="text/plain; charset=utf-8", headers=_FOR_NOW)


@router.get(
    "/log/tile/entries/{tile:path}",
    operation_id="get_entry_bundle",
    summary="分录包：须有查阅全账的权限",
    responses=_bytes | problems(401, 403, 404, 503),
)
def entries(tile: str, request: Request, service: ServiceDep) -> Response:
    """登记员、纪委。内容是入账的确切字节。"""
    if not bearer_reader(service, request).reads_all:
        raise Failed(403, "forbidden", "分录包含全账内容，只给可查阅全账的岗位", rule="AUTH-5")
    number, width = _tile(tile)
    first = number * WIDTH
    if first + width > service.desk.log.size:
        raise _no_tile(tile)
    rows = service.desk.driver.rows(first, first + width)
    return _answer(bundle([row.entry for row in rows]), width, "private")


@router.get(
    "/log/tile/{level}/{tile:path}",
    operation_id="get_tile",
    summary="哈希块（C2SP tlog-tiles）",
    responses=_bytes | problems(400, 404, 503),
)
def hash_tile(level: Annotated[int, Path(ge=0, le=63)], tile: str, service: ServiceDep) -> Response:
    """公开。"""
    number, width = _tile(tile)
    try:
        if level > _LEVEL_MAX:
            raise LookupError(level)
        found = service.desk.log.tile(level, number, width)
    except LookupError:
        raise _no_tile(tile) from None
    return _answer(found, width, "public")


def _tile(text: str) -> tuple[int, int]:
    """(number, width) of the path of a tile. Raises Failed."""
    found = _NUMBER.match(text)
    if found is None or len(text) > 40:
        raise _no_tile(text)
    groups, last, width = found.groups()
    digits = groups.replace("x", "").replace("/", "") + last
    if (groups and groups.startswith("x000")) or (width is not None and int(width) >= WIDTH):
        raise _no_tile(text)
    return int(digits), WIDTH if width is None else int(width)


def _no_tile(text: str) -> Failed:
    return Failed(404, "not_found", f"没有块 {text[:60]}，现有的大小见 /log/checkpoint", rule="FORMAT-13")


def _answer(found: bytes, width: int, who: str) -> Response:
    # A tile of a width never changes, partial or whole.
    headers = {"Cache-Control": f"{who}, max-age=31536000, immutable"}
    return Response(found, media_type="application/octet-stream", headers=headers)


class ReceiptQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Annotated[
        int | None,
        Field(ge=1, lt=2**53, description="对第一个不小于此大小的检查点；不给则为首个含有它的检查点"),
    ] = None


@router.get(
    "/api/v1/receipts/{position}",
    operation_id="get_receipt",
    summary="入账回执（C2SP tlog-proof）",
    responses=_text | problems(400, 404, 503),
)
def receipt(position: Whole, query: Annotated[ReceiptQuery, Query()], service: ServiceDep) -> Response:
    """公开：只含哈希和检查点。与入账时给出的相同，永远不变。"""
    try:
        found = service.desk.log.receipt(position, max(query.size or 0, position + 1))
    except LookupError:
        raise Failed(404, "not_found", f"没有第 {position} 号，或没有那么大的检查点", rule="ID-2") from None
    name = f'attachment; filename="{position}.tlog-proof"'
    return Response(
        found,
        media_type="text/plain; charset=utf-8",
        headers={**_FOR_EVER, "Content-Disposition": name},
    )
