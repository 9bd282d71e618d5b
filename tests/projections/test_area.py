"""Areas as rows: names, parents and successors, and what lies in an area by the areas of now (D19)."""

from typing import Any

from sqlalchemy import Engine

from projections.area import within
from projections.database import prepare
from projections.follow import follow
from projections.resolve import resolve
from projections.trace import trace
from tests.projections.log import ELSEWHERE, QINGXI, VILLAGE, Log


def _lying(log: Log, engine: Engine, *areas: str) -> set[str]:
    follow(log, engine)
    with prepare(engine).connect() as connection:
        return set(within(connection, areas))


def succeeded(log: Log, area: str, *successors: str, on: str = "2026-06-01", how: str = "merged") -> None:
    state: dict[str, Any] = {
        "area": area,
        "document": "示例府发〔2026〕3号",
        "how": how,
        "occurred_on": on,
        "successors": list(successors),
    }
    log.record(("area.succeeded.v1", area, state), on=on)


def test_d19_an_area_includes_what_it_has_taken_the_place_of(log: Log, each_engine: Engine) -> None:
    other = log.area("山背村", "village", QINGXI)
    assert _lying(log, each_engine, other) == {other}
    succeeded(log, VILLAGE, other)
    assert _lying(log, each_engine, other) == {other, VILLAGE}
    assert _lying(log, each_engine, VILLAGE) == {VILLAGE}, (
        "whoever asks for the old village sees what lay in it"
    )
    assert _lying(log, each_engine, QINGXI) == {QINGXI, other, VILLAGE}
    succeeded(log, VILLAGE, on="2026-07-01", how="restored")
    assert _lying(log, each_engine, other) == {other}


def test_d19_what_was_divided_is_included_where_all_of_it_is(log: Log, each_engine: Engine) -> None:
    east, west = (log.area(name, "village", QINGXI) for name in ("东村", "西村"))
    succeeded(log, VILLAGE, east, west, how="divided")
    assert _lying(log, each_engine, east) == {east}
    assert _lying(log, each_engine, east, west) == {east, west, VILLAGE}
    assert VILLAGE in _lying(log, each_engine, QINGXI)


def test_d19_a_village_that_went_to_another_town_lies_there(log: Log, each_engine: Engine) -> None:
    town = log.area("白云乡", "town", "")
    there = log.area("白云村", "village", town)
    succeeded(log, VILLAGE, there)
    assert _lying(log, each_engine, QINGXI) == {QINGXI}
    assert _lying(log, each_engine, town, ELSEWHERE) == {town, there, VILLAGE, ELSEWHERE}


def test_d19_an_area_is_found_and_traced_by_its_old_name(log: Log, engine: Engine) -> None:
    renamed = {
        "area": VILLAGE,
        "code": "code:area:青溪社区",
        "document": "示例府发〔2026〕3号",
        "name": "青溪社区",
        "occurred_on": "2026-11-10",
    }
    log.record(("area.renamed.v1", VILLAGE, renamed), on="2026-11-10")
    for alias, on in (("老青溪", "2026-11-10"), ("青溪大队", "2026-11-05")):
        state = {"alias": alias, "area": VILLAGE, "code": f"code:area:{alias}", "occurred_on": on}
        log.record(("area.aliased.v1", VILLAGE, state), on=on)
    follow(log, engine)
    for name in ("青溪村", "青溪社区", "老青溪", "青溪大队"):
        assert resolve(log, f"area:{name}") == VILLAGE
    before, after = (trace(log, VILLAGE, as_of=day) for day in ("2026-11-09", "2026-11-10"))
    assert [one.value("name") for one in (before, after)] == ["青溪村", "青溪社区"]
    assert after.value("aliases") == ["老青溪", "青溪大队"]
