"""Every command that says something of a place, about what lies in given villages, by hands of 山背村. 示例数据."""

import dataclasses

from tests.domain import erasures as old
from tests.domain import estate, loads
from tests.domain.disposals import COLLECTIVE, Estate
from tests.domain.story import AREAS, Json, Town, actor, identity

Said = list[tuple[str, Json, str, str | list[str]]]  # name, payload, nature, who signs; "": 乡农服中心
ABROAD: Json = {"areas": [identity("area", "shan")]}
# Over all of the villages in which it lies, and over 山背村 only.
THERE = {"clerk there": "village_admin", "typist there": "recorder"}
AWAY = {
    "clerk away": "village_admin",
    "centre away": "service_centre",
    "head away": "township",
    "treasurer away": "finance",
}
# They name nothing that is there: they would themselves lie in these villages.
NEW = {"asset.open.v1", "load.open.v1", "obligation.register.v1", "project.list.v1"}


def commands(town: Town, *villages: str) -> Said:
    """Each with who of 山背村 would sign it if all of it lay there."""
    town.people()
    for people, where in ((THERE, villages), (AWAY, ("shan",))):
        town.extra |= {name: actor(name, role, "、".join(people)) for name, role in people.items()}
        town.establish({name: town.extra[name] for name in people}, dict.fromkeys(people, where))
    areas = {"areas": [identity("area", one) for one in villages]}
    lying = areas | {"area_label": "、".join(AREAS[one] for one in villages)}
    its = Estate(town, dataclasses.replace(COLLECTIVE, proposer="clerk there"), typist="typist there")
    its.opened(**lying)
    its.proposed()
    said = [*of_estates(town, its, lying), *of_disposals(its, lying), *of_projects(town, lying)]
    said += [*of_loads(town, villages), *of_erasures(town, lying)]
    return [(name, payload, nature, by or "centre away") for name, payload, nature, by in said]


def of_estates(town: Town, its: Estate, lying: Json) -> Said:
    areas = {"areas": lying["areas"]}
    debt = estate.owing(town, by="typist there", **lying)
    meeting, document = its.held(checked=False, minutes="", **lying), its.paper("photo", **areas)
    town.when("notice.post.v1", its.posting(until="2026-12-10", **areas), "clerk there")
    notice = its.id_of("notice", "1")
    name = {"name": its.asset_name, "asset": its.asset}
    owed = {"name": estate.LAND_RENT, "obligation": debt}
    seen = estate.endorsement(town, document, "photo") | {"issued_on": town.books.today}
    del seen["version"]
    return [
        ("asset.open.v1", estate.opening_of("别的", **lying), "opening", ""),
        ("asset.book.v1", estate.booking(**name), "act", ""),
        ("asset.report_condition.v1", estate.report(**name), "act", ""),
        ("asset.set_shares.v1", estate.shares_of(**name), "act", ""),
        ("asset.register_ownership.v1", estate.title_of(**name), "act", ""),
        ("asset.endorse.v1", estate.endorsement(town, its.asset, its.asset_name), "act", ""),
        ("obligation.register.v1", estate.owed("别的", **lying), "act", ""),
        ("obligation.demand.v1", estate.demand(**owed), "act", ""),
        ("obligation.confirm.v1", estate.confirmation("debtor", **owed), "act", ""),
        ("obligation.repay.v1", estate.repayment(**owed), "act", ""),
        ("obligation.endorse.v1", estate.endorsement(town, debt, estate.LAND_RENT), "act", ""),
        ("document.register.v1", paper(its), "act", ""),
        ("document.endorse.v1", seen, "act", ""),
        ("meeting.record.v1", held(its), "fact", ""),
        ("meeting.endorse.v1", estate.endorsement(town, meeting, "成员大会"), "act", ""),
        ("notice.post.v1", its.posting(notice=identity("notice", "2"), **ABROAD), "act", ""),
        ("notice.close.v1", its.closing(), "act", ""),
        ("notice.endorse.v1", estate.endorsement(town, notice, "冷库处置公示"), "act", ""),
        *(
            (f"{one.partition('_')[0]}.correct.v1", estate.correction_of(one, "示例", change), "act", "")
            for one, change in {
                its.asset: ("location", "", "二组"),
                debt: ("purpose", "", "用地"),
                document: ("pages", 2, 3),
                meeting: ("entitled", 120, 121),
                notice: ("board", "某处", "别处"),
                its.disposal: ("reason", "某", "别的"),
            }.items()
        ),
    ]  # fmt: skip


def of_disposals(its: Estate, lying: Json) -> Said:
    fixed = {"evidence": "copy", "late_reason": "", "leaf": "0" * 64, "position": 1}
    its.papers["voucher"] = its.papers["handling"] = its.paper("voucher", areas=lying["areas"])
    return [
        ("disposal.propose.v1", its.proposal(disposal=identity("disposal", "9")), "act", ""),
        ("disposal.decide.v1", its.of(document="", meeting="", resolution=None, **fixed), "act", ""),
        ("disposal.approve.v1", its.approval(), "act", "head away"),
        ("disposal.settle.v1", its.settlement(documents=[]), "act", ""),
        ("disposal.derecognise.v1", its.parting(), "act", ""),
        ("disposal.withdraw.v1", its.of(reason="示例"), "act", ""),
        ("disposal.reject.v1", its.of(reason="示例"), "act", ""),
        ("disposal.handle.v1", its.handling(), "act", "head away"),
        ("disposal.endorse.v1", its.endorsement(), "act", ""),
    ]


def of_projects(town: Town, lying: Json) -> Said:
    project = town.checked(by="typist there", **lying)
    town.when("project.opine_class.v1", town.opinion(), "clerk there")
    row = town.command("project.list.v1", town.project("一", **lying), "typist there", nature="opening")
    outcome = town.books.entries[town.when_batch([row], "typist there").position]
    batch = {"batch": outcome.stream, "leaf": outcome.leaf, "position": outcome.position}
    better = town.project(**lying) | {"reason": "年度写错", "version": 1}
    return [
        ("project.list.v1", town.project("别的", **lying), "fact", ""),
        ("project.supersede.v1", better, "fact", "clerk away"),
        ("project.endorse.v1", town.endorsement(), "act", ""),
        ("project.opine_class.v1", town.opinion(proposal="2"), "act", ""),
        ("project.correct.v1", estate.correction_of(project, "示例", ("scale", "200亩", "1亩")), "act", ""),
        ("proposal.endorse.v1", town.signature("checks"), "act", ""),
        ("batch.endorse.v1", batch | {"excepted": [], "rows": 1}, "act", ""),
    ]


def of_loads(town: Town, villages: tuple[str, ...]) -> Said:
    town.when("load.open.v1", loads.opening("清产核资", *villages), "centre")
    return [
        ("load.open.v1", loads.opening("别的", *villages), "act", ""),
        ("load.close.v1", loads.closing("清产核资"), "act", ""),
    ]


def of_erasures(town: Town, lying: Json) -> Said:
    old.ten_years(town)
    old.old_debt(town, by="typist there", **lying)
    old.repaid(town, by="clerk there")
    town.when("erasure.order.v1", old.order(), old.ROLES)
    return [
        (
            "erasure.order.v1",
            old.order(erasure=identity("erasure", "二")),
            "act",
            ["head away", "treasurer away"],
        ),
        ("erasure.confirm.v1", old.confirmation(), "act", "treasurer away"),
    ]


def paper(its: Estate) -> Json:
    """Filed in one's own village, about an asset of the other."""
    return {
        "amount_fen": None,
        "document": identity("document", "别的"),
        "hash": "d" * 64,
        "issued_on": its.town.books.today,
        "issuer": "",
        "kind": "photo",
        "name": "照片",
        "number": "",
        "pages": 1,
        "quality": "original",
        "subjects": [its.asset],
        **ABROAD,
    }


def held(its: Estate) -> Json:
    """A meeting of one's own village, about an asset of the other."""
    vote = {"abstained": 0, "against": 0, "agreed": 9, "amount_fen": None, "matter": "disposal"}
    return {
        "area_label": AREAS["shan"],
        "authorised": None,
        "body": "members",
        "entitled": 9,
        "evidence": "copy",
        "late_reason": "",
        "meeting": identity("meeting", "别的"),
        "minutes": "",
        "name": "别村大会",
        "no_rceo": False,
        "notified_on": "",
        "party_discussed": True,
        "present": 9,
        "resolutions": [vote | {"subject": its.asset, "text": "同意"}],
        **ABROAD,
    }
