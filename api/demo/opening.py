"""Before the first step: a ledger opened, the people of 青溪乡 enrolled, and public registers of other places read."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from api.ceremony import NotDone, OrganisationOf, PersonFile, PostOf, enrol, open_ledger, trust_of
from api.clerk import Clerk
from api.compose import new_id
from api.demo.cast import (
    ACTORS,
    AREA_CODE,
    COUNTY,
    RECORDER,
    SOURCES,
    TOWN,
    VILLAGES,
    Actor,
    Source,
)
from api.demo.site import Site
from api.demo.stage import done, entered
from api.demo.telling import Telling
from api.desk import Desk
from api.importing import Wish, import_register
from api.keyfile import KeyFile, generate, load
from domain.money import Money

REGISTERS = Path(__file__).parents[1] / "data" / "registers"


def open_site(site: Site, telling: Telling) -> list[KeyFile]:
    with telling.before("开立台账：台账和两名登记员共同签名，交出信任文件"):
        registrars = [_key(site, f"registrar-{number}.key", f"示例登记员 {number}") for number in (1, 2)]
        done("开立台账", open_ledger(site.settings, AREA_CODE, COUNTY + TOWN, registrars))
        with Desk(site.settings) as desk:
            site.trust.write_bytes(trust_of(desk).dump())
            telling.line(f"台账标识 {desk.log.origin}")
        telling.line(f"台账在 {site.data}，信任文件 {site.trust}：应由纪委、审计保管，台账保管人改不到它")
    return registrars


def enrol_all(site: Site, desk: Desk, registrars: list[KeyFile], telling: Telling) -> None:
    with telling.before("登记区域、单位、岗位和各人的密钥（示例数据）"):
        clerk = Clerk(desk, registrars[0])
        county = _area(clerk, COUNTY, "county", "", AREA_CODE[:6])
        town = _area(clerk, TOWN, "town", county, AREA_CODE)
        for village in VILLAGES:
            _area(clerk, village, "village", town)
        for source in SOURCES:
            _area(clerk, source.area, "external", "", source.division_code)
        for actor in ACTORS:
            key = _key(site, actor.file, f"{actor.organisation}{actor.title}")
            done(f"登记{key.name}", enrol(desk, registrars[:1], key, _person(actor)))
            telling.line(f"{actor.organisation}  {actor.title}  {site.keys / actor.file}")
        telling.line(
            f"区域 {2 + len(VILLAGES) + len(SOURCES)} 个，其中外部来源 {len(SOURCES)} 个；台账已有 {desk.log.size} 条，"
            "每条都有签名，每次入账都由台账封印"
        )


def read_registers(site: Site, desk: Desk, telling: Telling) -> None:
    title = f"读入 {len(SOURCES)} 份公开登记表：记在外部来源名下，未核，不进青溪乡的合计"
    with telling.before(title):
        clerk = Clerk(desk, load(site.keys / RECORDER.file))
        total: Counter[str] = Counter()
        for source in SOURCES:
            total += _read_register(clerk, source, telling)
        telling.line(
            f"共读 {total['rows']} 行、{Money(total['fen'])}：登记 {total['new']} 个项目、帮扶资金 {Money(total['funds'])}，"
            f"待问 {total['ask']} 行，一行也没有丢"
        )


def _read_register(clerk: Clerk, source: Source, telling: Telling) -> Counter[str]:
    found = import_register(
        clerk,
        REGISTERS / source.file,
        Wish(
            area=source.area,
            occurred_on=source.published_on,
            notice=source.notice,
            late_reason="读入公开资料",
        ),
    )
    entered(source.file, found)
    totals = found.plan.totals
    new, ask = totals.by_outcome["new"], totals.by_outcome["ask"]
    if new + ask != totals.data_rows:
        raise NotDone(f"示例中断，{source.file} 有 {totals.data_rows} 行，只说明了 {new + ask} 行")
    funds = sum(payload["total_fen"] for payload in found.plan.payloads)
    printed = "" if totals.printed_fen is None else "（与表上所印合计一致）"
    listed = "".join(
        f"登记 {new} 个、帮扶资金 {Money(funds)}，自第 {one.position} 号起；" for one in found.answers
    )
    telling.line(
        f"{source.area} {source.file}：{totals.data_rows} 行，{Money(totals.sum_fen)}{printed}；{listed}待问 {ask} 行"
    )
    reasons = Counter(row.reason for row in found.plan.rows if row.outcome == "ask")
    for reason, count in reasons.items():
        telling.line(f"· 待问 {count} 行：{reason}")
    return Counter(rows=totals.data_rows, fen=totals.sum_fen, new=new, funds=funds, ask=ask)


def _key(site: Site, file: str, name: str) -> KeyFile:
    key = generate(name)
    key.write(site.keys / file)
    return key


def _person(actor: Actor) -> PersonFile:
    return PersonFile(
        organisation=OrganisationOf(name=actor.organisation, kind=actor.kind, area=actor.seat),
        post=PostOf(title=actor.title, role=actor.role, areas=list(actor.areas)),
    )


def _area(clerk: Clerk, name: str, kind: str, parent: str, division_code: str = "") -> str:
    area = new_id("area")
    payload = {"area": area, "division_code": division_code, "kind": kind, "name": name, "parent": parent}
    done(f"登记{name}", clerk.do("area.register.v1", payload))
    return area
