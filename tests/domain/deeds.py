"""Deeds (LAW-1) that keep their rule under the looser of two values of a parameter and break it under the stricter."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.errors import (
    LateReasonMissing,
    LawChanged,
    Refused,
    WrongExpiry,
)
from domain.errors_asset import NoticeTooShort
from domain.errors_disposal import (
    DocumentMissing,
    LeaseTooLong,
    NoticeNotFull,
    PriceTooLow,
    WrongApprover,
    YoungDocument,
)
from domain.errors_names import RetentionNotOver
from domain.ledger import Accepted
from tests.domain import erasures
from tests.domain import estate as title
from tests.domain.disposals import COLLECTIVE, LATER, Estate, estate
from tests.domain.story import WAN, Json, Town, identity

BEFORE, DAY, CHANGED, NOW = "2026-12-05", "2026-12-06", "2026-12-07", "2026-12-08"


@dataclass
class Deed:
    """Something that was done on a day, as it is signed: as an act with the papers of before, or as a fact."""

    its: Estate
    rule: str
    parameter: str
    loose: int
    strict: int
    broken: type[Refused]
    command: str
    payload: Callable[[list[str]], Json]  # with these papers
    by: str | list[str]
    about: str
    too_young: type[Refused] = LawChanged  # of a paper from after the change
    fact: Json | None = None  # what a fact says otherwise; None: it is never one

    @property
    def town(self) -> Town:
        return self.its.town

    def act(self, *papers: str, **header: Any) -> Accepted:
        given = {"occurred_on": DAY, "valid_until": LATER} | header
        return self.town.when(self.command, self.payload(list(papers)), self.by, **given)

    def told(self) -> Accepted:
        """As a fact."""
        payload = self.payload([]) | (self.fact or {})
        return self.town.when(
            self.command, payload, "typist", nature="fact", occurred_on=DAY, valid_until=LATER
        )

    def law(self, first: int, then: int) -> None:
        """One value that is in force on the day of the deed, and another from the day after."""
        for value, day in ((first, DAY), (then, CHANGED)):
            self.town.law(self.parameter, value, day, f"示例府发〔2026〕{value % 1000}号")

    def tightened(self) -> None:
        self.law(self.loose, self.strict)

    def loosened(self) -> None:
        self.law(self.strict, self.loose)

    def paper(self, title: str = "当时的材料", *, endorsed: bool = True, **changed: Any) -> str:
        given = {"issued_on": DAY, "subjects": [self.about]} | changed
        document = self.its.paper("other", title, **given)
        if endorsed:
            endorse(self.its, document, title, given["issued_on"])
        return document

    def both(self, then: str, now: str) -> str:
        first, last = (self.loose, self.strict) if then == "met" else (self.strict, self.loose)
        return f"LAW-1:{self.rule}:{DAY}:{first}:{then}:{NOW}:{last}:{now}"


def endorsement(its: Estate, document: str, name: str, issued_on: str, **changed: Any) -> Json:
    position, leaf = its.town.books.located(document, 1) or (0, "")
    found = {"document": document, "issued_on": issued_on, "leaf": leaf, "name": name, "position": position}
    return found | changed


def endorse(
    its: Estate, document: str, name: str, issued_on: str, by: str = "centre", **changed: Any
) -> None:
    said = endorsement(its, document, name, issued_on, **changed)
    its.town.when("document.endorse.v1", said, by, valid_until=LATER)


# --- the deeds -------------------------------------------------------------------------------------------


def earlier(papers: list[str]) -> Json:
    return {"earlier_document": papers[0]} if papers else {}


def posted(town: Town) -> Deed:
    its = estate(town).decided()
    town.books.today = NOW
    payload = its.posting(until="2026-12-20")  # fourteen days, twelve when it is posted on `NOW`
    return Deed(
        its, "NOTICE-1", "notice_days", 10, 15, NoticeNotFull, "notice.post.v1",
        lambda papers: payload | earlier(papers), "clerk", its.disposal, fact={},
    )  # fmt: skip


def registered(town: Town) -> Deed:
    asset = title.checked(town)
    town.books.today = NOW
    return Deed(
        Estate(town), "ASSET-8", "notice_days", 10, 15, NoticeTooShort, "asset.register_ownership.v1",
        lambda papers: title.title_of() | earlier(papers), "clerk", asset,
        fact={"expires_on": "", "proposal": ""},
    )  # fmt: skip


def let(town: Town) -> Deed:
    its = estate(town)
    its.method = "lease"
    town.books.today = NOW
    payload = its.proposal(months=200, ground="use")
    return Deed(
        its, "DISP-6", "lease_months_max", 240, 120, LeaseTooLong, "disposal.propose.v1",
        lambda papers: payload | earlier(papers), "clerk", its.asset, fact={"expires_on": ""},
    )  # fmt: skip


def approved_by_the_township(town: Town) -> Deed:
    its = estate(town).decided().collected()
    town.books.today = NOW
    return Deed(
        its, "DISP-14", "collective_county_fen", 20 * WAN, WAN, WrongApprover, "disposal.approve.v1",
        lambda papers: its.approval(documents=papers), "head", its.disposal, fact={},
    )  # fmt: skip


def approved_without_appraisal(town: Town) -> Deed:
    its = estate(town).decided().collected()
    town.books.today = NOW
    return Deed(
        its, "DOC-1", "collective_appraisal_fen", 5 * WAN, WAN, DocumentMissing, "disposal.approve.v1",
        lambda papers: its.approval(documents=papers), "head", its.disposal, YoungDocument, fact={},
    )  # fmt: skip


def sold_below_the_appraisal(town: Town) -> Deed:
    its = estate(town).decided().collected()
    appraisal = its.paper("appraisal", amount_fen=320 * WAN // 100)
    its.when("approve", its.approval(documents=[appraisal]))
    its.sold()
    town.books.today = NOW
    papers = [its.papers[kind] for kind in COLLECTIVE.deal]
    return Deed(
        its, "DISP-19", "price_floor_percent", 90, 95, PriceTooLow, "disposal.settle.v1",
        lambda more: its.settlement(documents=[*papers, *more]), "bookkeeper", its.disposal,
        YoungDocument, fact={},
    )  # fmt: skip


def filed_two_days_late(town: Town) -> Deed:
    its = estate(town)
    town.books.today = NOW
    payload: Json = {
        "amount_fen": None, "areas": [identity("area", "kang")], "document": identity("document", "照片"),
        "hash": "d" * 64, "issued_on": DAY, "issuer": "", "kind": "photo", "name": "照片", "number": "",
        "pages": 1, "quality": "original", "subjects": [],
    }  # fmt: skip
    return Deed(
        its, "CMD-8", "late_days", 30, 1, LateReasonMissing, "document.register.v1",
        lambda papers: payload, "clerk", its.asset,
    )  # fmt: skip


def proposed_for_forty_days(town: Town) -> Deed:
    its = estate(town)
    town.books.today = NOW
    payload = its.proposal(expires_on="2027-01-17")
    return Deed(
        its, "PROP-3", "proposal_days", 90, 30, WrongExpiry, "disposal.propose.v1",
        lambda papers: payload | earlier(papers), "clerk", its.asset,
    )  # fmt: skip


def erased_after_thirteen_years(town: Town) -> Deed:
    town.people()
    erasures.old_debt(town)
    erasures.repaid(town)
    town.books.today = NOW
    return Deed(
        Estate(town), "NAME-4", "names_years", 10, 20, RetentionNotOver, "erasure.order.v1",
        lambda papers: erasures.order(), erasures.ROLES, title.obligation_id(erasures.DEBT),
    )  # fmt: skip
