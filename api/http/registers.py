"""Registers to be filled in, and what holds now in the same columns: `bangfu template` and `bangfu export` over HTTP.

What is written holds no name of a natural person, whoever asks: those are told subject by subject (names.py).
"""

from __future__ import annotations

import hashlib
from contextlib import AsyncExitStack
from functools import cache
from typing import Annotated, Any, Literal, get_args
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from api.exchange.nouns import NOUNS
from api.exchange.template import template
from api.http import working
from api.http.auth import Reader
from api.http.problem import problems
from api.http.service import ReaderDep, Service, ServiceDep
from api.http.subjects import Class, has_already
from api.http.working import XLSX, Slow
from projections.follow import place

router = APIRouter(prefix="/api/v1", tags=["工作簿"])

NounName = Literal["project", "asset", "obligation"]
Format = Literal["xlsx", "csv"]
TYPES: dict[Format, str] = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
Kind = Annotated[NounName, Field(description="登记对象：project 项目，asset 资产，obligation 债权债务")]
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "与 If-None-Match 所写的相同"}}
assert set(get_args(NounName)) == set(NOUNS)
# Two logs may be of one size, such as those before and after an older copy was put back: a leaf tells them apart.
LEAF_SHOWN = 16


class TemplateQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    noun: Kind = "project"


class ExportQuery(BaseModel):
    """The options of `bangfu export`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    noun: Kind = "project"
    format: Format = "xlsx"
    area: Annotated[str, Field(max_length=100, description="只要这个区域及其下级的")] = ""
    class_: Annotated[
        Class,
        Field(alias="class", description="只要这一类的项目，和属于这些项目的资产、债权债务；none 为未认定"),
    ] = ""
    body: Annotated[
        str,
        Field(max_length=100, description="只要这个单位的：经营主体、所有权人、管护责任单位、债权人或债务人"),
    ] = ""

    def wish(self) -> dict[str, Any]:
        """Fields of `api.exporting.Wanted`."""
        wanted = {"": None, "none": ""}.get(self.class_, self.class_)
        return {"area": self.area, "body": self.body, "class_": wanted}


def _saved_as(noun: NounName, what: str, format_: Format) -> str:
    """A name that every browser takes, and the Chinese one beside it (RFC 6266, 4.3)."""
    named = quote(f"{NOUNS[noun].schema.title}{what}.{format_}")
    return f"attachment; filename=\"{noun}.{format_}\"; filename*=UTF-8''{named}"


@cache
def _template(noun: NounName) -> tuple[bytes, str]:
    """The file and its tag: made once, the same as long as the server runs."""
    content = template(NOUNS[noun].schema)
    return content, f'"{hashlib.sha256(content).hexdigest()}"'


@router.get(
    "/workbooks:template",
    operation_id="get_template",
    summary="取空的登记表模板",
    response_class=Response,
    responses={
        200: {
            "description": "有下拉选项、示例行和填表说明的 .xlsx",
            "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
        },
        **_UNCHANGED,
        **problems(400),
    },
)
def get_template(request: Request, asked: Annotated[TemplateQuery, Query()]) -> Response:
    """填好后交 `/api/v1/workbooks`。模板里只有格式，取它不用登录。"""
    content, tag = _template(asked.noun)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = _saved_as(asked.noun, "模板", "xlsx")
    return Response(content, media_type=XLSX, headers=headers)


@router.get(
    "/workbooks:export",
    operation_id="export_register",
    summary="按模板的栏目导出台账现状",
    response_class=Response,
    responses={
        200: {
            "description": "本岗位可见的，一行一个；原样再交 /api/v1/workbooks，每行都是相同",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES.values()},
        },
        **_UNCHANGED,
        **problems(400, 401, 422, 429, 503),
    },
)
async def export_register(
    request: Request, asked: Annotated[ExportQuery, Query()], service: ServiceDep, reader: ReaderDep
) -> Response:
    """自然人的姓名不导出，任何岗位都一样：按权限逐项读取的，见 `/names`。"""
    return await exported(request, service, reader, asked)


async def exported(request: Request, service: Service, reader: Reader, asked: ExportQuery) -> Response:
    """The register as far as its reader may look at it. Raises Failed, StoreFailure."""
    # Weak: the same register, and not the same bytes, since a workbook says when it was written.
    stated = hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
    at = await run_in_threadpool(place, service.engine)
    tag = f'W/"{at.next}.{at.leaf[:LEAF_SHOWN]}.{reader.key}.{service.today()}.{stated}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    async with AsyncExitStack() as held:
        held.enter_context(working.place(service, reader))
        wanted = working.order(service, reader, asked.format, asked.noun, asked.wish())
        content = await working.done(request, service, reader, wanted)
        headers |= {
            "Content-Type": TYPES[asked.format],
            "Content-Disposition": _saved_as(asked.noun, f"-{service.today()}", asked.format),
        }
        return Slow(content, headers, service.workroom.sending, held.pop_all())
    raise AssertionError
