"""What the people of 青溪乡 enter about assets and obligations. 示例数据: all of it is invented."""

import hashlib
from typing import Any

from domain.asset import Asset
from domain.obligation import Obligation
from tests.domain.story import AREAS, WAN, Json, Town, identity

HOUSEHOLD = "示例农户"
COMMITTED = "commit:" + hashlib.sha256(HOUSEHOLD.encode()).hexdigest()
COLD_STORE = "示例冷库"
SINCE = "2026-11-01"


def party(kind: str = "organisation", name: str = "康家村股份经济合作联合社", **changed: Any) -> Json:
    natural = kind in ("household", "individual")
    return {
        "kind": kind,
        "name": "" if natural else name,
        "organisation": "",
        "person": COMMITTED if natural else "",
    } | changed


def share(basis_points: int = 10_000, **owner: Any) -> Json:
    return {"basis_points": basis_points, "owner": party(**owner)}


def asset_id(name: str = COLD_STORE) -> str:
    return identity("asset", name)


def opening_of(name: str = COLD_STORE, **changed: Any) -> Json:
    """A cold store as it is found: bought in 2016 for 50万元, of which 10 are depreciated."""
    return {
        "additions_fen": 0,
        "area_label": AREAS["kang"],
        "areas": [identity("area", "kang")],
        "asset": asset_id(name),
        "booked_on": "",
        "carrying_fen": 40 * WAN,
        "category": "冷链设施",
        "certificate": "",
        "condition": "idle",
        "custodian": "",
        "depreciation_fen": 10 * WAN,
        "disposed_fen": 0,
        "disputed": False,
        "encumbered": False,
        "evidence": "copy",
        "in_service_on": "2016-10-01",
        "kind": "operating",
        "late_reason": "",
        "life_months": 240,
        "location": "康家村三组",
        "name": name,
        "number": "",
        "original_fen": 50 * WAN,
        "owner_type": "undetermined",
        "papers_missing": ["竣工决算"],
        "papers_present": ["验收单"],
        "projects": [],
        "quantity": "1 座",
        "registered": None,
        "row": None,
        "shares": [],
        "specification": "200吨",
    } | changed


def opened(town: Town, name: str = COLD_STORE, by: str = "clerk", on: str = SINCE, **changed: Any) -> str:
    town.when("asset.open.v1", opening_of(name, **changed), by, nature="opening", occurred_on=on)
    return asset_id(name)


def endorse(
    town: Town, subject: str, name: str, version: int = 1, by: str = "centre", **changed: Any
) -> None:
    town.when(
        f"{subject.partition('_')[0]}.endorse.v1", endorsement(town, subject, name, version, **changed), by
    )


def endorsement(town: Town, subject: str, name: str, version: int = 1, **changed: Any) -> Json:
    position, leaf = town.books.located(subject, version) or (0, "0" * 64)
    noun = subject.partition("_")[0]
    return {"leaf": leaf, "name": name, "position": position, noun: subject, "version": version} | changed


def checked(town: Town, name: str = COLD_STORE, **changed: Any) -> str:
    """An asset in the owner's books since 2017, opened by the clerk and checked by 乡农服中心."""
    asset = opened(town, name, **{"booked_on": "2017-01-10"} | changed)
    endorse(town, asset, name)
    return asset


def booking(
    kind: str = "additions", amount_fen: int = 5 * WAN, name: str = COLD_STORE, **changed: Any
) -> Json:
    return {
        "acceptance": "示例验收单",
        "accepted_on": "2026-11-02",
        "amount_fen": amount_fen,
        "asset": asset_id(name),
        "evidence": "original",
        "kind": kind,
        "late_reason": "",
        "name": name,
        "voucher": "记-12",
    } | changed


def report(condition: str = "in_operation", name: str = COLD_STORE, **changed: Any) -> Json:
    return {
        "asset": asset_id(name),
        "condition": condition,
        "custodian": "",
        "disputed": None,
        "encumbered": None,
        "evidence": "original",
        "finding": "现场查看",
        "late_reason": "",
        "name": name,
        "photos": [],
        "witness": "",
    } | changed


def shares_of(
    *shares: Json, owner_type: str = "collective_village", name: str = COLD_STORE, **changed: Any
) -> Json:
    return {
        "asset": asset_id(name),
        "basis": "示例财农〔2016〕1号",
        "evidence": "copy",
        "late_reason": "",
        "name": name,
        "owner_type": owner_type,
        "shares": list(shares) or [share()],
    } | changed


def title_of(name: str = COLD_STORE, proposal: str = "确权", **changed: Any) -> Json:
    """An act of registration that meets every rule."""
    return {
        "asset": asset_id(name),
        "basis": "示例财农〔2016〕1号",
        "certificate": "示例确权证第7号",
        "decided_on": "2026-11-20",
        "decision": "示例成员大会决议第3号",
        "evidence": "original",
        "expires_on": "2026-12-31",
        "late_reason": "",
        "name": name,
        "notice_from": "2026-11-05",
        "notice_place": "康家村公示栏",
        "notice_to": "2026-11-15",
        "objections_settled": True,
        "owner_type": "collective_village",
        "proposal": identity("proposal", proposal),
        "shares": [share()],
    } | changed


def old_title(**changed: Any) -> Json:
    """A registration of earlier years, told as a fact."""
    return title_of(proposal="") | {"proposal": "", "expires_on": ""} | changed


LAND_RENT = "示例流转金欠款"


def obligation_id(name: str = LAND_RENT) -> str:
    return identity("obligation", name)


def owed(name: str = LAND_RENT, **changed: Any) -> Json:
    """What the village still owes a household for land: 12万元, of which 2 are paid."""
    return {
        "area_label": AREAS["kang"],
        "areas": [identity("area", "kang")],
        "assets": [],
        "basis": "",
        "category": "land_rent",
        "contract": "示例流转合同第1号",
        "creditor": party("household"),
        "debtor": party(),
        "democratic": None,
        "due_on": "2024-12-31",
        "evidence": "copy",
        "for_government": False,
        "handler": "",
        "insider": None,
        "instalments": [],
        "interest_fen": 0,
        "late_reason": "",
        "litigation": False,
        "name": name,
        "number": "",
        "obligation": obligation_id(name),
        "offset_fen": 0,
        "origin_on": "2016-03-01",
        "outstanding_fen": 10 * WAN,
        "paid_fen": 2 * WAN,
        "papers_missing": [],
        "papers_present": ["流转合同"],
        "principal_fen": 12 * WAN,
        "projects": [],
        "purpose": "油茶基地用地",
        "rate_basis_points": None,
        "row": None,
        "security": "",
        "witness": "",
        "written_off_fen": 0,
    } | changed


def owing(town: Town, name: str = LAND_RENT, by: str = "clerk", on: str = SINCE, **changed: Any) -> str:
    """An obligation as it is found, not yet checked."""
    payload = owed(name, **changed)
    town.when("obligation.register.v1", payload, by, nature="opening", occurred_on=on)
    return obligation_id(name)


def settled_owing(town: Town, name: str = LAND_RENT, **changed: Any) -> str:
    """An obligation that is checked."""
    obligation = owing(town, name, **changed)
    endorse(town, obligation, name)
    return obligation


def repayment(principal_fen: int = WAN, name: str = LAND_RENT, **changed: Any) -> Json:
    return {
        "accrued_fen": 0,
        "evidence": "original",
        "funds": "own",
        "interest_fen": 0,
        "late_reason": "",
        "means": "bank",
        "name": name,
        "notice": "",
        "obligation": obligation_id(name),
        "principal_fen": principal_fen,
        "voucher": "记-21",
    } | changed


def confirmation(
    side: str = "debtor", amount_fen: int = 10 * WAN, name: str = LAND_RENT, **changed: Any
) -> Json:
    return {
        "amount_fen": amount_fen,
        "evidence": "original",
        "image": "e" * 64,
        "late_reason": "",
        "name": name,
        "obligation": obligation_id(name),
        "original_seen": True,
        "sealed": True,
        "side": side,
        "signed_by": COMMITTED,
    } | changed


def demand(name: str = LAND_RENT, **changed: Any) -> Json:
    return {
        "channel": "served",
        "document": "示例催收通知书第1号",
        "evidence": "original",
        "late_reason": "",
        "name": name,
        "obligation": obligation_id(name),
        "receipt": "送达回证",
    } | changed


def obligation(town: Town, name: str = LAND_RENT) -> Obligation:
    return town.the(Obligation, obligation_id(name))


def signature(town: Town, capacity: str, proposal: str) -> Json:
    return town.signature(capacity, proposal) | {
        "subject": town.books.stream(identity("proposal", proposal))[0].state["subject"]
    }


def correction_of(
    subject: str, name: str, *changes: tuple[str, Any, Any], version: int = 1, proposal: str = "更正"
) -> Json:
    return {
        "changes": [{"field": field, "now": now, "was": was} for field, was, now in changes],
        "paper": "",
        "expires_on": "2026-12-31",
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "name": name,
        subject.partition("_")[0]: subject,
        "proposal": identity("proposal", proposal),
        "reason": "录入笔误",
        "version": version,
    }


def correct(
    town: Town,
    subject: str,
    name: str,
    *changes: tuple[str, Any, Any],
    version: int = 1,
    proposal: str = "更正",
    **header: Any,
) -> None:
    """A correction of two hands."""
    noun = subject.partition("_")[0]
    asked = correction_of(subject, name, *changes, version=version, proposal=proposal)
    town.when(f"{noun}.correct.v1", asked, "clerk", **header)
    town.when("proposal.endorse.v1", signature(town, "checks", proposal), "centre", **header)


def noted(town: Town, name: str, payload: Json, **header: Any) -> list[str]:
    """The rules that an entry notes when it is told as a fact."""
    notes: list[str] = town.only(town.when(name, payload, nature="fact", **header)).state["notes"]
    return notes


def asset(town: Town, name: str = COLD_STORE) -> Asset:
    return town.the(Asset, asset_id(name))
