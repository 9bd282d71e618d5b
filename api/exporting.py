"""`bangfu export`: what holds now, as a workbook in the schema by which it is imported."""

from __future__ import annotations

from collections.abc import Iterator

from api.ceremony import NotDone
from api.compose import china_today
from api.desk import Desk
from api.exchange.nouns import NOUNS
from api.exchange.template import exported
from api.importing import held_of
from projections.follow import follow
from projections.register import Filter, register


def export_register(desk: Desk, noun: str, area: str = "") -> tuple[bytes, int]:
    """The workbook and how many rows it has. Raises NotDone for an area that is not registered."""
    known = NOUNS[noun]
    assert known.cells is not None
    rows = []
    for identity in _projects(desk, area):
        held = held_of(desk, identity)
        assert held is not None
        rows.append(known.cells(held, identity))
    title = f"{known.schema.title}（{area.removeprefix('area:') or '全部'}，{china_today()} 导出）"
    return exported(known.schema, title, rows), len(rows)


def _projects(desk: Desk, area: str) -> Iterator[str]:
    """Every project, or those of an area and of what lies in it, in the order in which they were entered."""
    wanted = Filter()
    if area:
        name = area.removeprefix("area:")
        found = desk.ledger.directory.area_called(name)
        if found is None:
            raise NotDone(f"没有登记区域“{name}”")
        wanted = Filter(area=found.id)
    follow(desk.reader, desk.projections)
    after: str | None = None
    while True:
        page = register(desk.projections, wanted, after)
        yield from (row.id for row in page.rows)
        if page.more is None:
            return
        after = page.more
