"""A process killed while it erases: what was ordered is erased when the vault is next opened, and nobody else is lost."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from api.desk import Desk
from audit.directory import DatabaseLog
from audit.verify import verify
from domain.erasure import erased_code
from tests.support.households import Owed, erase_for_ever, files_holding, owed, repaid, signed_order, staff
from tests.support.processes import SPAWN
from tests.support.world import World

NAME, SURVIVOR = "示例被删户", "示例留存户"
A_TURN = 10  # orders; as many as are likely to be answered before the kill, and some more


def _killed_after(data: Path, orders: list[bytes], seconds: float) -> int:
    """How many orders were answered before the process was killed, so long after it had opened the ledger."""
    theirs, ours = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=erase_for_ever, args=(data, orders, ours))
    process.start()
    ours.close()
    assert theirs.poll(60)
    assert theirs.recv() == -1
    time.sleep(seconds)
    process.kill()
    process.join(30)
    assert process.exitcode == -9
    answered = 0
    try:
        while theirs.poll(0):
            answered = int(theirs.recv()) + 1
    except (EOFError, OSError):
        pass  # the answer that it was killed in the middle of
    theirs.close()
    process.close()
    return min(answered, len(orders))


def _check(desk: Desk, debts: list[Owed], answered: int, survivors: list[Owed]) -> int:
    """How many of the orders are recorded: every answered one, and of every recorded one nothing is left."""
    moves = desk.reader.moves([erased_code(one) for debt in debts for one in debt.commitments])
    recorded = [all(moves[erased_code(one)] for one in debt.commitments) for debt in debts]
    assert all(recorded[:answered])
    for debt, gone in zip(debts, recorded, strict=True):
        opened = desk.vault.reveal(debt.commitments)
        assert opened == ({} if gone else {one.commitment: one for one in debt.disclosures})
    for debt in survivors:
        assert desk.vault.reveal(debt.commitments) == {one.commitment: one for one in debt.disclosures}
    return sum(recorded)


def _kill_often(directory: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    began = time.monotonic()
    with World(directory / "ledger") as world:
        staff(world.settle())
        survivors = [owed(world, f"留{number}", SURVIVOR) for number in range(3)]
        data = world.settings.data
        erased = unanswered = 0
        for turn in range(times):
            debts = [
                repaid(world, owed(world, f"删{turn}-{number}", f"{NAME}{turn}{number}", handler=NAME))
                for number in range(A_TURN)
            ]
            orders = [signed_order(world, debt) for debt in debts]
            answered = _killed_after(data, orders, chance.uniform(0.0, 0.4))
            with Desk(world.settings) as desk:
                recorded = _check(desk, debts, answered, survivors)
                assert not (data / "vault.new").exists()
                assert files_holding(data, [NAME, SURVIVOR]) == {}
            erased, unanswered = erased + recorded, unanswered + (recorded > answered)
        verdict = verify(DatabaseLog(world.desk.driver), world.trust.dump())
        assert verdict.ok, verdict.failures
    assert erased > 0
    print(
        f"{times} kills: {erased} erased, {unanswered} between order and answer, {time.monotonic() - began:.0f} s"
    )


def test_after_kill_9_whatever_was_ordered_is_erased_and_nobody_else_is_lost(tmp_path: Path) -> None:
    _kill_often(tmp_path, times=5, seed=1)


@pytest.mark.soak
def test_after_kill_9_fifty_times_whatever_was_ordered_is_erased(tmp_path: Path) -> None:
    _kill_often(tmp_path, times=50, seed=2)
