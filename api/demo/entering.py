"""Steps 1 and 2: the workbooks of a township entered, the good and the bad."""

from __future__ import annotations

from api.demo import books
from api.demo.cast import CENTRE, TOWN, VILLAGE
from api.demo.stage import Stage, ago, done, entered, position, recorded, refusal
from api.desk import Desk
from api.endorsing import endorse
from api.exchange.outcome import Outcome
from api.imported import Imported
from api.importing import Wish, import_register
from domain.money import Money

EXCEPTED = "QX-0012"  # the row that the service centre does not vouch for
_SURVEYED_DAYS_AGO = 10
_LATE = "摸底后集中录入"
_OUTCOMES: dict[Outcome, str] = {"new": "新登记", "same": "相同", "ask": "待问", "fault": "有误"}


def survey(stage: Stage) -> None:
    """Step 1: forty projects of six villages, with papers missing, as one signed batch; checked but for one row."""
    telling, file = stage.telling, stage.site.books / "项目摸底表.xlsx"
    with telling.step("六个村、四十个项目：一份摸底表，一个签名，逐行入账"):
        count, missing = books.opening(file)
        telling.line(f"{file}：{count} 个项目，其中 {missing} 个找不到资金文号；材料缺的照样登记，不猜也不编")
        found = _import(stage, file.name)
        entered(file.name, found)
        totals, answer = found.plan.totals, found.answers[0]
        telling.line(
            f"{totals.data_rows} 行、{Money(totals.sum_fen)}，与表上所印合计一致；批次是第 {answer.position} 号，各行随后；"
            "此时都是未核"
        )
        for noted in found.noted:
            doubt = "不详是否符合" if noted.unknown else "不符合"
            telling.line(
                f"照录并记明：{len(noted.rows)} 行{doubt} {noted.rule}（{noted.statement.rstrip('。')}）"
            )
        at = position(answer)
        excepted = [(_index(stage.desk, at, EXCEPTED), "示例数据：批复原件未见")]
        own = endorse(stage.clerk(VILLAGE), at, "checks", excepted)
        telling.line(f"村系统管理员试核自己录入的：{refusal(own)}")
        checked = endorse(stage.clerk(CENTRE), at, "checks", excepted)
        done("批量核对", checked)
        telling.line(
            f"乡农服中心核对：第 {checked.position} 号，已核 {count - 1} 行；{EXCEPTED} 除外，仍为未核"
        )


def bad_workbook(stage: Stage) -> None:
    """Step 2: a list of assets with slips is handed back with each marked, put right, and imported again."""
    telling, file = stage.telling, stage.site.books / "资产清册.xlsx"
    with telling.step("一份填错的资产清册：好的行先入账，错的逐格指出，改好再交同一个文件"):
        books.assets(file, slips=True)
        first = _import(stage, file.name)
        recorded(file.name, first)
        telling.line(f"第一次交：{_outcomes(first)}；好的行已入账，错的行一格也没有进去")
        for row in first.plan.rows:
            for fault in row.faults:
                telling.line(f"· {fault.cell} 填的是“{fault.value}”：{fault.fix}")
            if row.outcome == "ask":
                telling.line(f"· 第 {row.row} 行待问：{row.reason}")
        back = file.with_name("资产清册-标注.xlsx")
        back.write_bytes(first.annotated())
        telling.line(f"交回 {back}：原表原样，错处有底色和批注，末尾加一栏“导入结果”")
        for slip in books.assets(file, slips=False):
            telling.line(f"改正 {slip}")
        second = _import(stage, file.name)
        entered(file.name, second)
        telling.line(f"第二次交：{_outcomes(second)}；没有一行重复入账")
        for answer in (*first.answers, *second.answers):
            stage.endorse("核对资产清册", CENTRE, position(answer))
        telling.line("乡农服中心核对了两批")


def _import(stage: Stage, file: str) -> Imported:
    return import_register(
        stage.clerk(VILLAGE),
        stage.site.books / file,
        Wish(area=TOWN, occurred_on=ago(_SURVEYED_DAYS_AGO), late_reason=_LATE),
    )


def _outcomes(found: Imported) -> str:
    counts = found.plan.totals.by_outcome
    told = "、".join(
        f"{word} {counts[outcome]} 行" for outcome, word in _OUTCOMES.items() if counts.get(outcome)
    )
    return f"{found.plan.totals.data_rows} 个数据行，{told}"


def _index(desk: Desk, batch: int, number: str) -> int:
    """The index of a project's row in its batch."""
    for one in desk.reader.entries(batch + 1, desk.log.size):
        if one.state.get("number") == number:
            return int(one.state["batch_index"])
    raise LookupError(f"第 {batch} 号批次里没有 {number}")
