"""What the people of 青溪乡 do with projects on random days."""

from __future__ import annotations

from typing import Any

from api.desk import Answer
from tests.support.logbook import new_id
from tests.support.world import project_of
from tests.world.office import Imported, Listed, Office, Proposed

STEPS = {
    "list_project": 4,
    "list_a_number_twice": 1,
    "import_rows": 3,
    "supersede": 3,
    "check_one": 4,
    "check_batch": 3,
    "opine": 5,
    "correct": 4,
}


class ProjectDays(Office):
    """Steps of a machine."""

    def begin_projects(self) -> None:
        self.list_project(0, 1, 1)
        self.import_rows(3, 1, 4)
        self.check_one(0, 1, 1)
        self.check_batch(0, 1, 1)
        self.opine(3, 1, 4)
        self.correct(1, 1, 1)

    # --- facts ---

    def list_project(self, which: int, who: int, odd: int) -> None:
        """A fact is recorded whatever its signer had seen."""
        place = ("kang", "shan", "town", "source")[which % 4]
        roles, name = ("village_admin", "recorder", "service_centre"), self.new_name()
        by = self.somebody(who, *roles, place=place)
        code = by.may("village_admin", "recorder", "service_centre")
        if not code and not by.over(place):
            code = "outside_area"
        payload = self.world.project(name, place=place, number=f"QX-{self.commands}")
        seen = None if odd else {project_of(name): 5}
        position = self.foreseen(
            code, lambda: self.world.says("project.list.v1", payload, by.name, nature="fact", seen=seen)
        )
        if position >= 0:
            self.numbers.add(payload["number"])
            self.projects.append(Listed(name, place, by.name, position))

    def list_a_number_twice(self, which: int, _who: int, _odd: int) -> None:
        number = sorted(self.numbers)[which % len(self.numbers)]
        payload = self.world.project(self.new_name(), place="town", number=number)
        by = self.somebody(1, "recorder")
        code = by.may("recorder", "service_centre", "village_admin")
        code = code or ("taken" if by.over("town") else "outside_area")
        self.foreseen(code, lambda: self.world.says("project.list.v1", payload, by.name, nature="fact"))

    def import_rows(self, which: int, who: int, odd: int) -> None:
        """A batch: what is wrong with a row refuses that row, and the batch when no row is left (BATCH-6)."""
        by = self.somebody(who, "recorder", "village_admin")
        rows = [
            ("new", "taken", "elsewhere", "new")[(which + number * number) % 4] for number in range(odd + 1)
        ]
        bad = by.may("village_admin", "recorder", "service_centre")
        payloads: list[dict[str, Any]] = []
        refused: list[tuple[int, str]] = []
        fresh: dict[int, tuple[str, str, str]] = {}
        home = by.places[0] if by.places else "town"
        for index, kind in enumerate(rows):
            place = home if kind != "elsewhere" else "shan" if home == "kang" else "kang"
            number = f"QX-{self.commands}-{index}" if kind != "taken" else f"QX-{self.commands}-0"
            name = f"{self.new_name()}-{index}"
            payloads.append(self.world.project(name, place=place, number=number, fen=100 * (index + 1)))
            if bad:
                refused.append((index, bad))
            elif not by.over(place):
                refused.append((index, "outside_area"))
            elif number in {known for _, _, known in fresh.values()}:
                refused.append((index, "taken"))
            else:
                fresh[index] = name, place, number
        answers: list[Answer] = []

        def act() -> Answer:
            answers.append(self.world.batch(payloads, by.name))
            return answers[0]

        position = self.foreseen("" if fresh else "nothing_accepted", act, 1 + len(fresh))
        if position < 0:
            told = [(row["index"], row["code"]) for row in (answers[0].detail or {})["rows"]]
            assert told == refused
            return
        assert [(index, code) for index, code, _, _ in answers[0].refused] == refused
        members = {}
        for offset, (index, (name, place, number)) in enumerate(fresh.items(), 1):
            members[index] = Listed(name, place, by.name, position + offset, batch=position, index=index)
            self.projects.append(members[index])
            self.numbers.add(number)
        self.batches[position] = Imported(by.name, len(rows), members)

    def supersede(self, which: int, who: int, odd: int) -> None:
        one = self.one(which)
        by = self.staff[one.enterer] if who % 3 else self.somebody(who, "village_admin", "recorder")
        version = one.version if odd or one.version == 1 else one.version - 1
        code = by.may("village_admin", "recorder", "service_centre")
        if not code and not by.over(one.place):
            code = "outside_area"
        if not code and self.is_checked(one):
            code = "already_checked"
        if not code and version != one.version:
            code = "wrong_entry"
        if not code and by.name != one.enterer:
            code = "not_enterer"
        payload = self.world.project(one.name, place=one.place, scale=f"{self.commands}亩")
        payload |= {"number": self.number_of(one), "reason": "数量有误", "version": version}
        position = self.foreseen(
            code, lambda: self.world.says("project.supersede.v1", payload, by.name, nature="fact")
        )
        if position >= 0:
            one.scales.pop(one.version, None)
            one.streams += 1
            one.position, one.version, one.batch = position, one.streams, -1
            one.scales[one.version] = payload["scale"]

    def number_of(self, one: Listed) -> str:
        state = self.world.entry(one.position).state
        return str(state["number"])

    # --- checks ---

    def check_one(self, which: int, who: int, odd: int) -> None:
        one = self.one(which)
        by = self.somebody(who, "service_centre", place=one.place)
        entry = self.world.entry(one.position)
        payload = {
            "leaf": entry.leaf,
            "name": one.name,
            "position": one.position,
            "project": project_of(one.name),
            "version": one.version,
        }
        code = by.may("service_centre") or ("" if by.over(one.place) else "outside_area")
        if not code and not odd:
            code = "subject_moved"
        if not code and self.is_checked(one):
            code = "already_checked"
        if not code and by.name == one.enterer:
            code = "same_person"
        seen = None if odd else {project_of(one.name): 0}
        if (
            self.foreseen(code, lambda: self.world.says("project.endorse.v1", payload, by.name, seen=seen))
            >= 0
        ):
            one.checked = True
            one.streams += 1

    def check_batch(self, which: int, who: int, odd: int) -> None:
        position = sorted(self.batches)[which % len(self.batches)]
        batch, by = self.batches[position], self.somebody(who, "service_centre")
        excepted = sorted(batch.members)[: odd % 2] if odd else [batch.rows]
        code = by.may("service_centre")
        if not code and not all(by.over(place) for place in self.staff[batch.enterer].places):
            code = "outside_area"
        if not code and batch.checked:
            code = "already_checked"
        if not code and by.name == batch.enterer:
            code = "same_person"
        if not code and excepted and excepted[0] not in batch.members:
            code = "wrong_exception"
        rows = [(index, "与原件不符") for index in excepted]
        if self.foreseen(code, lambda: self.world.endorse(position, "checks", by.name, rows)) >= 0:
            batch.checked = True
            for index in excepted:
                batch.members.pop(index).batch = -1

    # --- proposals ---

    def opine(self, which: int, who: int, odd: int) -> None:
        class_ = ("idle", "weak", "advantaged", "eliminated")[odd % 4]
        checked = [one for one in self.projects if self.is_checked(one)]
        one = checked[which % len(checked)] if checked and which % 4 else self.one(which)
        by = self.somebody(who, "village_admin", place=one.place)
        code = by.may("village_admin", "service_centre")
        if not code and not by.over(one.place):
            code = "outside_area"
        if not code and by.role != "village_admin":
            code = "wrong_stage"
        if not code and not self.is_checked(one):
            code = "not_checked"
        waiting = self.proposals.get(one.open_class)
        if not code and waiting is not None and waiting.is_open(self.today):
            code = "proposal_open"
        name = str(self.commands)
        payload = self.world.opinion(one.name, name, class_)
        position = self.foreseen(code, lambda: self.world.says("project.opine_class.v1", payload, by.name), 2)
        if position >= 0:
            one.streams += 1
            one.open_class = position
            labels = {"advantaged": "优势类", "weak": "薄弱类", "idle": "闲置类", "eliminated": "淘汰类"}
            self.proposals[position] = Proposed(
                "class",
                one,
                [by.name],
                [("checks", "service_centre"), ("seals", "township")],
                f"村级初步认定：{labels[class_]}",
                new_id("proposal", name),
                payload["expires_on"],
                class_,
            )

    def correct(self, which: int, who: int, odd: int) -> None:
        one = self.one(which)
        by = self.somebody(who, "village_admin", "recorder", "service_centre", place=one.place)
        code = by.may("village_admin", "recorder", "service_centre")
        if not code and not by.over(one.place):
            code = "outside_area"
        version = max(one.scales)
        was = one.scales[version] if odd else "没有写过"
        if not code and not odd:
            code = "nothing_corrected"
        name = str(self.commands)
        changes = [{"field": "scale", "now": f"更正{name}亩", "was": was}]
        payload = self.world.correction(one.name, name, version, changes=changes)
        position = self.foreseen(code, lambda: self.world.says("project.correct.v1", payload, by.name), 2)
        if position >= 0:
            one.streams += 1
            self.proposals[position] = Proposed(
                "correct",
                one,
                [by.name],
                [("checks", "service_centre")],
                "更正（笔误）：规模大小",
                new_id("proposal", name),
                payload["expires_on"],
                corrects=version,
                now=f"更正{name}亩",
            )
