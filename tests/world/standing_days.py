"""What changes seldom, on random days: villages under other names, deputies, load sessions, and names that are forgotten.

Each step is a small story of its own, of a village or a debt that nothing else on these days has to do with; the last
command of it is refused where it is done wrongly.
"""

from __future__ import annotations

from typing import Any

from domain.post import called
from tests.support.households import CONFIRM, ORDER, TWO, confirmation, order, owed, repaid
from tests.support.logbook import new_id
from tests.support.world import area, post
from tests.world.office import Listed, Office, Somebody

STEPS = {"rename": 2, "deputise": 2, "load": 2, "forget": 2}
NOTHING = {books: {"count": 0, "total_fen": 0} for books in ("assets", "obligations", "projects")}
DECREE = {"document": "示例府发〔2026〕3号"}


class StandingDays(Office):
    """Steps of a machine."""

    def begin_standing(self) -> None:
        """The county keeps names for ten years."""
        ten = {"document": "示例县办〔2026〕3号", "effective_on": self.today, "name": "names_years"}
        parameter = {"parameter": new_id("parameter", "names"), "value": 10}
        self.world.accepted("parameter.set.v1", ten | parameter, self.registrar().name)

    def does(self, code: str, command: str, payload: dict[str, Any], *by: str, **header: Any) -> int:
        """As `foreseen`, of a command with as many entries as it has."""
        before = self.world.desk.log.size
        answer = self.world.says(command, payload, *by, **header)
        return self._told(code, before, answer)

    def _told(self, code: str, before: int, answer: Any) -> int:
        type(self).commands += 1
        if answer.code:
            type(self).tally[f"refused {answer.code}"] += 1
        assert answer.code == code, f"foreseen {code or 'accepted'}, got {answer.code} {answer.message}"
        assert self.world.desk.log.size == before + answer.n
        self.identities.hold()
        return before if answer.ok else -1

    def good(self, *names: str) -> bool:
        return not any(self.staff[name].ended or self.staff[name].closed for name in names)

    def village(self) -> str:
        """A new village of the town, in which nothing lies."""
        name = f"示例新村{self.commands}"
        payload = {"area": area(name), "division_code": "", "kind": "village", "name": name}
        self.does("", "area.register.v1", payload | {"parent": area("town")}, self.registrar().name)
        return name

    # --- the steps ---

    def rename(self, _which: int, _who: int, odd: int) -> None:
        """An alias, another name, and in the end 康家村 takes its place: which needs a registrar."""
        by, name = self.registrar().name, self.village()
        new, of = f"{name}社区", {"area": area(name)}
        self.does("", "area.alias.v1", of | {"alias": f"{name}大队", "name": name}, by)
        self.does("", "area.rename.v1", of | DECREE | {"name": name, "new_name": new}, by)
        into = {"how": "merged", "label": "康家村", "name": new, "successors": [area("kang")]}
        if odd == 0 and self.good("recorder"):
            self.does("role_not_allowed", "area.succeed.v1", of | DECREE | into, "recorder")
        self.does("", "area.succeed.v1", of | DECREE | into, by)
        self.does(
            "area_succeeded", "area.rename.v1", of | DECREE | {"name": new, "new_name": f"{name}屯"}, by
        )

    def deputise(self, _which: int, _who: int, odd: int) -> None:
        """Somebody new stands in for the clerk of 康家村, lists a project, and no longer may."""
        if not self.good("kang"):
            return
        by, name = self.registrar().name, f"示例代理{self.commands}"
        self.world.employ(name, "recorder", "centre", ("town", "source"), by)
        type(self).commands += 3
        self.staff[name] = Somebody(name, "recorder", ("town", "source"))
        own = {"post": post(name), "title": f"示例岗位 {name}"}
        term = {"until": "2099-12-31", "valid_from": "2026-01-01"}
        self.does("", "post.set_term.v1", own | DECREE | term, by)
        person = new_id("person", name)
        label = called(self.world.desk.ledger.directory, person)
        deputy = {"deputy": person, "deputy_label": label, "post": post("kang"), "title": "示例岗位 kang"}
        days = {"ground": "外出学习", "until": self.in_days(60), "valid_from": self.today}
        self.does("", "post.deputise.v1", deputy | DECREE | days, by)
        signers = [self.world.desk.capacity(self.world.keys[name].key_id, post("kang"))]
        project = self.new_name()
        payload = self.world.project(project)
        at = self.does("", "project.list.v1", payload, name, nature="fact", signers=signers)
        self.projects.append(Listed(project, "kang", name, at))
        if odd % 2 == 0:
            self.does("", "post.end_deputy.v1", deputy | {"reason": "学习结束"}, by)
            again = self.world.project(self.new_name())
            self.does("capacity_not_held", "project.list.v1", again, name, nature="fact", signers=signers)

    def load(self, _which: int, _who: int, odd: int) -> None:
        """The books of a new village are opened and closed by two: nothing was stated, nothing is there."""
        if not self.good("centre", "township"):
            return
        name = self.village()
        session = {"load": new_id("load", name), "name": f"{name}清产核资"}
        within = {"expires_on": self.in_days(30)}
        opening = {
            "area_label": name,
            "areas": [area(name)],
            "cut_over_on": "2026-06-30",
            "population": NOTHING,
        }
        proposal = {"proposal": new_id("proposal", f"{name}开立")}
        self._approved(self.does("", "load.open.v1", session | within | opening | proposal, "centre"))
        if odd == 1:
            again = {one: new_id(one, f"{name}又一场") for one in ("load", "proposal")}
            self.does("session_overlaps", "load.open.v1", session | within | opening | again, "centre")
        closing = {"explanation": "", "loaded": NOTHING, "proposal": new_id("proposal", f"{name}封账")}
        if odd == 2:
            more = closing | {
                "explanation": "示例",
                "loaded": NOTHING | {"projects": {"count": 1, "total_fen": 0}},
            }
            self.does("loaded_differs", "load.close.v1", session | within | more, "centre")
        at = self.does("", "load.close.v1", session | within | closing, "centre")
        if odd == 0:
            twice = closing | {"proposal": new_id("proposal", f"{name}再封账")}
            self.does("wrong_phase", "load.close.v1", session | within | twice, "centre")
        self._approved(at)

    def _approved(self, at: int) -> None:
        before = self.world.desk.log.size
        self._told("", before, self.world.endorse(at, "approves", "township"))

    def forget(self, _which: int, _who: int, odd: int) -> None:
        """Whose a debt of long ago was is erased by two, and its copy too."""
        if not self.good("kang", "county", *TWO):
            return
        number = f"旧{self.commands}"
        debt = repaid(self.world, owed(self.world, number, f"示例旧户{number}"))
        type(self).commands += 2
        self.forgotten.add(debt.id)
        if odd == 0:
            self.does("two_roles_needed", ORDER, order(debt, name=number), TWO[0])
        elif odd == 1:
            elsewhere = {"copies": [{"medium": "异地备份", "post": post("shan")}]}
            self.does("wrong_copy", ORDER, order(debt, name=number, **elsewhere), *TWO)
        self.does("", ORDER, order(debt, name=number), *TWO)
        assert self.world.desk.vault.kept(debt.commitments) == set()
        self.does("", CONFIRM, confirmation(number), "county")
