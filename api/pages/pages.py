"""Home, lists and subjects, for whoever has a session. What lies outside of the reader's areas is not shown, nor counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api import names
from api.exchange.nouns import NOUNS as REGISTERS
from api.http import paging, registers, subjects
from api.http.auth import Reader
from api.http.names import areas_of
from api.http.nouns import BY_KIND, NOUNS, Noun
from api.http.problem import Failed, title_of
from api.http.registers import ExportQuery
from api.http.service import Service, ServiceDep
from api.http.subjects import ClockQuery, ListQuery
from api.pages import overview
from api.pages.login import reader_at
from api.pages.show import COLUMNS, page, query
from projections.disposal import lapsed_in
from projections.load import Session, session
from projections.named import commitments_of
from projections.register import tallied

router = APIRouter(include_in_schema=False)


def _frame(service: Service, reader: Reader, size: int) -> dict[str, Any]:
    """What stands on every page: whose it is, and how far it goes."""
    directory = service.desk.ledger.directory
    ledger = directory.ledger
    return {
        "reader": reader,
        "ledger": ledger,
        "size": size,
        "verified": service.verified,
        "nouns": NOUNS.values(),
        "places": None
        if reader.areas is None
        else [directory.areas[one].name for one in _tops(service, reader)],
    }


def _tops(service: Service, reader: Reader) -> Iterator[str]:
    """The areas of a reader that lie in no other of them, in the order in which they were registered."""
    directory, today, seen = service.desk.ledger.directory, service.today(), reader.areas or frozenset()
    for one in directory.areas:
        if one in seen and directory.areas[one].parents.at(today) not in seen:
            yield one


@router.get("/")
def home(request: Request, service: ServiceDep) -> Response:
    reader = reader_at(service, request)
    found, size = tallied(service.engine, [BY_KIND[kind].projected for kind in overview.KINDS], reader.areas)
    lapsed = {"disposal": lapsed_in(service.engine, reader.areas, service.today())}
    return page(
        "home.html",
        **_frame(service, reader, size),
        projects=overview.projects(found["project"]),
        others=[overview.of(BY_KIND[kind], found[kind], lapsed.get(kind, 0)) for kind in overview.OTHERS],
    )


def _list(noun: Noun, request: Request, service: Service, asked: ListQuery) -> Response:
    reader = reader_at(service, request)
    found = subjects.list_of(service, reader, noun, asked)
    outside = {one.id for one in service.desk.ledger.directory.areas.values() if one.kind == "external"}
    kept = {
        "class": asked.class_,
        "q": asked.q,
        "area": asked.area,
        "as_of": asked.as_of,
        "known_at": asked.known_at,
        **{
            name: "" if value is None else str(value).lower()
            for name, value in (
                ("checked", asked.checked),
                ("external", asked.external),
                ("open", asked.open),
            )
        },
    }
    following = "" if found.more is None else query(**kept, cursor=paging.cursor(int(found.more)))
    return page(
        "list.html",
        **_frame(service, reader, found.next),
        noun=noun,
        columns=COLUMNS[noun.kind],
        filters=noun.projected.table.c.keys(),
        items=found.items,
        asked=asked,
        following=following,
        outside=outside,
        is_register=noun.kind in REGISTERS,
    )


def _subject(noun: Noun, request: Request, service: Service, text: str, asked: ClockQuery) -> Response:
    reader = reader_at(service, request)
    subject = subjects.subject_of(service, reader, noun, text)
    found = subjects.told(
        service, reader, subject, subjects.day("as_of", asked.as_of or None), asked.known_at or None
    )
    areas = {one: areas_of(service, one) for one in commitments_of(found)}
    found, opened = names.told(service.desk, reader, found, areas)
    return page(
        "subject.html",
        headers={"Cache-Control": "no-store"} if opened else None,
        opened=opened,
        **_frame(service, reader, found.size),
        noun=noun,
        session=_session(service, noun, subject, asked),
        found=found,
        title=found.called,
        state=found.told(),
        version=subjects.version_of(service, found),
        asked=asked,
        by_kind=BY_KIND,
        links=[one for one in (*found.followed, *found.not_followed) if not one.id.startswith("code:row:")],
    )


def _session(service: Service, noun: Noun, subject: str, asked: ClockQuery) -> Session | None:
    """A load session with what has been loaded: counted as of now, so of no past."""
    if noun.kind != "load" or asked.as_of or asked.known_at:
        return None
    return session(service.engine, subject, service.today())


def _install(noun: Noun) -> None:
    @router.get(f"/{noun.plural}", name=f"page_of_{noun.plural}")
    def list_(request: Request, service: ServiceDep, asked: Annotated[ListQuery, Query()]) -> Response:
        return _list(noun, request, service, asked)

    @router.get(f"/{noun.plural}/{{id}}", name=f"page_of_{noun.kind}")
    def subject(
        id: str,  # noqa: A002 - the name in the path
        request: Request,
        service: ServiceDep,
        asked: Annotated[ClockQuery, Query()],
    ) -> Response:
        return _subject(noun, request, service, id, asked)


def _install_export(noun: Noun) -> None:
    @router.get(f"/{noun.plural}:export", name=f"export_of_{noun.plural}")
    async def export(
        request: Request, service: ServiceDep, asked: Annotated[ExportQuery, Query()]
    ) -> Response:
        reader = reader_at(service, request)
        of_noun = asked.model_copy(update={"noun": noun.kind})
        return await registers.exported(request, service, reader, of_noun)


for _noun in NOUNS.values():
    _install(_noun)
    if _noun.kind in REGISTERS:
        _install_export(_noun)


def failed_page(service: Service, request: Request, failed: Failed) -> Response:
    """A refusal on a page is told on a page."""
    reader = reader_at(service, request)
    frame = _frame(service, reader, service.projected)
    return page("failed.html", failed.status, **frame, failed=failed, title=title_of(failed.code))
