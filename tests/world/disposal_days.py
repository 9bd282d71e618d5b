"""Disposals on random days, for every owner, as acts and as facts: each goes on to the next step that it lacks.

Whoever takes it on brings the papers that the step needs; now and then it is somebody who may not, or one thing is
wrong, and then the refusal is foreseen. The days pass while a notice runs.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.law import PARAMETERS
from domain.paths import papers_to_settle
from projections.tables import disposal
from tests.domain.estate import opening_of
from tests.support.logbook import new_id
from tests.support.world import AREAS, WAN, area
from tests.world.deals import APPROVAL_PAPERS, ENTERERS, MAY, ORDER, WAYS, Deal, Did
from tests.world.office import Json, Made, Somebody, Thing
from tests.world.paper_days import Paper, PaperDays

STEPS = {
    "stock": 4,
    "propose_disposal": 8,
    "dispose": 26,
    "withdraw_disposal": 2,
    "reject_disposal": 3,
    "mend_disposal": 4,
}


class DisposalDays(PaperDays):
    """Steps of a machine."""

    def begin_disposals(self) -> None:
        """Every owner has something, and one disposal is under way."""
        self.deals: list[Deal] = []
        for number in range(4):
            self.stock(number, 1, 1)
        self.propose_disposal(1, 1, 1)

    def stock(self, which: int, who: int, _odd: int) -> None:
        """An asset that may be disposed of: registered, and checked by another."""
        owner_type = tuple(WAYS)[which % 4]
        place = ("kang", "shan")[which // 4 % 2]
        by, other = self.fit(("recorder",), "town", who), self.fit(("service_centre",), "town", who)
        if by is None or other is None:
            return
        thing = Thing(
            "asset", f"示例存货{self.commands}", place, 3 * WAN, owner_type=owner_type, registered=True
        )
        payload = opening_of(
            thing.name, asset=thing.id, kind=WAYS[owner_type].kind, owner_type=owner_type, registered=True,
            original_fen=4 * WAN, depreciation_fen=WAN, carrying_fen=3 * WAN, booked_on="2017-01-10",
            areas=[area(place)], area_label=AREAS[place][0],
        )  # fmt: skip
        at = self.foreseen("", lambda: self.world.says("asset.open.v1", payload, by.name, nature="opening"))
        self.foreseen("", lambda: self.world.endorse(at, "checks", other.name))
        thing.entries.append(Made(by.name, at, checked=True))
        thing.streams = 2
        self.assets.append(thing)

    # --- who, and whether they may ---

    def fit(
        self, roles: tuple[str, ...], place: str, which: int, but: tuple[str, ...] = ()
    ) -> Somebody | None:
        """Somebody who may, and is none of these."""
        found = [
            one
            for one in self.staff.values()
            if one.name not in but and not one.may(*roles) and one.over(place)
        ]
        return found[which % len(found)] if found else None

    def hand(self, deal: Deal, step: str, which: int) -> Somebody | None:
        """Whoever takes the next step rightly: none of those who took the others."""
        roles = (self.level(deal),) if step in ("approve", "handle") else deal.hands(step)
        roles = tuple(one for one in roles if one in MAY[step])
        others = tuple(did.by for did in deal.done.values()) if step != "propose" else ()
        return self.fit(roles, deal.place, which, others)

    def level(self, deal: Deal) -> str:
        way = deal.way
        if not way.county:
            return "township"
        return "county" if max(deal.thing.fen, 3 * WAN) >= PARAMETERS[way.county].default else "township"

    def disposal_of(self, thing: Thing) -> Deal | None:
        """The disposal that an asset is in, unless that one waits in vain."""
        deal: Deal | None = thing.deal
        return None if deal is None or deal.waits_in_vain(self.today) else deal

    def why_not(self, deal: Deal, step: str, nature: str, by: Somebody) -> str:
        """The refusal of a step whose papers are right; "" when it is taken."""
        code = by.may(*(MAY[step] if nature == "act" else ENTERERS))
        code = code or ("" if by.over(deal.place) else "outside_area")
        if code:
            return code
        if deal.ended or deal.is_act(step) or (step in deal.done and nature != "act"):
            return "step_done"
        if nature != "act":
            return ""
        if by.role not in deal.hands(step):
            return "wrong_hand"
        if not all(one.checked for one in deal.facts):
            return "disposal_not_checked"
        lent = {"approve", "settle"} if deal.handled == "confirmed" else set()
        before = deal.path[: deal.path.index(step)]
        for one in (*before, *(["settle"] if step == "settle" else [])):
            if one in deal.done and one != "propose" and not deal.is_act(one) and one not in lent:
                return "fact_not_handled"
        apart = {"settle": ("decide", "approve"), "derecognise": ("propose", "decide", "approve")}
        if by.name in {deal.done[one].by for one in apart.get(step, ORDER) if one in deal.done}:
            return "same_hand"
        if step in ("decide", "approve"):
            if deal.waits_in_vain(self.today):
                return "proposal_closed"
            if any(self.staff[did.by].ended for did in deal.done.values() if did.nature == "act"):
                return "key_not_good"
        stands_in = {"approve"} if deal.handled == "confirmed" else set()
        if any(one not in deal.done and one not in stands_in for one in before):
            return "wrong_order"
        if self.unfit(deal.thing) or self.disposal_of(deal.thing) not in (None, deal):
            return self.unfit(deal.thing) or "in_other_disposal"
        return "wrong_approver" if step == "approve" and by.role != self.level(deal) else ""

    @staticmethod
    def unfit(thing: Thing) -> str:
        return "in_dispute" if thing.disputed else "" if thing.checked else "asset_not_checked"

    # --- what a step rests on ---

    def bring(self, deal: Deal, kind: str, key: str = "", **changed: Any) -> bool:
        """File a paper that names the disposal; whether there was anybody to do so."""
        by = self.fit(("recorder",), deal.place, self.commands)
        if by is None:
            return False
        name = f"示例材料{self.commands}"
        payload = self.document(name, deal.place, kind, [deal.id], **changed)
        self.foreseen("", lambda: self.world.says("document.register.v1", payload, by.name))
        deal.papers[key or kind] = payload["document"]
        return True

    def bring_decision(self, deal: Deal) -> bool:
        kind = deal.way.decision
        if kind != "meeting":
            return self.bring(deal, kind, "decision")
        by = self.fit(("village_admin",), deal.place, self.commands)
        other = self.fit(("service_centre",), deal.place, self.commands)
        if by is None or other is None or not self.bring(deal, "minutes"):
            return False
        name = f"示例大会{self.commands}"
        payload = self.meeting(name, deal.place, deal.id, deal.papers["minutes"])
        at = self.foreseen("", lambda: self.world.says("meeting.record.v1", payload, by.name, nature="fact"))
        self.check_paper(
            self.remember(Paper("meeting", name, deal.place, at, {1: payload["notified_on"]}), by), other
        )
        deal.papers["decision"] = payload["meeting"]
        return True

    def bring_notice(self, deal: Deal) -> bool:
        """Posted, run, taken down: eleven days later."""
        by = self.fit(("village_admin", "service_centre"), deal.place, self.commands)
        if by is None:
            return False
        name = f"示例处置公示{self.commands}"
        payload = self.notice(name, deal.place, deal.id)
        at = self.foreseen("", lambda: self.world.says("notice.post.v1", payload, by.name))
        paper = Paper("notice", name, deal.place, at, {1: payload["board"]}, until=payload["until"])
        self.papers.append(paper)
        self.days += 11
        if not self.bring(deal, "notice_proof"):
            return False
        closing = self.closing(paper, deal.papers["notice_proof"])
        self.foreseen("", lambda: self.world.says("notice.close.v1", closing, by.name))
        paper.closed, paper.streams = True, paper.streams + 1
        deal.papers["notice"] = paper.id
        return True

    def ready(self, deal: Deal, step: str) -> bool:
        """Whether everything that the step rests on is there."""
        there = deal.papers
        if step == "decide":
            return "decision" in there or self.bring_decision(deal)
        if step == "approve":
            kinds = ("approval", *APPROVAL_PAPERS[deal.method])
            worth = {"appraisal": {"amount_fen": max(deal.thing.fen, 3 * WAN)}}
            papers = all(one in there or self.bring(deal, one, **worth.get(one, {})) for one in kinds)
            return papers and ("notice" in there or self.bring_notice(deal))
        if step == "settle":
            return all(self.bring(deal, one) for one in self.settling(deal))
        return step != "derecognise" or "voucher" in there or self.bring(deal, "voucher")

    @staticmethod
    def settling(deal: Deal) -> list[str]:
        return [one[0] for one in papers_to_settle(deal.thing.owner_type, deal.method, 3 * WAN)]

    # --- what is signed ---

    @staticmethod
    def about(deal: Deal, **more: Any) -> Json:
        return {"disposal": deal.id, "name": deal.name} | more

    def said(self, deal: Deal, step: str, nature: str) -> Json:
        late = {"evidence": "copy", "late_reason": "" if nature == "act" else "补登"}
        there, fen = deal.papers, max(deal.thing.fen, 3 * WAN)
        entry = {"leaf": deal.leaf, "position": deal.position}
        by_meeting = deal.way.decision == "meeting"
        match step:
            case "decide":
                basis = there.get("decision", "")
                rests = {"document": "" if by_meeting else basis, "meeting": basis if by_meeting else ""}
                return self.about(deal, **rests, resolution=1 if by_meeting else None, **entry, **late)
            case "approve":
                papers = [there[one] for one in APPROVAL_PAPERS[deal.method] if one in there]
                given = {"approval": there.get("approval", ""), "notice": there.get("notice", "")}
                return self.about(deal, documents=papers, **given, level=self.level(deal), **entry, **late)
            case "settle":
                papers = [there[one] for one in self.settling(deal) if one in there]
                money = {
                    "deal_fen": fen,
                    "received_fen": fen,
                    "allocated_fen": WAN,
                    "retained_fen": fen - WAN,
                }
                return self.about(
                    deal, account=deal.way.account, counterparty=None, documents=papers, **money, **late
                )
            case _:
                part = {"amount_fen": None, "asset": deal.thing.id}
                return self.about(
                    deal, parts=[part], voucher=there.get("voucher") or new_id("document", "没有")
                )

    # --- steps ---

    def propose_disposal(self, which: int, who: int, odd: int) -> None:
        free = [one for one in self.assets if self.disposal_of(one) is None and not one.gone]
        free = [one for one in free if one.registered and min([one.fen, *one.days.values()]) >= 0]
        if not free:
            return
        thing = free[which % len(free)]
        nature = "fact" if which % 5 == 0 else "act"
        method = ("transfer", "transfer", "scrap", "donate", "lease")[who % 5]
        number = str(self.commands)
        expires = self.in_days(60) if nature == "act" else ""
        deal = Deal(number, thing, method, -1, "", expires, {1: "设备老化"})
        roles = MAY["propose"] if nature == "act" else ENTERERS
        wanted = deal.way.propose if nature == "act" else ("recorder",)
        by = self.somebody(who, *wanted, place=thing.place)
        code = by.may(*roles) or ("" if by.over(thing.place) else "outside_area")
        if nature == "act":
            code = code or ("" if by.role in deal.way.propose else "wrong_hand")
            code = code or ("" if odd else "wrong_disposal_term") or self.unfit(thing)
        payload = {
            "assets": [thing.id],
            "disposal": deal.id,
            "evidence": "copy",
            "expected_fen": 3 * WAN,
            "expires_on": expires if odd or nature == "fact" else "",
            "ground": "obsolete",
            "land_house_vehicle": False,
            "late_reason": "" if nature == "act" else "补登",
            "method": method,
            "months": 120 if method == "lease" else None,
            "name": deal.name,
            "number": "",
            "owner_type": thing.owner_type,
            "project": "",
            "reason": "设备老化",
        }
        at = self.foreseen(
            code, lambda: self.world.says("disposal.propose.v1", payload, by.name, nature=nature), 2
        )
        if at >= 0:
            deal.position, deal.leaf = at, self.world.entry(at).leaf
            thing.deal = deal
            thing.streams += 1
            self.deals.append(deal)
            self.did(deal, "propose", nature, by, at)

    def did(self, deal: Deal, step: str, nature: str, by: Somebody, at: int) -> None:
        deal.done[step] = Did(nature, by.name)
        if nature != "act":
            deal.facts.append(Made(by.name, at))
            deal.handled = ""

    def dispose(self, which: int, who: int, odd: int) -> None:
        """The next thing that a disposal lacks."""
        open_ones = [one for one in self.deals if not one.ended]
        pool = open_ones if open_ones and who % 10 else self.deals
        if not pool:
            return
        # The oldest first, mostly: it is to arrive.
        deal = pool[0] if which % 3 else pool[which % len(pool)]
        unchecked = [one for one in deal.facts if not one.checked]
        if unchecked and odd:
            self.check_fact(deal, unchecked[0], who)
        elif (
            not deal.is_act("settle") and "settle" in deal.done and deal.is_act("decide") and not deal.handled
        ):
            self.handle(deal, who, odd)
        else:
            waiting = [one for one in deal.path if not deal.is_act(one) and one != "propose"]
            lent = {"approve", "settle"} if deal.handled == "confirmed" else set()
            step = next((one for one in waiting if one not in lent), "derecognise")
            often = 2 if step == "settle" else 7  # struck first, papers later
            fact = which % often == 0 and step != "derecognise" and step not in deal.done
            self.take_step(deal, step, "fact" if fact else "act", who, odd)

    def check_fact(self, deal: Deal, made: Made, who: int) -> None:
        by = self.somebody(who, "service_centre", place=deal.place)
        code = by.may("service_centre") or ("" if by.over(deal.place) else "outside_area")
        code = code or ("same_person" if made.by == by.name else "")
        if self.foreseen(code, lambda: self.world.endorse(made.position, "checks", by.name)) >= 0:
            made.checked = True
            deal.streams += 1

    def take_step(self, deal: Deal, step: str, nature: str, who: int, odd: int) -> None:
        by = self.hand(deal, step, who) if nature == "act" else self.fit(("recorder",), deal.place, who)
        if odd == 1 or by is None:
            by = self.somebody(who)
        code = self.why_not(deal, step, nature, by)
        if step == "derecognise" and deal.method == "lease":
            code = by.may(*MAY[step]) or ("" if by.over(deal.place) else "outside_area") or "step_not_on_path"
        elif not code and not self.ready(deal, step):
            return
        code = code or self.why_not(deal, step, nature, by)  # days may have passed meanwhile
        payload = self.said(deal, step, nature)
        if not odd and not code and nature == "act":
            payload, code = self.spoiled(payload, step)
        mine = deal.thing.deal is deal
        size = 1 + (nature == "act" and not mine)
        size += step == "derecognise" or (step == "settle" and nature == "act" and deal.method == "lease")
        name = f"disposal.{step}.v1"
        at = self.foreseen(code, lambda: self.world.says(name, payload, by.name, nature=nature), size)
        if at < 0:
            return
        deal.streams += 1
        if nature == "act":
            deal.thing.deal = deal
        self.did(deal, step, nature, by, at)
        if step == "derecognise":
            deal.ended, deal.thing.deal, deal.thing.gone, deal.thing.fen = "derecognised", None, True, 0
        elif step == "settle" and nature == "act" and deal.method == "lease":
            deal.ended, deal.thing.deal = "settled", None

    @staticmethod
    def spoiled(payload: Json, step: str) -> tuple[Json, str]:
        """One thing is wrong."""
        match step:
            case "decide":
                return payload | {"leaf": "0" * 64}, "wrong_entry"
            case "approve":
                return payload | {"approval": ""}, "document_missing"
            case "settle":
                return payload | {"allocated_fen": 2 * WAN}, "proceeds_differ"
            case _:
                return payload | {
                    "parts": [{"amount_fen": 0, **payload["parts"][0]} | {"amount_fen": 0}]
                }, "part_of_nothing"

    def handle(self, deal: Deal, who: int, odd: int) -> None:
        """Whoever was competent says what becomes of a deal that was struck outside."""
        by = self.hand(deal, "handle", who)
        if by is None or not self.bring(deal, "approval", "handling"):
            return
        outcome = "confirmed" if odd else "rectify"
        code = "step_done" if deal.ended else ""
        code = code or ("" if all(one.checked for one in deal.facts) else "disposal_not_checked")
        payload = self.about(
            deal, approval=deal.papers["handling"], level=self.level(deal), outcome=outcome, reason="集体研究"
        )
        ends = outcome == "rectify" or deal.method == "lease"
        size = 2 if ends and deal.thing.deal is deal else 1
        if self.foreseen(code, lambda: self.world.says("disposal.handle.v1", payload, by.name), size) >= 0:
            deal.streams += 1
            deal.handled = outcome
            if ends:
                self.end(deal, "rectify" if outcome == "rectify" else "settled")

    @staticmethod
    def end(deal: Deal, how: str) -> None:
        deal.ended = how
        if deal.thing.deal is deal:
            deal.thing.deal = None

    def withdraw_disposal(self, which: int, who: int, odd: int) -> None:
        if not self.deals:
            return
        deal = self.under_way(which, who)
        by = self.staff[deal.done["propose"].by] if odd % 2 else self.somebody(who, *MAY["withdraw"])
        code = by.may(*MAY["withdraw"]) or ("" if by.over(deal.place) else "outside_area")
        code = code or ("step_done" if deal.ended else "")
        code = code or ("" if by.name == deal.done["propose"].by else "not_proposer")
        past = deal.done.keys() & {"approve", "settle"} or deal.handled
        self.give_up(deal, "withdraw", by, code or ("step_done" if past else ""))

    def under_way(self, which: int, who: int) -> Deal:
        """Mostly one that has not ended; now and then any."""
        open_ones = [one for one in self.deals if not one.ended]
        pool = open_ones if open_ones and who % 10 else self.deals
        return pool[which % len(pool)]

    def reject_disposal(self, which: int, who: int, _odd: int) -> None:
        if not self.deals:
            return
        deal = self.under_way(which, who)
        by = self.somebody(who, *deal.way.decide, place=deal.place)
        code = by.may(*MAY["reject"]) or ("" if by.over(deal.place) else "outside_area")
        hands = {*deal.way.decide, *(MAY["approve"] if deal.way.county else ())}
        code = code or ("step_done" if deal.ended else "" if by.role in hands else "wrong_hand")
        code = code or ("same_hand" if by.name == deal.done["propose"].by else "")
        self.give_up(deal, "reject", by, code or ("step_done" if "settle" in deal.done else ""))

    def give_up(self, deal: Deal, step: str, by: Somebody, code: str) -> None:
        size = 2 if deal.thing.deal is deal else 1
        payload = self.about(deal, reason="另议")
        if self.foreseen(code, lambda: self.world.says(f"disposal.{step}.v1", payload, by.name), size) >= 0:
            deal.streams += 1
            self.end(deal, {"withdraw": "withdrawn", "reject": "rejected"}[step])

    def mend_disposal(self, which: int, who: int, odd: int) -> None:
        if not self.deals:
            return
        facts = [one for one in self.deals if one.done["propose"].nature != "act"]
        pool = facts if facts and odd > 1 else self.deals
        deal = pool[which % len(pool)]
        by = self.somebody(who, *ENTERERS, place=deal.place)
        refused = "not_correctable" if deal.done["propose"].nature == "act" else ""
        before = deal.handled
        self.propose_mending(deal, f"老化 {self.commands}", by, odd, refused)
        assert deal.handled == before

    # --- in the end ---

    def disposals_equal_model(self) -> None:
        """The rows of the disposals are what the steps came to."""
        with self.world.desk.projections.connect() as connection:
            rows = connection.execute(select(disposal)).mappings().all()
        assert {row["id"]: (row["ending"], row["checked"], row["reason"]) for row in rows} == {
            one.id: (one.ended, all(made.checked for made in one.facts), one.scales[max(one.scales)])
            for one in self.deals
        }
