"""What the people of 青溪乡 do with assets and obligations on random days: the steps of tests/world/test_machine.py.

As there, each step foresees its answer from a small model, and the registers must equal the model in the end.
"""

from __future__ import annotations

import json
from typing import Any

from api.desk import Answer
from projections.nouns import NOUNS
from projections.register import register
from tests.domain import estate
from tests.support.logbook import new_id
from tests.support.world import AREAS, area
from tests.world.office import Made, Office, Proposed, Somebody, Thing

Json = dict[str, Any]
STEPS = {
    "open_asset": 3,
    "book": 4,
    "report": 4,
    "own": 4,
    "share": 2,
    "owe": 3,
    "repay": 4,
    "demand": 3,
    "confirm": 2,
    "check_entry": 8,
}
ENTERERS = ("village_admin", "recorder", "service_centre")
ACTORS = ("village_admin", "service_centre")


class EstateDays(Office):
    """Steps of a machine."""

    def begin_estate(self) -> None:
        """A morning that was always the same."""
        self.open_asset(0, 1, 1)
        self.open_asset(2, 9, 1)
        self.owe(0, 1, 1)
        self.check_entry(0, 1, 1)
        self.check_entry(2, 1, 1)
        self.own(0, 1, 1)

    def estate_equals_model(self) -> None:
        """The registers, by their own sums, are what the steps came to."""
        projections = self.world.desk.projections
        assets = register(projections, NOUNS["asset"], limit=100_000).rows
        shown = ("name", "checked", "carrying_fen", "registered")
        assert {row["id"]: tuple(row[name] for name in shown) for row in assets} == {
            one.id: (one.name, one.checked, one.fen, one.registered) for one in self.assets
        }
        owed = register(projections, NOUNS["obligation"], limit=100_000).rows
        shown = ("name", "checked", "outstanding_fen", "confirmed")
        told = (row for row in owed if row["id"] not in self.forgotten)
        assert {row["id"]: tuple(row[name] for name in shown) for row in told} == {
            one.id: (one.name, one.checked, one.fen, one.confirmed == {"creditor", "debtor"})
            for one in self.owed
        }

    # --- what a step is made of ---

    def enter(self, thing: Thing, command: str, payload: Json, by: Somebody, nature: str, code: str) -> bool:
        """Another entry about a thing, with the answer that its own rules give."""
        roles = ACTORS if nature == "act" else ENTERERS
        code = by.may(*roles) or ("" if by.over(thing.place) else "outside_area") or code
        position = self.foreseen(code, lambda: self.says(command, payload, by, nature))
        if position >= 0:
            thing.streams += 1
            thing.entries.append(Made(by.name, position))
        return position >= 0

    def says(self, command: str, payload: Json, by: Somebody, nature: str) -> Answer:
        # The domain's payloads name a commitment that nothing opens; at a desk people write the name.
        payload = json.loads(
            json.dumps(payload).replace(estate.COMMITTED, json.dumps(estate.HOUSEHOLD)[1:-1])
        )
        return self.world.says(command, payload, by.name, nature=nature)

    def begin(self, thing: Thing, command: str, payload: Json, by: Somebody, nature: str, code: str) -> bool:
        thing.streams = 0
        return self.enter(thing, command, payload, by, nature, code)

    @staticmethod
    def of(things: list[Thing], which: int) -> Thing:
        return things[which % len(things)]

    def where(self, place: str) -> Json:
        return {"areas": [area(place)], "area_label": AREAS[place][0]}

    # --- assets ---

    def open_asset(self, which: int, who: int, odd: int) -> None:
        place = ("kang", "shan", "town")[which % 3]
        by = self.somebody(who, *ENTERERS, place=place)
        thing = Thing("asset", f"示例资产{self.commands}", place, 40 * estate.WAN)
        shares = [estate.share(5_000), estate.share(5_000 if odd else 4_999)]
        owners = {"owner_type": "collective_village", "shares": shares}
        payload = estate.opening_of(thing.name, booked_on="2017-01-10", asset=thing.id, **owners)
        payload |= self.where(place)
        if self.begin(thing, "asset.open.v1", payload, by, "opening", "" if odd else "shares_differ"):
            self.assets.append(thing)

    def book(self, which: int, who: int, odd: int) -> None:
        one, nature = self.of(self.assets, which), ("act", "fact")[who % 2]
        by = self.somebody(who, *ACTORS, place=one.place)
        kind = ("additions", "depreciation", "depreciation")[odd % 3]
        fen = (which % 30 + 1) * estate.WAN
        after = one.fen + (fen if kind == "additions" else -fen)
        code = ""
        if nature == "act":  # a fact is recorded with the rule noted
            below = min([after, *(left for day, left in one.days.items() if day != self.today)]) < 0
            code = "carrying_below_zero" if below else ""
            code = code if one.checked else "not_checked"
        code = "asset_gone" if one.gone else code
        payload = estate.booking(kind, fen, one.name, asset=one.id, accepted_on="2017-01-10")
        if self.enter(one, "asset.book.v1", payload, by, nature, code):
            one.fen = one.days[self.today] = after

    def report(self, which: int, who: int, odd: int) -> None:
        one, nature = self.of(self.assets, which), ("act", "fact")[who % 2]
        by = self.somebody(who, *ACTORS, place=one.place)
        name = one.name if odd else "另一资产"
        code = "asset_gone" if one.gone else "not_checked" if nature == "act" and not one.checked else ""
        code = code if odd else "label_differs"
        disputed = (True, False, None)[which % 3]
        payload = estate.report("idle", name, asset=one.id, disputed=disputed)
        if self.enter(one, "asset.report_condition.v1", payload, by, nature, code) and disputed is not None:
            one.disputed = disputed

    def own(self, which: int, who: int, odd: int) -> None:
        """The registration of ownership is proposed; the township seals it by the step `sign`."""
        ours = [one for one in self.assets if one.owner_type == "collective_village"]
        checked = [one for one in ours if one.checked]
        one = self.of(checked, which) if checked and odd else self.of(ours, which)
        by = self.somebody(who, "village_admin", place=one.place)
        proposal = new_id("proposal", f"确权{self.commands}")
        days = {"notice_from": "2020-01-01", "notice_to": "2020-01-31", "decided_on": "2020-02-01"}
        days["expires_on"] = self.world.opinion()["expires_on"]
        payload = estate.title_of(one.name, asset=one.id, **days) | {"proposal": proposal}
        waiting = self.proposals.get(one.open_class)
        code = by.may(*ACTORS) or ("" if by.over(one.place) else "outside_area")
        code = code or ("asset_gone" if one.gone else "" if one.checked else "not_checked")
        code = code or ("ownership_proposed" if waiting is not None and waiting.is_open(self.today) else "")
        code = code or ("ownership_disputed" if one.disputed else "")
        position = self.foreseen(
            code, lambda: self.says("asset.register_ownership.v1", payload, by, "act"), 2
        )
        if position >= 0:
            one.streams += 1
            one.open_class = position
            self.proposals[position] = Proposed(
                "ownership",
                one,
                [by.name],
                [("seals", "township")],
                "确权登记：村集体",
                proposal,
                payload["expires_on"],
            )

    def share(self, which: int, who: int, odd: int) -> None:
        """The shares of an asset that is not registered yet."""
        free = [one for one in self.assets if not one.registered]
        one, nature = self.of(free if free and odd else self.assets, which), ("act", "fact")[who % 2]
        by = self.somebody(who, *ACTORS, place=one.place)
        code = "asset_gone" if one.gone else "not_checked" if nature == "act" and not one.checked else ""
        code = code or ("already_registered" if one.registered else "")
        payload = estate.shares_of(name=one.name, asset=one.id)
        self.enter(one, "asset.set_shares.v1", payload, by, nature, code)

    # --- obligations ---

    def owe(self, which: int, who: int, odd: int) -> None:
        place = ("kang", "shan", "town")[which % 3]
        nature = ("opening", "fact", "act")[odd % 3]
        by = self.somebody(who, *ACTORS, place=place)
        thing = Thing("obligation", f"示例欠款{self.commands}", place, 10 * estate.WAN)
        paid = (2 if odd else 13) * estate.WAN
        payload = estate.owed(
            thing.name, obligation=thing.id, paid_fen=paid, purpose="土地", **self.where(place)
        )
        thing.scales = {1: "土地"}
        payload |= {} if odd else {"outstanding_fen": None}
        code = "" if odd else "outstanding_below_zero"
        if self.begin(thing, "obligation.register.v1", payload, by, nature, code):
            self.owed.append(thing)

    def repay(self, which: int, who: int, odd: int) -> None:
        one, nature = self.of(self.owed, which), ("act", "fact")[who % 2]
        by = self.somebody(who, *ACTORS, place=one.place)
        fen = min(one.fen, (which % 6 + 1) * estate.WAN) if odd else one.fen + 1
        code = "" if odd else "outstanding_below_zero"
        payload = estate.repayment(fen, one.name, obligation=one.id)
        if self.enter(one, "obligation.repay.v1", payload, by, nature, self.later(one, nature, code)):
            one.fen -= fen

    def demand(self, which: int, who: int, odd: int) -> None:
        one, nature = self.of(self.owed, which), ("act", "fact")[who % 2]
        by = self.somebody(who, *ACTORS, place=one.place)
        payload = estate.demand(one.name, obligation=one.id, receipt="回证" if odd else "")
        code = "demand_not_served" if not odd and nature == "act" else ""
        self.enter(one, "obligation.demand.v1", payload, by, nature, self.later(one, nature, code))

    def confirm(self, which: int, who: int, odd: int) -> None:
        one, nature = self.of(self.owed, which), ("act", "fact")[who % 2]
        by = self.somebody(who, *ACTORS, place=one.place)
        side = ("creditor", "debtor")[which % 2]
        payload = estate.confirmation(side, one.fen if odd else one.fen + 1, one.name, obligation=one.id)
        code = "confirmed_otherwise" if not odd and nature == "act" else ""
        if self.enter(one, "obligation.confirm.v1", payload, by, nature, self.later(one, nature, code)):
            one.confirmed.add(side)

    @staticmethod
    def later(one: Thing, nature: str, code: str) -> str:
        """What is settled is left alone, and an act rests on what is checked; then the command's own rule."""
        if one.fen == 0:
            return "already_settled"
        return "not_checked" if nature == "act" and not one.checked else code

    # --- checks ---

    def check_entry(self, which: int, who: int, odd: int) -> None:
        things = [*self.assets, *self.owed]
        open_ones = [one for one in things if not one.checked]
        one = self.of(open_ones, which) if open_ones and odd else self.of(things, which)
        waiting = [made for made in one.entries if not made.checked]
        made = waiting[0] if waiting and odd else one.entries[-1]
        by = self.somebody(who, "service_centre", place=one.place)
        code = by.may("service_centre") or ("" if by.over(one.place) else "outside_area")
        code = code or ("already_checked" if made.checked else "")
        code = code or ("same_person" if made.by == by.name else "")
        if self.foreseen(code, lambda: self.world.endorse(made.position, "checks", by.name)) >= 0:
            made.checked = True
            one.streams += 1
