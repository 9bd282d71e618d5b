"""The story of the demo: eight steps that a newcomer can believe, from a township's workbooks to a verification by a stranger.

Everything goes the way that anybody's command goes: prepared, signed with a key from a file, decided, sealed.
"""

from __future__ import annotations

import time
from pathlib import Path

from api.cli_say import EXIT_OK, EXIT_VERIFY, out
from api.compose import china_today
from api.demo.cast import TOWN, VILLAGE
from api.demo.disposing import Held, assembly, dispose, twice_and_refused
from api.demo.entering import bad_workbook, survey
from api.demo.estate import COLD_STORE, IDLE, OPENED_DAYS_AGO, ColdStore, cold_store, old_lease
from api.demo.opening import enrol_all, open_site, read_registers
from api.demo.served import served
from api.demo.site import Site, program
from api.demo.stage import Stage, ago
from api.demo.telling import Telling
from api.desk import Desk
from api.lines import register_lines, verdict_lines
from api.verifying import Checked, check
from audit.trust import Trust
from projections import project
from projections.diff import diff
from projections.follow import follow
from projections.register import register as register_of
from projections.trace import trace


def run_demo(data: Path) -> int:
    """Build the demo at a place where nothing stands; its exit code. Raises NotDone when a step does not go as told."""
    site = Site(data)
    site.prepare()
    telling = Telling(
        "帮扶台账示例。青溪乡的人、单位和事都是虚构的示例数据；五份登记表是各地公开资料，只读取、不评价。"
    )
    registrars = open_site(site, telling)
    with Desk(site.settings) as desk:
        stage = Stage(site, desk, telling)
        enrol_all(site, desk, registrars, telling)
        read_registers(site, desk, telling)
        survey(stage)
        bad_workbook(stage)
        store = cold_store(stage)
        held = assembly(stage, store.asset)
    with served(site.data) as url:
        made = dispose(site, telling, url, store, held)
        twice_and_refused(site, telling, url, made)
    with Desk(site.settings) as desk:
        stage = Stage(site, desk, telling)
        old_lease(stage)
        _look(stage, store)
    found = _verify(site, telling)
    out("")
    out(f"全部完成，共 {telling.seconds():.1f} 秒。")
    for line in _next_lines(site, store, held):
        out(line)
    return EXIT_OK if found.ok else EXIT_VERIFY


def _look(stage: Stage, store: ColdStore) -> None:
    """Step 7: who said what when, what was known then, and what has changed between two days."""
    desk, telling, bangfu, data = stage.desk, stage.telling, program(), stage.site.data
    with telling.step("追溯与比较：谁在何时说了什么，当时知道什么，两个日期之间变了什么（全部取自分录）"):
        telling.line(f"{bangfu} trace asset:{COLD_STORE} --data {data}")
        now = trace(desk.reader, store.asset)
        out(now.as_text().partition("\n已一并查看")[0].rstrip())
        out("")
        telling.line(f"{bangfu} trace asset:{COLD_STORE} --data {data} --known-at {store.opened}")
        then = trace(desk.reader, store.asset, None, store.opened)
        out("\n".join(then.as_text().splitlines()[:3]))
        known = {one.field for one in then.state}
        later = "、".join(one.label for one in now.state if one.field not in known)
        telling.line(f"第 {store.opened} 号入账时还是未核，也还不知道：{later}")
        out("")
        before, after = ago(OPENED_DAYS_AGO - 1), china_today()
        telling.line(f"{bangfu} diff asset:{COLD_STORE} --from {before} --to {after} --data {data}")
        out(diff(desk.reader, store.asset, before, after).as_text().rstrip())
        out("")
        telling.line(f"{bangfu} register --data {data}（此处只印合计：已核、未核两栏，外部来源另计）")
        follow(desk.reader, desk.projections)
        whole = register_of(desk.projections, project.NOUN, limit=100_000)
        for line in register_lines(whole)[len(whole.rows) :]:
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
        telling.line(
            "可以自己动手改：下面的 --tamper 改一个数字，--rewrite 用台账自己的私钥重写全账；两样都瞒不过核验"
        )
    return found


def _next_lines(site: Site, store: ColdStore, held: Held) -> list[str]:
    bangfu, data, trust = program(), site.data, site.trust
    export = data.with_name(f"{data.name}-export")
    key = site.keys / VILLAGE.file
    return [
        "可以接着试：",
        f"  {bangfu} demo --data {data} --tamper     改动数据库里的一个数字",
        f"  {bangfu} demo --data {data} --rewrite    内部人删掉一个项目，重写全账",
        f"  {bangfu} trace project:{IDLE} --data {data} --known-at {store.opined + 1}    认定之前知道什么",
        f"  {bangfu} diff project:{IDLE} --from {ago(1)} --to {china_today()} --data {data}    今天认定了什么",
        f"  {bangfu} register --data {data} --area {TOWN}",
        f"  {bangfu} verify {data} --trust {trust} --event {store.opined}",
        f"  {bangfu} file-hash {held.file} --document document:{held.minutes} --data {data}    这是不是会议登记的那份记录",
        f"  {bangfu} export-log {export} --data {data}    导出后可用别的程序核验",
        "在浏览器里看（示例用过的服务已经停了）：先在一个终端里开着服务，再到另一个终端取一次有效的链接，打开它",
        f"  {bangfu} serve --data {data}",
        f"  {bangfu} login --url http://127.0.0.1:8000 --key {key}",
    ]
