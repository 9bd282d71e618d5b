"""The replay corpus (D6): a history decided once and kept. `python -m tests.domain.corpus` writes it anew.

A decision that comes out otherwise than in the corpus has changed: then the rules need a new epoch, and the
corpus of the old one stays as it is. Only the table in the opening may grow, with new commands.
"""

import json
from pathlib import Path

from domain.command import table
from domain.post import called
from tests.domain import erasures as old
from tests.domain import estate
from tests.domain.disposals import COLLECTIVE, Estate
from tests.domain.story import WAN, Json, Town, identity, settled

CORPUS = Path(__file__).with_name("epoch_1.jsonl")


def history(town: Town | None = None) -> Town:
    """Every noun at least once, by the hands of 青溪乡."""
    town = town or settled()
    town.checked(number="QX-0001")
    town.when("project.opine_class.v1", town.opinion(), "clerk")
    town.when("proposal.endorse.v1", town.signature("checks"), "centre")
    town.when("proposal.endorse.v1", town.signature("seals"), "head")
    commands = [
        town.command("project.list.v1", town.project(name, operator=operator), "typist", nature="opening")
        for name, operator in (("一", ""), ("二", "张三"), ("三", ""))
    ]
    accepted = town.when_batch(commands)
    outcome = town.books.entries[accepted.position]
    check = {
        "batch": outcome.stream,
        "excepted": [[2, "待查"]],
        "leaf": outcome.leaf,
        "position": outcome.position,
    }
    town.when("batch.endorse.v1", check | {"rows": 3}, "centre")
    town.listed("茶园", build_year=2012, total_fen=1)
    better = town.project("茶园") | {"reason": "年度写错", "version": 1}
    town.when("project.supersede.v1", better, "clerk", nature="fact")
    correction = {
        "changes": [{"field": "scale", "now": "180亩", "was": "200亩"}],
        "paper": "",
        "instead": "",
        "instead_name": "",
        "kind": "slip",
        "expires_on": "2026-12-31",
        "name": "油茶基地",
        "project": identity("project", "油茶基地"),
        "proposal": identity("proposal", "更正"),
        "reason": "实测",
        "version": 1,
    }
    town.when("project.correct.v1", correction, "clerk")
    town.when("proposal.endorse.v1", town.signature("checks", "更正"), "centre")
    town.when("project.opine_class.v1", town.opinion("一", "一"), "clerk")
    withdrawal = {
        "label": "村级初步认定：闲置类",
        "proposal": identity("proposal", "一"),
        "reason": "另行提议",
    }
    town.when("proposal.withdraw.v1", withdrawal, "clerk")
    town.law("late_days", 10, "2026-11-01")
    moved = {"area": identity("area", "source"), "name": "外地公开表", "parent": identity("area", "town")}
    town.when("area.move.v1", moved, "registrar")
    town.enrol("second", "village_admin", "village", person="clerk", post="clerk")
    for name, by, more in (
        ("key.report_lost.v1", "second", {}),
        ("key.revoke.v1", "clerk_shan", {}),
        ("key.report_compromise.v1", "typist", {"from_position": 30}),
    ):
        key = town.extra[by].key if by == "second" else town.key_of(by)
        town.when(name, {"key": key, "reason": "示例"} | more, "registrar")
    closing = {"post": town.post_of("discipline"), "reason": "示例", "title": "示例岗位discipline"}
    town.when("post.close.v1", closing, "registrar")
    assets(town)
    obligations(town)
    disposals(town)
    erasures(town)
    areas(town)
    posts(town)
    loads(town)
    return town


def assets(town: Town) -> None:
    """An asset from its opening to its registration, and one whose registration is an old fact."""
    name = estate.COLD_STORE
    linked = {"number": "QX-A-01", "original_fen": None, "projects": [identity("project", "油茶基地")]}
    asset = estate.opened(town, on="2026-11-20", **linked)
    estate.endorse(town, asset, name)
    town.when("asset.book.v1", estate.booking("original", 50 * WAN), "clerk", occurred_on="2026-11-20")
    estate.endorse(town, asset, name, version=3)
    town.when("asset.book.v1", estate.booking("depreciation", WAN), "clerk")
    town.when("asset.report_condition.v1", estate.report("damaged"), "clerk", nature="fact")
    town.when("asset.set_shares.v1", estate.shares_of(evidence="recollection"), "clerk", nature="fact")
    was = {"amount_fen": WAN, "kind": "depreciation"}
    estate.correct(town, asset, name, ("movement", was, None), version=5, proposal="折旧")
    for version in (5, 6, 7):
        estate.endorse(town, asset, name, version=version)
    town.when("asset.register_ownership.v1", estate.title_of(), "clerk")
    town.when("proposal.endorse.v1", estate.signature(town, "seals", "确权"), "head")
    estate.opened(town, "示例厂房", on="2026-11-20", carrying_fen=1)
    old = estate.old_title(
        name="示例厂房", asset=estate.asset_id("示例厂房"), notice_from="", late_reason="补登"
    )
    town.when("asset.register_ownership.v1", old, "clerk", nature="fact", occurred_on="2019-06-01")


def obligations(town: Town) -> None:
    """A debt as it was found, demanded, confirmed by both sides, repaid; and a claim of which one side is unknown."""
    name = estate.LAND_RENT
    debt = estate.owing(town, on="2026-11-20", number="QX-Z-01", assets=[estate.asset_id()])
    estate.endorse(town, debt, name)
    town.when("obligation.demand.v1", estate.demand(receipt=""), "clerk", nature="fact")
    town.when("obligation.confirm.v1", estate.confirmation("debtor"), "clerk", nature="fact")
    town.when("obligation.confirm.v1", estate.confirmation("creditor"), "clerk", nature="fact")
    town.when("obligation.repay.v1", estate.repayment(), "clerk", nature="fact")
    estate.correct(town, debt, name, ("principal_fen", 12 * WAN, 13 * WAN), proposal="本金")
    other = ("assets", [estate.asset_id()], [estate.asset_id("示例厂房")])
    estate.correct(town, debt, name, other, proposal="资产")
    unknown = {"basis": "示例收据", "debtor": None, "insider": True, "creditor": estate.party()}
    estate.owing(town, "示例借款", on="2026-11-20", category="loan", outstanding_fen=1, **unknown)


def disposals(town: Town) -> None:
    """A disposal from beginning to end, one that is rejected, one withdrawn, and a lease that was a fact."""
    town.people()
    town.enrol("typist again", "recorder", "centre", person="typist", post="typist")
    typist = "typist again"
    first = Estate(town, COLLECTIVE, typist=typist, number="1")
    first.opened()
    first.proposed(number="QX-CZ-1")
    first.when("withdraw", first.of(reason="价格未定"), "clerk")
    second = Estate(town, COLLECTIVE, typist=typist, number="2").decided()
    second.when("reject", second.of(reason="价格不实"), "head")
    let = Estate(town, COLLECTIVE, "lease", "4", "门面", typist)
    let.opened()
    let.fact("propose", let.proposal(months=360, ground="use"), occurred_on="2016-05-10")
    let.fact("settle", let.settlement(), occurred_on="2016-05-10")
    let.checked()
    let.papers["handling"] = let.paper("approval", "关于门面超期租赁的处理意见")
    let.when("handle", let.handling("rectify"), "head")
    third = Estate(town, COLLECTIVE, typist=typist, number="3")
    third.gone()
    third.paper("photo", "拆除现场")
    seen = estate.endorsement(town, third.id_of("document", "拆除现场"), "拆除现场")
    del seen["version"]
    town.when("document.endorse.v1", seen | {"issued_on": town.books.today}, "centre")
    again = third.posting(notice=identity("notice", "result"), kind="result", until="2026-12-20")
    town.when("notice.post.v1", again, "centre", nature="fact")
    position, leaf = town.books.located(again["notice"], 1) or (0, "")
    check = {
        "leaf": leaf,
        "name": again["name"],
        "notice": again["notice"],
        "position": position,
        "version": 1,
    }
    town.when("notice.endorse.v1", check, "centre2")
    slips(third, again)


def slips(its: Estate, notice: Json) -> None:
    """What was written down wrongly of a paper, a meeting, a notice and the money of a disposal."""
    meeting, document, posted = its.papers["decision"], its.papers["receipt"], notice["notice"]
    money = (("allocated_fen", WAN, 2 * WAN), ("retained_fen", 2 * WAN, WAN))
    for subject, name, version, changes in (
        (document, "receipt", 1, (("pages", 2, 3),)),
        (meeting, "成员大会", 1, (("entitled", 120, 121),)),
        (posted, notice["name"], 1, (("until", "2026-12-20", "2026-12-21"),)),
        (its.disposal, its.name, 4, money),
    ):
        estate.correct(its.town, subject, name, *changes, version=version, proposal=f"更正 {subject}")


def areas(town: Town) -> None:
    """山背村 under another name and an alias, merged into 康家村, whose clerk then enters what lies there."""
    shan = {"area": identity("area", "shan"), "name": "山背村"}
    town.when("area.alias.v1", shan | {"alias": "山背大队"}, "registrar")
    decree = {"document": "示例府发〔2026〕3号"}
    town.when("area.rename.v1", shan | decree | {"new_name": "山背社区"}, "registrar")
    into = {"how": "merged", "label": "康家村", "successors": [identity("area", "kang")]}
    town.when("area.succeed.v1", shan | decree | into | {"name": "山背社区"}, "registrar")
    there = {"areas": [identity("area", "shan")], "area_label": "山背社区"}
    town.enrol("third", "village_admin", "village", person="clerk", post="clerk")
    town.when("project.list.v1", town.project("竹园", **there), "third", nature="fact")


def posts(town: Town) -> None:
    """A term for the village clerk, and the typist who stands in for her until that ends."""
    post = {"post": town.post_of("clerk"), "title": "示例岗位clerk"}
    term = {"document": "示例任〔2026〕1号", "until": "2027-12-31", "valid_from": "2026-01-01"}
    town.when("post.set_term.v1", post | term, "registrar")
    typist = identity("person", "typist")
    deputy = {"deputy": typist, "deputy_label": called(town.ledger.directory, typist)}
    days = {"until": "2026-12-31", "valid_from": "2026-12-01"}
    ground = {"document": "示例委〔2026〕9号", "ground": "外出学习"}
    town.when("post.deputise.v1", post | deputy | days | ground, "registrar")
    signers = [town.known("clerk").capacity | {"key": town.known("typist again").key}]
    town.when("project.list.v1", town.project("果园"), nature="fact", signers=signers)
    town.when("post.end_deputy.v1", post | deputy | {"reason": "学习结束"}, "registrar")


def loads(town: Town) -> None:
    """A session over 康家村: a project of long ago without a reason, a difference explained, and the books closed."""
    session = {"load": identity("load", "康家村"), "name": "康家村清产核资"}
    nothing = {"count": 0, "total_fen": 0}
    stated = {"assets": nothing, "obligations": nothing, "projects": {"count": 2, "total_fen": 227_000_000}}
    lying = {"area_label": "康家村", "areas": [identity("area", "kang")], "cut_over_on": "2026-06-30"}
    opening = {"population": stated, "proposal": identity("proposal", "开立"), "expires_on": "2026-12-31"}
    town.when("load.open.v1", session | lying | opening, "centre")
    _approve(town, "开立")
    old = town.project("老茶园", areas=lying["areas"])
    town.when("project.list.v1", old, "typist again", nature="opening", occurred_on="2020-05-01")
    closing = {"explanation": "另一项未找到", "expires_on": "2026-12-31"}
    loaded = stated | {"projects": {"count": 1, "total_fen": 113_500_000}}
    again = closing | {"loaded": loaded, "proposal": identity("proposal", "封账")}
    town.when("load.close.v1", session | again, "centre")
    _approve(town, "封账")


def _approve(town: Town, proposal: str) -> None:
    payload = town.signature("approves", proposal) | {"subject": identity("load", "康家村")}
    town.when("proposal.endorse.v1", payload, "head")


def erasures(town: Town) -> None:
    """Whose a debt of long ago was is erased, and the one copy of it too."""
    old.ten_years(town)
    old.old_debt(town)
    old.repaid(town)
    town.when("erasure.order.v1", old.order(), old.ROLES)
    town.when("erasure.confirm.v1", old.confirmation(), "treasurer")


def kept() -> list[Json]:
    """The corpus, with the table of today in its opening."""
    lines: list[Json] = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    lines[0]["command"]["payload"]["rules"]["table"] = table()
    return lines


if __name__ == "__main__":
    text = "".join(
        json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in history().books.lines()
    )
    CORPUS.write_text(text, "utf-8")
