"""The vault: names behind commitments, each person's under their own key, and erasure that reaches the copies (D17)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from audit import vaultkey
from audit.commitment import Disclosure, commit
from audit.errors import Malformed
from audit.vault import VALUES, Vault, parties
from audit.vaultkey import VaultKey, WrongVaultKey


def name(value: str) -> Disclosure:
    return commit("name", value)


def identity(value: str) -> Disclosure:
    return commit("identity_number", value)


NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
COMMAND = "0" * 64


def keep(vault: Vault, *parties: Sequence[Disclosure]) -> None:
    assert vault.keep(COMMAND, parties, [one.commitment for party in parties for one in party], NOW) == []


class Place:
    """A vault's database and key, opened as often as a test wants."""

    def __init__(self, url: str, key: Path) -> None:
        self.url, self.key = url, key
        self._opened: list[Vault] = []

    def open(self) -> Vault:
        url = self.url.replace("postgresql:", "postgresql+psycopg:")
        self._opened.append(Vault(create_engine(url), self.key))
        return self._opened[-1]

    def close(self) -> None:
        for vault in self._opened:
            vault.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    found = Place(request.getfixturevalue(f"{request.param}_url"), tmp_path / "vault.key")
    yield found
    found.close()


def test_what_is_kept_is_revealed_to_another_process_with_the_key(place: Place) -> None:
    one, other = name("示例甲"), name("示例乙")
    keep(place.open(), [one], [other])
    assert place.open().reveal([one.commitment, "commit:" + "0" * 64]) == {one.commitment: one}


def test_keeping_again_changes_nothing(place: Place) -> None:
    vault, one = place.open(), name("示例甲")
    keep(vault, [one])
    keep(vault, [one])
    assert vault.reveal([one.commitment]) == {one.commitment: one}


def handed_in(vault: Vault, command: str, *disclosures: Disclosure, at: datetime = NOW) -> None:
    assert vault.keep(command, [disclosures], [one.commitment for one in disclosures], at) == []


def test_what_a_refused_command_disclosed_is_swept_after_a_day_and_what_is_recorded_stays(
    place: Place,
) -> None:
    vault, confirmed, unconfirmed, refused = place.open(), name("示例甲"), name("示例乙"), name("示例丙")
    handed_in(vault, "0" * 64, confirmed)
    vault.confirm(["0" * 64])
    handed_in(vault, "1" * 64, unconfirmed)  # recorded, but a crash came before `confirm`
    handed_in(vault, "2" * 64, refused)
    every = [one.commitment for one in (confirmed, unconfirmed, refused)]

    assert vault.sweep({"0" * 64, "1" * 64}.__contains__, NOW + timedelta(hours=23)) == 0
    assert vault.kept(every) == set(every)
    assert vault.sweep({"0" * 64, "1" * 64}.__contains__, NOW + timedelta(hours=25)) == 1
    assert vault.kept(every) == set(every[:2])
    assert vault.sweep(lambda _: False, NOW + timedelta(days=9)) == 0


def test_a_command_on_its_way_once_more_is_not_swept(place: Place) -> None:
    vault, one = place.open(), name("示例甲")
    handed_in(vault, COMMAND, one)
    handed_in(vault, COMMAND, one, at=NOW + timedelta(days=2))
    assert vault.sweep(lambda _: False, NOW + timedelta(days=2, hours=1)) == 0


@pytest.mark.parametrize("first", ["good", "refused"])
def test_a_value_that_two_commands_name_stays_for_the_one_that_is_recorded(place: Place, first: str) -> None:
    """Whichever came first, and though the refused one came again after the other was confirmed."""
    vault, one = place.open(), name("示例甲")
    good, refused = "0" * 64, "1" * 64
    for command in (good, refused) if first == "good" else (refused, good):
        handed_in(vault, command, one)
    vault.confirm([good])
    handed_in(vault, refused, one, at=NOW + timedelta(hours=1))
    assert vault.sweep(lambda _: False, NOW + timedelta(days=9)) == 0
    assert vault.kept([one.commitment]) == {one.commitment}


def test_a_command_that_discloses_nothing_anew_keeps_what_it_names(place: Place) -> None:
    vault, one = place.open(), name("示例甲")
    handed_in(vault, "0" * 64, one)  # refused in the end
    assert vault.keep("1" * 64, [], [one.commitment], NOW) == []
    vault.confirm(["1" * 64])
    assert vault.sweep(lambda _: False, NOW + timedelta(days=9)) == 0


def test_what_is_kept_nowhere_is_said_and_nothing_is_kept(place: Place) -> None:
    vault, one, gone = place.open(), name("示例甲"), name("示例乙")
    both = [one.commitment, gone.commitment]
    assert vault.keep(COMMAND, [[one]], both, NOW) == [gone.commitment]
    assert vault.kept(both) == set()


def test_an_identity_number_finds_the_person_and_a_name_alone_does_not(place: Place) -> None:
    vault = place.open()
    first, number = name("示例甲"), identity("990101")
    namesake = name("示例甲")
    same, again = name("示例甲（曾用名示例丙）"), identity("990101")
    keep(vault, [first, number], [namesake], [same, again])
    every = {one.commitment for one in (first, number, same, again)}
    assert vault.of_same_people([same.commitment]) == every
    assert vault.of_same_people([namesake.commitment]) == {namesake.commitment}


def test_what_is_kept_of_a_person_besides_the_erased_stays_and_its_old_key_opens_nothing_more(
    tmp_path: Path, sqlite_url: str
) -> None:
    place = Place(sqlite_url, tmp_path / "vault.key")
    vault = place.open()
    old, number, later, again = name("示例甲"), identity("990101"), name("示例甲"), identity("990101")
    keep(vault, [old, number], [later, again])
    with vault._engine.connect() as connection:
        person = vault._known(connection, [old.commitment])[old.commitment]
        key = vault._person_key(connection, vault._key, person)
    assert key is not None
    erased = [old.commitment, number.commitment]
    assert vault.erase(erased) == sorted(erased)
    left = {later.commitment: later, again.commitment: again}
    assert vault.reveal([*erased, *left]) == left
    assert vault.of_same_people([later.commitment]) == set(left)
    with vault._engine.connect() as connection:
        for row in connection.execute(select(VALUES)):
            with pytest.raises(WrongVaultKey):
                vault._opened(key, row.commitment, row.field, row.sealed)
    place.close()


def test_erasing_again_or_what_is_not_kept_changes_nothing(place: Place) -> None:
    vault, one, other = place.open(), name("示例甲"), name("示例乙")
    keep(vault, [one], [other])
    vault.erase([one.commitment])
    turned = vaultkey.load(place.key)
    assert vault.erase([one.commitment]) == []
    assert vaultkey.load(place.key) == turned


def test_a_reading_is_noted_by_day_key_and_subject(place: Place) -> None:
    vault = place.open()
    for hours in (0, 1, 24):
        vault.readings.note("key_a", "obligation_a", NOW + timedelta(hours=hours))
    vault.readings.note("key_b", "obligation_a", NOW)
    first, second, third = place.open().readings.after(0, 9)
    assert (first.day, first.key, first.subject, first.times) == ("2026-03-01", "key_a", "obligation_a", 2)
    assert (first.first_at, first.last_at) == ("2026-03-01T09:00:00+00:00", "2026-03-01T10:00:00+00:00")
    assert [(one.day, one.key, one.times) for one in (second, third)] == [
        ("2026-03-02", "key_a", 1),
        ("2026-03-01", "key_b", 1),
    ]
    assert [one.id for one in vault.readings.after(first.id, 1)] == [second.id]


def test_readings_noted_at_the_same_moment_are_all_counted(place: Place) -> None:
    vault = place.open()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: vault.readings.note("key_a", "obligation_a", NOW), range(20)))
    (found,) = vault.readings.after(0, 9)
    assert found.times == 20


def test_equal_values_are_told_alike_before_and_after_the_key_has_turned(place: Place) -> None:
    vault, one, other, third = place.open(), name("示例甲"), name("示例甲"), name("示例乙")
    keep(vault, [one], [other], [third])
    expected = sorted([one.commitment, other.commitment])
    assert vault.alike(one.commitment) == expected
    vault.erase([third.commitment])
    assert vault.alike(one.commitment) == expected
    assert vault.alike(third.commitment) == []


def test_the_erased_cannot_be_opened_from_a_copy_of_the_database_made_before(
    tmp_path: Path, sqlite_url: str
) -> None:
    place = Place(sqlite_url, tmp_path / "vault.key")
    vault, one, other = place.open(), name("示例甲"), name("示例乙")
    keep(vault, [one], [other])
    vault.close()
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    shutil.copy(database, tmp_path / "backup.db")

    vault = place.open()
    assert vault.erase([one.commitment]) == [one.commitment]
    assert vault.reveal([one.commitment, other.commitment]) == {other.commitment: other}

    with pytest.raises(WrongVaultKey):
        Place(f"sqlite:///{tmp_path / 'backup.db'}", tmp_path / "vault.key").open()
    place.close()


def test_a_process_that_was_open_meanwhile_goes_on_with_the_turned_key(place: Place) -> None:
    here, there = place.open(), place.open()
    one, other, third = name("示例甲"), name("示例乙"), name("示例丙")
    keep(here, [one], [other])
    there.erase([one.commitment])
    assert here.reveal([one.commitment, other.commitment]) == {other.commitment: other}
    keep(here, [third])
    assert place.open().reveal([third.commitment]) == {third.commitment: third}


@pytest.mark.parametrize("reached_the_vault", [False, True])
@pytest.mark.parametrize("torn", [False, True])
def test_a_turn_that_was_interrupted_leaves_a_key_that_opens_the_vault(
    place: Place, reached_the_vault: bool, torn: bool
) -> None:
    """Between the new key's file and the COMMIT, or after it: before the old key was touched, or in the middle of that."""
    vault, one = place.open(), name("示例甲")
    keep(vault, [one])
    old = vaultkey.load(place.key)
    new = vaultkey.begin_turn(place.key)
    if reached_the_vault:
        with vault._engine.begin() as connection:
            vault._rewrap(connection, old, new)
            connection.execute(text("UPDATE vault_state SET wrapped_by = :id"), {"id": new.id})
    if torn:
        (place.key if reached_the_vault else place.key.with_suffix(".new")).write_bytes(b"\x00\xff" * 60)
    again = place.open()
    assert again.reveal([one.commitment]) == {one.commitment: one}
    assert vaultkey.load(place.key) == (new if reached_the_vault else old)
    assert not place.key.with_suffix(".new").exists()


def test_who_looks_while_the_key_is_being_turned_changes_no_file(place: Place) -> None:
    vault, one = place.open(), name("示例甲")
    keep(vault, [one])
    reader = place.open()
    new = vaultkey.begin_turn(place.key)  # and the COMMIT is still to come
    assert reader.reveal([one.commitment]) == {one.commitment: one}
    assert vaultkey.load(place.key.with_suffix(".new")) == new


def test_a_vault_that_is_lost_is_not_opened_as_a_new_one(tmp_path: Path) -> None:
    first = Place(f"sqlite:///{tmp_path / 'vault.db'}", tmp_path / "vault.key")
    first.open()
    first.close()
    with pytest.raises(WrongVaultKey, match="遗失"):
        Place(f"sqlite:///{tmp_path / 'another.db'}", tmp_path / "vault.key").open()


def test_several_processes_may_make_a_vault_at_the_same_moment(place: Place) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: place.open(), range(4)))
    one = name("示例甲")
    keep(opened[0], [one])
    assert all(vault.reveal([one.commitment]) == {one.commitment: one} for vault in opened)


def test_the_key_of_another_vault_opens_nothing(place: Place) -> None:
    keep(place.open(), [name("示例甲")])
    place.key.unlink()
    VaultKey.generate().write(place.key)
    with pytest.raises(WrongVaultKey):
        place.open()


def test_a_value_moved_to_another_commitment_is_noticed(place: Place) -> None:
    vault, one, other = place.open(), name("示例甲"), name("示例乙")
    keep(vault, [one], [other])
    with vault._engine.begin() as connection:
        moved = "UPDATE vault_values SET sealed = (SELECT sealed FROM vault_values WHERE commitment = :one), "
        moved += (
            "person = (SELECT person FROM vault_values WHERE commitment = :one) WHERE commitment = :other"
        )
        connection.execute(text(moved), {"one": one.commitment, "other": other.commitment})
    with pytest.raises(WrongVaultKey):
        vault.reveal([other.commitment])


def test_no_file_of_the_vault_holds_a_clear_value(tmp_path: Path, sqlite_url: str) -> None:
    place = Place(sqlite_url, tmp_path / "vault.key")
    vault = place.open()
    keep(vault, [name("示例甲乙丙丁"), identity("990101199001010000")])
    for path in tmp_path.rglob("*"):
        found = path.read_bytes() if path.is_file() else b""
        for value in ("示例甲乙丙丁", "990101199001010000"):
            assert value.encode() not in found
            assert value.encode("gb18030") not in found
    place.close()


def test_the_key_file_is_its_owners_and_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    VaultKey.generate().write(path)
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        VaultKey.generate().write(path)
    path.write_text(
        path.read_text(encoding="ascii").replace("bangfu-vault-key/1", "bangfu-key/1"), encoding="ascii"
    )
    with pytest.raises(Malformed):
        vaultkey.load(path)


def test_values_of_one_part_of_a_payload_are_one_person() -> None:
    one, phone, other = name("示例甲"), commit("phone", "13800000000"), name("示例乙")
    found = parties([("/creditor/person", one), ("/debtor/person", other), ("/creditor/phone", phone)])
    assert [list(party) for party in found] == [[one, phone], [other]]


def test_names_at_the_top_of_a_payload_are_people_of_their_own_and_so_are_two_in_one_part() -> None:
    handler, witness, first, second = name("示例甲"), name("示例乙"), name("示例丙"), name("示例丁")
    found = parties([("/handler", handler), ("/witness", witness), ("/lease/a", first), ("/lease/b", second)])
    assert [list(party) for party in found] == [[handler], [witness], [first], [second]]
