"""How long a township waits for its large workbook: 10,000 rows previewed, then entered, and in how much memory.

`python -m benchmarks.workbook DIRECTORY` is the importing process, which prints seconds and megabytes of each.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from api.clerk import Clerk
from api.desk import Desk
from api.importing import Wish, import_register
from api.keyfile import load
from api.settings import Settings
from benchmarks.figures import Figure
from benchmarks.office import Office
from benchmarks.peak import peak_megabytes

LINES = 10_000
SECONDS_MAX, MEMORY_MAX = 20.0, 300.0
_HEADINGS = "序号 项目编号 项目名称 项目地点 建设年度 经营主体 规模大小 项目类别 建设内容 投入帮扶资金(万元) 资金来源 文号 主管部门 是否脱贫村 是否处于存续期"


def write_workbook(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("项目")
    page.append(["示例县青溪乡帮扶产业项目登记表（示例数据）"])
    page.append(_HEADINGS.split())
    for number in range(1, LINES + 1):
        page.append(
            [number, f"QX-{number:05d}", f"示例项目{number}：冷藏库及配套设施建设", "青溪村", 2014 + number % 10, "示例种植专业合作社",
             f"{number % 900}立方米", "加工类", f"冷藏库一座，配套电力、道路、分拣设备，第{number}号", number % 997 + 0.25,
             "财政衔接资金", f"示例财〔2021〕{number % 50}号", "示例县农业农村委", "是", "是"]
        )  # fmt: skip
    book.save(path)


def figures(directory: Path) -> Iterator[Figure]:
    """A ledger of its own, which another process opens."""
    office = Office(directory / "township")
    office.close()
    write_workbook(directory / "workbook.xlsx")
    office.clerk_key().write(directory / "clerk.key")
    command = [sys.executable, "-m", "benchmarks.workbook", str(directory)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="ascii")
    preview, entering, megabytes = (float(one) for one in done.stdout.split())
    yield Figure(f"workbook of {LINES:,} rows: previewed", preview, "s")
    yield Figure(f"workbook of {LINES:,} rows: entered", entering, "s")
    yield Figure(f"workbook of {LINES:,} rows: both", preview + entering, "s", SECONDS_MAX, at_most=True)
    yield Figure(f"workbook of {LINES:,} rows: memory", megabytes, "MB", MEMORY_MAX, at_most=True)


def main(directory: Path) -> None:
    took = []
    with Desk(Settings(data=directory / "township")) as desk:
        clerk = Clerk(desk, load(directory / "clerk.key"))
        for dry_run in (True, False):
            start = time.perf_counter()
            found = import_register(clerk, directory / "workbook.xlsx", Wish(area="青溪村"), dry_run=dry_run)
            took.append(time.perf_counter() - start)
            if found.plan.totals.by_outcome["new"] != LINES or not found.is_complete:
                raise SystemExit("the workbook was not taken")
    print(*(f"{one:.3f}" for one in took), f"{peak_megabytes():.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
