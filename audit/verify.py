"""The numbered procedure of FORMAT 15: bytes of a log in, a `Verdict` out. The heart of what others need not take our word for.

What it does not do: read files or databases (a `Source` does), re-execute rules (step 40), count witnesses (step 30, reserved),
or ask whether what was signed is true.

The log is read once, in order, in bounded memory. Three things are finished later than they are met, and none changes the verdict,
which is the first failure in the order of the procedure: signatures are checked by threads (`pending`), suspected replays are
settled by a second reading (`replays`), and entries by compromised keys are listed by another (FORMAT 10.3).
"""

from __future__ import annotations

import hashlib
import re
from binascii import a2b_base64, b2a_base64
from collections import deque
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn, TypeVar

from audit import dsse, entry, forms, headers, keystates, merkle
from audit.batches import OpenBatch, open_batch
from audit.canonical import INTEGER_MAX
from audit.checkpoint import Checkpoint, Note, VerifierKey, parse_note
from audit.errors import Malformed, NotBelieved
from audit.familiar import Familiar
from audit.forms import Batch, Command, Membership, Signatures
from audit.headers import Header
from audit.heads import Head, Heads
from audit.keystates import KeyBook, Rules
from audit.pending import PendingSignatures
from audit.replays import Statements
from audit.shapes import ids_of
from audit.tiles import WIDTH, UpperLevels
from audit.trust import Trust
from audit.verdict import Checked, Failure, Source, Verdict

# FORMAT 12.3, both base64 texts with their unused bits zero.
_seal = re.compile(
    rb"([1-9][0-9]{0,15}) ([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=) ([A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=)\n"
).fullmatch
_STATEMENTS_KEPT = entry.EVENTS_MAX - 1

_T = TypeVar("_T")


def verify(source: Source, trust: Trust | bytes | None = None) -> Verdict:
    """Follow FORMAT 15 to the end or to the first failure. `trust` may be the bytes of a trust file: then step 3 judges them."""
    run = _Run(source, trust)
    doubtful: tuple[int, ...] = ()
    failure: NotBelieved | None = None
    try:
        run.follow()
        doubtful = run.doubtful()
    except NotBelieved as error:
        failure = error
    return Verdict(
        trust=run.trust_word,
        size=run.checkpoint.size,
        root=run.checkpoint.root,
        checked=run.checked(),
        failures=() if failure is None else (Failure(failure.position, failure.step, failure.detail),),
        doubtful=doubtful,
        note=run.note,
    )


def _order(failure: NotBelieved) -> tuple[float, int]:
    """Where a failure stands in the order of the procedure."""
    if failure.position is None:
        return (float("inf") if failure.step >= 21 else -1.0), failure.step
    # The comparison of step 4 comes after step 20 of the entry it covers.
    return failure.position, 21 if failure.step == 4 else failure.step


@lru_cache(maxsize=64)
def _recorded_date(hour: str) -> str:
    """The day at UTC+8 of a recording time given to the hour (FORMAT 1.3)."""
    day = date.fromisoformat(hour[:10])
    if hour[11:] < "16":
        return day.isoformat()
    return (day + timedelta(days=1)).isoformat() if day < date.max else ":"  # later than every day


class _Parts(NamedTuple):
    """An entry of good form."""

    header: Header
    state: dict[str, Any] | None  # None where the procedure does not read it
    statement: Command | Batch | None
    proof: Signatures | Membership | None
    tail: tuple[str, int] | None  # what the header has for `subjects` and `version`, where that is not right


class _Run:
    """One following of the procedure. Each method named for a step raises NotBelieved with that step."""

    def __init__(self, source: Source, trust: Trust | bytes | None) -> None:
        self._source, self._trust_given = source, trust
        self.trust_word = "none" if trust is None else "policy"
        self.note = b""
        self.checkpoint = Checkpoint("", 0, merkle.EMPTY_ROOT)
        self._position: int | None = None
        self._seen: Checkpoint | None = None
        self._seals_checked = 0
        self._entries_checked = 0

        self._frontier = merkle.Frontier()
        self._tile = b""
        self._upper_levels = UpperLevels(source.tile)
        self._heads = Heads()
        self._statements = Statements(0)
        self._stated = 0
        self._signatures = PendingSignatures()
        self._forms = Familiar()
        self._i, self._n, self._at = 1, 1, ""  # place in its command and time of the entry before
        self._statements_before: deque[Command | Batch | None] = deque(maxlen=_STATEMENTS_KEPT)
        self._ledger = ""
        self._batch: OpenBatch | None = None
        self._next_key: keystates.Key | None = None
        self._next_rules: Rules | None = None

    def checked(self) -> Checked:
        return Checked(
            self._entries_checked, self._signatures.added - self._seals_checked, self._seals_checked
        )

    def follow(self) -> None:
        """Steps 1 to 21. Raises the first failure."""
        self._step_1()
        self._step_2()
        self._step_3()
        self._step_4_at_the_start()
        self._signatures.expect(self.checkpoint.size)
        self._statements = Statements(self.checkpoint.size)
        parts: list[Callable[[], None]] = [self._entries, self._signatures.settle, self._settle_replays]
        try:
            with self._signatures:
                failures = [found for part in parts if (found := self._first_failure(part)) is not None]
        finally:
            self._heads.close()
        if failures:
            raise min(failures, key=_order)
        self._position = None
        self._step_21()

    @staticmethod
    def _first_failure(part: Callable[[], None]) -> NotBelieved | None:
        try:
            part()
        except NotBelieved as error:
            return error
        return None

    def _fail(self, step: int, detail: str) -> NoReturn:
        raise NotBelieved(step, self._position, detail)

    def _formed(self, step: int, read: Callable[..., _T], *arguments: Any) -> _T:
        """The value that `read` gives; what it refuses is a failure of the step."""
        try:
            return read(*arguments)
        except Malformed as error:
            self._fail(step, str(error))

    # Steps 1 to 4: once.

    def _step_1(self) -> None:
        self._key = self._formed(1, self._read_vkey)
        self.note = self._formed(1, self._source.checkpoint)
        self._signed_note: Note = self._formed(1, parse_note, self.note)
        if not 1 <= self._signed_note.checkpoint.size <= INTEGER_MAX:
            self._fail(1, "检查点的大小应不小于 1")
        self.checkpoint = self._signed_note.checkpoint
        self._formed(1, self._check_seal_lines)
        self._keys = KeyBook(self._key.public)
        self._name, self._key_id = self._key.name.encode(), self._key.key_id

    def _read_vkey(self) -> VerifierKey:
        line = self._source.vkey()
        try:
            text = line.decode("ascii")
        except UnicodeDecodeError:
            forms.refuse("vkey 不是 ASCII")
        if text.count("\n") != 1 or not text.endswith("\n"):
            forms.refuse("vkey 应为一行")
        return VerifierKey.parse(text[:-1])

    def _check_seal_lines(self) -> None:
        before = 0
        for line in self._source.seals():
            found = _seal(line)
            if not found or int(found[1]) > INTEGER_MAX:
                forms.refuse(f"大小 {before} 之后的封印行应为 大小 根 签名")
            if not before < int(found[1]):
                forms.refuse(f"大小 {before} 之后的封印没有更大的大小")
            before = int(found[1])

    def _step_2(self) -> None:
        if self.checkpoint.origin != self._key.name:
            self._fail(2, f"检查点的来源 {self.checkpoint.origin} 不是 vkey 的名称 {self._key.name}")
        if not self._signed_note.is_signed_by(self._key):
            self._fail(2, "检查点没有台账密钥的有效签名")

    def _step_3(self) -> None:
        given = self._trust_given
        if given is None:
            return
        trust = given if isinstance(given, Trust) else self._formed(3, Trust.load, given)
        if str(self._key) not in trust.policy.logs:
            self._fail(3, f"信任文件的 policy 没有这个账本 {self._key}")
        self._trust_given = trust

    def _step_4_at_the_start(self) -> None:
        trust = self._trust_given
        if not isinstance(trust, Trust) or self.checkpoint.origin not in trust.seen:
            return
        self.trust_word = "policy+seen"
        note = self._formed(4, parse_note, trust.seen[self.checkpoint.origin].encode())
        if note.checkpoint.origin != self._key.name or not note.is_signed_by(self._key):
            self._fail(4, "信任文件所见检查点没有台账密钥的有效签名")
        if note.checkpoint.size < 1:
            self._fail(4, "信任文件所见检查点的大小应不小于 1")
        if note.checkpoint.size > self.checkpoint.size:
            self._fail(4, f"账本只有 {self.checkpoint.size} 条，信任文件已见 {note.checkpoint.size} 条")
        self._seen = note.checkpoint

    # Steps 6 to 20: for each entry.

    def _entries(self) -> None:
        size = self.checkpoint.size
        seals = self._source.seals()
        sealed, seal = self._next_seal(seals)
        self._sealed = 0
        position = -1
        for data in self._source.entries(0, size):
            position += 1
            self._position = position
            self._frontier.append(self._entry(position, data))
            if sealed == position + 1:
                self._step_20(seal)
                self._sealed = sealed
                sealed, seal = self._next_seal(seals)
            if self._seen is not None and self._seen.size == position + 1:
                self._step_4_when_reached(self._seen)
            self._entries_checked = position + 1
            if self._statements.must_settle:
                self._settle_replays()
        self._seal_left = sealed > 0
        if position + 1 < size:
            raise NotBelieved(6, position + 1, f"账本只给出 {position + 1} 条，检查点为 {size} 条")

    @staticmethod
    def _next_seal(seals: Iterator[bytes]) -> tuple[int, tuple[bytes, ...]]:
        """The size of the next seal, 0 after the last, and its size, root and signature as they are written."""
        found = _seal(next(seals, b""))
        return (int(found[1]), found.groups()) if found else (0, ())

    def _entry(self, position: int, data: bytes) -> bytes:
        sections = self._step_6(data)
        leaf = self._step_7(position, data)
        parts, subjects, heads = self._step_8(sections)
        header, _, statement, proof, tail = parts
        _, _, event, i, n, stated_position, stream, _ = header
        is_own = event in keystates.COMMAND_OF
        if stated_position != position:
            self._fail(9, f"分录自称第 {stated_position} 号")
        self._step_10(position, parts, leaf)
        command = self._step_11(parts)
        self._step_12(i, n)
        self._step_13(header.at, position)
        if tail is not None:
            self._step_14_and_15(stream, *tail, dict(zip(subjects, heads, strict=True)))
        if statement is not None:
            self._step_16(position, header.at, statement, sections[2])
        self._step_17(position, parts, command)
        if statement is not None:
            self._step_18(position, statement, proof, sections[2])
        if self._batch is not None or isinstance(statement, Batch):
            self._step_19(position, parts)

        if is_own:
            self._apply(parts)
        self._i, self._n, self._at = i, n, header.at
        self._statements_before.append(statement)
        self._heads.advance(subjects, heads, stream, leaf.hex())
        return leaf

    def _step_6(self, data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
        if len(data) > entry.ENTRY_BYTES_MAX:
            self._fail(6, f"分录长 {len(data)} 字节，上限 {entry.ENTRY_BYTES_MAX}")
        try:
            return entry.sections_of(data)
        except Malformed as error:
            self._fail(6, str(error))

    def _step_7(self, position: int, data: bytes) -> bytes:
        slot = position % WIDTH
        if slot == 0:
            width = min(WIDTH, self.checkpoint.size - position)
            tile = self._source.tile(0, position // WIDTH, width)
            if tile is None or len(tile) != 32 * width:
                self._fail(7, "第 0 层哈希块缺失或长度不对")
            self._tile = tile
            self._upper_levels.add(tile)
        leaf = hashlib.sha256(b"\x00" + data).digest()
        if self._tile[32 * slot : 32 * slot + 32] != leaf:
            self._fail(7, f"分录的叶哈希 {leaf.hex()} 与哈希块不符")
        return leaf

    def _step_8(self, sections: tuple[bytes, bytes, bytes, bytes]) -> tuple[_Parts, list[str], list[Head]]:
        """The parts of the entry, and the subjects that it must have, in order, with their heads."""
        header_bytes, state_bytes, statement_bytes, proof_bytes = sections
        statement: Command | Batch | None = None
        proof: Signatures | Membership | None = None
        tail = None
        try:
            header = headers.header_of(header_bytes)
            _, _, event, i, _, _, stream, stated = header
            state, ids = self._forms.state(event, state_bytes)
            if i == 1:
                statement = self._forms.statement(statement_bytes)
                proof = forms.proof_of(proof_bytes)
                ids += statement.ids
            elif statement_bytes or proof_bytes:
                forms.refuse("i > 1 的分录的陈述和证明应为空")
            if event == entry.OUTCOME or isinstance(statement, Batch):
                headers.check_outcome(header, statement, proof)
            if stream not in ids:
                headers.check_stream(stream)
            subjects = ids_of((stream, *ids))
            heads = self._heads.of(subjects)
            version = heads[subjects.index(stream)][1] + 1
            if stated != headers.tail_text(subjects, heads, version) or len(subjects) > entry.SUBJECTS_MAX:
                tail = headers.tail_of(stated)
        except Malformed as error:
            self._fail(8, str(error))
        return _Parts(header, state, statement, proof, tail), subjects, heads

    def _step_10(self, position: int, parts: _Parts, leaf: bytes) -> None:
        header, command = parts.header, parts.statement
        if position:
            if header.event == keystates.OPENED or (
                isinstance(command, Command) and command.name == keystates.OPEN
            ):
                self._fail(10, "开账只能是第 0 号")
            return
        if not isinstance(command, Command):
            self._fail(10, f"第 0 号应是指令 {keystates.OPEN}")
        genesis = self._formed(10, keystates.genesis_of, header, parts.state, command)
        origin = f"bangfu/{genesis.area_code}/{leaf.hex()[:32]}"
        if origin != self.checkpoint.origin:
            self._fail(10, f"第 0 号给出的来源 {origin} 不是检查点的 {self.checkpoint.origin}")
        if genesis.keys[0].public != self._key.public:
            self._fail(10, "第 0 号的台账密钥不是 vkey 的密钥")
        self._keys.open(genesis.keys)
        self._genesis = genesis
        self._rules, self._ledger = genesis.rules, genesis.ledger

    def _step_11(self, parts: _Parts) -> Command | None:
        """The command of the entry; None for a batch outcome."""
        header, state, statement, _, _ = parts
        rules = self._rules
        if header.epoch != rules.epoch:
            self._fail(11, f"规则版本为 {header.epoch}，应为 {rules.epoch}")
        if isinstance(statement, Batch):
            return None
        command = statement if statement is not None else self._command_before(header.i)
        if command is None:
            return None  # none stands at p − (i − 1): i does not go on from the entry before, as step 12 says
        try:
            rules.check(command.name, command.nature, header.event, header.n)
            if command.name == keystates.ADOPT:
                self._next_rules = keystates.adoption_of(state, command.payload, self._ledger, rules.epoch)
        except Malformed as error:
            self._fail(11, str(error))
        return command

    def _command_before(self, i: int) -> Command | None:
        before = self._statements_before
        found = before[1 - i] if i - 1 <= len(before) else None
        return found if isinstance(found, Command) else None

    def _step_12(self, i: int, n: int) -> None:
        if (i, self._i) != (1, self._n) and (i, n) != (self._i + 1, self._n):
            self._fail(12, f"分录为其指令的第 {i}/{n} 条，前一条是 {self._i}/{self._n}")

    def _step_13(self, at: str, position: int) -> None:
        before = self._at
        if at != before:
            if at < before:
                self._fail(13, f"入账时间 {at} 早于前一条的 {before}")
            if position and self._sealed != position:
                self._fail(13, f"入账时间 {at} 与前一条的 {before} 不同，其间没有封印")

    def _step_14_and_15(self, stream: str, rows: str, version: int, found: dict[str, Head]) -> NoReturn:
        """What the header says of its stream and subjects is not what it must be: one of the two fails."""
        expected = found[stream][1] + 1
        if version != expected:
            self._fail(14, f"流 {stream} 的版本为 {version}，应为 {expected}")
        stated = dict(re.findall(r'\["([^"]+)",([^\]]+)\]', rows))
        for subject, (count, _, previous) in found.items():
            if stated.pop(subject, None) != f'{count + 1},"{previous}"':
                self._fail(15, f"主体 {subject} 应为第 {count + 1} 次，前一叶 {previous}，分录所记不同或未列")
        self._fail(15, f"subjects 多列了 {'、'.join(stated)}" if stated else "subjects 的行与应列的不符")

    def _step_16(self, position: int, at: str, statement: Command | Batch, body: bytes) -> None:
        origin = self.checkpoint.origin if position else ""
        if statement.origin != origin:
            self._fail(16, f"陈述写给账本“{statement.origin}”，应为“{origin}”")
        recorded = _recorded_date(at[:13])
        if recorded > statement.valid_until:
            self._fail(16, f"入账日期 {recorded} 晚于有效期 {statement.valid_until}")
        self._message = dsse.pae(_kind(statement), body)
        self._statements.add(self._message)
        self._stated = position + 1

    def _step_17(self, position: int, parts: _Parts, command: Command | None) -> None:
        try:
            self._next_key = None
            if isinstance(parts.proof, Membership):
                self._check_membership(parts)
            elif parts.header.event in keystates.COMMAND_OF:
                self._check_own(position, parts, command)
            elif parts.statement is not None:
                self._keys.check_signers(command, parts.statement.signers, None)
        except Malformed as error:
            self._fail(17, str(error))

    def _check_membership(self, parts: _Parts) -> None:
        member, batch = parts.statement, self._batch
        assert isinstance(member, Command)
        if batch is None:
            forms.refuse("没有待入账的批次，却有批次成员")
        if member.origin != batch.batch.origin or member.signers != batch.batch.signers:
            forms.refuse("成员的 origin、signers 与批次不同")
        if member.name in keystates.EVENT_OF:
            forms.refuse(f"台账自己的指令 {member.name} 不能作批次成员")

    def _check_own(self, position: int, parts: _Parts, command: Command | None) -> None:
        """One of the ledger's own events, FORMAT 10."""
        header, state = parts.header, parts.state
        assert command is not None  # step 11: each has its command, in the entry itself
        assert state is not None
        signers, new = command.signers, None
        if header.event == keystates.ENROLLED:
            self._next_key = new = self._keys.new_key(header, state, signers)
        self._keys.check_signers(command, signers, new)
        if position == 0:
            self._keys.check_open(signers, self._genesis.keys)
        elif header.event == keystates.ADOPTED:
            if header.stream != self._ledger:
                forms.refuse("启用规则应在台账自己的流中")
            self._keys.check_adoption(signers)
        elif header.event in keystates.ENDINGS:
            self._keys.check_ending(header, state, signers)
        if header.event in keystates.KEY_EVENTS:
            keystates.check_payload(state, command)

    def _step_18(
        self,
        position: int,
        statement: Command | Batch,
        proof: Signatures | Membership | None,
        document: bytes,
    ) -> None:
        if isinstance(proof, Membership):
            assert isinstance(statement, Command)
            assert self._batch is not None
            self._formed(18, self._batch.check_member, statement, proof, document)
            return
        assert proof is not None
        if len(proof) != len(statement.signers):
            self._fail(18, "签名不是由 signers 依次所签")
        for (key, signature), signer in zip(proof, statement.signers, strict=True):
            if key != signer.key:
                self._fail(18, "签名不是由 signers 依次所签")
            new = self._next_key
            public = new.public if new is not None and new.id == key else self._keys.public(key)
            self._signatures.add((public, signature, self._message, 18, position, key))

    def _step_19(self, position: int, parts: _Parts) -> None:
        if self._batch is not None:
            if isinstance(parts.proof, Membership):
                self._batch.due.popleft()
            elif parts.header.i == 1:
                self._fail(19, f"批次的第 {self._batch.due[0]} 行应在此入账")
        if isinstance(parts.statement, Batch):
            assert parts.state is not None
            self._batch = self._formed(19, open_batch, position, parts.header, parts.state, parts.statement)
        if self._batch is not None and not self._batch.due:
            self._batch = None

    def _apply(self, parts: _Parts) -> None:
        """What the entry changes for those after it (FORMAT 10.2, 11.4)."""
        event = parts.header.event
        assert parts.state is not None
        if event == keystates.ENROLLED:
            assert self._next_key is not None
            self._keys.enrol(self._next_key)
        elif event == keystates.ADOPTED:
            assert self._next_rules is not None
            self._rules = self._next_rules
        elif event in keystates.ENDINGS:
            self._keys.end(parts.header, parts.state)

    def _step_20(self, seal: tuple[bytes, ...]) -> None:
        size, root, signature = seal
        blob = a2b_base64(signature)
        if self._i != self._n:
            self._fail(20, f"封印落在指令中间（{self._i}/{self._n}）")
        if self._batch is not None:
            self._fail(20, f"封印落在批次中间，第 {self._batch.due[0]} 行尚未入账")
        expected = b2a_base64(self._frontier.root(), newline=False)
        if root != expected:
            self._fail(20, f"大小 {size.decode()} 的封印的根应为 {expected.decode()}")
        if blob[:4] != self._key_id:
            self._fail(20, f"大小 {size.decode()} 的封印不是台账密钥所签")
        assert self._position is not None
        message = b"%s\n%s\n%s\n" % (self._name, size, root)
        self._signatures.add((self._key.public, blob[4:], message, 20, self._position, "封印"))
        self._seals_checked += 1

    def _step_4_when_reached(self, seen: Checkpoint) -> None:
        root = self._frontier.root()
        if root != seen.root:
            self._fail(
                4,
                f"大小 {seen.size} 的根是 {root.hex()}，信任文件所见为 {seen.root.hex()}：这是另一本账或被改写的账",
            )

    # Step 21, and what is settled by reading again.

    def _step_21(self) -> None:
        size, root = self.checkpoint.size, self.checkpoint.root
        if self._sealed != size or self._seal_left:
            self._fail(21, f"最后的封印不在检查点的大小 {size}")
        if self._frontier.root() != root:
            self._fail(21, f"{size} 条分录的根是 {self._frontier.root().hex()}，检查点为 {root.hex()}")
        wrong = self._upper_levels.first_wrong(size)
        if wrong is not None:
            self._fail(21, f"哈希块 {wrong} 缺失或不对")

    def _settle_replays(self) -> None:
        """Step 16, settled: raises for the first entry whose statement an earlier one carries."""
        if not self._statements.suspects:
            return
        # Every entry read again here has passed step 8.
        sections = map(entry.unframe, self._source.entries(0, self.checkpoint.size))
        statements = (
            (position, dsse.pae(_kind(forms.statement_of(found.statement)), found.statement))
            for position, found in zip(range(self._stated), sections, strict=False)
            if found.statement
        )
        again = self._statements.settle(statements)
        if again is not None:
            raise NotBelieved(16, again, "此前已有一条分录带有同一陈述（重放）")

    def doubtful(self) -> tuple[int, ...]:
        """FORMAT 10.3: the entries, from the position reported on, whose command or batch a compromised key signed."""
        compromised = self._keys.compromised
        if not compromised:
            return ()
        start = max(0, min(compromised.values()) - entry.EVENTS_MAX)
        positions = []
        signed_since = INTEGER_MAX
        entries = self._source.entries(start, self.checkpoint.size)
        for position, data in enumerate(entries, start):
            sections = entry.unframe(data)
            if sections.statement:
                signers = forms.statement_of(sections.statement).signers
                signed_since = min(compromised.get(signer.key, INTEGER_MAX) for signer in signers)
            if position >= signed_since:
                positions.append(position)
        return tuple(positions)


def _kind(statement: Command | Batch) -> str:
    return dsse.BATCH if isinstance(statement, Batch) else dsse.COMMAND
