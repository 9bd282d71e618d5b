"""Two villages, ours and one of another county: one of each noun in both, and every command as it would concern one of them.

示例数据: every place and deed here is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.compose import china_today, new_id
from api.endorsing import endorsement
from api.personal import Concealed
from domain.command import COMMANDS
from domain.values import days_after
from tests.domain.estate import opening_of, owed, party
from tests.support import shaped
from tests.support.world import World, area, organisation, project_of

Json = dict[str, Any]
OURS, FOREIGN = "kang", "far"
LABELS = {OURS: "康家村", FOREIGN: "远村"}
CHECKER = {OURS: "centre", FOREIGN: "far centre"}
# Whoever signs these acts for all areas, or for none: who may is told by the roles alone. An erasure has two signers: its own
# stories tell whose areas it may concern (NAME-1, AUTH-5).
OF_NO_AREA = (
    "erasure.",
    "area.",
    "key.",
    "ledger.",
    "organisation.",
    "parameter.",
    "person.",
    "post.",
    "rules.",
)


def settle(world: World) -> None:
    """The other county, its town and village, and who works there."""
    for name, title, kind, parent in (
        ("away", "邻县", "county", ""),
        ("near", "邻乡", "town", "away"),
        (FOREIGN, "远村", "village", "near"),
    ):
        made = {"area": area(name), "division_code": "", "kind": kind, "name": title}
        made["parent"] = area(parent) if parent else ""
        world.accepted("area.register.v1", made, "registrar", occurred_on="2010-01-01")
    body = {"area": area(FOREIGN), "kind": "village_committee", "name": "远村村民委员会"}
    body["organisation"] = organisation(FOREIGN)
    world.accepted("organisation.register.v1", body, "registrar")
    world.employ(FOREIGN, "village_admin", FOREIGN, [FOREIGN])
    world.employ(CHECKER[FOREIGN], "service_centre", FOREIGN, ["near"])


class Village:
    """One of each noun in a village, entered by its own clerk: `ids`, kind of noun -> id."""

    def __init__(self, world: World, place: str, number: str) -> None:
        self.world, self.place = world, place
        self.label = LABELS[place]
        project = f"{self.label}油茶"
        self.names = {
            "project": project,
            "asset": f"{self.label}冷库",
            "obligation": f"{self.label}流转金",
            "document": f"{self.label}记录",
            "disposal": f"转让：{self.label}冷库",
            "meeting": f"{self.label}成员大会",
            "notice": f"{self.label}公示",
            "load": f"{self.label}清产核资",
        }
        self.ids: dict[str, str] = {kind: new_id(kind) for kind in (*self.names, "batch", "proposal")}
        self.ids["project"] = project_of(project)
        self.at: dict[str, int] = {}
        self._enter(number)

    @property
    def areas(self) -> Json:
        return {"areas": [area(self.place)]}

    def _own(self, kind: str) -> Json:
        return {kind: self.ids[kind], "name": self.names[kind]}

    def _takes(self, kind: str, name: str, payload: Mapping[str, Any], nature: str) -> None:
        self.at[kind] = self.world.accepted(name, payload, self.place, nature=nature)

    def _enter(self, number: str) -> None:
        labelled = self.areas | {"area_label": self.label}
        project = self.world.project(self.names["project"], number=number, **labelled)
        self._takes("project", "project.list.v1", project, "fact")
        self.numbers = {"project": number, "asset": f"ZC-{number}", "obligation": f"ZW-{number}"}
        self.numbers["disposal"] = f"CZ-{number}"
        owned = {"owner_type": "collective_village", "registered": True, "number": self.numbers["asset"]}
        asset = opening_of(**self._own("asset"), **labelled, **owned)
        self._takes("asset", "asset.open.v1", asset, "opening")
        debt = owed(
            **self._own("obligation"),
            **labelled,
            creditor=party(name="青溪砖瓦厂"),
            number=self.numbers["obligation"],
        )
        self._takes("obligation", "obligation.register.v1", debt, "opening")
        self._takes("document", "document.register.v1", self._paper(), "act")
        self._takes("disposal", "disposal.propose.v1", self._proposal(), "fact")
        self._takes("meeting", "meeting.record.v1", self._meeting(), "fact")
        self._takes("notice", "notice.post.v1", self._notice(), "fact")
        self.world.endorsed(self.at["asset"], "checks", CHECKER[self.place])
        session = self.world.accepted("load.open.v1", self._session(), CHECKER[self.place])
        self.at["load"] = session
        self._takes("proposal", "asset.correct.v1", self._correction(), "act")
        row = self.world.project(f"{self.label}大棚", **labelled)
        answer = self.world.batch([row], by=self.place, batch=self.ids["batch"])
        assert answer.position is not None, answer
        self.at["batch"] = answer.position

    def _paper(self) -> Json:
        return {
            **self.areas,
            **self._own("document"),
            "amount_fen": None,
            "hash": "d" * 64,
            "issued_on": china_today(),
            "issuer": "示例村村民委员会",
            "kind": "minutes",
            "number": "",
            "pages": 1,
            "quality": "original",
            "subjects": [self.ids["asset"]],
        }

    def paper_about(self, subject: str) -> Json:
        """One more paper of this village, on a subject of wherever."""
        return self._paper() | {"document": new_id("document"), "subjects": [subject]}

    def _proposal(self) -> Json:
        return {
            **self._own("disposal"),
            "assets": [self.ids["asset"]],
            "evidence": "copy",
            "expected_fen": 1_000_000,
            "expires_on": "",
            "ground": "obsolete",
            "land_house_vehicle": False,
            "late_reason": "补登",
            "method": "transfer",
            "months": None,
            "number": self.numbers["disposal"],
            "owner_type": "collective_village",
            "project": "",
            "reason": "闲置",
        }

    def _meeting(self) -> Json:
        resolution = {
            "abstained": 10,
            "against": 10,
            "agreed": 80,
            "amount_fen": None,
            "matter": "disposal",
            "subject": self.ids["disposal"],
            "text": "同意转让冷库",
        }
        return {
            **self.areas,
            **self._own("meeting"),
            "area_label": self.label,
            "authorised": None,
            "body": "members",
            "entitled": 120,
            "evidence": "copy",
            "late_reason": "补登",
            "minutes": self.ids["document"],
            "no_rceo": False,
            "notified_on": "2026-11-01",
            "party_discussed": True,
            "present": 100,
            "resolutions": [resolution],
        }

    def _notice(self) -> Json:
        return {
            **self.areas,
            **self._own("notice"),
            "board": "公示栏",
            "evidence": "copy",
            "kind": "disposal",
            "late_reason": "补登",
            "reviewed": True,
            "subject": self.ids["disposal"],
            "text": "拟转让冷库一座",
            "until": days_after(china_today(), 10),
        }

    def _session(self) -> Json:
        nothing = {"count": 0, "total_fen": 0}
        return {
            **self.areas,
            **self._own("load"),
            "area_label": self.label,
            "cut_over_on": "2026-06-30",
            "expires_on": days_after(china_today(), 30),
            "population": {
                "assets": {"count": 3, "total_fen": 1_000_000},
                "obligations": nothing,
                "projects": nothing,
            },
            "proposal": new_id("proposal"),
        }

    def _correction(self) -> Json:
        return {
            **self._own("asset"),
            "changes": [{"field": "specification", "now": "180吨", "was": "200吨"}],
            "paper": "",
            "instead": "",
            "instead_name": "",
            "kind": "slip",
            "expires_on": days_after(china_today(), 30),
            "proposal": self.ids["proposal"],
            "reason": "测量有误",
            "version": 1,
        }

    def stated(self, name: str) -> Concealed:
        """A command of the right shape about what lies here, or a new one that would lie here."""
        kind, _, step = name.removesuffix(".v1").partition(".")
        made, disclosures = shaped.stated(name)
        made |= {key: [area(self.place)] for key in ("areas",) if key in made}
        if step == "endorse":
            made |= endorsement(self.world.desk, self.at[kind], "checks")[1]
        elif step == "withdraw" and kind == "proposal":
            first = next(iter(self.world.desk.reader.of_subject(self.ids["proposal"])))
            label = {one.stream: one for one in self._entries(first.position)}[self.ids["proposal"]]
            made |= {"proposal": self.ids["proposal"], "label": label.state["label"]}
        elif name == "disposal.propose.v1":
            made |= {"assets": [self.ids["asset"]], "project": ""}
        elif "areas" not in made or step == "supersede":
            made |= self._own(kind)
        if name == "notice.post.v1":
            made |= {"subject": self.ids["disposal"]}
        return Concealed(made, disclosures)

    def _entries(self, position: int) -> Any:
        first = self.world.desk.reader.entry(position)
        return self.world.desk.reader.entries(first.position, first.position + first.n)


COMMANDS_OF_AN_AREA = sorted(name for name in COMMANDS if not name.startswith(OF_NO_AREA))
