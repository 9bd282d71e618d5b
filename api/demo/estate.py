"""Steps 3 and 6: an idle cold store from its class to a debt repaid, and a lease of 2016 as it was found.

Every deed, paper, price and household here is invented (示例数据).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.compose import new_id
from api.demo.books import LEASED
from api.demo.cast import CENTRE, COLLECTIVE, TOWNSHIP, VILLAGE, VILLAGES
from api.demo.stage import Stage, ago
from domain.money import Money
from domain.rules import RULES

IDLE = "QX-0007"  # 示例四村冷链仓库项目
COLD_STORE, COLD_STORE_NAME = "QX-LK-0001", "示例四村冷库及制冷设备"
DEBT, DEBT_NAME = "QX-ZW-0001", "示例四村冷库用地租金欠款"
HOUSEHOLD = "示例农户甲"  # a household that does not exist; its name is committed to, never signed
WAN = 1_000_000  # fen in 万元
OPENED_DAYS_AGO = 9  # the day of which the assets and debts were found as they are opened
EXPIRES_DAYS = 30
_ORIGINAL, _DEPRECIATED, _OWED = 24 * WAN, 8 * WAN, 3_6000 * 100
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


@dataclass(frozen=True, slots=True)
class ColdStore:
    """Where the steps that follow find the cold store."""

    project: str
    asset: str
    opined: int  # where the village's opinion stands
    opened: int  # where the asset was opened


def cold_store(stage: Stage) -> ColdStore:
    """Step 3: classified, opened and checked, its ownership registered, a debt on it registered and repaid."""
    with stage.telling.step(f"一座闲置的冷库（{IDLE}）：分类、建账、确权、债务登记、偿还"):
        project = stage.id_of(f"project:{IDLE}")
        opined = _classify(stage, project)
        asset = new_id("asset")
        opened = _open(stage, project, asset)
        _register_ownership(stage, asset)
        _owe(stage, project, asset)
    return ColdStore(project, asset, opined, opened)


def _classify(stage: Stage, project: str) -> int:
    (listed,) = (
        one for one in stage.desk.reader.of_subject(project) if one.event.startswith("project.listed.")
    )
    payload = _OPINION | {
        "expires_on": ago(-EXPIRES_DAYS),
        "name": listed.state["name"],
        "project": project,
        "proposal": new_id("proposal"),
    }
    opined = stage.do("提出分类意见", VILLAGE, "project.opine_class.v1", payload)
    checked = stage.endorse("核查", CENTRE, opined)
    sealed = stage.endorse("盖章认定", TOWNSHIP, opined, "seals")
    stage.telling.line(
        f"分类：村里提出闲置类（第 {opined} 号），乡农服中心核查（第 {checked} 号），"
        f"乡党委政府盖章（第 {sealed} 号）；三个人、三个签名，第 {sealed + 1} 号认定成立"
    )
    return opined


def _open(stage: Stage, project: str, asset: str) -> int:
    payload = {
        "additions_fen": 0,
        "area_label": VILLAGES[3],
        "areas": [stage.id_of(f"area:{VILLAGES[3]}")],
        "asset": asset,
        "booked_on": ago(1500),
        "carrying_fen": _ORIGINAL - _DEPRECIATED,
        "category": "冷链设施",
        "certificate": "",
        "condition": "idle",
        "custodian": "",
        "depreciation_fen": _DEPRECIATED,
        "disposed_fen": 0,
        "disputed": False,
        "encumbered": False,
        "evidence": "copy",
        "in_service_on": ago(1530),
        "kind": "operating",
        "late_reason": "",
        "life_months": 120,
        "location": "示例四村三组，临县道",
        "name": COLD_STORE_NAME,
        "number": COLD_STORE,
        "original_fen": _ORIGINAL,
        "owner_type": "undetermined",
        "papers_missing": ["竣工决算", "设备购置发票"],
        "papers_present": ["验收单", "记账凭证"],
        "projects": [project],
        "quantity": "1 座",
        "registered": None,
        "row": None,
        "shares": [],
        "specification": "600立方米",
    }
    opened = stage.do(
        "资产建账", VILLAGE, "asset.open.v1", payload, nature="opening", on=ago(OPENED_DAYS_AGO)
    )
    checked = stage.endorse("核对资产", CENTRE, opened)
    stage.telling.line(
        f"建账：{COLD_STORE} {COLD_STORE_NAME}，原值 {Money(_ORIGINAL)}，账面 {Money(_ORIGINAL - _DEPRECIATED)}；"
        f"缺竣工决算、设备购置发票，照实写明（第 {opened} 号），乡农服中心核对（第 {checked} 号）"
    )
    return opened


def _register_ownership(stage: Stage, asset: str) -> None:
    owner = {"kind": "organisation", "name": COLLECTIVE.organisation, "organisation": "", "person": ""}
    payload = {
        "asset": asset,
        "basis": "示例帮扶〔2020〕4号",
        "certificate": "示例确权证第7号",
        "decided_on": ago(27),
        "decision": "示例四村成员大会决议第3号",
        "evidence": "original",
        "expires_on": ago(-EXPIRES_DAYS),
        "late_reason": "",
        "name": COLD_STORE_NAME,
        "notice_from": ago(40),
        "notice_place": "示例四村公示栏",
        "notice_to": ago(28),
        "objections_settled": True,
        "owner_type": "collective_village",
        "proposal": new_id("proposal"),
        "shares": [{"basis_points": 10_000, "owner": owner}],
    }
    proposed = stage.do("提出确权", VILLAGE, "asset.register_ownership.v1", payload)
    sealed = stage.endorse("确权盖章", TOWNSHIP, proposed, "seals")
    stage.telling.line(
        f"确权：公示 12 天、成员大会决议，村里提出（第 {proposed} 号），乡党委政府盖章（第 {sealed} 号）："
        f"归{COLLECTIVE.organisation}"
    )


def _owe(stage: Stage, project: str, asset: str) -> None:
    obligation = new_id("obligation")
    payload = {
        "area_label": VILLAGES[3],
        "areas": [stage.id_of(f"area:{VILLAGES[3]}")],
        "assets": [asset],
        "basis": "",
        "category": "land_rent",
        "contract": "示例流转合同第1号",
        "creditor": {"kind": "household", "name": "", "organisation": "", "person": HOUSEHOLD},
        "debtor": {"kind": "organisation", "name": COLLECTIVE.organisation, "organisation": "", "person": ""},
        "democratic": None,
        "due_on": ago(300),
        "evidence": "copy",
        "for_government": False,
        "handler": "",
        "insider": None,
        "instalments": [],
        "interest_fen": 0,
        "late_reason": "",
        "litigation": False,
        "name": DEBT_NAME,
        "number": DEBT,
        "obligation": obligation,
        "offset_fen": 0,
        "origin_on": ago(1500),
        "outstanding_fen": _OWED,
        "paid_fen": 0,
        "papers_missing": [],
        "papers_present": ["流转合同"],
        "principal_fen": _OWED,
        "projects": [project],
        "purpose": "示例数据：冷库占地租金",
        "rate_basis_points": None,
        "row": None,
        "security": "",
        "witness": "",
        "written_off_fen": 0,
    }
    registered = stage.do(
        "登记债务", VILLAGE, "obligation.register.v1", payload, nature="opening", on=ago(OPENED_DAYS_AGO)
    )
    checked = stage.endorse("核对债务", CENTRE, registered)
    said = stage.desk.reader.entry(registered).state["creditor"]["person"]
    stage.telling.line(
        f"欠款：{DEBT} 欠一户农户 {Money(_OWED)}（第 {registered} 号，第 {checked} 号核对）。"
        f"所签的只有承诺值 {said[:19]}…，户主姓名在保管库里，不进分录、不进导出"
    )
    repaid = {
        "accrued_fen": 0,
        "evidence": "original",
        "funds": "own",
        "interest_fen": 0,
        "late_reason": "",
        "means": "bank",
        "name": DEBT_NAME,
        "notice": "",
        "obligation": obligation,
        "principal_fen": _OWED,
        "voucher": "示例记-31",
    }
    paid = stage.do("偿还", VILLAGE, "obligation.repay.v1", repaid)
    seen = stage.endorse("核对偿还", CENTRE, paid)
    stage.telling.line(
        f"偿还：集体自有资金转账 {Money(_OWED)}，凭证示例记-31（第 {paid} 号，第 {seen} 号核对），余额 0"
    )


def old_lease(stage: Stage) -> None:
    """Step 6: a lease of thirty years that began in 2016, recorded as the fact that it is, with the rule that it breaks."""
    months, day = 360, "2016-05-10"
    with stage.telling.step("2016 年签的三十年租约：照实登记为既成事实，注明不合哪一条"):
        asset = stage.id_of(f"asset:{LEASED}")
        name = "示例三村旧茶叶仓库"
        payload = {
            "assets": [asset],
            "disposal": new_id("disposal"),
            "evidence": "copy",
            "expected_fen": None,
            "expires_on": "",
            "ground": "use",
            "land_house_vehicle": True,
            "late_reason": "示例数据：清理合同时发现",
            "method": "lease",
            "months": months,
            "name": f"出租：{name}",
            "number": "QX-CZ-2016",
            "owner_type": "collective_village",
            "project": "",
            "reason": f"示例数据：{day} 签订，租期三十年，承租人仍在使用",
        }
        at = stage.do("登记租约", VILLAGE, "disposal.propose.v1", payload, nature="fact", on=day)
        stage.telling.line(f"第 {at} 号：{name} 自 {day} 出租 {months} 个月，今天才登记，迟登原因写明")
        for note in stage.desk.reader.entry(at).state["notes"]:
            rule = RULES[note.partition(":")[0]]
            stage.telling.line(f"注 {note}（{rule.source}）：{rule.statement}")
        stage.telling.line("登记不等于认可：记明的不会消失，也不产生权限；怎么处理，由有权的单位另签")
