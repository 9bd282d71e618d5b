"""Go-live of one township: its books of projects, assets and obligations previewed, entered as openings, endorsed by another.

`python -m benchmarks.golive DIRECTORY` is the process of the office, which prints the seconds of each step and its megabytes.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from api.ceremony import OrganisationOf, PersonFile, PostOf, enrol, open_ledger
from api.clerk import Clerk
from api.compose import new_id
from api.desk import Desk
from api.endorsing import endorse
from api.importing import Wish, import_register
from api.keyfile import generate, load
from api.settings import Settings
from benchmarks.figures import Figure
from benchmarks.peak import peak_megabytes

PROJECTS, ASSETS, OBLIGATIONS = 100, 1_500, 500
VILLAGES = [f"示例{number}村" for number in "一二三四五六"]
SECONDS_MAX = 10.0
STEPS = ("previewed", "entered as openings", "endorsed by a second person")
_EXCEPTED = 7  # rows of each batch that the second person does not endorse

_PROJECT = "项目编号 项目名称 项目地点 建设年度 经营主体 规模大小 项目类别 建设内容 投入帮扶资金(万元) 资金来源 文号 是否脱贫村 是否处于存续期"
_ASSET = (
    "资产编号 资产名称 项目编号 项目地点 资产类型 资产分类 规格型号 数量 资产原值(万元) 使用状态 开始使用日期 使用年限(年) 已提折旧(万元) "
    "所有权人 权属类型 是否确权 是否有争议 是否抵押担保 账面净值(万元) 依据质量 已有材料 缺少材料"
)
_OBLIGATION = (
    "债权债务编号 事项 款项类别 债权人 债务人 项目编号 资产编号 项目地点 形成日期 本金(万元) 用途 到期日 已还金额(万元) 余额(万元) "
    "依据质量 已有材料 缺少材料"
)  # fmt: skip


def write_workbook(path: Path) -> None:
    """示例数据. Three sheets, each with its title; assets name their projects, obligations both."""
    book = openpyxl.Workbook(write_only=True)
    page = _sheet(book, "项目", _PROJECT)
    for n in range(1, PROJECTS + 1):
        page.append(
            [f"QX-{n:03d}", f"示例项目{n}：冷藏库及配套设施建设", _village(n), 2014 + n % 10, "示例种植专业合作社", f"{n}亩",
             "加工类", f"冷藏库一座，配套电力、道路、分拣设备，第{n}号", n + 0.25, "财政衔接资金", f"示例财〔2021〕{n}号", "是", "是"]
        )  # fmt: skip
    page = _sheet(book, "资产", _ASSET)
    for n in range(1, ASSETS + 1):
        page.append(
            [f"ZC-{n:04d}", f"示例资产{n}", f"QX-{n % PROJECTS + 1:03d}", f"{_village(n % PROJECTS + 1)}{n % 9 + 1}组", "经营性",
             "冷链设施", f"{n % 300}吨", 1, 10, "在用", "2018-06-01", 20, 2.5, f"{_village(n % PROJECTS + 1)}股份经济合作联合社",
             "村集体", "否", "否", "否", 7.5, "复印件", "验收单；移交清单", "不动产权证；竣工决算"]
        )  # fmt: skip
    page = _sheet(book, "债权债务", _OBLIGATION)
    for n in range(1, OBLIGATIONS + 1):
        at = n % PROJECTS + 1
        page.append(
            [f"ZW-{n:04d}", f"示例工程尾款{n}", "工程款", f"示例建筑公司{n % 20}有限公司", f"{_village(at)}股份经济合作联合社",
             f"QX-{at:03d}", f"ZC-{n:04d}", _village(at), "2019-05-01", 5, "工程建设", "2024-12-31", 1.5, 3.5, "复印件", "施工合同", "结算单"]
        )  # fmt: skip
    book.save(path)


def _sheet(book: openpyxl.Workbook, name: str, headings: str) -> openpyxl.worksheet.worksheet.Worksheet:
    page = book.create_sheet(name)
    page.append([f"示例县青溪乡{name}清册（示例数据）"])
    page.append(headings.split())
    return page


def _village(project: int) -> str:
    return VILLAGES[project % len(VILLAGES)]


def found_township(directory: Path) -> None:
    """A ledger with its villages, somebody who enters and somebody who checks; their keys lie beside it."""
    registrars = [generate("登记员甲"), generate("登记员乙")]
    settings = Settings(data=directory / "golive")
    if not open_ledger(settings, "999901", "示例县青溪乡", registrars).ok:
        raise SystemExit("the ledger was not opened")
    with Desk(settings) as desk:
        registrar = Clerk(desk, registrars[0])
        parent = ""
        for kind, name in (("county", "示例县"), ("town", "青溪乡"), *(("village", one) for one in VILLAGES)):
            area = new_id("area")
            stated = {"area": area, "division_code": "", "kind": kind, "name": name, "parent": parent}
            registrar.do("area.register.v1", stated)
            parent = parent if kind == "village" else area
        body = OrganisationOf(name="青溪乡农业综合服务中心", kind="town_office", area="青溪乡")
        for name in ("recorder", "service_centre"):
            key = generate(name)
            person = PersonFile(organisation=body, post=PostOf(title=name, role=name, areas=["青溪乡"]))
            enrol(desk, registrars[:1], key, person)
            key.write(directory / f"{name}.key")


def figures(directory: Path) -> Iterator[Figure]:
    found_township(directory)
    write_workbook(directory / "golive.xlsx")
    command = [sys.executable, "-m", "benchmarks.golive", str(directory)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="ascii")
    *took, megabytes = (float(one) for one in done.stdout.split())
    name = f"go-live of {ASSETS:,} assets, {OBLIGATIONS} obligations, {PROJECTS} projects"
    for step, seconds in zip(STEPS, took, strict=True):
        yield Figure(f"{name}: {step}", seconds, "s")
    yield Figure(f"{name}: all", sum(took), "s", SECONDS_MAX, at_most=True)
    yield Figure(f"{name}: memory", megabytes, "MB")


def main(directory: Path) -> None:
    took = []
    rows = PROJECTS + ASSETS + OBLIGATIONS
    with Desk(Settings(data=directory / "golive")) as desk:
        recorder, second = (
            Clerk(desk, load(directory / f"{one}.key")) for one in ("recorder", "service_centre")
        )
        batches: list[int] = []
        wish = Wish(opening=True, occurred_on="2026-01-31")
        for dry_run in (True, False):
            start = time.perf_counter()
            found = import_register(recorder, directory / "golive.xlsx", wish, dry_run=dry_run)
            took.append(time.perf_counter() - start)
            if found.plan.totals.by_outcome["new"] != rows or not found.is_complete:
                raise SystemExit("the books were not taken")
            batches += [answer.position for answer in found.answers if answer.position is not None]
        start = time.perf_counter()
        for position in batches:
            excepted = [(index, "未见原件") for index in range(_EXCEPTED)]
            if not endorse(second, position, "checks", excepted).ok:
                raise SystemExit("the openings were not endorsed")
        took.append(time.perf_counter() - start)
    print(*(f"{one:.3f}" for one in took), f"{peak_megabytes():.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
