"""Things of another town in whatever state: what nobody of 青溪乡 is to be told anything about. 示例数据: all of it is invented."""

import hashlib
from collections.abc import Callable

from domain.values import kind_of
from tests.domain import erasures as old
from tests.domain import estate as entered
from tests.domain.disposals import Course, Estate
from tests.domain.story import WAN, Json, Town, actor, identity

HERE: Json = {"areas": [identity("area", "shi")], "area_label": "石桥村"}
CLERK, TYPIST, CENTRE, HEAD, CHAIR, TREASURER = (
    f"{one} abroad" for one in ("clerk", "typist", "centre", "head", "chair", "treasurer")
)
COURSE = Course("collective_village", CLERK, CHAIR, "meeting", HEAD, CHAIR, CHAIR, "collective")


def abroad(town: Town) -> None:
    """白石镇 with 石桥村, and who signs there."""
    for area, kind, name, parent in (
        ("elsewhere", "town", "白石镇", "county"),
        ("shi", "village", "石桥村", "elsewhere"),
    ):
        registration = {
            "area": identity("area", area),
            "division_code": "",
            "kind": kind,
            "name": name,
            "parent": identity("area", parent),
        }
        town.when("area.register.v1", registration, "registrar", occurred_on="2010-01-01")
    roles = {
        CLERK: "village_admin",
        TYPIST: "recorder",
        CENTRE: "service_centre",
        HEAD: "township",
        CHAIR: "collective",
        TREASURER: "finance",
    }
    town.extra |= {name: actor(name, role, "elsewhere") for name, role in roles.items()}
    town.establish({name: town.extra[name] for name in roles}, dict.fromkeys(roles, ("elsewhere",)))


class Abroad:
    """The things there, by their kind."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.things: dict[str, list[str]] = {}
        abroad(town)
        makers: tuple[Callable[[], None], ...] = (
            self.projects, self.assets, self.obligations, self.papers, self.meetings,
            self.disposals, self.notices, self.batches, self.loads, self.proposals, self.erasures,
        )  # fmt: skip
        for make in makers:
            make()

    def add(self, *things: str) -> None:
        for one in things:
            self.things.setdefault(kind_of(one), []).append(one)

    # --- what two do with whatever noun ---

    def check(self, subject: str, name: str, version: int = 1) -> None:
        entered.endorse(self.town, subject, name, version, by=CENTRE)

    def propose(self, subject: str, name: str, *changes: tuple[str, object, object], **more: object) -> str:
        title = f"更正 {subject}"
        asked = entered.correction_of(subject, name, *changes, proposal=title) | more
        self.town.when(f"{kind_of(subject)}.correct.v1", asked, CLERK)
        return title

    def agree(self, proposal: str) -> None:
        self.town.when("proposal.endorse.v1", entered.signature(self.town, "checks", proposal), CENTRE)

    def twice(self, one: str, its_name: str, two: str, name: str, **more: object) -> None:
        """The second becomes a duplicate of the first."""
        words = {"instead": one, "instead_name": its_name, "kind": "duplicate"}
        self.agree(self.propose(two, name, **words, **more))

    # --- each kind, in every state that it comes to ---

    def projects(self) -> None:
        for name in ("石桥甲", "石桥乙", "石桥丙", "石桥丁"):
            self.add(self.town.listed(name, TYPIST, **HERE))
        for name in ("石桥乙", "石桥丙", "石桥丁"):
            self.town.when("project.endorse.v1", self.town.endorsement(name), CENTRE)
        opinion = self.town.opinion("石桥丙", "石桥认定")
        self.town.when("project.opine_class.v1", opinion, CLERK)
        for capacity, by in (("checks", CENTRE), ("seals", HEAD)):
            signature = self.town.signature(capacity, "石桥认定", "石桥丙")
            self.town.when("proposal.endorse.v1", signature, by)
        self.twice(identity("project", "石桥乙"), "石桥乙", identity("project", "石桥丁"), "石桥丁")

    def assets(self) -> None:
        def opened(name: str, **changed: object) -> str:
            asset = entered.opened(self.town, name, TYPIST, **HERE, **{"booked_on": "2017-01-10"} | changed)
            self.add(asset)
            return asset

        opened("石桥未核的")
        checked = opened("石桥冷库")
        twin = opened("石桥冷库又一张卡")
        owner = {"owner_type": "collective_village", "shares": [entered.share()]}
        for name, more in (
            ("石桥有争议的", {"disputed": True}),
            ("石桥国有的", {"owner_type": "state"}),
            ("石桥门面", {**owner, "registered": True}),
            ("石桥厂房", {**owner, "registered": True}),
            ("石桥卖掉的", {**owner, "registered": True}),
        ):
            self.check(opened(name, **more), name)
        self.check(checked, "石桥冷库")
        self.check(twin, "石桥冷库又一张卡")
        self.twice(checked, "石桥冷库", twin, "石桥冷库又一张卡")

    def obligations(self) -> None:
        def owing(name: str, **changed: object) -> str:
            debt = entered.owing(self.town, name, TYPIST, **HERE, **changed)
            self.add(debt)
            return debt

        owing("石桥未核的欠款")
        one, two, paid = (owing(name) for name in ("石桥欠款", "石桥欠款又一笔", "石桥已还的"))
        for debt, name in ((one, "石桥欠款"), (two, "石桥欠款又一笔"), (paid, "石桥已还的")):
            self.check(debt, name)
        payment = entered.repayment(10 * WAN, "石桥已还的")
        self.town.when("obligation.repay.v1", payment, CLERK, nature="fact")
        self.twice(one, "石桥欠款", two, "石桥欠款又一笔")

    def papers(self) -> None:
        its = Estate(self.town, COURSE, typist=TYPIST, number="石桥", asset_name="石桥门面")
        lying = {"areas": HERE["areas"]}
        for kind, more in (
            ("consent", {}),
            ("approval", {"subjects": []}),
            ("minutes", {"issued_on": "2016-05-04"}),
            ("notice_proof", {"quality": "recollection"}),
            ("voucher", {"quality": "none", "hash": "", "pages": 0}),
            ("deal", {}),
            ("receipt", {}),
        ):
            self.add(its.paper(kind, f"石桥的{kind}", **lying, **more))
        seen, day = its.paper("other", "石桥看过的", **lying), self.town.books.today
        check = entered.endorsement(self.town, seen, "石桥看过的")
        del check["version"]
        self.town.when("document.endorse.v1", check | {"issued_on": day}, CENTRE)
        one, two = (its.paper("photo", name, **lying) for name in ("石桥照片", "石桥照片又一张"))
        self.twice(one, "石桥照片", two, "石桥照片又一张")
        self.add(seen, one, two)

    def meetings(self) -> None:
        its = Estate(self.town, COURSE, typist=TYPIST, number="石桥会", asset_name="石桥门面")
        for name, more in (
            ("石桥大会", {}),
            ("石桥又一次大会", {}),
            ("石桥未核的会", {}),
            ("石桥理事会", {"body": "council", "entitled": 9, "present": 3, "counts": (3, 0, 0)}),
            ("石桥老会", {"occurred_on": "2016-05-04", "matter": "debt"}),
        ):
            agreed, against, abstained = more.pop("counts", (80, 10, 10))  # type: ignore[attr-defined]
            resolution = {
                "subject": its.asset,
                "matter": more.pop("matter", "disposal"),
                "agreed": agreed,
                "against": against,
                "abstained": abstained,
            }
            self.add(its.held(name, checked=False, minutes="", resolution=resolution, **HERE, **more))
            if name != "石桥未核的会":
                its.check_meeting(name, CENTRE)
        one, two = (its.id_of("meeting", name) for name in ("石桥大会", "石桥又一次大会"))
        self.twice(one, "石桥大会", two, "石桥又一次大会")

    def disposals(self) -> None:
        for number, asset in (("石桥一", "石桥门面"), ("石桥二", "石桥厂房"), ("石桥三", "石桥卖掉的")):
            its = Estate(self.town, COURSE, typist=TYPIST, number=number, asset_name=asset)
            if number == "石桥三":
                its.fact("propose", its.proposal())
                its.fact("settle", its.settlement(documents=[]))
                its.checked(CENTRE)
            else:
                its.proposed()
            if number == "石桥二":
                its.when("withdraw", its.of(reason="价格未定"), CLERK)
            self.add(its.disposal)

    def notices(self) -> None:
        its = Estate(self.town, COURSE, typist=TYPIST, number="石桥一", asset_name="石桥门面")
        for number, more in (("甲", {}), ("乙", {"kind": "result", "until": "2027-01-20"})):
            notice = identity("notice", f"石桥{number}")
            posting = its.posting(notice=notice, areas=HERE["areas"], **more)
            self.town.when("notice.post.v1", posting, CLERK)
            self.add(notice)
        old = its.posting(notice=identity("notice", "石桥丙"), areas=HERE["areas"], until="2026-10-20")
        past = {"nature": "fact", "occurred_on": "2026-10-01"}
        self.town.when("notice.post.v1", old | {"late_reason": "补登"}, TYPIST, **past)
        end = its.closing(notice=old["notice"], late_reason="补登", proof="")
        self.town.when("notice.close.v1", end, TYPIST, nature="fact", occurred_on="2026-10-21")
        self.add(old["notice"])

    def batches(self) -> None:
        for name in ("石桥批甲", "石桥批乙"):
            row = self.town.command(
                "project.list.v1", self.town.project(name, **HERE), TYPIST, nature="opening"
            )
            accepted = self.town.when_batch([row], TYPIST)
            outcome = self.town.books.entries[accepted.position]
            self.add(outcome.stream)
        check = {"batch": outcome.stream, "excepted": [], "leaf": outcome.leaf, "position": outcome.position}
        self.town.when("batch.endorse.v1", check | {"rows": 1}, CENTRE)

    def loads(self) -> None:
        nothing = {one: {"count": 0, "total_fen": 0} for one in ("assets", "obligations", "projects")}
        for name, opened in (("石桥未批的场次", False), ("石桥清产核资", True)):
            asked = HERE | {
                "cut_over_on": "2026-06-30",
                "expires_on": "2026-12-31",
                "load": identity("load", name),
                "name": name,
                "population": nothing,
                "proposal": identity("proposal", f"开立 {name}"),
            }
            self.town.when("load.open.v1", asked, CENTRE)
            if opened:
                signature = entered.signature(self.town, "approves", f"开立 {name}")
                self.town.when("proposal.endorse.v1", signature, HEAD)
            self.add(asked["load"])

    def proposals(self) -> None:
        """One that waits, one that was withdrawn; those of before are complete."""
        asset = entered.asset_id("石桥冷库")
        self.propose(asset, "石桥冷库", ("location", "康家村三组", "石桥村二组"))
        debt = entered.obligation_id("石桥欠款")
        title = self.propose(debt, "石桥欠款", ("purpose", "油茶基地用地", "茶园用地"))
        made = self.town.books.stream(identity("proposal", title))[0].state
        withdrawal = {"label": made["label"], "proposal": identity("proposal", title), "reason": "写错"}
        self.town.when("proposal.withdraw.v1", withdrawal, CLERK)
        for name in (f"更正 {asset}", title, "石桥认定", "开立 石桥清产核资", "开立 石桥未批的场次"):
            self.add(identity("proposal", name))

    def erasures(self) -> None:
        """One of whose copies is gone, and one of which nothing is confirmed."""
        for name in ("石桥旧欠", "石桥又一笔旧欠"):
            committed = "commit:" + hashlib.sha256(name.encode()).hexdigest()
            owed = {"creditor": entered.party("household", person=committed), "late_reason": "补登"}
            owed |= {"principal_fen": WAN, "paid_fen": 0, "outstanding_fen": WAN}
            debt = entered.owing(self.town, name, TYPIST, on="1985-05-01", **HERE, **owed)
            payment = entered.repayment(WAN, name, late_reason="补登")
            self.town.when("obligation.repay.v1", payment, TYPIST, nature="fact", occurred_on="1986-05-01")
            ordered = {
                "commitments": [committed],
                "copies": [old.copy(post=TREASURER)],
                "erasure": identity("erasure", name),
                "subjects": [debt],
            }
            self.town.when("erasure.order.v1", old.order(**ordered), [HEAD, TREASURER])
            self.add(ordered["erasure"])
        self.town.when("erasure.confirm.v1", old.confirmation(erasure=ordered["erasure"]), TREASURER)
