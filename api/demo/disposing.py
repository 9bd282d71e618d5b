"""Steps 4 and 5: the cold store disposed of over HTTP, the same envelope posted twice, and approvals that are refused.

Every meeting, vote and price here is invented (示例数据).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.ceremony import NotDone
from api.compose import new_id
from api.demo.cast import CENTRE, COLLECTIVE, DISCIPLINE, TOWNSHIP, VILLAGE, VILLAGES, Actor
from api.demo.estate import COLD_STORE_NAME, EXPIRES_DAYS, WAN, ColdStore
from api.demo.served import Client, Told, size_at
from api.demo.site import Site, program
from api.demo.stage import Stage, ago
from api.demo.telling import Telling
from api.keyfile import load
from api.papers import hash_of
from domain.money import Money

_EXPECTED = 15 * WAN
_NAME = f"转让：{COLD_STORE_NAME}"
_MEETING = "示例四村成员大会（冷库处置）"
_MINUTES = f"""示例数据（虚构）  {COLLECTIVE.organisation}成员大会会议记录
议题：示例四村冷库及制冷设备闲置 14 个月，是否转让，预计 {Money(_EXPECTED)}
应到 120 人，实到 100 人。同意 86，反对 6，弃权 8。决议：同意转让。
"""
_SHOWN = 16  # hexadecimal digits of a hash that are enough to look at


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting, and where its minutes are registered: their file stays outside the ledger."""

    meeting: str
    minutes: int
    file: Path


@dataclass(frozen=True, slots=True)
class Proposed:
    """A disposal that has been proposed and decided: what the next step needs of it."""

    disposal: str
    position: int
    leaf: str
    envelope: dict[str, Any]
    receipt: str


def assembly(stage: Stage, asset: str) -> Held:
    """The members' assembly that agreed to sell, recorded as a fact and checked."""
    file = stage.site.books / "会议记录.txt"
    file.write_text(_MINUTES, encoding="utf-8")
    village, minutes, meeting = stage.id_of(f"area:{VILLAGES[3]}"), new_id("document"), new_id("meeting")
    paper = {
        "amount_fen": None,
        "areas": [village],
        "document": minutes,
        "hash": hash_of(file),
        "issued_on": ago(1),
        "issuer": COLLECTIVE.organisation,
        "kind": "minutes",
        "name": f"{_MEETING}记录",
        "number": "",
        "pages": 1,
        "quality": "original",
        "subjects": [asset],
    }
    registered = stage.do("登记会议记录", VILLAGE, "document.register.v1", paper)
    resolution = {
        "abstained": 8,
        "against": 6,
        "agreed": 86,
        "amount_fen": _EXPECTED,
        "matter": "disposal",
        "subject": asset,
        "text": "示例数据：同意转让冷库及制冷设备",
    }
    held = {
        "area_label": VILLAGES[3],
        "areas": [village],
        "authorised": None,
        "body": "members",
        "entitled": 120,
        "evidence": "original",
        "late_reason": "",
        "meeting": meeting,
        "minutes": minutes,
        "name": _MEETING,
        "no_rceo": False,
        "notified_on": ago(15),
        "party_discussed": True,
        "present": 100,
        "resolutions": [resolution],
    }
    at = stage.do("登记会议", VILLAGE, "meeting.record.v1", held, nature="fact", on=ago(1))
    stage.endorse("核对会议", CENTRE, at)
    return Held(meeting, registered, file)


def dispose(site: Site, telling: Telling, url: str, store: ColdStore, held: Held) -> Proposed:
    """Step 4: proposed by the village and decided by the collective, each prepared, signed and posted."""
    with telling.step("处置冷库：经接口准备、签名，提交给正在运行的服务"):
        telling.line(f"{program()} serve --data {site.data} --port 0    现在开着：{url}")
        village = _client(site, url, VILLAGE)
        disposal = new_id("disposal")
        body = village.prepare("disposal.propose.v1", _proposal(store, disposal))
        document = json.loads(body)
        telling.line(
            f"准备：POST /api/v1/commands:prepare，得到应签的 {len(body)} 字节，摘要“{document['summary']}”"
        )
        envelope = village.sign(body)
        telling.line(f"签名：村系统管理员用自己的密钥（{village.key.key_id[:14]}…），私钥不离开自己的电脑")
        _keep(site, "提出处置.json", envelope)
        told = village.post(envelope)
        at = _recorded(told)
        telling.line(
            f"提交：POST /api/v1/commands，答复 {told.status}（已入账），第 {at} 号，附回执，可离线证明"
        )
        receipt = str(told.body["receipt"])
        leaf = village.leaf("projects", store.project, at)
        decision = {
            "disposal": disposal,
            "document": "",
            "evidence": "original",
            "late_reason": "",
            "leaf": leaf,
            "meeting": held.meeting,
            "name": _NAME,
            "position": at,
            "resolution": 1,
        }
        decided = _client(site, url, COLLECTIVE).do("disposal.decide.v1", decision)
        telling.line(
            f"凭据：会议记录的文件 {held.file} 不入账，入账的是它的加盐哈希（第 {held.minutes} 号）；盐在旁边"
        )
        telling.line(
            f"决定：村集体凭成员大会决议（应到 120、实到 100、同意 86）签名，答复 {decided.status}，"
            f"第 {_recorded(decided)} 号；提出和决定须是两个人"
        )
    return Proposed(disposal, at, leaf, envelope, receipt)


def twice_and_refused(site: Site, telling: Telling, url: str, made: Proposed) -> None:
    """Step 5: the same envelope again, and approvals by one who never may and by one who may not yet."""
    with telling.step("同一信封再交一次；乡纪委的密钥来审批"):
        again = _client(site, url, VILLAGE).post(made.envelope)
        same = again.body["receipt"] == made.receipt
        if again.status != 200 or _recorded(again) != made.position or not same:
            raise NotDone("示例中断，同一信封再交一次，答复不同")
        telling.line(
            f"再交：答复 {again.status}（早已入账），仍是第 {made.position} 号，回执逐字节相同"
            f"（SHA-256 {hashlib.sha256(made.receipt.encode()).hexdigest()[:_SHOWN]}…）；没有第二条分录"
        )
        approval = {
            "approval": "",
            "disposal": made.disposal,
            "documents": [],
            "evidence": "original",
            "late_reason": "",
            "leaf": made.leaf,
            "level": "township",
            "name": _NAME,
            "notice": "",
            "position": made.position,
        }
        before = size_at(url)
        discipline = _client(site, url, DISCIPLINE)
        forbidden = discipline.sign(discipline.prepare("disposal.approve.v1", approval))
        _keep(site, "乡纪委审批.json", forbidden)
        refused = discipline.post(forbidden)
        telling.line(f"乡纪委审批：{refused.refusal}")
        early = _client(site, url, TOWNSHIP).do("disposal.approve.v1", approval)
        telling.line(f"乡党委政府此刻审批：{early.refusal}")
        if size_at(url) != before or not (refused.body["answer"] and early.body["answer"]):
            raise NotDone("示例中断，拒绝没有签名，或有所入账")
        telling.line(
            f"两次拒绝都由台账签名，可留作凭据；什么也没有入账，台账仍是 {before} 条。公示满期、材料齐了，才轮到审批"
        )


def _proposal(store: ColdStore, disposal: str) -> dict[str, Any]:
    return {
        "assets": [store.asset],
        "disposal": disposal,
        "evidence": "original",
        "expected_fen": _EXPECTED,
        "expires_on": ago(-EXPIRES_DAYS),
        "ground": "idle_class",
        "land_house_vehicle": False,
        "late_reason": "",
        "method": "transfer",
        "months": None,
        "name": _NAME,
        "number": "QX-CZ-0001",
        "owner_type": "collective_village",
        "project": store.project,
        "reason": f"示例数据：闲置 14 个月，拟转让，预计 {Money(_EXPECTED)}",
    }


def _client(site: Site, url: str, actor: Actor) -> Client:
    return Client.of(url, load(site.keys / actor.file))


def _keep(site: Site, name: str, envelope: Mapping[str, Any]) -> None:
    """For whoever wants to hand it in themselves."""
    (site.books / name).write_text(json.dumps(envelope), encoding="utf-8")


def _recorded(told: Told) -> int:
    """Raises NotDone when what the story needs was refused."""
    if told.status >= 400:
        raise NotDone(f"示例中断，{told.body['detail']}（{told.body['code']}，{told.body['rule']}）")
    return int(told.body["position"])
