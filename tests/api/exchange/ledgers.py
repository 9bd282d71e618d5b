"""青溪乡 with a ledger that has lived, for the tests of workbooks on a real ledger. 示例数据: every deed here is invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import select

from api.clerk import Clerk
from api.exporting import Wanted, export_register
from api.imported import Imported
from api.importing import Wish, import_register
from projections.follow import follow
from projections.nouns import TABLES
from tests.domain.estate import booking, opening_of, owed, party, repayment, report, share
from tests.support.logbook import new_id
from tests.support.world import WAN, World, area, organisation, project_of

NOUNS = ("project", "asset", "obligation")
SINCE = "2026-11-01"
COLD, DRYER, ROAD, SHARE = "示例冷库", "示例烘干房", "示例产业路", "示例入股份额"
GOODS, LOAN, RENT = "示例设备尾款", "示例信用社借款", "示例垫资"
# What is of this ledger only: who entered it and when, under which ids; or is compared by its name.
_OWN = {
    "areas", "assets", "batch", "checked", "custodian", "entries", "external", "id", "last_position", "notes",
    "occurred_on", "position", "projects", "recorded_at", "row", "said",
}  # fmt: skip


def lived(world: World) -> None:
    """Projects, assets and obligations with everything that a register can say of them, and what came after."""
    line = {
        "amount_fen": 40 * WAN,
        "as_read": "40",
        "document": "示例财农〔2016〕1号",
        "source": "fiscal",
        "year": 2016,
    }
    other = line | {
        "amount_fen": 20 * WAN + 1,
        "source": "other",
        "document": "=示例捐赠，2017年",
        "year": None,
    }
    world.listed(number="QX-0001", category="-种植业", fund_lines=[line, other], total_fen=60 * WAN + 1)
    world.listed(
        "山背冷库", by="shan", place="shan", number="QX-0002", operator="", subsisting=None, build_year=None
    )
    world.listed("康家大棚", number="QX-0003", content="长" * 1_900, scale="@12座")
    projects = [project_of("油茶基地"), project_of("山背冷库")]
    both = {"areas": [area("kang"), area("shan")], "area_label": "康家村、山背村"}
    _open(world, COLD, "ZC-001", projects=projects, custodian=organisation("kang"), booked_on="2017-01-10",
          owner_type="equity", certificate="示例股权证1号", encumbered=None, additions_fen=3 * WAN + 7, carrying_fen=None,
          shares=[share(6_000), share(4_000, kind="state", name="青溪农业投资公司")], **both)  # fmt: skip
    _open(world, DRYER, "ZC-002", owner_type="collective_village", shares=[share()], registered=True, quantity="两座",
          projects=[project_of("康家大棚")], papers_present=[], papers_missing=["发票", "验收单"], life_months=13)  # fmt: skip
    _open(world, ROAD, "", original_fen=None, carrying_fen=None, depreciation_fen=0, kind="public_benefit", condition="",
          quantity="3.2 公里", in_service_on="", location="", category="=道路", evidence="none", life_months=None)  # fmt: skip
    world.accepted("asset.book.v1", booking(name=COLD, asset=new_id("asset", COLD)), "centre", nature="fact")
    world.accepted(
        "asset.report_condition.v1",
        report("leased", COLD, asset=new_id("asset", COLD)),
        "centre",
        nature="fact",
    )
    about = {"projects": projects, "assets": [new_id("asset", COLD)]}
    _owe(world, GOODS, "ZW-001", creditor=party(name="青溪砖瓦厂", kind="organisation"), category="goods", insider=False,
         instalments=[{"amount_fen": 7 * WAN, "due_on": "2025-06-30"}, {"amount_fen": 5 * WAN, "due_on": "2026-06-30"}],
         rate_basis_points=1_000, security="示例保证", **about)  # fmt: skip
    _owe(world, LOAN, "ZW-002", creditor=party("bank", "示例信用社"), category="loan", democratic=True, litigation=True,
         interest_fen=12_345, offset_fen=100, written_off_fen=200, outstanding_fen=None, **both)  # fmt: skip
    _owe(world, RENT, "", debtor=None, creditor=party("operator", "示例种植公司"), basis="示例垫资条", category="advance",
         principal_fen=None, outstanding_fen=None, paid_fen=0, papers_missing=["合同"])  # fmt: skip
    paid = repayment(name=GOODS, obligation=new_id("obligation", GOODS))
    world.accepted("obligation.repay.v1", paid, "centre", nature="fact")


def _open(world: World, name: str, number: str, **changed: Any) -> None:
    stated = {"asset": new_id("asset", name), "areas": [area("kang")], "number": number} | changed
    world.accepted("asset.open.v1", opening_of(name, **stated), "centre", nature="opening", occurred_on=SINCE)


def _owe(world: World, name: str, number: str, **changed: Any) -> None:
    stated = {"obligation": new_id("obligation", name), "areas": [area("kang")], "number": number} | changed
    world.accepted(
        "obligation.register.v1", owed(name, **stated), "centre", nature="opening", occurred_on=SINCE
    )


def exported(world: World, noun: str, file: Path, **wanted: Any) -> Path:
    content, _ = export_register(world.desk, noun, Wanted(**wanted), csv=file.suffix == ".csv")
    file.write_bytes(content)
    return file


def imported(
    world: World, file: Path, by: str = "centre", *, dry_run: bool = False, **stated: Any
) -> Imported:
    wish = Wish(**{"area": "青溪乡", **stated})
    return import_register(Clerk(world.desk, world.keys[by]), file, wish, dry_run=dry_run)


def outcomes(found: Imported) -> list[str]:
    """Of the data rows, in order."""
    return [row.outcome for row in found.plan.rows if row.outcome != "skip"]


def registers(world: World) -> dict[str, list[dict[str, Any]]]:
    """What people read of the three nouns, in the words of any ledger: no ids of this one, no times."""
    follow(world.desk.reader, world.desk.projections)
    with world.desk.projections.connect() as connection:
        rows = {
            noun: [dict(row) for row in connection.execute(select(TABLES[noun])).mappings()] for noun in NOUNS
        }
    names = {row["id"]: row["name"] for noun in NOUNS for row in rows[noun]}
    found: dict[str, list[dict[str, Any]]] = {}
    for noun in NOUNS:
        told = [
            {key: value for key, value in row.items() if key not in _OWN}
            | {
                key: sorted(names[one] for one in json.loads(row[key]))
                for key in ("projects", "assets")
                if key in row
            }
            for row in rows[noun]
        ]
        found[noun] = sorted(told, key=lambda row: str(row["name"]))
    kept = ("source", "document", "year", "amount_fen")  # not how an amount was written
    for row in found["project"]:
        row["fund_lines"] = [{key: line[key] for key in kept} for line in json.loads(row["fund_lines"])]
    return found


def workbook(file: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(file)
    return file
