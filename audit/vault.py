"""The vault (个人信息保管库): the clear values behind commitments, each person's under a key of their own (D17).

A database beside the log, never part of it: losing it loses names and no proof. A person is a random id; values that were
disclosed together about one party belong to one person, and an identity number finds the person it was seen with before.
Erasing a person turns the vault key and wraps every other person's key anew: what old copies hold of the erased can be opened
by nobody.
"""

from __future__ import annotations

import hmac
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    delete,
    event,
    insert,
    select,
    update,
)

from audit import vaultkey
from audit.commitment import Disclosure
from audit.vaultkey import VaultKey, seal, unseal

METADATA = MetaData()

STATE = Table("vault_state", METADATA, Column("wrapped_by", Text, primary_key=True))
PEOPLE = Table(
    "vault_people",
    METADATA,
    Column("person", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
VALUES = Table(
    "vault_values",
    METADATA,
    Column("commitment", Text, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("kept_at", Text, nullable=False),
    Column("recorded", Boolean, nullable=False),
    Column("tag", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("vault_values_tag", "field", "tag"),
)
IDENTITY = "identity_number"
WAITING = timedelta(days=1)

Party = Sequence[Disclosure]
"""The values that one command discloses about one person."""


class Vault:
    """One vault, open. Threads share it; each method is one transaction."""

    def __init__(self, engine: Engine, key_path: Path) -> None:
        """Makes the tables, and the key of a new vault. Raises WrongVaultKey for the key of another."""
        self._engine, self._path = engine, key_path
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _tidy)
        try:
            METADATA.create_all(engine)
            self._key = self._open()
        except BaseException:
            engine.dispose()
            raise

    def _open(self) -> VaultKey:
        with self._engine.begin() as connection:
            wrapped_by = connection.execute(select(STATE.c.wrapped_by)).scalar()
            if wrapped_by is not None:
                return vaultkey.of_vault(self._path, wrapped_by)
            if not self._path.exists():
                VaultKey.generate().write(self._path)
            key = vaultkey.load(self._path)
            connection.execute(insert(STATE), {"wrapped_by": key.id})
            return key

    def close(self) -> None:
        self._engine.dispose()

    def _hold(self, connection: Connection) -> None:
        """Keep other writers out, as the first statement of a transaction; then take over a key that one of them has turned."""
        connection.execute(update(STATE).values(wrapped_by=STATE.c.wrapped_by))
        self._renew_key(connection)

    def _renew_key(self, connection: Connection) -> None:
        wrapped_by = connection.execute(select(STATE.c.wrapped_by)).scalar_one()
        if wrapped_by != self._key.id:
            self._key = vaultkey.of_vault(self._path, wrapped_by)

    # --- keeping ----------------------------------------------------------------------------------------

    def keep(self, command: str, parties: Iterable[Party], now: datetime) -> None:
        """Keep what was disclosed beside a command, before it is recorded: no entry shall name what nobody can open.

        What is kept already stays as it is. Durable on return.
        """
        with self._engine.begin() as connection:
            self._hold(connection)
            for party in parties:
                self._keep_party(connection, command, party, _stamp(now))

    def _keep_party(self, connection: Connection, command: str, party: Party, at: str) -> None:
        known = self._known(connection, [one.commitment for one in party])
        if known:  # not to be swept away while this command is on its way
            again = update(VALUES).where(VALUES.c.commitment.in_(known), ~VALUES.c.recorded)
            connection.execute(again.values(command=command, kept_at=at))
        fresh = [one for one in party if one.commitment not in known]
        if not fresh:
            return
        person = next(iter(known.values()), None) or self._seen_before(connection, party)
        key = self._person_key(connection, person) if person else None
        if person is None or key is None:
            person, key = f"person_{secrets.token_hex(16)}", secrets.token_bytes(32)
            wrapped = seal(self._key.secret, key, person.encode())
            connection.execute(insert(PEOPLE), {"person": person, "wrapped": wrapped})
        rows = [self._row(one, person, key) for one in fresh]
        connection.execute(insert(VALUES), [{**row, "command": command, "kept_at": at} for row in rows])

    def _row(self, one: Disclosure, person: str, key: bytes) -> dict[str, object]:
        text = f"{one.salt.hex()}\n{one.value}".encode()
        return {
            "commitment": one.commitment,
            "person": person,
            "field": one.field,
            "recorded": False,
            "tag": self._tag(self._key, one.field, one.value),
            "sealed": seal(key, text, f"{one.commitment} {one.field}".encode()),
        }

    @staticmethod
    def _tag(key: VaultKey, field: str, value: str) -> bytes:
        return hmac.digest(key.matching, f"{field}\n{value}".encode(), sha256)

    @staticmethod
    def _known(connection: Connection, commitments: Sequence[str]) -> dict[str, str]:
        """Commitment → person, of those that are kept already."""
        asked = select(VALUES.c.commitment, VALUES.c.person).where(VALUES.c.commitment.in_(commitments))
        return {row.commitment: row.person for row in connection.execute(asked)}

    def _seen_before(self, connection: Connection, party: Party) -> str | None:
        """The person whose identity number was disclosed before. Equal names alone are no reason to believe in one person."""
        for one in party:
            if one.field == IDENTITY:
                tag = self._tag(self._key, IDENTITY, one.value)
                asked = select(VALUES.c.person).where(VALUES.c.field == IDENTITY, VALUES.c.tag == tag)
                return connection.execute(asked.limit(1)).scalar()
        return None

    def _person_key(self, connection: Connection, person: str) -> bytes | None:
        wrapped = connection.execute(select(PEOPLE.c.wrapped).where(PEOPLE.c.person == person)).scalar()
        return None if wrapped is None else unseal(self._key.secret, wrapped, person.encode())

    def confirm(self, commands: Sequence[str]) -> None:
        """These commands are recorded: what was disclosed beside them stays."""
        with self._engine.begin() as connection:
            self._hold(connection)
            connection.execute(update(VALUES).where(VALUES.c.command.in_(commands)).values(recorded=True))

    def sweep(self, is_recorded: Callable[[str], bool], now: datetime) -> int:
        """Forget the values, a day old, whose command was never recorded, and persons of whom nothing is left. How many values.

        A command may be recorded without this vault having learned of it (a crash in between): so each is asked for.
        """
        waiting = ~VALUES.c.recorded & (VALUES.c.kept_at < _stamp(now - WAITING))
        with self._engine.begin() as connection:
            self._hold(connection)
            commands = connection.execute(select(VALUES.c.command).where(waiting).distinct()).scalars().all()
            recorded = [command for command in commands if is_recorded(command)]
            connection.execute(update(VALUES).where(VALUES.c.command.in_(recorded)).values(recorded=True))
            swept = connection.execute(delete(VALUES).where(waiting)).rowcount
            connection.execute(delete(PEOPLE).where(PEOPLE.c.person.not_in(select(VALUES.c.person))))
        return swept

    # --- reading ----------------------------------------------------------------------------------------

    def reveal(self, commitments: Sequence[str]) -> dict[str, Disclosure]:
        """The disclosures of those that are kept. Whoever calls this has asked for the reader's authority before."""
        found: dict[str, Disclosure] = {}
        keys: dict[str, bytes | None] = {}
        with self._engine.connect() as connection:
            self._renew_key(connection)
            asked = select(VALUES).where(VALUES.c.commitment.in_(commitments))
            for row in connection.execute(asked):
                if row.person not in keys:
                    keys[row.person] = self._person_key(connection, row.person)
                key = keys[row.person]
                if key is not None:
                    found[row.commitment] = self._opened(key, row.commitment, row.field, row.sealed)
        return found

    @staticmethod
    def _opened(key: bytes, commitment: str, field: str, sealed: bytes) -> Disclosure:
        salt, value = unseal(key, sealed, f"{commitment} {field}".encode()).decode().split("\n")
        return Disclosure(field, bytes.fromhex(salt), value)

    def kept(self, commitments: Sequence[str]) -> set[str]:
        with self._engine.connect() as connection:
            return set(self._known(connection, commitments))

    def alike(self, commitment: str) -> list[str]:
        """The commitments to an equal value of the same field, this one too: a lead that it is one person, no more."""
        with self._engine.connect() as connection:
            row = connection.execute(select(VALUES).where(VALUES.c.commitment == commitment)).first()
            if row is None:
                return []
            asked = select(VALUES.c.commitment).where(VALUES.c.field == row.field, VALUES.c.tag == row.tag)
            return sorted(connection.execute(asked).scalars())

    # --- erasing ----------------------------------------------------------------------------------------

    def erase(self, commitments: Sequence[str]) -> list[str]:
        """Erase the persons whom these commitments name, everything that is kept of them, and the vault key that could open
        old copies. The commitments erased. Duties to retain are the caller's to have checked.
        """
        with self._engine.begin() as connection:
            self._hold(connection)
            people = set(self._known(connection, commitments).values())
            gone = select(VALUES.c.commitment).where(VALUES.c.person.in_(people))
            erased = sorted(connection.execute(gone).scalars())
            connection.execute(delete(VALUES).where(VALUES.c.person.in_(people)))
            connection.execute(delete(PEOPLE).where(PEOPLE.c.person.in_(people)))
            new = vaultkey.begin_turn(self._path)
            self._rewrap(connection, self._key, new)
            connection.execute(update(STATE).values(wrapped_by=new.id))
        self._key = vaultkey.of_vault(self._path, new.id)
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return erased

    def _rewrap(self, connection: Connection, old: VaultKey, new: VaultKey) -> None:
        """Every survivor's key under the new vault key, and every tag under its matching key."""
        keys: dict[str, bytes] = {}
        for person, wrapped in connection.execute(select(PEOPLE.c.person, PEOPLE.c.wrapped)).all():
            keys[person] = unseal(old.secret, wrapped, person.encode())
            again = seal(new.secret, keys[person], person.encode())
            connection.execute(update(PEOPLE).where(PEOPLE.c.person == person).values(wrapped=again))
        for row in connection.execute(select(VALUES)).all():
            value = self._opened(keys[row.person], row.commitment, row.field, row.sealed).value
            tag = self._tag(new, row.field, value)
            connection.execute(update(VALUES).where(VALUES.c.commitment == row.commitment).values(tag=tag))


def parties(disclosures: Iterable[tuple[str, Disclosure]]) -> list[Party]:
    """(JSON pointer of the field, disclosure) pairs by the part of the payload in which they stand: one person each."""
    groups: dict[str, list[Disclosure]] = defaultdict(list)
    for pointer, disclosure in disclosures:
        groups[pointer.rpartition("/")[0]].append(disclosure)
    return list(groups.values())


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _tidy(connection: object, _record: object) -> None:
    """What is deleted is overwritten in the file, and every commit is on the disk when it returns."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
