"""The vault (个人信息保管库): the clear values behind commitments, each person's under a key of their own (D17).

A database beside the log, never part of it: losing it loses names and no proof. A person is a random id; values that were
disclosed together about one party belong to one person, and an identity number finds the person it was seen with before.
Erasing turns the vault key and wraps every surviving key anew: what old copies hold of the erased can be opened by nobody.
Who has read what is noted beside it (`readings`).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
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
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from audit import vault_readings, vaultkey
from audit.commitment import Disclosure
from audit.vault_readings import Readings
from audit.vaultkey import VaultKey, WrongVaultKey, seal, unseal

METADATA = MetaData()

STATE = Table(
    "vault_state",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("wrapped_by", Text, nullable=False),
)
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
    Column("recorded", Boolean, nullable=False),
    Column("tag", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("vault_values_tag", "field", "tag"),
)
# The commands on their way that name a value which no recorded one names yet.
WAITING = Table(
    "vault_waiting",
    METADATA,
    Column("commitment", Text, primary_key=True),
    Column("command", Text, primary_key=True, index=True),
    Column("kept_at", Text, nullable=False),
)
IDENTITY = "identity_number"
DAY = timedelta(days=1)
_OPENINGS = 10
_BY_NOTHING_YET = ""

Party = Sequence[Disclosure]
"""The values that one command discloses about one person."""


class Vault:
    """One vault, open. Threads share it; each method is one transaction."""

    def __init__(self, engine: Engine, key_path: Path) -> None:
        """Makes the tables, and the key of a new vault. Raises WrongVaultKey for the key of another, or of a vault that is lost."""
        self._engine, self._path = engine, key_path
        self.readings = Readings(engine)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _tidy)
        try:
            self._key = self._opened_at_last()
            self._empty_journal()  # of a process that was killed
        except BaseException:
            engine.dispose()
            raise

    def _opened_at_last(self) -> VaultKey:
        """Opened, though other processes are making the same vault at the same moment."""
        for _ in range(_OPENINGS - 1):
            with suppress(IntegrityError, ProgrammingError, OperationalError, FileExistsError):
                return self._open()
        return self._open()

    def _open(self) -> VaultKey:
        METADATA.create_all(self._engine)
        vault_readings.METADATA.create_all(self._engine)
        with self._engine.begin() as connection:
            if connection.execute(select(STATE.c.id)).first() is None:
                connection.execute(insert(STATE), {"id": 1, "wrapped_by": _BY_NOTHING_YET})  # a row to lock
        with self._engine.begin() as connection:
            wrapped_by = self._locked(connection)
            if wrapped_by != _BY_NOTHING_YET:
                return vaultkey.settled(self._path, wrapped_by)
            if self._path.exists():
                raise WrongVaultKey(
                    f"有保管钥 {self._path.name}，而保管库是空的：库已遗失，请恢复备份；确要另建的，先移走保管钥"
                )
            key = vaultkey.begin_turn(self._path)
            connection.execute(update(STATE).values(wrapped_by=key.id))
        with self._engine.begin() as connection:
            self._locked(connection)
            return vaultkey.settled(self._path, key.id)

    @staticmethod
    def _locked(connection: Connection) -> str:
        """Keep other writers out, as the first statement of a transaction. By which key the vault is wrapped."""
        connection.execute(update(STATE).values(wrapped_by=STATE.c.wrapped_by))
        return str(connection.execute(select(STATE.c.wrapped_by)).scalar_one())

    def close(self) -> None:
        self._engine.dispose()

    def _hold(self, connection: Connection) -> None:
        """As `_locked`; then take over a key that somebody else has turned."""
        wrapped_by = self._locked(connection)
        if wrapped_by != self._key.id:
            self._key = vaultkey.settled(self._path, wrapped_by)

    def _key_of(self, connection: Connection) -> VaultKey:
        """The key of this moment, for a reader, who changes nothing."""
        wrapped_by = connection.execute(select(STATE.c.wrapped_by)).scalar_one()
        return self._key if wrapped_by == self._key.id else vaultkey.found(self._path, wrapped_by)

    # --- keeping ----------------------------------------------------------------------------------------

    def keep(self, command: str, parties: Sequence[Party], named: Sequence[str], now: datetime) -> list[str]:
        """Keep what was disclosed beside a command, before it is recorded: no entry shall name what nobody can open.

        `named` are all the commitments of the command. Those of them that are kept nowhere; then nothing is kept of this one.
        Durable on return.
        """
        disclosed = {one.commitment for party in parties for one in party}
        with self._engine.begin() as connection:
            self._hold(connection)
            missing = sorted(set(named) - disclosed - set(self._known(connection, named)))
            if missing:
                return missing
            for party in parties:
                self._keep_party(connection, party)
            self._await(connection, command, named, _stamp(now))
        return []

    @staticmethod
    def _await(connection: Connection, command: str, named: Sequence[str], at: str) -> None:
        """A value that is not of a recorded command stays as long as any command that names it is on its way."""
        asked = select(VALUES.c.commitment).where(VALUES.c.commitment.in_(named), ~VALUES.c.recorded)
        waiting = connection.execute(asked).scalars().all()
        mine = (WAITING.c.command == command) & WAITING.c.commitment.in_(waiting)
        connection.execute(delete(WAITING).where(mine))
        if waiting:
            rows = [{"commitment": one, "command": command, "kept_at": at} for one in waiting]
            connection.execute(insert(WAITING), rows)

    def _keep_party(self, connection: Connection, party: Party) -> None:
        known = self._known(connection, [one.commitment for one in party])
        fresh = [one for one in party if one.commitment not in known]
        if not fresh:
            return
        person = next(iter(known.values()), None) or self._seen_before(connection, party)
        key = self._person_key(connection, self._key, person) if person else None
        if person is None or key is None:
            person, key = self._new_person(connection)
        connection.execute(insert(VALUES), [self._row(one, person, key) for one in fresh])

    def _new_person(self, connection: Connection) -> tuple[str, bytes]:
        """A new person's id and key, the key wrapped and kept."""
        person, key = f"person_{secrets.token_hex(16)}", secrets.token_bytes(32)
        wrapped = seal(self._key.secret, key, person.encode())
        connection.execute(insert(PEOPLE), {"person": person, "wrapped": wrapped})
        return person, key

    def _row(self, one: Disclosure, person: str, key: bytes) -> dict[str, object]:
        return {
            "commitment": one.commitment,
            "person": person,
            "field": one.field,
            "recorded": False,
            "tag": self._tag(self._key, one.field, one.value),
            "sealed": _sealed(key, one),
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

    @staticmethod
    def _person_key(connection: Connection, vault_key: VaultKey, person: str) -> bytes | None:
        wrapped = connection.execute(select(PEOPLE.c.wrapped).where(PEOPLE.c.person == person)).scalar()
        return None if wrapped is None else unseal(vault_key.secret, wrapped, person.encode())

    def confirm(self, commands: Sequence[str]) -> None:
        """These commands are recorded: what they name stays."""
        with self._engine.begin() as connection:
            self._hold(connection)
            self._confirm(connection, commands)

    @staticmethod
    def _confirm(connection: Connection, commands: Sequence[str]) -> None:
        asked = select(WAITING.c.commitment).where(WAITING.c.command.in_(commands))
        named = connection.execute(asked).scalars().all()
        connection.execute(update(VALUES).where(VALUES.c.commitment.in_(named)).values(recorded=True))
        connection.execute(delete(WAITING).where(WAITING.c.commitment.in_(named)))

    def sweep(self, is_recorded: Callable[[str], bool], now: datetime) -> int:
        """Forget the values of which no command was recorded within a day, and persons of whom nothing is left. How many values.

        A command may be recorded without this vault having learned of it (a crash in between): so each is asked for.
        """
        old = WAITING.c.kept_at < _stamp(now - DAY)
        with self._engine.begin() as connection:
            self._hold(connection)
            commands = connection.execute(select(WAITING.c.command).where(old).distinct()).scalars().all()
            self._confirm(connection, [command for command in commands if is_recorded(command)])
            connection.execute(delete(WAITING).where(old))
            unnamed = ~VALUES.c.recorded & VALUES.c.commitment.not_in(select(WAITING.c.commitment))
            swept = connection.execute(delete(VALUES).where(unnamed)).rowcount
            connection.execute(delete(PEOPLE).where(PEOPLE.c.person.not_in(select(VALUES.c.person))))
        return swept

    # --- reading ----------------------------------------------------------------------------------------

    def reveal(self, commitments: Sequence[str]) -> dict[str, Disclosure]:
        """The disclosures of those that are kept. Whoever calls this has asked for the reader's authority before."""
        found: dict[str, Disclosure] = {}
        keys: dict[str, bytes | None] = {}
        with self._engine.connect() as connection:
            vault_key = self._key_of(connection)
            asked = select(VALUES).where(VALUES.c.commitment.in_(commitments))
            for row in connection.execute(asked):
                if row.person not in keys:
                    keys[row.person] = self._person_key(connection, vault_key, row.person)
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

    def of_same_people(self, commitments: Sequence[str]) -> set[str]:
        """Every commitment that is kept of the persons whom these name."""
        with self._engine.connect() as connection:
            people = set(self._known(connection, commitments).values())
            asked = select(VALUES.c.commitment).where(VALUES.c.person.in_(people))
            return set(connection.execute(asked).scalars())

    def erase(self, commitments: Sequence[str]) -> list[str]:
        """Erase what is kept behind these commitments, and the keys that could open old copies of it. The commitments erased.

        What is kept of the same persons besides gets another person's key: the old one would open what is erased. Duties to
        retain are the caller's to have checked. Erasing again changes nothing.
        """
        with self._engine.begin() as connection:
            self._hold(connection)
            known = self._known(connection, commitments)
            if known:
                people = set(known.values())
                connection.execute(delete(VALUES).where(VALUES.c.commitment.in_(list(known))))
                for person in sorted(people):
                    self._renew_person(connection, person)
                connection.execute(delete(PEOPLE).where(PEOPLE.c.person.in_(people)))
                new = vaultkey.begin_turn(self._path)
                self._rewrap(connection, self._key, new)
                connection.execute(update(STATE).values(wrapped_by=new.id))
        with self._engine.begin() as connection:
            self._hold(connection)
        self._empty_journal()
        return sorted(known)

    def _empty_journal(self) -> None:
        """What was deleted shall not lie about in a write-ahead log. Whoever reads at this moment keeps it: then the next one does."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _renew_person(self, connection: Connection, person: str) -> None:
        """What is left of a person under a new id and a new key; nothing when nothing is left."""
        left = connection.execute(select(VALUES).where(VALUES.c.person == person)).all()
        key = self._person_key(connection, self._key, person) if left else None
        if key is None:
            return
        another, fresh = self._new_person(connection)
        for row in left:
            one = self._opened(key, row.commitment, row.field, row.sealed)
            values = {"person": another, "sealed": _sealed(fresh, one)}
            connection.execute(update(VALUES).where(VALUES.c.commitment == row.commitment).values(values))

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
    """(JSON pointer of the field, disclosure) pairs by person.

    The values in one part of a payload are one person's. At its top each field is a person of its own (a handler is no
    witness), and so is a second value of the same field.
    """
    groups: dict[str, dict[str, Disclosure]] = {}
    for pointer, disclosure in disclosures:
        part = pointer.rpartition("/")[0] or pointer
        if disclosure.field in groups.get(part, {}):
            part = pointer
        groups.setdefault(part, {})[disclosure.field] = disclosure
    return [list(group.values()) for group in groups.values()]


def _sealed(key: bytes, one: Disclosure) -> bytes:
    return seal(key, f"{one.salt.hex()}\n{one.value}".encode(), f"{one.commitment} {one.field}".encode())


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _tidy(connection: object, _record: object) -> None:
    """What is deleted is overwritten in the file, and every commit is on the disk when it returns."""
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
