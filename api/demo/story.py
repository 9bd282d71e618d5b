"""The story of the demo: a ledger opened, registers read, an idle project determined, and the whole verified by a stranger.

Everything goes the way that anybody's command goes: prepared, signed with a key from a file, decided, sealed.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from api.ceremony import NotDone, OrganisationOf, PersonFile, PostOf, enrol, open_ledger, trust_of
from api.clerk import Clerk
from api.cli_say import EXIT_OK, EXIT_VERIFY, out
from api.compose import china_today, new_id
from api.demo.cast import (
    ACTORS,
    AREA_CODE,
    CENTRE,
    COUNTY,
    DISCIPLINE,
    RECORDER,
    SOURCES,
    TOWN,
    TOWNSHIP,
    VILLAGE,
    VILLAGES,
    Actor,
    Source,
)
from api.demo.site import Site, program
from api.demo.telling import Telling
from api.desk import Answer, Desk
from api.endorsing import endorse
from api.importing import Imported, import_register
from api.keyfile import KeyFile, generate, load
from api.lines import register_lines, verdict_lines
from api.verifying import Checked, check
from audit.trust import Trust
from domain.money import Money
from projections.follow import follow
from projections.register import Filter
from projections.register import register as register_of
from projections.resolve import resolve
from projections.trace import trace

_FILES = Path(__file__).parents[1] / "data"
WORKBOOK = _FILES / "demo" / "qingxi_projects.csv"
REGISTERS = _FILES / "registers"

IDLE = "QX-0007"  # 示例四村冷链仓库项目
EXCEPTED = "QX-0012"  # the row that the service centre does not vouch for
_SURVEYED_DAYS_AGO = 10
_EXPIRES_DAYS = 30
_OPINION: dict[str, Any] = {
    "cause_codes": ["C4", "C6"],
    "cause_text": "示例数据：无人会管冷库设备，本地货源只够用两个月",
    "class": "idle",
    "differs_from": "",
    "dimensions": {
        "industry": "示例数据：当地鲜品产量小，冷链需求不足",
        "linkage": "示例数据：建成后带动务工2人，现已无人务工",
        "operation": "示例数据：停用14个月，设备完好，未出租",
        "prospects": "示例数据：邻乡蔬菜基地扩种，可作分拣冷藏点",
        "resources": "示例数据：临县道，三相电已通，场地权属清楚",
    },
    "opinions_sought": {"collective": True, "farmers": True, "operator": True},
    "stage": "village",
}


def run_demo(data: Path) -> int:
    """Build the demo at a place where nothing stands; its exit code. Raises NotDone when a step does not go as told."""
    site = Site(data)
    site.prepare()
    telling = Telling(
        "帮扶台账示例。青溪乡的人、单位和事都是虚构的示例数据；五份登记表是各地公开资料，只读取、不评价。"
    )
    registrars = _open(site, telling)
    with Desk(site.settings) as desk:
        _enrol_all(site, desk, registrars, telling)
        _read_registers(site, desk, telling)
        workbook = _enter_workbook(site, desk, telling)
        _check_workbook(site, desk, workbook, telling)
        project = resolve(desk.reader, f"project:{IDLE}")
        opined = _opine(site, desk, project, telling)
        _refuse_discipline(site, desk, opined, telling)
        _determine(site, desk, opined, telling)
        _show(desk, project, telling)
    found = _verify(site, telling)
    out("")
    out(f"全部完成，共 {telling.seconds():.1f} 秒。")
    for line in _next_lines(site, opined):
        out(line)
    return EXIT_OK if found.ok else EXIT_VERIFY


# --- the steps ----------------------------------------------------------------------------------------


def _open(site: Site, telling: Telling) -> list[KeyFile]:
    with telling.step("开立台账：台账和两名登记员共同签名，交出信任文件"):
        registrars = [_key(site, f"registrar-{number}.key", f"示例登记员 {number}") for number in (1, 2)]
        _done("开立台账", open_ledger(site.settings, AREA_CODE, COUNTY + TOWN, registrars))
        with Desk(site.settings) as desk:
            site.trust.write_bytes(trust_of(desk).dump())
            telling.line(f"台账标识 {desk.log.origin}")
        telling.line(f"台账在 {site.data}，信任文件 {site.trust}：应由纪委、审计保管，台账保管人改不到它")
    return registrars


def _enrol_all(site: Site, desk: Desk, registrars: list[KeyFile], telling: Telling) -> None:
    with telling.step("登记区域、单位、岗位和各人的密钥（示例数据）"):
        clerk = Clerk(desk, registrars[0])
        county = _area(clerk, COUNTY, "county", "", AREA_CODE[:6])
        town = _area(clerk, TOWN, "town", county, AREA_CODE)
        for village in VILLAGES:
            _area(clerk, village, "village", town)
        for source in SOURCES:
            _area(clerk, source.area, "external", "", source.division_code)
        for actor in ACTORS:
            key = _key(site, actor.file, f"{actor.organisation}{actor.title}")
            _done(f"登记{key.name}", enrol(desk, registrars[:1], key, _person(actor)))
            telling.line(f"{actor.organisation}  {actor.title}  {site.keys / actor.file}")
        telling.line(
            f"区域 {2 + len(VILLAGES) + len(SOURCES)} 个，其中外部来源 {len(SOURCES)} 个；台账已有 {desk.log.size} 条，"
            "每条都有签名，每次入账都由台账封印"
        )


def _read_registers(site: Site, desk: Desk, telling: Telling) -> None:
    title = f"读入 {len(SOURCES)} 份公开登记表：记在外部来源名下，未核，不进青溪乡的合计"
    with telling.step(title):
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
        area=source.area,
        occurred_on=source.published_on,
        notice=source.notice,
        late_reason="读入公开资料",
    )
    _entered(source.file, found)
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


def _enter_workbook(site: Site, desk: Desk, telling: Telling) -> Answer:
    with telling.step("村系统管理员交来摸底表：整表一个签名，逐行入账（示例数据）"):
        clerk = Clerk(desk, load(site.keys / VILLAGE.file))
        found = import_register(
            clerk, WORKBOOK, area=TOWN, occurred_on=_ago(_SURVEYED_DAYS_AGO), late_reason="摸底后集中录入"
        )
        _entered(WORKBOOK.name, found)
        totals, answer = found.plan.totals, found.answers[0]
        telling.line(
            f"{WORKBOOK.name}：{totals.data_rows} 个项目，{Money(totals.sum_fen)}，与表上所印合计一致；"
            f"批次是第 {answer.position} 号，各行随后；此时都是未核"
        )
    return answer


def _check_workbook(site: Site, desk: Desk, workbook: Answer, telling: Telling) -> None:
    with telling.step("乡农服中心整批核对，除外一行（录入人自己不能核）"):
        position = _position(workbook)
        excepted = [(_index(desk, position, EXCEPTED), "示例数据：批复原件未见")]
        own = endorse(Clerk(desk, load(site.keys / VILLAGE.file)), position, "checks", excepted)
        telling.line(f"村系统管理员试核自己录入的：{_refusal(own)}")
        found = endorse(Clerk(desk, load(site.keys / CENTRE.file)), position, "checks", excepted)
        _done("批量核对", found)
        telling.line(f"乡农服中心核对：第 {found.position} 号；{EXCEPTED} 除外，仍为未核")


def _opine(site: Site, desk: Desk, project: str, telling: Telling) -> int:
    with telling.step(f"{IDLE} 停用：村提出闲置类，乡农服中心核查"):
        village = Clerk(desk, load(site.keys / VILLAGE.file))
        (listed,) = (
            one for one in desk.reader.of_subject(project) if one.event.startswith("project.listed.")
        )
        payload = _OPINION | {
            "expires_on": _ago(-_EXPIRES_DAYS),
            "name": listed.state["name"],
            "project": project,
            "proposal": new_id("proposal"),
        }
        opined = village.do("project.opine_class.v1", payload)
        _done("提出分类意见", opined)
        telling.line(f"村级初步认定：闲置类，第 {opined.position} 号，说明原因、五个维度和征求过谁的意见")
        checked = endorse(Clerk(desk, load(site.keys / CENTRE.file)), _position(opined), "checks")
        _done("核查", checked)
        telling.line(f"乡农服中心核查：第 {checked.position} 号")
    return _position(opined)


def _refuse_discipline(site: Site, desk: Desk, opined: int, telling: Telling) -> None:
    with telling.step("乡纪委的密钥试签这项认定：不予受理"):
        found = endorse(Clerk(desk, load(site.keys / DISCIPLINE.file)), opined, "seals")
        telling.line(_refusal(found))
        telling.line(f"这一答复由台账签名，可留作凭据；什么也没有入账，台账仍是 {desk.log.size} 条")


def _determine(site: Site, desk: Desk, opined: int, telling: Telling) -> None:
    with telling.step("乡党委政府盖章认定：三个人、三个签名，认定成立"):
        found = endorse(Clerk(desk, load(site.keys / TOWNSHIP.file)), opined, "seals")
        _done("盖章认定", found)
        telling.line(f"第 {found.position} 号盖章，第 {_position(found) + 1} 号认定：{IDLE} 为闲置类")


def _show(desk: Desk, project: str, telling: Telling) -> None:
    with telling.step(f"追溯 {IDLE}：谁在何时说了什么（全部取自分录）"):
        out(trace(desk.reader, project).as_text().rstrip())
    with telling.step("青溪乡项目台账：已核、未核两栏，外部来源另计"):
        follow(desk.reader, desk.projections)
        town = register_of(desk.projections, Filter(area=resolve(desk.reader, f"area:{TOWN}")))
        whole = register_of(desk.projections)
        rows = len(town.rows)
        for line in register_lines(town)[:rows] + register_lines(whole)[len(whole.rows) :]:
            out(f"  {line}")


def _verify(site: Site, telling: Telling) -> Checked:
    with telling.step("核验：像审计那样，只信手里的信任文件"):
        telling.line(f"{program()} verify {site.data} --trust {site.trust} --replay")
        began = time.monotonic()
        found = check(site.data, site.trust, with_replay=True)
        for line in verdict_lines(found, time.monotonic() - began):
            telling.line(line)
        if found.ok:
            raised = Trust.load(site.trust.read_bytes()).raised(found.verdict.note)
            site.trust.write_bytes(raised.dump())
            telling.line(f"信任文件已记下所见的 {found.verdict.size} 条：此后少一条、换一条，都瞒不过它")
    return found


def _next_lines(site: Site, opined: int) -> list[str]:
    bangfu, data, trust = program(), site.data, site.trust
    export = data.with_name(f"{data.name}-export")
    return [
        "可以接着试：",
        f"  {bangfu} trace project:{IDLE} --data {data} --known-at {opined + 1}    当时知道什么",
        f"  {bangfu} trace area:{TOWN} --data {data}",
        f"  {bangfu} register --data {data} --area {TOWN}",
        f"  {bangfu} verify {data} --trust {trust} --event {opined}",
        f"  {bangfu} export-log {export} --data {data}    导出后可用别的程序核验",
        f"  {bangfu} demo --data {data} --tamper     改动数据库里的一个数字",
        f"  {bangfu} demo --data {data} --rewrite    内部人删掉一个项目，重写全账",
    ]


# --- small things -------------------------------------------------------------------------------------


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
    _done(f"登记{name}", clerk.do("area.register.v1", payload))
    return area


def _ago(days: int) -> str:
    return (date.fromisoformat(china_today()) - timedelta(days)).isoformat()


def _done(what: str, answer: Answer) -> None:
    """Raises NotDone when what the story needs was refused."""
    if not answer.ok:
        raise NotDone(f"示例中断，{what}未能入账（{answer.code}，{answer.rule}）：{answer.message}")


def _entered(file: str, found: Imported) -> None:
    """Raises NotDone unless every new row of a register is in the ledger and the sums printed on it are right."""
    if not found.plan.balanced:
        raise NotDone(f"示例中断，{file} 的合计与各行之和不符")
    for row in found.plan.rows:
        if row.faults:
            raise NotDone(f"示例中断，{file} 第 {row.row} 行有误：{row.reason}")
    for answer in found.answers:
        _done(file, answer)
        for index, code, rule, message in answer.refused:
            raise NotDone(f"示例中断，{file} 的序号 {index} 未收（{code}，{rule}）：{message}")


def _position(answer: Answer) -> int:
    assert answer.position is not None
    return answer.position


def _index(desk: Desk, batch: int, number: str) -> int:
    """The index of a project's row in its batch."""
    for one in desk.reader.entries(batch + 1, desk.log.size):
        if one.state.get("number") == number:
            return int(one.state["batch_index"])
    raise LookupError(f"第 {batch} 号批次里没有 {number}")


def _refusal(answer: Answer) -> str:
    """Raises NotDone when what should have been refused was not."""
    if answer.ok:
        raise NotDone(f"示例中断，本应拒绝的却入账为第 {answer.position} 号")
    return f"不予受理（{answer.code}，{answer.rule}）：{answer.message}"
