"""The vault by authority: the names of one subject, and the record of who has read names (docs/decisions/0008)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import bearing, names
from api.http import paging
from api.http.auth import Reader
from api.http.listing import places_of
from api.http.nouns import BY_KIND, NOUNS, Noun
from api.http.paging import PageQuery
from api.http.problem import Failed, json_response, problems
from api.http.service import ReaderDep, Service, ServiceDep
from api.http.subjects import ID, Page, subject_of
from api.names import NamesClosed
from domain.erasure import BEARERS
from domain.values import kind_of

# Names are never kept by anybody on the way, nor by the browser (RFC 9111, 5.2.2.5).
NEVER_KEPT = {"Cache-Control": "no-store", "Vary": "Authorization"}


class Name(BaseModel):
    """What a commitment stands for; `value` and `salt` give the commitment again (FORMAT 5.5)."""

    commitment: str
    state: str = Field(description="kept 在库；erasing 删除中；erased 已删除；missing 保管库中没有")
    field: str = Field(description="name、phone、identity_number 或 address；不在库的为空")
    value: str
    salt: str
    whose: str = Field(description="写在哪一栏：债权人、经手人等")


class Names(BaseModel):
    model_config = ConfigDict(extra="forbid")

    subject: str
    names: list[Name]


def areas_of(service: Service, subject: str) -> list[str]:
    """Where a subject lies: by the rows, and by its entries while it is not in them yet."""
    noun = BY_KIND.get(kind_of(subject))
    places = [] if noun is None else places_of(service.engine, noun, subject)
    return places or names.areas_now(service.desk, subject)


def closed(refusal: NamesClosed) -> Failed:
    return Failed(403, refusal.code, refusal.message, rule=refusal.rule, headers=NEVER_KEPT)


def _names_of(service: Service, reader: Reader, noun: Noun, text: str) -> dict[str, Any]:
    subject = subject_of(service, reader, noun, text)
    try:
        names.require(reader, subject, areas_of(service, subject))
    except NamesClosed as refusal:
        raise closed(refusal) from None
    whose = bearing.whose(service.desk.reader, subject)
    found = names.reveal(service.desk, reader, subject, list(whose))
    told = [asdict(one) | {"whose": whose[one.commitment]} for one in found.values()]
    return {"subject": subject, "names": told}


def _router(noun: Noun) -> APIRouter:
    router = APIRouter(prefix=f"/api/v1/{noun.plural}", tags=[noun.title])

    @router.get(
        "/{id}/names",
        operation_id=f"names_of_{noun.kind}",
        summary=f"一个{noun.title}所涉自然人的姓名等",
        response_model=Names,
        responses=problems(400, 401, 403, 404, 503),
    )
    def get(id: ID, service: ServiceDep, reader: ReaderDep) -> Response:  # noqa: A002 - the name in the path
        """仅限有权的岗位，在其辖区之内；每次读取另行记录，不得缓存。"""
        return json_response(_names_of(service, reader, noun, id), headers=NEVER_KEPT)

    return router


_record = APIRouter(prefix="/api/v1/readings", tags=["个人信息"])


@_record.get(
    "",
    operation_id="list_readings",
    summary="谁读取过个人信息",
    response_model=Page,
    responses=problems(400, 401, 403, 503),
)
def list_(
    request: Request, query: Annotated[PageQuery, Query()], service: ServiceDep, reader: ReaderDep
) -> Response:
    """按日、密钥、对象计；由乡纪委查阅全部，由乡党委政府查阅辖区之内的。"""
    if reader.supervised is not None and not reader.supervised:
        raise closed(NamesClosed(f"{reader.title}不查阅此记录"))
    after = max(0, paging.after(query.cursor))
    with service.desk.keeper.at_work() as vault:
        found = list(vault.readings.after(after, query.limit + 1))
    shown = found[: query.limit]
    last = shown[-1].id if len(found) > len(shown) else None
    items = [asdict(one) for one in shown if reader.may_supervise(areas_of(service, one.subject))]
    body, headers = paging.page(request, items, last)
    return json_response(body, headers=NEVER_KEPT | dict(headers))


ROUTERS = [*(_router(noun) for noun in NOUNS.values() if noun.kind in BEARERS), _record]
