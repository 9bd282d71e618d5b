"""Attacks with a name: what is done to the parts of a log, and where an editor of files and the owner of the key are named for it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from audit import canonical, dsse
from audit.ids import key_id
from audit.suites import Ed25519Signer
from audit.trust import Trust
from domain.values import days_after
from tests.world.forger import Forger, Part
from tests.world.history import Places

SMALL_ORDER = "01" + "00" * 31  # the identity: whoever "signs" with it signs everything


@dataclass(frozen=True)
class Sample:
    """The history under attack, and what the two sides hold."""

    log: Path
    key: Ed25519Signer
    trust: Trust
    at: Places
    forger: Forger
    size: int


Attack = Callable[[Forger, Sample], None]


def a_moment_after(at: str) -> str:
    """A microsecond later."""
    return f"{at[:20]}{int(at[20:26]) + 1:06d}Z"


def later_time(forger: Forger, at: Sample) -> None:
    """The whole commit says that it was recorded a little later."""
    header = forger.parts[at.at.revoked].header
    header["at"] = a_moment_after(header["at"])


def earlier_time(forger: Forger, at: Sample) -> None:
    """An entry from before the one before it: backdated by a day."""
    header, before = forger.parts[at.at.revoked].header, forger.parts[at.at.revoked - 1].header["at"]
    header["at"] = days_after(before[:10], -1) + before[10:]


def another_time_within_a_commit(forger: Forger, at: Sample) -> None:
    """The second half of a command is said to have come after the first."""
    header = forger.parts[at.at.opined + 1].header
    header["at"] = a_moment_after(header["at"])


def swap(forger: Forger, at: Sample) -> None:
    """Two entries of different commits change places."""
    one = at.at.revoked
    forger.parts[one], forger.parts[one + 1] = forger.parts[one + 1], forger.parts[one]
    for now in (one, one + 1):
        forger.parts[now].header["position"] = now


def remove_in_the_middle(forger: Forger, at: Sample) -> None:
    forger.drop(at.at.revoked)


def remove_at_the_end(forger: Forger, at: Sample) -> None:
    forger.drop(at.size - 1)


def remove_an_enrolment(forger: Forger, at: Sample) -> None:
    """Without the key, its owner's later words have no standing."""
    enrolled = next(k for k, part in enumerate(forger.parts) if part.header["event"] == "key.enrolled.v1")
    forger.drop(enrolled)


def replay_a_command(forger: Forger, at: Sample) -> None:
    """A listing that the village signed once is entered once more, at the end."""
    part = Part.of(at.forger.original[at.at.listed])
    part.header |= {"at": forger.parts[-1].header["at"], "position": at.size}
    forger.parts.append(part)
    forger.was.append(at.size)
    forger.seals.append(at.size + 1)


def forge_a_signer(forger: Forger, at: Sample) -> None:
    """The signature is somebody else's, under the name of the registrar."""
    part = forger.parts[at.at.revoked]
    body = canonical.encode(part.statement)
    raw = at.key.sign(dsse.pae(dsse.COMMAND, body))
    part.proof[0][1] = base64.b64encode(raw).decode()


def speak_for_another(forger: Forger, at: Sample) -> None:
    """The ledger's own key signs an act that only a registrar may do, openly."""
    part = forger.parts[at.at.revoked]
    part.statement["signers"] = [{"key": at.key.key_id, "organisation": "", "post": ""}]
    raw = at.key.sign(dsse.pae(dsse.COMMAND, canonical.encode(part.statement)))
    part.proof = [[at.key.key_id, base64.b64encode(raw).decode()]]


def enrol_a_small_order_key(forger: Forger, at: Sample) -> None:
    """A key whose every signature anybody can make, in place of somebody's."""
    position = next(k for k, part in enumerate(forger.parts) if part.header["event"] == "key.enrolled.v1")
    part = forger.parts[position]
    weak = key_id("ed25519", bytes.fromhex(SMALL_ORDER))
    for value in (part.state, part.statement["payload"]):
        value |= {"key": weak, "public": SMALL_ORDER}
    part.header["stream"] = weak
    part.statement["signers"][1]["key"] = weak
    part.proof[1] = [weak, base64.b64encode(bytes.fromhex(SMALL_ORDER) + bytes(32)).decode()]


def withhold_half_of_a_command(forger: Forger, at: Sample) -> None:
    """An opinion without the proposal that makes others look at it."""
    forger.drop(at.at.opined + 1)


def withhold_a_member(forger: Forger, at: Sample) -> None:
    forger.drop(at.at.member)


def omit_a_subject(forger: Forger, at: Sample) -> None:
    """The entry no longer counts as one about the key that it revokes."""
    part = forger.parts[at.at.revoked]
    part.header["subjects"] = [row for row in part.header["subjects"] if row[0] != part.header["stream"]]


def refuse_an_accepted_row(forger: Forger, at: Sample) -> None:
    """A row of the workbook is said to have been refused. The village signed the workbook, nobody signed the outcome."""
    outcome = forger.parts[at.at.batch]
    assert outcome.state["accepted"] == [[0, 0], [2, 2]]
    outcome.state |= {"accepted": [[2, 2]], "refused": [[0, "taken", "ID-1"], *outcome.state["refused"]]}
    forger.drop(at.at.member)


def change_a_sum(forger: Forger, at: Sample) -> None:
    """The state says another amount than the command that the village signed."""
    forger.parts[at.at.listed].state["total_fen"] -= 1


# Attack, what an editor of files is named for, what the owner of the key is named for alone, fields kept as forged.
# Positions are by the name of the place, with an offset: the story may grow.
ATTACKS: dict[str, tuple[Attack, tuple[int, str, int], tuple[int, str, int] | None, str]] = {
    "changed time": (later_time, (7, "revoked", 0), None, ""),
    "backdated": (earlier_time, (7, "revoked", 0), (13, "revoked", 0), ""),
    "time within a commit": (another_time_within_a_commit, (7, "opined", 1), (13, "opined", 1), ""),
    "swap": (swap, (7, "revoked", 0), (13, "revoked", 1), ""),
    "removal in the middle": (remove_in_the_middle, (7, "revoked", 0), None, ""),
    "removal at the end with its checkpoint": (remove_at_the_end, (6, "size", -1), None, ""),
    "removal of an enrolment": (remove_an_enrolment, (7, "enrolled", 0), (17, "listed", -1), ""),
    "replayed command": (replay_a_command, (6, "size", -1), (16, "size", 0), ""),
    "forged signer": (forge_a_signer, (7, "revoked", 0), (18, "revoked", 0), ""),
    "the ledger speaks for another": (speak_for_another, (7, "revoked", 0), (17, "revoked", 0), ""),
    "small-order key": (enrol_a_small_order_key, (7, "enrolled", 0), (17, "enrolled", 0), ""),
    "withheld half of a command": (withhold_half_of_a_command, (7, "opined", 1), (20, "opined", 0), ""),
    "withheld member": (withhold_a_member, (7, "member", 0), (18, "member", 0), ""),
    "omitted subject": (omit_a_subject, (7, "revoked", 0), (15, "revoked", 0), "subjects"),
    "row said to be refused": (refuse_an_accepted_row, (7, "batch", 0), None, ""),
    "changed sum": (change_a_sum, (7, "listed", 0), None, ""),
}


def place_of(sample: Sample, name: str, offset: int) -> int:
    enrolled = [k for k, part in enumerate(sample.forger.parts) if part.header["event"] == "key.enrolled.v1"]
    fixed = {"size": sample.size, "enrolled": enrolled[0]}
    return fixed.get(name, getattr(sample.at, name, 0)) + offset
