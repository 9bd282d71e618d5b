"""Attacks on the demo's ledger, done on copies of it, and what verify says to each.

`tamper` is somebody with the database. `forget` is the strongest insider: database, the ledger's own key and our code,
but not the keys of other people, and not the trust file that a verifier keeps.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.cli_say import EXIT_OTHER, EXIT_VERIFY, out
from api.demo.estate import IDLE
from api.demo.site import Site, discard, mark, program
from api.demo.telling import Telling
from api.desk import open_driver
from api.keyfile import load
from api.lines import verdict_lines
from api.settings import LEDGER_KEY, Settings
from api.verifying import Checked, check
from audit import canonical
from audit.driver import Driver, Row
from audit.entry import NO_PREVIOUS, OUTCOME, Entry, Subject, frame, header_bytes, membership_bytes, unframe
from audit.log import Log
from audit.merkle import Frontier, leaf_hash
from audit.sealer import Sealer
from domain.decide import ranges
from domain.errors import Taken
from domain.money import Money

_TAMPERED_NUMBER = "QX-0006"  # 示例三村茶叶加工厂项目
_AMOUNT = b'"total_fen":'
# What the insider makes the batch say of the row that is gone: a refusal that any batch may have.
_MADE_UP = Taken


# --- one digit ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tampered:
    """What was changed where."""

    position: int
    name: str
    before_fen: int
    after_fen: int


def tamper(database: Path, number: str) -> Tampered:
    """Change the first digit of the total of a listed project, in the entry's bytes, behind the program's back."""
    with closing(sqlite3.connect(database)) as connection, connection:
        position, sections = _listing(connection, number)
        at = sections.state.index(_AMOUNT) + len(_AMOUNT)
        digit = b"9" if sections.state[at : at + 1] != b"9" else b"8"
        changed = sections.state[:at] + digit + sections.state[at + 1 :]
        forged = frame(sections.header, changed, sections.statement, sections.proof)
        connection.execute("UPDATE entries SET entry = ? WHERE position = ?", (forged, position))
    before, after = json.loads(sections.state), json.loads(changed)
    return Tampered(position, before["name"], before["total_fen"], after["total_fen"])


def _listing(connection: sqlite3.Connection, number: str) -> tuple[int, Entry]:
    """Where a project was listed, and the entry."""
    for position, entry in connection.execute("SELECT position, entry FROM entries ORDER BY position"):
        sections = unframe(entry)
        if json.loads(sections.state).get("number") == number:
            return position, sections
    raise LookupError(f"台账里没有登记过 {number}")


def repair_leaf(database: Path, position: int) -> None:
    """Make the hash that stands beside an entry that of its bytes."""
    with closing(sqlite3.connect(database)) as connection, connection:
        (entry,) = connection.execute("SELECT entry FROM entries WHERE position = ?", (position,)).fetchone()
        connection.execute("UPDATE entries SET leaf = ? WHERE position = ?", (leaf_hash(entry), position))


def run_tamper(data: Path) -> int:
    """Change one digit in a copy and verify it; 7 when the change was found, as it must be."""
    site = Site(data)
    site.require()
    telling = Telling(f"篡改：有人拿到了数据库文件。以下都在副本 {site.tampered} 上做，{site.data} 不动。")
    database = site.tampered / "ledger.db"
    with telling.step("复制台账，直接改数据库文件里的一个数字"):
        discard(site.tampered)
        shutil.copytree(site.data, site.tampered)
        done = tamper(database, _TAMPERED_NUMBER)
        telling.line(
            f"第 {done.position} 号，{_TAMPERED_NUMBER} {done.name}：{Money(done.before_fen)} 改成 {Money(done.after_fen)}，只动了一个字节"
        )
    first = _verify(telling, site.tampered, site.trust, "核验")
    with telling.step("再聪明一些：把旁边的哈希也改成新内容的哈希"):
        repair_leaf(database, done.position)
        telling.line(f"第 {done.position} 号的哈希列已与改过的内容一致")
    second = _verify(telling, site.tampered, site.trust, "再核验")
    out("")
    if first.ok or second.ok:
        out("篡改没有被发现：这是本程序的错误，请报告。")
        return EXIT_OTHER
    out(
        f"两次都发现了。要骗过核验，须重算其后的全部哈希并重新封印：那要有台账的私钥，见 {program()} demo --data {data} --rewrite"
    )
    out(f"共 {telling.seconds():.1f} 秒。核验不通过，退出码 {EXIT_VERIFY}。")
    return EXIT_VERIFY


# --- the insider --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a rewritten history leaves out."""

    origin: str
    commands: int
    entries: int
    size_before: int
    size: int
    outcomes: int  # batches whose outcome had to be falsified


@dataclass(frozen=True, slots=True)
class _Old:
    """An entry of the true history, taken apart."""

    row: Row
    header: dict[str, Any]
    state: bytes
    statement: bytes
    proof: bytes

    @classmethod
    def of(cls, row: Row) -> _Old:
        entry = unframe(row.entry)
        return cls(row, json.loads(entry.header), entry.state, entry.statement, entry.proof)

    @property
    def command_at(self) -> int:
        """The position of the first entry of its command."""
        return self.row.position - (int(self.header["i"]) - 1)

    @property
    def membership(self) -> dict[str, Any] | None:
        """Its place in a batch; only a member's proof is an object."""
        return json.loads(self.proof) if self.proof[:1] == b"{" else None

    def names(self, subject: str) -> bool:
        return any(row[0] == subject for row in self.header["subjects"])


class _Rewriter:
    """Builds entries anew: positions, versions, counts and previous hashes as if what is gone had never been."""

    def __init__(self, gone: dict[int, set[int]]) -> None:
        self._gone = gone  # position of an outcome -> indexes of the members that are gone
        self._moved: dict[int, int] = {}  # position before -> position now
        self._versions: dict[str, int] = {}
        self._heads: dict[str, tuple[int, str]] = {}

    def rewrite(self, old: _Old, position: int) -> Row:
        """The entry as it would have been."""
        header, stream = old.header, old.row.stream
        self._moved[old.row.position] = position
        self._versions[stream] = self._versions.get(stream, 0) + 1
        subjects = []
        for name, _, _ in header["subjects"]:
            count, previous = self._heads.get(name, (0, NO_PREVIOUS))
            subjects.append(Subject(name, count + 1, previous))
        written = frame(
            header_bytes(
                at=header["at"],
                epoch=header["epoch"],
                event=header["event"],
                i=header["i"],
                n=header["n"],
                position=position,
                stream=stream,
                subjects=subjects,
                version=self._versions[stream],
            ),
            self._state(old),
            old.statement,  # signed by people: the one thing that the insider cannot change
            self._proof(old),
        )
        leaf = leaf_hash(written)
        for name, count, _ in subjects:
            self._heads[name] = (count, leaf.hex())
        return Row(position, stream, self._versions[stream], old.row.command, leaf, written)

    def _state(self, old: _Old) -> bytes:
        """The outcome of a batch says that the rows that are gone were refused. No person has signed it: the state is the ledger's word."""
        gone = self._gone.get(old.row.position)
        if old.header["event"] != OUTCOME or not gone:
            return old.state
        state = json.loads(old.state)
        kept = [
            index
            for first, last in state["accepted"]
            for index in range(first, last + 1)
            if index not in gone
        ]
        refused = state["refused"] + [[index, _MADE_UP.code, _MADE_UP.rule] for index in gone]
        return canonical.encode(state | {"accepted": ranges(kept), "refused": sorted(refused)})

    def _proof(self, old: _Old) -> bytes:
        member = old.membership
        if member is None:
            return old.proof
        path = [bytes.fromhex(node) for node in member["path"]]
        return membership_bytes(self._moved[member["batch"]], member["index"], path)


def forget(source: Driver, target: Driver, subject: str, sealer: Sealer) -> Forgotten:
    """Write the history of a log without every command about a moving subject, sealed as the true one was.

    Entry 0 stays as it is, so the origin stays too. The result verifies, but for what lies outside: a checkpoint
    that somebody has seen. And signed words that cite an entry by its hash, as endorsements do, no longer find it:
    FORMAT does not look at that, the rules do (step 40).
    """
    seals = list(source.seals())
    every = [_Old.of(row) for row in source.rows(0, seals[-1].size)]
    dropped = _about(every, subject)
    gone: dict[int, set[int]] = {}
    for old in every:
        if old.command_at in dropped and (member := old.membership):
            gone.setdefault(member["batch"], set()).add(member["index"])
    genesis = json.loads(every[0].state)
    origin = f"bangfu/{genesis['area_code']}/{every[0].row.leaf.hex()[:32]}"
    rewriter, frontier, start = _Rewriter(gone), Frontier(), 0
    for sha256, body in source.archives().items():
        target.put_archive(sha256, body)
    for seal in seals:
        commit = [old for old in every[start : seal.size] if old.command_at not in dropped]
        start = seal.size
        if commit:
            rows = [rewriter.rewrite(old, position) for position, old in enumerate(commit, frontier.size)]
            _commit(target, sealer, origin, frontier, rows)
    kept = frontier.size
    return Forgotten(origin, len(dropped), len(every) - kept, len(every), kept, len(gone))


def _about(every: Sequence[_Old], subject: str) -> set[int]:
    """Where the commands begin that name a subject, or what began with such a command."""
    gone, dropped = {subject}, set()
    for old in every:
        if old.command_at in dropped or any(old.names(one) for one in gone):
            dropped.add(old.command_at)
            if old.row.version == 1:
                gone.add(old.row.stream)
    return dropped


def _commit(target: Driver, sealer: Sealer, origin: str, frontier: Frontier, rows: Sequence[Row]) -> None:
    for row in rows:
        frontier.append(row.leaf)
    head = target.begin()
    seal = sealer.seal(origin, frontier.size, frontier.root(), head.seal)
    target.write(rows, seal, indexed=0)  # the index is renewed by whoever works with the copy
    sealer.release(seal)


def run_rewrite(data: Path) -> int:
    """Rewrite a copy without one project and verify it three ways; 7 when the trust file found it, as it must."""
    site = Site(data)
    site.require()
    telling = Telling(
        f"改写：内部人有数据库、台账的私钥和我们的程序，没有别人的私钥。副本在 {site.rewritten}，{site.data} 不动。"
    )
    with telling.step(f"删去提到 {IDLE} 及其冷库的全部指令，其余重编号、重计数、重算哈希、重新封印"):
        done = _rewrite_copy(site)
        telling.line(
            f"原有 {done.size_before} 条，删去 {done.commands} 项指令共 {done.entries} 条，剩 {done.size} 条；台账标识不变：{done.origin}"
        )
        telling.line(
            f"{done.outcomes} 个批次的结果被改口，称那一行因“{_MADE_UP.title}”未收：批次的声明有村里的签名，改不了；结果是台账自己说的，改得了"
        )
    alone = _verify(telling, site.rewritten, None, "没有信任文件的人来核验")
    replayed = _verify(telling, site.rewritten, None, "同上，再重放规则", replay=True)
    trusted = _verify(telling, site.rewritten, site.trust, "审计拿着信任文件来核验")
    out("")
    if trusted.ok:
        out("改写没有被发现：这是本程序的错误，请报告。")
        return EXIT_OTHER
    for line in _lesson(alone, replayed):
        out(line)
    out(f"共 {telling.seconds():.1f} 秒。核验不通过，退出码 {EXIT_VERIFY}。")
    return EXIT_VERIFY


def _rewrite_copy(site: Site) -> Forgotten:
    discard(site.rewritten)
    mark(site.rewritten)
    shutil.copy2(site.data / LEDGER_KEY, site.rewritten / LEDGER_KEY)
    source = open_driver(site.settings.log_url)
    target = open_driver(Settings(data=site.rewritten, database_url="").log_url)
    try:
        sealer = Sealer(load(site.rewritten / LEDGER_KEY).signer)
        return forget(source, target, _bearer(source, IDLE), sealer)
    finally:
        source.close()
        target.close()


def _bearer(driver: Driver, number: str) -> str:
    """The project that was listed under a number."""
    for row in Log(driver, None).naming(f"code:project:{number}"):
        return row.stream
    raise LookupError(f"台账里没有 {number}")


def _lesson(alone: Checked, replayed: Checked) -> list[str]:
    lines = []
    if alone.ok:
        lines.append(
            "没有信任文件，核验只能证明账本自洽：持有台账私钥的人总能另造一本自洽的账。所以它说“只证明自洽，未证明身份”。"
        )
    if not replayed.ok:
        lines.append(
            "重放发现了：乡农服中心签核对时写明了所见批次被提到几次、在哪一号、哈希是什么，批次一改就对不上；但更彻底的人会连核对一起删去。"
        )
    lines.append(
        "信任文件一定能发现：它记着见过的检查点，账可以增加，不能变短，也不能换掉其中任何一条；改写后再接着记账、记得更长，也对不上。"
    )
    return lines


# --- verifying ----------------------------------------------------------------------------------------


def _verify(
    telling: Telling, target: Path, trust: Path | None, title: str, *, replay: bool = False
) -> Checked:
    options = (f" --trust {trust}" if trust else "") + (" --replay" if replay else "")
    with telling.step(title):
        telling.line(f"{program()} verify {target}{options}")
        began = time.monotonic()
        found = check(target, trust, with_replay=replay)
        for line in verdict_lines(found, time.monotonic() - began):
            telling.line(line)
    return found
