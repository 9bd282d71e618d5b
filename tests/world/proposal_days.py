"""How what waits for signatures is signed or withdrawn on random days, whatever it is about."""

from __future__ import annotations

from tests.world.office import Proposed, Somebody
from tests.world.paper_days import PaperDays

STEPS = {"sign": 12, "withdraw": 2}


class ProposalDays(PaperDays):
    """Steps of a machine."""

    def sign(self, which: int, who: int, odd: int) -> None:
        """The next signature of a proposal, by whom it needs or by anybody; the last one completes it."""
        positions = sorted(self.proposals)
        waiting = [at for at in positions if self.proposals[at].is_open(self.today)]
        pool = waiting if waiting and which % 6 else positions
        position = pool[which // 6 % len(pool)]
        made = self.proposals[position]
        capacity, role = made.needs[min(made.signed, len(made.needs) - 1)]
        by = self.somebody(who if odd else who * 8, role, place=made.project.place)
        said = capacity if odd != 1 else "approves"
        code = by.may("service_centre", "township") or ("" if by.over(made.project.place) else "outside_area")
        code = code or self.why_not_signed(made, position, by, said, (capacity, role))
        last = made.signed + 1 == len(made.needs)
        size = 2 if last else 1
        if self.foreseen(code, lambda: self.world.endorse(position, said, by.name), size) < 0:
            return
        made.signed += 1
        made.by.append(by.name)
        if last:
            one = made.project
            one.streams += 1
            if made.kind == "ownership":
                one.registered, one.open_class = True, -1
            elif made.kind == "class":
                one.class_, one.open_class = made.class_, -1
            else:
                del one.scales[made.corrects]
                one.scales[one.streams] = made.now

    def why_not_signed(
        self, made: Proposed, position: int, by: Somebody, said: str, need: tuple[str, str]
    ) -> str:
        one, (capacity, role) = made.project, need
        if not made.is_open(self.today):
            return "proposal_closed"
        if made.kind != "correct" and one.open_class != position:
            return "proposal_closed"
        if said != capacity or by.role != role:
            return "wrong_capacity"
        if by.name in made.by:
            return "same_person"
        if any(self.staff[name].ended for name in made.by):
            return "key_not_good"
        if made.signed + 1 < len(made.needs):
            return ""
        if made.kind == "ownership":
            if one.gone:
                return "asset_gone"
            return "not_checked" if not one.checked else "ownership_disputed" if one.disputed else ""
        if made.kind == "class":
            return "" if self.is_checked(one) else "not_checked"
        return self.why_not_mended(one) if made.corrects in one.scales else "nothing_corrected"

    def withdraw(self, which: int, who: int, odd: int) -> None:
        positions = sorted(self.proposals)
        made = self.proposals[positions[which % len(positions)]]
        roles = ("village_admin", "service_centre", "recorder")
        by = self.somebody(who, *roles) if not odd else self.staff[made.by[0]]
        code = by.may(*roles)
        if not code and by.name != made.by[0]:
            code = "not_proposer" if by.over(made.project.place) else "outside_area"
        if not code and not made.is_open(self.today):
            code = "proposal_closed"
        payload = {"label": made.label, "proposal": made.id, "reason": "另议"}
        if self.foreseen(code, lambda: self.world.says("proposal.withdraw.v1", payload, by.name)) >= 0:
            made.withdrawn = True
