"""A data directory, or a server's database, as a source for verify; and step 50: whether its columns say what its entries say.

Reads only. The database is believed in nothing: every column is compared with the entry beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256

from audit import canonical
from audit.checkpoint import Checkpoint, VerifierKey
from audit.driver import Damaged, Driver, Row, posting
from audit.dsse import BATCH, COMMAND, statement_id
from audit.entry import OUTCOME, unframe
from audit.errors import Malformed, NotBelieved
from audit.tiles import WIDTH, tile_hash

STEP = 50


@contextmanager
def _malformed() -> Iterator[None]:
    """What the database cannot give as a row of its table has not the form of FORMAT 12."""
    try:
        yield
    except Damaged as error:
        raise Malformed(str(error)) from None


class DatabaseLog:
    """The log in a driver's tables, read as if it had been exported (FORMAT 13)."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def _genesis(self) -> tuple[str, bytes]:
        """(origin, the ledger's public key) as entry 0 states them; whether it may is verify's to say."""
        try:
            row = next(self._driver.rows(0, 1), None)
            if row is None:
                raise Malformed("数据库里没有第 0 号分录")
            state = canonical.decode(unframe(row.entry).state)
            public = bytes.fromhex(state["keys"][0]["public"])
            return f"bangfu/{state['area_code']}/{row.leaf.hex()[:32]}", public
        except (Damaged, KeyError, TypeError, IndexError, ValueError) as error:
            raise Malformed(f"第 0 号分录读不出台账公钥：{error}") from None

    def vkey(self) -> bytes:
        return f"{VerifierKey(*self._genesis())}\n".encode()

    def checkpoint(self) -> bytes:
        with _malformed():
            seal = self._driver.head().seal
        if seal is None:
            raise Malformed("数据库里没有封印")
        return Checkpoint(self._genesis()[0], seal.size, seal.root).note((self._genesis()[0], seal.blob))

    def seals(self) -> Iterator[bytes]:
        with _malformed():
            for seal in self._driver.seals(-(2**53)):
                yield seal.line()

    def tile(self, level: int, number: int, width: int) -> bytes | None:
        if level == 0:
            first = number * WIDTH
            try:
                return b"".join(self._driver.leaves(first, first + width))
            except Damaged:
                return None
        hashes = []
        for below in range(number * WIDTH, number * WIDTH + width):
            tile = self.tile(level - 1, below, WIDTH)
            if tile is None or len(tile) != 32 * WIDTH:
                return None
            hashes.append(tile_hash(tile))
        return b"".join(hashes)

    def entries(self, start: int, size: int) -> Iterator[bytes]:
        expected = start
        try:
            for row in self._driver.rows(start, size):
                if row.position != expected:
                    raise NotBelieved(6, expected, "数据库里缺这一行")
                yield row.entry
                expected += 1
        except Damaged as error:
            raise NotBelieved(6, expected, str(error)) from None
        if expected < size:
            raise NotBelieved(6, expected, "数据库里缺这一行")


def check_columns(driver: Driver) -> int:
    """Step 50 over a log whose entries have been verified; the number of columns compared. Raises NotBelieved."""
    try:
        return _compare_columns(driver)
    except Damaged as error:
        raise NotBelieved(STEP, None, str(error)) from None


def _compare_columns(driver: Driver) -> int:
    if wrong := driver.unsound():
        raise NotBelieved(STEP, None, wrong)
    size = driver.head().size
    if extra := driver.strays(size):
        raise NotBelieved(STEP, extra[0], "数据库里有封印之外的分录")
    index = _Index(driver)
    compared = 0
    archives: set[str] = set()
    for row in driver.rows(0, size):
        subjects, wanted = _check_row(row)
        archives |= wanted
        index.add(row.position, subjects)
        compared += 4 + len(subjects)
    index.end()
    kept = driver.archives()
    for name, body in kept.items():
        if sha256(body).hexdigest() != name:
            raise NotBelieved(STEP, None, f"规则存档 {name[:16]} 的内容与其哈希不符")
    if lost := sorted(archives - set(kept)):
        raise NotBelieved(STEP, None, f"缺规则存档 {lost[0][:16]}")
    return compared


def _check_row(row: Row) -> tuple[dict[str, int], set[str]]:
    """The subjects of the entry with their counts, and the archive it names; its own columns compared."""
    header_bytes, state, statement, _ = unframe(row.entry)
    header = canonical.decode(header_bytes)
    kind = BATCH if header["event"] == OUTCOME else COMMAND
    command = statement_id(kind, statement) if statement else None
    stated = (header["position"], header["stream"], header["version"], command)
    if (row.position, row.stream, row.version, row.command) != stated:
        raise NotBelieved(STEP, row.position, "数据库的列与分录内容不符（stream、version 或 command）")
    wanted = set()
    if header["event"] in ("ledger.opened.v1", "rules.adopted.v1"):
        wanted.add(canonical.decode(state)["archive"])
    return {subject: count for subject, count, _ in header["subjects"]}, wanted


class _Index:
    """The rows that the index of subjects must have, by the entries and by how far each commit says that it reaches."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._ends = _ends(driver)
        self._end = next(self._ends, None)
        self._counts: dict[str, int] = {}
        self._positions: defaultdict[str, list[int]] = defaultdict(list)
        self._rows = 0

    def add(self, position: int, subjects: Mapping[str, int]) -> None:
        """An entry and the counts it states. Raises NotBelieved."""
        for subject, count in subjects.items():
            self._counts[subject] = count
            self._positions[subject].append(position)
        if position + 1 == self._end:
            self._compare()
            self._end = next(self._ends, None)

    def _compare(self) -> None:
        """One renewal of the index: all that was named since the one before."""
        expected = [posting(one, self._counts[one], at) for one, at in self._positions.items()]
        if missing := self._driver.missing(expected):
            subject, count, position, _ = missing[0]
            raise NotBelieved(STEP, position, f"对象表缺 {subject} 第 {count} 次的行，或其内容不符")
        self._rows += len(expected)
        self._counts.clear()
        self._positions.clear()

    def end(self) -> None:
        """All entries were added."""
        if self._end is not None:
            raise NotBelieved(STEP, None, f"索引称已至 {self._end}，台账没有这么多条")
        if (kept := self._driver.postings_total()) != self._rows:
            raise NotBelieved(STEP, None, f"对象表应有 {self._rows} 行，实有 {kept} 行")


def _ends(driver: Driver) -> Iterator[int]:
    """The sizes at which the index was renewed: a commit leaves it as it is, or brings it up to its own size."""
    before = 0
    for size, indexed in driver.renewals():
        if indexed not in (before, size):
            raise NotBelieved(
                STEP, size - 1, f"大小 {size} 的封印称索引至 {indexed}，应为 {before} 或 {size}"
            )
        if indexed != before:
            yield indexed
        before = indexed
