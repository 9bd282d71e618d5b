"""The identities of D20, asked after every entry of a random day.

What a subject comes to is added up naively from the entries, date by date forgotten, and compared with what the domain
derives; a total that somebody stated otherwise must bear the note of its rule.
"""

from __future__ import annotations

from typing import Any

from domain.assertions import FOREVER
from domain.asset import Asset
from domain.obligation import Obligation
from domain.record import Recorded
from tests.support.world import World

FIGURES = {
    "asset": (("original_fen", "additions_fen"), ("depreciation_fen", "disposed_fen")),
    "obligation": (("principal_fen", "interest_fen"), ("paid_fen", "offset_fen", "written_off_fen")),
}


class Identities:
    """What the entries so far add up to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.read = 0
        self.fen: dict[str, int] = {}  # carried, or outstanding
        self.whole: set[str] = set()  # wholly derecognised

    def hold(self) -> None:
        """Of every subject of which something was entered since they were asked last."""
        size = self.world.desk.log.size
        touched = [self.add(entry) for entry in self.world.desk.reader.entries(self.read, size)]
        self.read = size
        ledger = self.world.desk.ledger
        ledger.refresh()
        for stream in dict.fromkeys(one for one in touched if one):
            found: object = ledger.repository.get(stream)
            if isinstance(found, Asset):
                assert found.carrying_fen(FOREVER) == self.fen[stream], stream
                assert found.carrying_fen(FOREVER) == 0 or stream not in self.whole, stream
            elif isinstance(found, Obligation):
                assert found.outstanding_fen(FOREVER) == self.fen[stream], stream

    def add(self, entry: Recorded) -> str:
        """What an entry adds; the stream whose sum it may have changed, if any."""
        state, stream = entry.state, entry.stream
        match entry.event:
            case "asset.opened.v1" | "obligation.registered.v1":
                more, less = FIGURES[stream.partition("_")[0]]
                self.fen[stream] = sum(state[name] for name in more) - sum(state[name] for name in less)
                total = "carrying_fen" if "carrying_fen" in state else "outstanding_fen"
                self.stated(entry, total, state[total] in (None, self.fen[stream]))
            case "asset.booked.v1":
                less_of = state["kind"] == "depreciation"
                self.fen[stream] += -state["amount_fen"] if less_of else state["amount_fen"]
            case "asset.derecognised.v1":
                self.fen[stream] -= state["amount_fen"]
                if state["whole"]:
                    self.whole.add(stream)
            case "obligation.repaid.v1":
                paid = state["principal_fen"] + state["interest_fen"]
                self.fen[stream] += state["accrued_fen"] - paid
            case "project.listed.v1" | "project.superseded.v1":
                lines: list[dict[str, Any]] = state["fund_lines"]
                total = sum(one["amount_fen"] for one in lines)
                self.stated(entry, "total_fen", state["total_fen"] in (None, total))
                return ""
            case "disposal.settled.v1":
                gone = state["allocated_fen"] + state["retained_fen"]
                self.stated(entry, "received_fen", state["received_fen"] == gone)
                return ""
            case _:
                return ""
        return stream

    @staticmethod
    def stated(entry: Recorded, total: str, same: bool) -> None:
        """A total that differs from its parts is a fact's, and says so."""
        rule = {"total_fen": "PROJ-5", "carrying_fen": "ASSET-2", "outstanding_fen": "OBL-2"}.get(
            total, "DISP-18"
        )
        noted = rule in entry.state["notes"]
        assert same != noted, f"{entry.event} at {entry.position}: {total}, notes {entry.state['notes']}"
        assert same or entry.state["nature"] != "act"
