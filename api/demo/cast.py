"""The cast: the areas, posts and keys of the demo. All invented (示例数据), but for the names of the places whose registers are read."""

from __future__ import annotations

from dataclasses import dataclass

from domain.authority import Role
from domain.organisation import Kind

AREA_CODE, COUNTY, TOWN = "999999001", "示例县", "青溪乡"
VILLAGES = tuple(f"示例{number}村" for number in "一二三四五六")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at a post, with a key of their own. No names: persons are numbers here (D17)."""

    file: str
    organisation: str
    kind: Kind
    seat: str  # the area that the organisation belongs to
    title: str
    role: Role
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A published register: from where, on which day, with which paper."""

    file: str
    area: str
    division_code: str
    published_on: str
    notice: str


# Day and title as the pages give them (api/data/registers/SOURCES.md); a page that gives only the year counts from its last day.
SOURCES = (
    Source("01_beita_2020.csv", "邵阳市北塔区", "430511", "2019-12-27", ""),
    Source("08_beiguan_2018.csv", "安阳市北关区", "410503", "2018-12-31", ""),
    Source("12_datong_2023.csv", "大庆市大同区", "230606", "2023-01-11", "大同区2023年衔接资金安排项目"),
    Source("26_jindong_2022.csv", "金华市金东区", "330703", "2022-09-09", ""),
    Source(
        "32_jiaocheng_2019.csv", "宁德市蕉城区", "350902", "2020-03-09", "蕉城区2019年度68个薄弱村扶持基金"
    ),
)
ABROAD = tuple(source.area for source in SOURCES)

RECORDER = Actor("recorder.key", "示例县外部资料登记组", "other", COUNTY, "示例录入员", "recorder", ABROAD)
VILLAGE = Actor(
    "village.key",
    "示例县青溪乡联村服务点",
    "village_committee",
    TOWN,
    "村系统管理员",
    "village_admin",
    VILLAGES,
)
CENTRE = Actor(
    "service-centre.key", "示例县青溪乡农服中心", "town_office", TOWN, "核查岗", "service_centre", (TOWN,)
)
COLLECTIVE = Actor(
    "collective.key",
    "青溪示例四村股份经济合作联合社",
    "village_collective",
    VILLAGES[3],
    "示例理事长",
    "collective",
    (VILLAGES[3],),
)
TOWNSHIP = Actor(
    "township.key", "示例县青溪乡党委政府", "town_government", TOWN, "认定岗", "township", (TOWN,)
)
DISCIPLINE = Actor(
    "discipline.key", "示例县青溪乡纪委", "town_discipline", TOWN, "监督岗", "discipline", (TOWN,)
)
ACTORS = (RECORDER, VILLAGE, CENTRE, COLLECTIVE, TOWNSHIP, DISCIPLINE)
