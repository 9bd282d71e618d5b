"""Papers, meetings and public notices on random days: filed, held, posted, checked, corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.values import days_after
from tests.support.logbook import new_id
from tests.support.world import AREAS, area
from tests.world.office import Json, Made, Office, Proposed, Somebody

FILERS = ("village_admin", "recorder", "service_centre", "collective", "finance", "township", "county")
HOLDERS = ("village_admin", "recorder", "service_centre", "collective")
CHECKERS = ("service_centre", "township")
CORRECTORS = ("village_admin", "recorder", "service_centre")
LABELS = {
    "asset": "坐落地点",
    "disposal": "原因",
    "document": "页数",
    "meeting": "通知日期",
    "notice": "公示地点",
    "obligation": "用途、来源",
}
FIELDS = {
    "asset": "location",
    "disposal": "reason",
    "document": "pages",
    "meeting": "notified_on",
    "notice": "board",
    "obligation": "purpose",
}
STEPS = {
    "file_paper": 2,
    "check_filed": 2,
    "hold_meeting": 1,
    "check_meeting": 1,
    "post_notice": 2,
    "close_notice": 2,
    "mend": 7,
}


@dataclass
class Paper:
    """A document, a meeting or a notice as the machine knows it. `scales` is the field that is corrected, by version."""

    noun: str
    name: str
    place: str
    position: int
    scales: dict[int, Any]
    entries: list[Made] = field(default_factory=list)
    menders: set[str] = field(default_factory=set)  # whoever proposed to correct it
    streams: int = 1
    until: str = ""
    closed: bool = False
    subject: str = ""

    @property
    def id(self) -> str:
        return new_id(self.noun, self.name)


class PaperDays(Office):
    """Steps of a machine."""

    papers: list[Paper]

    def begin_papers(self) -> None:
        self.papers = []
        self.file_paper(0, 1, 1)
        self.hold_meeting(0, 1, 1)
        self.post_notice(0, 1, 1)

    def what(self, noun: str, which: int) -> Paper | None:
        found = [one for one in self.papers if one.noun == noun]
        return found[which % len(found)] if found else None

    # --- what is written down ---

    def document(self, name: str, place: str, kind: str, subjects: Sequence[str], **changed: Any) -> Json:
        return {
            "amount_fen": None,
            "areas": [area(place)],
            "document": new_id("document", name),
            "hash": "d" * 64,
            "issued_on": self.today,
            "issuer": "青溪乡人民政府",
            "kind": kind,
            "name": name,
            "number": "",
            "pages": 2,
            "quality": "original",
            "subjects": list(subjects),
        } | changed

    def meeting(self, name: str, place: str, subject: str, minutes: str, **changed: Any) -> Json:
        """A members' assembly as the law asks; it decided for the disposal of the subject."""
        resolution = {
            "abstained": 0,
            "against": 0,
            "agreed": 100,
            "amount_fen": None,
            "matter": "disposal",
            "subject": subject,
            "text": "同意处置",
        }
        return {
            "area_label": AREAS[place][0],
            "areas": [area(place)],
            "authorised": None,
            "body": "members",
            "entitled": 120,
            "evidence": "copy",
            "late_reason": "",
            "meeting": new_id("meeting", name),
            "minutes": minutes,
            "name": name,
            "no_rceo": False,
            "notified_on": self.in_days(-12),
            "party_discussed": True,
            "present": 100,
            "resolutions": [resolution],
        } | changed

    def notice(self, name: str, place: str, subject: str, **changed: Any) -> Json:
        return {
            "areas": [area(place)],
            "board": "村公示栏",
            "evidence": "original",
            "kind": "disposal",
            "late_reason": "",
            "name": name,
            "notice": new_id("notice", name),
            "reviewed": True,
            "subject": subject,
            "text": "拟处置资产一项",
            "until": self.in_days(10),
        } | changed

    # --- steps ---

    def file_paper(self, which: int, who: int, odd: int) -> None:
        place = ("kang", "shan", "town")[which % 3]
        by, name = self.somebody(who, *FILERS, place=place), f"示例照片{self.commands}"
        code = by.may(*FILERS) or ("" if by.over(place) else "outside_area")
        code = code or ("" if odd else "wrong_document_content")
        payload = self.document(name, place, "photo", [], **({} if odd else {"quality": "none"}))
        position = self.foreseen(code, lambda: self.world.says("document.register.v1", payload, by.name))
        if position >= 0:
            self.remember(Paper("document", name, place, position, {1: 2}), by)

    def check_filed(self, which: int, who: int, odd: int) -> None:
        """Another has seen the paper, and that it is of the day that is written down."""
        paper = self.what("document", which)
        if paper is None:
            return
        by, (filed, *_) = self.somebody(who, *CHECKERS, place=paper.place), paper.entries
        entry = self.world.entry(filed.position)
        issued_on = entry.state["issued_on"]
        payload = {
            "document": paper.id,
            "issued_on": issued_on if odd else days_after(issued_on, -1),
            "leaf": entry.leaf,
            "name": paper.name,
            "position": filed.position,
        }
        code = by.may(*CHECKERS) or ("" if by.over(paper.place) else "outside_area")
        code = code or ("" if odd else "label_differs") or ("already_checked" if filed.checked else "")
        code = code or ("same_person" if by.name in {filed.by, *paper.menders} else "")
        if self.foreseen(code, lambda: self.world.says("document.endorse.v1", payload, by.name)) >= 0:
            filed.checked = True
            paper.streams += 1

    def hold_meeting(self, which: int, who: int, odd: int) -> None:
        """A fact: what it did not meet of the law is noted."""
        thing = self.assets[which % len(self.assets)]
        by, name = self.somebody(who, *HOLDERS, place=thing.place), f"示例会议{self.commands}"
        code = by.may(*HOLDERS) or ("" if by.over(thing.place) else "outside_area")
        changed = {} if odd else {"area_label": "别处"}
        payload = self.meeting(name, thing.place, thing.id, "", **changed)
        code = code or ("" if odd else "label_differs")
        position = self.foreseen(
            code, lambda: self.world.says("meeting.record.v1", payload, by.name, nature="fact")
        )
        if position >= 0:
            self.remember(Paper("meeting", name, thing.place, position, {1: payload["notified_on"]}), by)

    def remember(self, paper: Paper, by: Somebody) -> Paper:
        paper.entries.append(Made(by.name, paper.position))
        self.papers.append(paper)
        return paper

    def check_meeting(self, which: int, who: int, _odd: int) -> None:
        paper = self.what("meeting", which)
        if paper is not None:
            by = self.somebody(who, "service_centre", place=paper.place)
            self.check_paper(paper, by)

    def check_paper(self, paper: Paper, by: Somebody) -> None:
        made = paper.entries[-1]
        code = by.may("service_centre") or ("" if by.over(paper.place) else "outside_area")
        code = code or ("already_checked" if made.checked else "")
        code = code or ("same_person" if made.by == by.name else "")
        if self.foreseen(code, lambda: self.world.endorse(made.position, "checks", by.name)) >= 0:
            made.checked = True
            paper.streams += 1

    def post_notice(self, which: int, who: int, odd: int) -> None:
        thing = self.assets[which % len(self.assets)]
        by, name = self.somebody(who, *HOLDERS, place=thing.place), f"示例公示{self.commands}"
        code = by.may(*HOLDERS) or ("" if by.over(thing.place) else "outside_area")
        code = code or ("" if odd else "notice_not_full")
        changed = {} if odd else {"until": self.in_days(9)}
        payload = self.notice(name, thing.place, thing.id, **changed)
        position = self.foreseen(code, lambda: self.world.says("notice.post.v1", payload, by.name))
        if position >= 0:
            paper = Paper("notice", name, thing.place, position, {1: "村公示栏"}, until=payload["until"])
            paper.subject = thing.id
            self.papers.append(paper)

    def close_notice(self, which: int, who: int, odd: int) -> None:
        """As a fact that nobody saw the proof of: recorded whenever it is not closed yet, and checked by another."""
        waiting = [one for one in self.papers if one.noun == "notice" and not one.closed]
        paper = waiting[which % len(waiting)] if waiting and which % 6 else self.what("notice", which)
        if paper is None:
            return
        nature = "fact" if odd % 4 else "act"
        by = self.somebody(who, *HOLDERS, place=paper.place)
        code = by.may(*HOLDERS) or ("" if by.over(paper.place) else "outside_area")
        code = code or ("notice_closed" if paper.closed else "")
        if not code and nature == "act":
            code = "notice_not_over" if self.today <= paper.until else "document_missing"
        payload = self.closing(paper, "", late_reason="补登" if nature == "fact" else "")
        position = self.foreseen(
            code, lambda: self.world.says("notice.close.v1", payload, by.name, nature=nature)
        )
        if position < 0:
            return
        paper.closed = True
        paper.streams += 1
        paper.entries.append(Made(by.name, position))
        self.check_paper(paper, self.somebody(who + 1, "service_centre", place=paper.place))

    def closing(self, paper: Paper, proof: str, **changed: Any) -> Json:
        return {
            "answered": 0,
            "evidence": "original",
            "late_reason": "",
            "name": paper.name,
            "notice": paper.id,
            "objections": 0,
            "outcome": "无异议",
            "proof": proof,
        } | changed

    # --- corrections: one mechanism, whatever the noun ---

    def mend(self, which: int, who: int, odd: int) -> None:
        pools: dict[str, list[Any]] = {}
        for thing in (*self.papers, *self.assets, *self.owed):
            pools.setdefault(thing.id.partition("_")[0], []).append(thing)
        # First of which noun, so that those of which there are few have their turn.
        which, noun = divmod(which, len(pools))
        pool = list(pools.values())[noun]
        one = pool[which % len(pool)]
        now = {"document": self.commands + 3, "meeting": days_after("2020-01-01", self.commands)}
        by = self.somebody(who, *CORRECTORS, place=one.place)
        self.propose_mending(
            one, now.get(one.noun, f"更正{self.commands}"), by, odd, self.why_not_mended(one)
        )

    @staticmethod
    def why_not_mended(one: Any) -> str:
        """An asset that was carried below zero on any day stays as it was noted until that is put right."""
        return "carrying_below_zero" if min(getattr(one, "days", {}).values(), default=0) < 0 else ""

    def propose_mending(self, one: Any, now: Any, by: Somebody, odd: int, refused: str = "") -> None:
        code = by.may(*CORRECTORS) or ("" if by.over(one.place) else "outside_area")
        version = max(one.scales)
        was = one.scales[version]
        stated = was if odd else now
        code = code or ("" if odd else "nothing_corrected") or refused
        proposal, noun = new_id("proposal", f"更正{self.commands}"), one.id.partition("_")[0]
        expires = self.in_days(30)
        payload = {
            "changes": [{"field": FIELDS[noun], "now": now, "was": stated}],
            "paper": "",
            "instead": "",
            "instead_name": "",
            "kind": "slip",
            "expires_on": expires,
            "name": one.name,
            noun: one.id,
            "proposal": proposal,
            "reason": "录入笔误",
            "version": version,
        }
        position = self.foreseen(code, lambda: self.world.says(f"{noun}.correct.v1", payload, by.name), 2)
        if position >= 0:
            one.streams += 1
            if isinstance(one, Paper):
                one.menders.add(by.name)
            label = f"更正（笔误）：{LABELS[noun]}"
            need = [("checks", "service_centre")]
            made = Proposed(
                "correct", one, [by.name], need, label, proposal, expires, corrects=version, now=now
            )
            self.proposals[position] = made
