"""Assets of 青溪乡 and how they are disposed of: given an estate, each step by the right hand, or one thing changed.

示例数据: every asset, meeting, price and paper here is invented.
"""

from dataclasses import dataclass, field
from typing import Any

from domain.ledger import Accepted
from domain.paths import METHODS
from domain.values import days_after
from tests.domain.story import AREAS, WAN, Json, Town, identity

POSTED, UNTIL, AFTER = "2026-11-24", "2026-12-04", "2026-12-05"
LATER = "2027-06-30"
EXPIRY = "2026-12-31"  # of a proposal
NOBODY = {"kind": "operator", "name": "青溪冷链公司", "organisation": "", "person": ""}


@dataclass(frozen=True)
class Course:
    """How one type of owner gets from a proposal to a derecognised asset: who signs, what it rests on."""

    owner_type: str
    proposer: str
    decider: str
    decision: str  # "meeting" or a kind of document
    approver: str  # "" nobody
    keeper: str
    last: str  # who derecognises
    account: str
    papers: tuple[str, ...] = ()  # before approval
    deal: tuple[str, ...] = ()  # on settling


STATE = Course(
    "state", "centre", "centre2", "unit_decision", "head", "treasurer", "treasurer", "treasury",
    ("appraisal", "value_proof"), ("deal", "receipt"),
)  # fmt: skip
COLLECTIVE = Course(
    "collective_village", "clerk", "chair", "meeting", "head", "bookkeeper", "bookkeeper", "collective",
    (), ("deal", "receipt"),
)  # fmt: skip
HOUSEHOLD = Course("household", "clerk", "centre", "consent", "", "clerk", "centre2", "household")
EQUITY = Course(
    "equity", "clerk", "chair", "contract", "head", "bookkeeper", "bookkeeper", "collective",
    (), ("deal", "receipt"),
)  # fmt: skip
COURSES = (STATE, COLLECTIVE, HOUSEHOLD, EQUITY)


@dataclass
class Estate:
    """A township with one asset, and one disposal of it."""

    town: Town
    course: Course = COLLECTIVE
    method: str = "transfer"
    number: str = "1"  # of the disposal, and in the names of its papers
    asset_name: str = "冷库"
    typist: str = "typist"
    papers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{METHODS[self.method]}：{self.asset_name}"

    @property
    def disposal(self) -> str:
        return identity("disposal", self.number)

    @property
    def asset(self) -> str:
        return identity("asset", self.asset_name)

    def id_of(self, kind: str, name: str) -> str:
        return identity(kind, name if self.number == "1" else f"{self.number} {name}")

    # --- what is there before ---

    def opened(self, name: str = "", *, checked: bool = True, **changed: Any) -> str:
        name = name or self.asset_name
        asset = identity("asset", name)
        payload = {
            "additions_fen": 0,
            "area_label": AREAS["kang"],
            "areas": [identity("area", "kang")],
            "asset": asset,
            "booked_on": "",
            "carrying_fen": 3 * WAN,
            "category": "",
            "certificate": "",
            "condition": "idle",
            "custodian": "",
            "depreciation_fen": WAN,
            "disposed_fen": 0,
            "disputed": False,
            "encumbered": False,
            "evidence": "original",
            "in_service_on": "",
            "kind": "household" if self.course.owner_type == "household" else "operating",
            "late_reason": "",
            "life_months": None,
            "location": "",
            "name": name,
            "number": "",
            "original_fen": 4 * WAN,
            "owner_type": self.course.owner_type,
            "papers_missing": [],
            "papers_present": [],
            "projects": [],
            "quantity": "",
            "registered": True,
            "row": None,
            "shares": [],
            "specification": "",
        } | changed
        self.town.when("asset.open.v1", payload, self.typist, nature="opening")
        if checked:
            position, leaf = self.town.books.located(asset, 1) or (0, "")
            check = {"asset": asset, "leaf": leaf, "name": name, "position": position, "version": 1}
            self.town.when("asset.endorse.v1", check, "centre")
        return asset

    def paper(self, kind: str, title: str = "", **changed: Any) -> str:
        document = self.id_of("document", title or kind)
        today = self.town.books.today
        payload = {
            "amount_fen": None,
            "areas": [identity("area", "kang")],
            "document": document,
            "hash": "d" * 64,
            "issued_on": days_after(today, -7) if kind == "auction_notice" else today,
            "issuer": "青溪乡人民政府",
            "kind": kind,
            "number": "",
            "pages": 2,
            "quality": "original",
            "subjects": [self.asset],
            "name": title or kind,
        } | changed
        self.town.when("document.register.v1", payload, self.typist, valid_until=LATER)
        return document

    def held(
        self, title: str = "成员大会", *, checked: bool = True, occurred_on: str = "", **changed: Any
    ) -> str:
        """A members' assembly that agreed to the disposal, told and minuted as the law asks."""
        meeting = self.id_of("meeting", title)
        day = occurred_on or self.town.books.today
        resolution = {
            "abstained": 10,
            "against": 10,
            "agreed": 80,
            "amount_fen": 2 * WAN,
            "matter": "disposal",
            "subject": self.disposal,
            "text": "同意转让冷库",
        } | changed.pop("resolution", {})
        minutes = (
            changed["minutes"]
            if "minutes" in changed
            else self.paper("minutes", f"{title}记录", issued_on=day)
        )
        payload = {
            "area_label": AREAS["kang"],
            "areas": [identity("area", "kang")],
            "authorised": None,
            "body": "members",
            "entitled": 120,
            "evidence": "copy",
            "late_reason": "补登",
            "meeting": meeting,
            "minutes": minutes,
            "name": title,
            "no_rceo": False,
            "notified_on": "2026-11-01",
            "party_discussed": True,
            "present": 100,
            "resolutions": [resolution],
        } | changed
        self.town.when(
            "meeting.record.v1", payload, self.typist, nature="fact", occurred_on=day, valid_until=LATER
        )
        if checked:
            self.check_meeting(title)
        return meeting

    def check_meeting(self, title: str = "成员大会", by: str = "centre", **changed: Any) -> Accepted:
        meeting = self.id_of("meeting", title)
        position, leaf = self.town.books.located(meeting, 1) or (0, "")
        payload = {
            "leaf": leaf,
            "meeting": meeting,
            "name": title,
            "position": position,
            "version": 1,
        } | changed
        return self.town.when("meeting.endorse.v1", payload, by, valid_until=LATER)

    def posting(self, **changed: Any) -> Json:
        return {
            "areas": [identity("area", "kang")],
            "text": "拟转让冷库一座",
            "evidence": "original",
            "kind": "disposal",
            "late_reason": "",
            "name": "冷库处置公示",
            "notice": self.id_of("notice", "1"),
            "board": "康家村公示栏",
            "reviewed": True,
            "subject": self.disposal,
            "until": UNTIL,
        } | changed

    def closing(self, **changed: Any) -> Json:
        return {
            "answered": 1,
            "evidence": "original",
            "late_reason": "",
            "name": "冷库处置公示",
            "notice": self.id_of("notice", "1"),
            "objections": 1,
            "outcome": "一户询问价格，已答复",
            "proof": self.papers.get("notice_proof", ""),
        } | changed

    def posted(self, **changed: Any) -> str:
        """A notice that has run its ten days; afterwards it is the day after."""
        self.town.books.today = POSTED
        self.town.when("notice.post.v1", self.posting(**changed), "clerk")
        self.town.books.today = AFTER
        self.papers["notice_proof"] = self.paper("notice_proof", "公示照片", subjects=[self.disposal])
        self.town.when("notice.close.v1", self.closing(), "clerk")
        return self.id_of("notice", "1")

    # --- the steps: what is signed, and by whom ---

    def proposal(self, **changed: Any) -> Json:
        return {
            "assets": [self.asset],
            "disposal": self.disposal,
            "evidence": "original",
            "expected_fen": 3 * WAN,
            "expires_on": EXPIRY,
            "ground": "obsolete",
            "land_house_vehicle": False,
            "late_reason": "",
            "method": self.method,
            "months": None,
            "name": self.name,
            "number": "",
            "owner_type": self.course.owner_type,
            "project": "",
            "reason": "设备老化，闲置两年",
        } | changed

    def of(self, **changed: Any) -> Json:
        return {"disposal": self.disposal, "name": self.name} | changed

    def entry(self) -> Json:
        position, leaf = self.town.books.located(self.disposal, 1) or (0, "0" * 64)
        return {"leaf": leaf, "position": position}

    def decision(self, **changed: Any) -> Json:
        by_meeting = self.course.decision == "meeting"
        return self.of(
            document="" if by_meeting else self.papers.get("decision", ""),
            evidence="original",
            late_reason="",
            meeting=self.papers.get("decision", "") if by_meeting else "",
            resolution=1 if by_meeting else None,
            **self.entry(),
        ) | changed  # fmt: skip

    def approval(self, **changed: Any) -> Json:
        return self.of(
            approval=self.papers.get("approval", ""),
            documents=[self.papers[kind] for kind in self.course.papers if kind in self.papers],
            evidence="original",
            late_reason="",
            level="county" if self.course.approver == "county" else "township",
            notice=self.papers.get("notice", ""),
            **self.entry(),
        ) | changed  # fmt: skip

    def settlement(self, **changed: Any) -> Json:
        return self.of(
            account=self.course.account,
            allocated_fen=WAN,
            counterparty=NOBODY,
            deal_fen=3 * WAN,
            documents=[self.papers[kind] for kind in self.course.deal if kind in self.papers],
            evidence="original",
            late_reason="",
            received_fen=3 * WAN,
            retained_fen=2 * WAN,
        ) | changed  # fmt: skip

    def parting(self, **changed: Any) -> Json:
        return self.of(
            parts=[{"amount_fen": None, "asset": self.asset}], voucher=self.papers.get("voucher", "")
        ) | changed  # fmt: skip

    def when(self, step: str, payload: Json, by: str = "", **header: Any) -> Accepted:
        hands = {
            "propose": self.course.proposer,
            "decide": self.course.decider,
            "approve": self.course.approver,
            "settle": self.course.keeper,
            "derecognise": self.course.last,
        }
        header = {"valid_until": LATER} | header
        if step == "propose" and header.get("nature") == "fact":
            payload = payload | {"expires_on": ""}  # what was done waits for nobody
        return self.town.when(f"disposal.{step}.v1", payload, by or hands.get(step, "head"), **header)

    # --- how far it has come ---

    def proposed(self, **changed: Any) -> "Estate":
        self.when("propose", self.proposal(**changed))
        return self

    def ground(self, subject: str = "") -> "Estate":
        """What the owner's decision rests on: about the disposal, or about what is named."""
        if self.course.decision == "meeting":
            self.papers["decision"] = self.held(resolution={"subject": subject or self.disposal})
        else:
            self.papers["decision"] = self.paper(self.course.decision)
        return self

    def decided(self, **changed: Any) -> "Estate":
        self.proposed(**changed).ground()
        self.when("decide", self.decision())
        return self

    def collected(self) -> "Estate":
        """The notice has run and every paper for the approval is there."""
        self.papers["notice"] = self.posted()
        for kind in (*self.course.papers, "approval"):
            self.papers[kind] = self.paper(kind, amount_fen=3 * WAN if kind == "appraisal" else None)
        return self

    def approved(self, **changed: Any) -> "Estate":
        self.decided(**changed)
        if self.course.approver:
            self.collected()
            self.when("approve", self.approval())
        else:
            self.town.books.today = AFTER
        return self

    def sold(self) -> "Estate":
        for kind in self.course.deal:
            self.papers[kind] = self.paper(kind)
        return self

    def settled(self, **changed: Any) -> "Estate":
        self.approved(**changed).sold()
        self.when("settle", self.settlement())
        return self

    def vouched(self) -> "Estate":
        self.papers["voucher"] = self.paper("voucher")
        return self

    def fact(self, step: str, payload: Json, **header: Any) -> Accepted:
        """A step that was taken outside, entered by the typist."""
        return self.when(step, payload | {"late_reason": "补登"}, self.typist, nature="fact", **header)

    def checked(self, by: str = "centre") -> "Estate":
        """Every fact of the disposal is endorsed."""
        for entry in list(self.town.books.stream(self.disposal)):
            if entry.state.get("unchecked"):
                self.when("endorse", self.endorsement(entry.version), by)
        return self

    def endorsement(self, version: int = 1, **changed: Any) -> Json:
        position, leaf = self.town.books.located(self.disposal, version) or (0, "0" * 64)
        return self.of(leaf=leaf, position=position, version=version) | changed

    def handling(self, outcome: str = "confirmed", **changed: Any) -> Json:
        return self.of(
            approval=self.papers.get("handling", ""), level="township", outcome=outcome, reason="集体研究"
        ) | changed  # fmt: skip

    def gone(self) -> Accepted:
        self.settled().vouched()
        return self.when("derecognise", self.parting())


def estate(town: Town, course: Course = COLLECTIVE, **changed: Any) -> Estate:
    town.people()
    made = Estate(town, course)
    made.opened(**changed)
    return made


def leased(town: Town, course: Course = COLLECTIVE, method: str = "lease") -> Estate:
    """An estate whose asset goes another way than by sale."""
    made = estate(town, course)
    made.method = method
    return made
