"""What an entry must be by its own form and by the entries before it: steps 8 to 19 of FORMAT 15.

An entry costs a verifier little more than the check of its signatures, if no byte of it is looked at twice. So the shape that a
document matches gives its ids (`familiar`), the header is compared with the one that the log before demands (`heads`, `headers`), and
what is known of keys and rules is a look into a map (`keystates`).
"""

from __future__ import annotations

import re
from collections import deque
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from audit import dsse, entry, forms, headers, keystates
from audit.batches import OpenBatch, open_batch
from audit.checkpoint import Checkpoint
from audit.errors import Malformed, NotBelieved
from audit.familiar import Familiar
from audit.forms import Batch, Command, Membership, Signatures, SignerLine, refuse
from audit.headers import Header
from audit.heads import Heads
from audit.keystates import KeyBook, Rules
from audit.pending import PendingSignatures
from audit.replays import Statements
from audit.shapes import ids_of

Sections = tuple[bytes, bytes, bytes, bytes]

_STATEMENTS_KEPT = entry.EVENTS_MAX - 1
_rows = re.compile(r'\["([^"]+)",([^\]]+)\]').findall


def message_of(statement: Command | Batch, document: bytes) -> bytes:
    """What was signed: the statement, whose bytes are `document`, in the encoding of FORMAT 5.1."""
    return dsse.pae(dsse.BATCH if isinstance(statement, Batch) else dsse.COMMAND, document)


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
    rows: list[str]  # what its `subjects` and `version` must be
    version: int
    stated: tuple[str, int] | None  # what they are, where they are not right


class Course:
    """The entries so far, as far as the next one depends on them."""

    def __init__(self, checkpoint: Checkpoint, ledger_key: bytes, signatures: PendingSignatures) -> None:
        """`signatures` gets those of the entries; their messages go into `statements`, those of the first `stated` entries."""
        self._origin, self._ledger_key = checkpoint.origin, ledger_key
        self._signatures = signatures
        self.statements = Statements(checkpoint.size)
        self.stated = 0
        self.sealed = 0  # the size of the last seal
        self._keys = KeyBook(ledger_key)
        self._heads = Heads()
        self._forms = Familiar()
        self._step = 8
        self._i, self._n, self._at = 1, 1, ""  # place in its command and time of the entry before
        self._statements_before: deque[Command | Batch | None] = deque(maxlen=_STATEMENTS_KEPT)
        self._batch: OpenBatch | None = None
        self._next_key: keystates.Key | None = None
        self._next_rules: Rules | None = None

    def close(self) -> None:
        self._heads.close()

    @property
    def compromised(self) -> dict[str, int]:
        """Keys reported compromised, and from which position on."""
        return self._keys.compromised

    def check_whole(self) -> None:
        """Step 20: a commit may end here. Raises Malformed."""
        if self._i != self._n:
            refuse(f"封印落在指令中间（{self._i}/{self._n}）")
        if self._batch is not None:
            refuse(f"封印落在批次中间，第 {self._batch.due[0]} 行尚未入账")

    def enter(self, position: int, sections: Sections, leaf: bytes) -> None:
        """The next entry. Raises NotBelieved with the first step that does not hold."""
        self._step = 8
        try:
            parts = self._formed(sections, leaf)
            command = self._placed(position, parts, leaf)
            if parts.statement is not None:
                self._signed(position, parts, parts.statement, command, sections[2])
            self._step = 19
            if self._batch is not None or isinstance(parts.statement, Batch):
                self._follow_batch(position, parts)
        except Malformed as error:
            raise NotBelieved(self._step, position, str(error)) from None
        header = parts.header
        if header.event in keystates.COMMAND_OF:
            self._apply(header, parts.state)
        self._at, self._i, self._n = header.at, header.i, header.n
        self._statements_before.append(parts.statement)

    def _formed(self, sections: Sections, leaf: bytes) -> _Parts:
        """Step 8. From here on the entry counts as one with its subjects."""
        header_bytes, state_bytes, statement_bytes, proof_bytes = sections
        statement: Command | Batch | None = None
        proof: Signatures | Membership | None = None
        header = headers.header_of(header_bytes)
        _, _, event, i, _, _, stream, tail = header
        state, ids = self._forms.state(event, state_bytes)
        if i == 1:
            statement = self._forms.statement(statement_bytes)
            proof = forms.proof_of(proof_bytes)
            ids += statement.ids
        elif statement_bytes or proof_bytes:
            refuse("i > 1 的分录的陈述和证明应为空")
        if event == entry.OUTCOME or isinstance(statement, Batch):
            headers.check_outcome(header, statement, proof)
        if stream not in ids:
            headers.check_stream(stream)
        subjects = ids_of((stream, *ids))
        rows, version = self._heads.name(subjects, stream, leaf.hex())
        stated = None
        if tail != headers.tail_text(rows, version) or len(rows) > entry.SUBJECTS_MAX:
            stated = headers.tail_of(tail)
        return _Parts(header, state, statement, proof, rows, version, stated)

    def _placed(self, position: int, parts: _Parts, leaf: bytes) -> Command | None:
        """Steps 9 to 15: the entry where it stands. Its command, as `_command_of` finds it."""
        header, state, statement, _, _, version, stated = parts
        at, epoch, event, i, n, stated_position, stream, _ = header
        self._step = 9
        if stated_position != position:
            refuse(f"分录自称第 {stated_position} 号")
        self._step = 10
        if position == 0:
            self._open(parts, leaf)
        elif event == keystates.OPENED or (
            isinstance(statement, Command) and statement.name == keystates.OPEN
        ):
            refuse("开账只能是第 0 号")
        self._step = 11
        if epoch != self._rules.epoch:
            refuse(f"规则版本为 {epoch}，应为 {self._rules.epoch}")
        command = self._command_of(i, statement)
        if command is not None:
            self._rules.check(command.name, command.nature, event, n)
            if command.name == keystates.ADOPT:
                ledger = self._genesis.ledger
                self._next_rules = keystates.adoption_of(state, command.payload, ledger, epoch)
        self._step = 12
        if (i != 1 or self._i != self._n) and (i != self._i + 1 or n != self._n):
            refuse(f"分录为其指令的第 {i}/{n} 条，前一条是 {self._i}/{self._n}")
        self._step = 13
        if at != self._at:
            if at < self._at:
                refuse(f"入账时间 {at} 早于前一条的 {self._at}")
            if self.sealed != position:
                refuse(f"入账时间 {at} 与前一条的 {self._at} 不同，其间没有封印")
        if stated is not None:
            self._step = 14
            if stated[1] != version:
                refuse(f"流 {stream} 的版本为 {stated[1]}，应为 {version}")
            self._step = 15
            _refuse_rows(stated[0], parts.rows)
        return command

    def _open(self, parts: _Parts, leaf: bytes) -> None:
        """Step 10 for entry 0."""
        if not isinstance(parts.statement, Command):
            refuse(f"第 0 号应是指令 {keystates.OPEN}")
        genesis = keystates.genesis_of(parts.header, parts.state, parts.statement)
        origin = f"bangfu/{genesis.area_code}/{leaf.hex()[:32]}"
        if origin != self._origin:
            refuse(f"第 0 号给出的来源 {origin} 不是检查点的 {self._origin}")
        if genesis.keys[0].public != self._ledger_key:
            refuse("第 0 号的台账密钥不是 vkey 的密钥")
        self._keys.open(genesis.keys)
        self._genesis, self._rules = genesis, genesis.rules

    def _command_of(self, i: int, statement: Command | Batch | None) -> Command | None:
        """The command of the entry, with which step 11 compares; None for a batch outcome.

        None too when no command stands at p − (i − 1): i does not go on from the entry before, as step 12 says.
        """
        if statement is None:
            before = self._statements_before
            statement = before[1 - i] if i - 1 <= len(before) else None
        return statement if isinstance(statement, Command) else None

    def _signed(
        self,
        position: int,
        parts: _Parts,
        statement: Command | Batch,
        command: Command | None,
        document: bytes,
    ) -> None:
        """Steps 16 to 18: what is stated, by whom, and the proof. Whether signatures are good comes out later."""
        self._step = 16
        message = self._message(position, parts.header.at, statement, document)
        self._step = 17
        proof = parts.proof
        self._next_key = None
        if isinstance(proof, Membership):
            assert isinstance(statement, Command)  # step 8: the proof of a batch is its signatures
            batch = self._check_membership(statement)
            self._step = 18
            batch.check_member(statement, proof, document)
            return
        if parts.header.event in keystates.COMMAND_OF:
            self._check_own(position, parts, command)
        else:
            self._keys.check_signers(command, statement.signers, None)
        self._step = 18
        assert proof is not None  # step 8: it stands beside a statement
        self._add_signatures(position, statement.signers, proof, message)

    def _message(self, position: int, at: str, statement: Command | Batch, document: bytes) -> bytes:
        """Step 16, but for what `statements` suspects: the message that was signed."""
        origin = self._origin if position else ""
        if statement.origin != origin:
            refuse(f"陈述写给账本“{statement.origin}”，应为“{origin}”")
        recorded = _recorded_date(at[:13])
        if recorded > statement.valid_until:
            refuse(f"入账日期 {recorded} 晚于有效期 {statement.valid_until}")
        message = message_of(statement, document)
        self.statements.add(message)
        self.stated = position + 1
        return message

    def _check_membership(self, member: Command) -> OpenBatch:
        """Step 17 for a batch member; the batch."""
        batch = self._batch
        if batch is None:
            refuse("没有待入账的批次，却有批次成员")
        if member.origin != batch.batch.origin or member.signers != batch.batch.signers:
            refuse("成员的 origin、signers 与批次不同")
        if member.name in keystates.EVENT_OF:
            refuse(f"台账自己的指令 {member.name} 不能作批次成员")
        return batch

    def _check_own(self, position: int, parts: _Parts, command: Command | None) -> None:
        """Step 17 for one of the ledger's own events, FORMAT 10."""
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
            if header.stream != self._genesis.ledger:
                refuse("启用规则应在台账自己的流中")
            self._keys.check_adoption(signers)
        elif header.event in keystates.ENDINGS:
            self._keys.check_ending(header, state, signers)
        if header.event in keystates.KEY_EVENTS:
            keystates.check_payload(state, command)

    def _add_signatures(
        self, position: int, signers: tuple[SignerLine, ...], proof: Signatures, message: bytes
    ) -> None:
        if len(proof) != len(signers):
            refuse("签名不是由 signers 依次所签")
        new = self._next_key
        for (key, signature), signer in zip(proof, signers, strict=True):
            if key != signer.key:
                refuse("签名不是由 signers 依次所签")
            public = new.public if new is not None and new.id == key else self._keys.public(key)
            self._signatures.add((public, signature, message, 18, position, key))

    def _follow_batch(self, position: int, parts: _Parts) -> None:
        """Step 19."""
        if self._batch is not None:
            if isinstance(parts.proof, Membership):
                self._batch.due.popleft()
            elif parts.header.i == 1:
                refuse(f"批次的第 {self._batch.due[0]} 行应在此入账")
        if isinstance(parts.statement, Batch):
            assert parts.state is not None
            self._batch = open_batch(position, parts.header, parts.state, parts.statement)
        if self._batch is not None and not self._batch.due:
            self._batch = None

    def _apply(self, header: Header, state: dict[str, Any] | None) -> None:
        """What one of the ledger's own events changes for the entries after it (FORMAT 10.2, 11.4)."""
        assert state is not None
        if header.event == keystates.ENROLLED:
            assert self._next_key is not None
            self._keys.enrol(self._next_key)
        elif header.event == keystates.ADOPTED:
            assert self._next_rules is not None
            self._rules = self._next_rules
        elif header.event in keystates.ENDINGS:
            self._keys.end(header, state)


def _refuse_rows(text: str, rows: list[str]) -> None:
    """Step 15, for `subjects` that are not the rows which they must be: the first that differs."""
    stated = dict(_rows(text))
    for subject, expected in _rows(",".join(rows)):
        if stated.pop(subject, None) != expected:
            count, _, previous = expected.partition(",")
            refuse(f"主体 {subject} 应为第 {count} 次，前一叶 {previous[1:-1]}，分录所记不同或未列")
    refuse(f"subjects 多列了 {'、'.join(stated)}" if stated else "subjects 的行与应列的不符")
