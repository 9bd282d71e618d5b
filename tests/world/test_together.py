"""Commands that come at the same time: each has the answer it would have had alone, and the log is as good as ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from api.compose import sign_command
from api.desk import Answer, Handed
from audit import dsse
from audit.driver import StoreFailure
from audit.vaultkey import VaultKey
from tests.support.second import SecondVerifier
from tests.support.world import World
from tests.world.concealed import concealed, signed


def listing(world: World, name: str, by: str = "kang", place: str = "kang", **changed: Any) -> dsse.Envelope:
    payload = world.project(name, place, **changed)
    return sign_command(
        world.clerk(by).prepare("project.list.v1", payload, nature="fact"), world.keys[by].signer
    )


def taken(world: World, *handed: Handed) -> list[Answer]:
    world.desk.take_all(handed)
    return [one.answer() for one in handed]


def test_each_of_a_group_has_its_own_answer(world: World, tmp_path: Path, second: SecondVerifier) -> None:
    good, last = listing(world, "甲"), listing(world, "丁", "shan", "shan")
    forged = dsse.Envelope(good.kind, listing(world, "乙").body, good.signatures)
    payload, disclosure = concealed()
    answers = taken(
        world,
        Handed(good),
        Handed(forged),
        Handed(listing(world, "丙", "kang", "shan")),  # of another village
        Handed(signed(world, payload)),  # names somebody, and does not say whom
        Handed(last),
        Handed(signed(world, payload), [disclosure]),
        Handed(good),
    )
    assert [one.code for one in answers] == [
        "", "bad_signature", "outside_area", "not_disclosed", "", "", "",
    ]  # fmt: skip
    assert [one.replayed for one in answers if one.ok] == [False, False, False, True]
    assert answers[-1].position == answers[0].position
    assert answers[1].answer is None  # no good signature was established
    assert answers[2].answer is not None
    assert world.desk.vault.reveal([disclosure.commitment]) == {disclosure.commitment: disclosure}
    world.check(tmp_path / "scratch", second)


def test_a_vault_that_is_lost_fails_those_only_who_name_somebody(world: World) -> None:
    payload, disclosure = concealed()
    VaultKey.generate().write(world.settings.vault_key_path)
    naming, other = Handed(signed(world, payload), [disclosure]), Handed(listing(world, "甲"))
    world.desk.take_all([naming, other])
    with pytest.raises(StoreFailure, match="保管库"):
        naming.answer()
    assert other.answer().ok


def test_threads_that_come_at_once_are_all_answered(
    world: World, tmp_path: Path, second: SecondVerifier
) -> None:
    """Every fourth wants the number of the one before it."""

    def number(turn: int) -> str:
        return f"T-{turn - (turn % 4 == 3)}"

    envelopes = [listing(world, f"第{turn}项", number=number(turn)) for turn in range(64)]
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(world.desk.take, envelopes))
    assert sum(one.ok for one in answers) == 48
    assert {one.code for one in answers} == {"", "taken"}
    assert len({one.position for one in answers if one.ok}) == 48
    world.check(tmp_path / "scratch", second)
