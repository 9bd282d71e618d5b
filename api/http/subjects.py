"""Lists, subjects, timelines and differences: the same routes for every noun of the list in nouns.py."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.http import paging
from api.http.auth import Reader, outside
from api.http.listing import places_of
from api.http.nouns import BY_KIND, NOUNS, Noun
from api.http.paging import PageQuery
from api.http.problem import Failed, dumps, of_refusal, problems
from api.http.service import ReaderDep, Service, ServiceDep
from domain.classification import CLASSES
from domain.errors import BadShape, NotFound
from domain.values import kind_of
from projections import pages
from projections.diff import diff as diff_of
from projections.leads import Sees
from projections.resolve import nowhere, resolve
from projections.story import as_of_day, gather, known_position, reading_day
from projections.timeline import items as items_of
from projections.trace import Trace, trace
from projections.wanted import Wanted

Class = Literal["advantaged", "weak", "idle", "eliminated", "none", ""]
AsOf = Annotated[str | None, Field(max_length=40, description="业务日期，如 2026-11-23：当日的状态")]
KnownAt = Annotated[
    str | None,
    Field(max_length=40, description="已知至：第几号，或入账日期，或带时区的入账时间"),
]
ID = Annotated[
    str, Path(max_length=200, description="编号（project_…），或项目编号一类的唯一编号（QX-0007）")
]


# A form of a page sends what nobody chose as empty text.
YesNo = Annotated[bool | None, BeforeValidator(lambda value: None if value == "" else value)]


class ClockQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: AsOf = None
    known_at: KnownAt = None


class ListQuery(PageQuery):
    as_of: AsOf = None
    known_at: KnownAt = None
    area: Annotated[str, Field(max_length=200, description="区域编号或名称；含其下级")] = ""
    class_: Annotated[Class, Field(alias="class", description="认定分类；none 为未认定")] = ""
    checked: Annotated[YesNo, Field(description="已核 true，未核 false")] = None
    external: Annotated[YesNo, Field(description="外部来源 true，本地 false")] = None
    open: Annotated[YesNo, Field(description="未了结（在册、未清、在办）true，已了结 false")] = None
    q: Annotated[str, Field(max_length=60, description="编号或名称的一部分")] = ""


class TimelineQuery(PageQuery):
    known_at: KnownAt = None


class DiffQuery(BaseModel):
    """`from` and `to` are business dates; `from_known` and `to_known` recording times. Any two points can be compared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Annotated[str | None, Field(alias="from", max_length=40)] = None
    to: Annotated[str | None, Field(max_length=40)] = None
    from_known: KnownAt = None
    to_known: KnownAt = None


class Page(BaseModel):
    """A page of a list. `next` goes into `cursor` of the next request; null on the last page."""

    model_config = ConfigDict(extra="allow")

    items: list[dict[str, Any]]
    next: str | None


# --- what the clocks say ---------------------------------------------------------------------------------


def known(service: Service, text: str | None, name: str = "known_at") -> int | None:
    """A position. Raises Failed."""
    if text is None:
        return None
    if text.isdecimal() and len(text) > 15:
        raise _bad(name, f"已知至“{text[:20]}…”不是号")
    try:
        return known_position(service.desk.reader, text, service.desk.now())
    except BadShape as refusal:
        raise _bad(name, refusal.message) from None


def day(name: str, text: str | None) -> str | None:
    try:
        return as_of_day(text)
    except BadShape as refusal:
        raise _bad(name, refusal.message) from None


def _bad(parameter: str, detail: str) -> Failed:
    return Failed(
        400, "bad_request", detail, errors=[{"parameter": parameter, "detail": detail}], rule="CMD-2"
    )


def seen_by(service: Service, reader: Reader, area: str) -> frozenset[str] | None:
    """The areas of a list: those asked for, as far as the reader may look at them. None: all."""
    if not area:
        return reader.areas
    directory = service.desk.ledger.directory
    named = directory.area_called(area)
    if named is None:
        raise _bad("area", f"没有区域“{area[:60]}”")
    asked = directory.lying_in([named.id], service.today())
    return asked if reader.areas is None else asked & reader.areas


def list_of(service: Service, reader: Reader, noun: Noun, query: ListQuery) -> pages.Page:
    """A page of what the reader may look at. Raises Failed."""
    if not query.q.isprintable():
        raise _bad("q", "不可打印的字符")
    fields: dict[str, Any] = {}
    if query.class_:
        fields["class"] = "" if query.class_ == "none" else query.class_
    for name in ("external", "open"):
        if getattr(query, name) is not None:
            fields[name] = getattr(query, name)
    wanted = Wanted(
        areas=seen_by(service, reader, query.area),
        fields=fields,
        checked=query.checked,
        known_as=query.q.strip(),
        as_of=day("as_of", query.as_of or None),
        known_at=known(service, query.known_at or None),
    )
    after = paging.after(query.cursor)
    cursor = None if after < 0 else str(after)
    today = reading_day(service.desk.reader, wanted.as_of, query.known_at or None, service.today())
    return pages.page(service.engine, noun.projected, wanted, cursor, query.limit, today)


def subject_of(service: Service, reader: Reader, noun: Noun, text: str) -> str:
    """The id of a subject that the reader may look at. Raises Failed."""
    written = noun.written(text)
    try:
        subject = named(service, reader, written)
        if kind_of(subject) != noun.kind:
            raise nowhere(written)
    except NotFound as refusal:
        raise of_refusal(refusal) from None
    if not in_view(service, reader, subject):
        raise outside(subject)
    return subject


def named(service: Service, reader: Reader, written: str) -> str:
    """The id that a text stands for. Raises NotFound.

    Codes can be guessed: that of a subject outside the reader's areas is answered as one that nobody bears.
    """
    if is_broken(written):
        raise nowhere(written)
    try:
        subject = resolve(service.desk.reader, written)
    except NotFound as refusal:
        if all(in_view(service, reader, one) for one in refusal.detail.get("bearers", ())):
            raise
        raise nowhere(written) from None
    if subject != written.strip() and not in_view(service, reader, subject):
        raise nowhere(written)
    return subject


def is_broken(text: str) -> bool:
    """Whether a text holds half a character, as JSON may (RFC 8259, 8.2)."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def in_view(service: Service, reader: Reader, subject: str) -> bool:
    """Whether a subject that the log knows may be read: from each of its areas, and from everywhere what lies nowhere."""
    noun = BY_KIND.get(kind_of(subject))
    if noun is None or reader.reads_all:
        return True
    places = places_of(service.engine, noun, subject)
    # What is recorded a moment ago is not in the rows yet: then the entries say where it lies.
    return reader.may_read(places or trace(service.desk.reader, subject).value("areas") or ())


def seen(service: Service, reader: Reader) -> Sees:
    """What the reader may look at."""
    return lambda subject: in_view(service, reader, subject)


def told(service: Service, reader: Reader, subject: str, as_of: str | None, known_at: str | None) -> Trace:
    """Raises Failed when nothing known by then names the subject."""
    try:
        known(service, known_at)  # or Failed
        return trace(service.desk.reader, subject, as_of, known_at, service.today(), seen(service, reader))
    except NotFound as refusal:
        raise of_refusal(refusal) from None


def version_of(service: Service, found: Trace) -> int:
    """How often the subject had been named: what `seen` of a command states, and the first part of the ETag."""
    return sum(1 for one in service.desk.reader.of_subject(found.subject) if one.position <= found.known_at)


def tagged(
    request: Request, body: Mapping[str, Any], headers: Mapping[str, str] | None = None, version: str = ""
) -> Response:
    """A body with a strong ETag, or 304 when the caller has it already (RFC 9110, 13.1.2).

    The tag is of the body itself: what is told may change by an entry about something else, by a day that passes, by what its
    reader may look at, and by another log that is put in the place of this one.
    """
    content = dumps(body)
    quoted = f'"{version}{hashlib.sha256(content).hexdigest()}"'
    more = {"ETag": quoted, "Cache-Control": "private, no-cache", "Vary": "Authorization", **(headers or {})}
    if has_already(request, quoted):
        return Response(status_code=304, headers=more)
    return Response(content, headers=more, media_type="application/json")


def has_already(request: Request, quoted: str) -> bool:
    """Whether the caller names the tag of what it has (RFC 9110, 13.1.2: compared weakly)."""
    named = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return quoted.removeprefix("W/") in named or named == ["*"]


# --- the routes ------------------------------------------------------------------------------------------


def _router(noun: Noun) -> APIRouter:
    router = APIRouter(prefix=f"/api/v1/{noun.plural}", tags=[noun.title])
    unchanged: dict[int | str, dict[str, Any]] = {304: {"description": "与 If-None-Match 所写的相同"}}
    one = problems(400, 401, 403, 404, 503) | unchanged

    @router.get(
        "",
        operation_id=f"list_{noun.plural}",
        summary=f"{noun.title}一览",
        response_model=Page,
        responses=problems(400, 401, 503) | unchanged,
    )
    def list_(
        request: Request, query: Annotated[ListQuery, Query()], service: ServiceDep, reader: ReaderDep
    ) -> Response:
        """按登记先后列出本岗位可见的；as_of、known_at 给出当时的样子。"""
        found = list_of(service, reader, noun, query)
        last = found.items[-1].position if found.more else None
        body, headers = paging.page(request, [asdict(item) for item in found.items], last)
        return tagged(request, body | {"size": found.next}, headers)

    @router.get("/{id}", operation_id=f"get_{noun.kind}", summary=f"一个{noun.title}的状态", responses=one)
    def get(
        request: Request,
        id: ID,  # noqa: A002 - the name in the path
        query: Annotated[ClockQuery, Query()],
        service: ServiceDep,
        reader: ReaderDep,
    ) -> Response:
        """状态、金额、往来，都来自分录。ETag 的前一半是版次，即指令的 seen 所写的次数。"""
        subject = subject_of(service, reader, noun, id)
        found = told(service, reader, subject, day("as_of", query.as_of), query.known_at)
        version = version_of(service, found)
        body = asdict(found)
        for name in ("timeline", "known_on", "size"):
            del body[name]
        body |= {"version": version, "known_at": found.known_at if query.known_at else None}
        return tagged(request, body, version=f"{version}.")

    @router.get(
        "/{id}/timeline",
        operation_id=f"timeline_of_{noun.kind}",
        summary=f"一个{noun.title}的经过",
        response_model=Page,
        responses=one,
    )
    def timeline_(
        request: Request,
        id: ID,  # noqa: A002 - as above
        query: Annotated[TimelineQuery, Query()],
        service: ServiceDep,
        reader: ReaderDep,
    ) -> Response:
        """每一条：何时发生、何时入账、谁签的、改了什么；更正所撤销的仍在原处。"""
        subject = subject_of(service, reader, noun, id)
        try:
            story = gather(service.desk.reader, subject, known(service, query.known_at))
        except NotFound as refusal:
            raise of_refusal(refusal) from None
        items = items_of(service.desk.reader, story, seen(service, reader))
        begin = paging.after(query.cursor)
        left = [item for item in items if item.position > begin]
        shown = left[: query.limit]
        last = shown[-1].position if len(left) > len(shown) else None
        body, headers = paging.page(request, [asdict(item) for item in shown], last)
        body |= {"names": story.names}
        return tagged(request, body, headers)

    @router.get(
        "/{id}/diff",
        operation_id=f"diff_of_{noun.kind}",
        summary=f"一个{noun.title}两个时点的差别",
        responses=one,
    )
    def diff(
        request: Request,
        id: ID,  # noqa: A002 - as above
        query: Annotated[DiffQuery, Query()],
        service: ServiceDep,
        reader: ReaderDep,
    ) -> Response:
        """from、to 是业务日期，from_known、to_known 是已知至；任意两点可比。"""
        subject = subject_of(service, reader, noun, id)
        days = day("from", query.from_), day("to", query.to)
        points = known(service, query.from_known, "from_known"), known(service, query.to_known, "to_known")
        try:
            found = diff_of(service.desk.reader, subject, *days, *points, seen(service, reader))
        except NotFound as refusal:
            raise of_refusal(refusal) from None
        # Where no position was asked for the answer is of all that is known, whatever that is at the moment.
        sides = {
            name: {"as_of": point.as_of, "known_at": point.known_at if asked else None}
            for name, point, asked in (
                ("from", found.before, query.from_known),
                ("to", found.after, query.to_known),
            )
        }
        body = {
            "id": subject,
            **sides,
            "changes": [asdict(one) for one in found.differences],
            "entries": [asdict(one) for one in found.entries],
        }
        return tagged(request, body)

    return router


assert set(get_args(Class)) == {*CLASSES, "none", ""}
ROUTERS = [_router(noun) for noun in NOUNS.values()]
