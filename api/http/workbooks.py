"""Workbooks: a file comes in, what would become of each row goes out, with the batches that its sender may sign.

Nothing is recorded here. What the sender signs comes back by `POST /api/v1/commands:batch` like any other batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.exchange.nouns import NOUNS
from api.exchange.text import folded
from api.http import body, working
from api.http.auth import Reader, bearer
from api.http.problem import Failed, problems
from api.http.service import ReaderDep, Service, ServiceDep
from api.http.working import XLSX, Slow
from api.importing import LATE_REASON
from api.workroom import Task
from domain.values import IsoDate

router = APIRouter(prefix="/api/v1", tags=["工作簿"])

# What the file is, its bytes say (READ-1); the type only shows that a file was meant.
TYPES = (XLSX, "application/vnd.ms-excel", "application/vnd.oasis.opendocument.spreadsheet", "text/csv", "application/octet-stream")  # fmt: skip
_KINDS = frozenset(TYPES)
_BODY = {
    "requestBody": {
        "required": True,
        "description": "文件本身，至多 20 MB",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES},
    }
}


class Asked(BaseModel):
    """What is said beside the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(max_length=200, description="文件名，见于答复")] = "工作簿"
    area: Annotated[
        str, Field(max_length=100, description="哪个区域的登记表；不写则为本岗位辖区所在的区域")
    ] = ""
    noun: Annotated[
        Literal["", "project", "asset", "obligation"], Field(description="登记对象；不写的看表头")
    ] = ""
    nature: Annotated[
        Literal["fact", "opening"],
        Field(description="fact 既成事实登记；opening 期初建账：各行是 occurred_on 那一天的实况"),
    ] = "fact"
    occurred_on: IsoDate | None = None
    notice: Annotated[str, Field(max_length=200, description="表本身没有标题时，其所附公告的标题")] = ""
    late_reason: Annotated[str, Field(max_length=200, description="迟登原因")] = LATE_REASON
    unit: Annotated[Literal["", "元", "万元", "亿元"], Field(description="表上没有写明时的金额单位")] = ""
    alias: Annotated[
        list[Annotated[str, Field(max_length=100)]],
        Field(max_length=40, description="表上的栏目=认识的栏目，可多次"),
    ] = []
    as_new: Annotated[bool, Field(description="台账编号是另一个台账的：本台账没有的，当作新的登记")] = False

    @field_validator("alias")
    @classmethod
    def _known(cls, stated: list[str]) -> list[str]:
        for one in stated:
            heading, _, known = one.replace("＝", "=").rpartition("=")
            if not heading.strip() or not any(
                noun.schema.by_heading.get(folded(known)) for noun in NOUNS.values()
            ):
                raise ValueError("alias")
        return stated

    def wish(self) -> dict[str, Any]:
        """Fields of `api.importing.Wish`."""
        aliases = (one.replace("＝", "=").rpartition("=") for one in self.alias)
        return {
            "aliases": {heading.strip(): known.strip() for heading, _, known in aliases},
            "area": self.area,
            "as_new": self.as_new,
            "late_reason": self.late_reason,
            "notice": self.notice,
            "noun": self.noun,
            "occurred_on": self.occurred_on or "",
            "opening": self.nature == "opening",
            "unit": self.unit or None,
        }


class Fault(BaseModel):
    """What is wrong with one cell."""

    cell: str = Field(description="格，如 E17")
    value: str = Field(description="读到的值")
    rule: str
    fix: str = Field(description="应怎样填")


class Row(BaseModel):
    """One row of a sheet and what would become of it."""

    model_config = ConfigDict(extra="allow")

    sheet: str
    row: int = Field(description="行号，从 1 起")
    noun: Literal["project", "asset", "obligation"]
    outcome: Literal["new", "changed", "same", "ask", "fault", "skip"]
    reason: str
    fields: dict[str, Any] = Field(description="读到的各栏；键见 docs/api.zh.md，金额以 _fen 结尾，单位分")
    faults: list[Fault]


class RefusedRow(BaseModel):
    """A new row that the ledger would not take."""

    sheet: str
    row: int
    code: str
    rule: str
    message: str


class PreparedBatch(BaseModel):
    """Sign the bytes of `pae`; hand in `commands` with the envelope of `payload` by `POST /api/v1/commands:batch`."""

    command: str = Field(description="批次编号：所签字节（PAE）的 SHA-256")
    commands: list[str] = Field(description="各行指令的确切字节，Base64")
    pae: str = Field(description="应签的确切字节（DSSE PAE）的 Base64")
    payload: str = Field(description="批次声明字节的 Base64，原样放进信封")
    payloadType: str  # noqa: N815 - the name of DSSE
    rows: list[tuple[str, int]] = Field(description="各指令出自哪张表的第几行")
    sum_fen: int
    summary: str


class WorkbookPreview(BaseModel):
    """What would become of a workbook. Nothing is recorded."""

    model_config = ConfigDict(extra="allow")

    file: str
    sha256: str
    rows: list[Row]
    totals: dict[str, Any]
    notes: list[str]
    complete: bool = Field(description="是否各数据行都已入账或可入账")
    refused: list[RefusedRow]
    noted: list[dict[str, Any]] = Field(description="照录而不合、或不知合不合的规则")
    prepared: list[PreparedBatch] = Field(description="可签的批次，每批至多 1000 行；台账不收的行不在内")


_REFUSALS = problems(400, 401, 413, 415, 422, 429, 503)


@router.post(
    "/workbooks",
    operation_id="preview_workbook",
    summary="交一个工作簿，看每行的结果，并取待签的批次",
    response_model=WorkbookPreview,
    responses=_REFUSALS,
    openapi_extra=_BODY,
)
async def preview_workbook(
    request: Request, asked: Annotated[Asked, Query()], service: ServiceDep, reader: ReaderDep
) -> Response:
    """.xlsx、.xls、.ods、.csv。没有入账任何东西：签了 `prepared` 里的批次，交 `/api/v1/commands:batch` 才入账。"""
    return await _done(request, asked, service, reader, annotated=False)


@router.post(
    "/workbooks:annotated",
    operation_id="annotate_workbook",
    summary="交一个工作簿，取回标注的原表",
    response_class=Response,
    responses={
        200: {
            "description": "原表，标出问题，加一栏导入结果",
            "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
        },
        **_REFUSALS,
    },
    openapi_extra=_BODY,
)
async def annotate_workbook(
    request: Request, asked: Annotated[Asked, Query()], service: ServiceDep, reader: ReaderDep
) -> Response:
    """改好后交同一个文件即可。"""
    return await _done(request, asked, service, reader, annotated=True)


_KINDS_OF_ANSWER: Mapping[bool, dict[str, str]] = {
    False: {"Content-Type": "application/json"},
    True: {"Content-Type": XLSX, "Content-Disposition": 'attachment; filename="annotated.xlsx"'},
}


async def _done(
    request: Request, asked: Asked, service: Service, reader: Reader, *, annotated: bool
) -> Response:
    """The answer of the work room. Raises Failed, Unreadable."""
    async with AsyncExitStack() as held:
        held.enter_context(working.place(service, reader))
        data = await _received(request, service.workroom.receiving)
        reader = service.reader(bearer(request))  # a key may have ended while the file came in
        task: Task = "annotated" if annotated else "preview"
        wanted = working.order(service, reader, task, asked.name, asked.wish())
        found = await working.done(request, service, reader, wanted, data)
        # The place is left when the answer is with its reader: what waits here for somebody slow takes memory.
        return Slow(found, _KINDS_OF_ANSWER[annotated], service.workroom.sending, held.pop_all())
    raise AssertionError


async def _received(request: Request, seconds: float) -> bytes:
    """The file. Raises Failed, also when it does not come to its end: others wait for the place."""
    try:
        async with asyncio.timeout(seconds):
            return await body.received(request, _KINDS, "工作簿的类型或 application/octet-stream")
    except TimeoutError:
        raise Failed(400, "body_incomplete", "文件太久没有收全，没有读入，请重新提交") from None
