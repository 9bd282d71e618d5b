"""The numbered procedure of FORMAT 15: bytes of a log in, a `Verdict` out. The heart of what others need not take our word for.

The steps stand in three modules: `claims` has 1 to 4, which look at the log as a whole; `course` has 8 to 19, which look at an entry
and those before it; here the log is read, with 6, 7, 20, 21 and the comparison of 4.

What it does not do: read files or databases (a `Source` does), re-execute rules (step 40), count witnesses (step 30, reserved),
or ask whether what was signed is true.

The log is read once, in order, in bounded memory. Three things are finished later than they are met, and none changes the verdict,
which is the first failure in the order of the procedure: signatures are checked beside the reading (`pending`), suspected replays
are settled by a second reading (`replays`), and entries by compromised keys are listed by another (FORMAT 10.3).
"""

from __future__ import annotations

import hashlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable

from audit import entry, forms
from audit.canonical import INTEGER_MAX
from audit.checkpoint import Checkpoint
from audit.claims import NO_SEAL, Claims, Seal, seal_of
from audit.course import Course, message_of
from audit.errors import Malformed, NotBelieved
from audit.forms import refuse
from audit.pending import PendingSignatures
from audit.tiled import TiledTree
from audit.trust import Trust
from audit.verdict import Checked, Failure, Source, Verdict


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
        trust=run.claims.trust_word,
        size=run.claims.checkpoint.size,
        root=run.claims.checkpoint.root,
        checked=run.checked(),
        failures=() if failure is None else (Failure(failure.position, failure.step, failure.detail),),
        doubtful=doubtful,
        note=run.claims.note,
    )


def _order(failure: NotBelieved) -> tuple[float, int]:
    """Where a failure stands in the order of the procedure."""
    if failure.position is None:
        return (float("inf") if failure.step >= 21 else -1.0), failure.step
    # The comparison of step 4 comes after step 20 of the entry it covers.
    return failure.position, 21 if failure.step == 4 else failure.step


class _Run:
    """One following of the procedure."""

    def __init__(self, source: Source, trust: Trust | bytes | None) -> None:
        self.claims = Claims(source, trust)
        self._source = source
        self._signatures = PendingSignatures()
        self._seals_checked = 0
        self._entries_checked = 0

    def checked(self) -> Checked:
        return Checked(
            self._entries_checked, self._signatures.added - self._seals_checked, self._seals_checked
        )

    def follow(self) -> None:
        """Steps 1 to 21. Raises the first failure."""
        with self._signatures:
            self.claims.read()
            self._signatures.expect(self.claims.checkpoint.size)
            self.claims.check()
            self._begin()
            parts: list[Callable[[], None]] = [self._entries, self._signatures.settle, self._settle_replays]
            try:
                failures = [found for part in parts if (found := self._first_failure(part)) is not None]
            finally:
                self._course.close()
        if failures:
            raise min(failures, key=_order)
        self._step_21()

    def _begin(self) -> None:
        key, checkpoint = self.claims.key, self.claims.checkpoint
        self._course = Course(checkpoint, key.public, self._signatures)
        self._tree = TiledTree(self._source.tile, checkpoint.size)
        self._name, self._key_id = key.name.encode(), key.key_id

    @staticmethod
    def _first_failure(part: Callable[[], None]) -> NotBelieved | None:
        try:
            part()
        except NotBelieved as error:
            return error
        return None

    def _entries(self) -> None:
        """Steps 6 to 20, and the comparison of step 4: for each entry."""
        size, seen = self.claims.checkpoint.size, self.claims.seen
        course, tree = self._course, self._tree
        seals = map(seal_of, self._source.seals())
        seal = next(seals, NO_SEAL)
        sealed = seal[0]
        position = -1
        for data in self._source.entries(0, size):
            position += 1
            step = 6
            try:
                sections = _sections_of(data)
                step = 7
                leaf = hashlib.sha256(b"\x00" + data).digest()
                tree.add(leaf)
                course.enter(position, sections, leaf)
                if sealed == position + 1:
                    step = 20
                    self._check_seal(position, seal)
                    course.sealed = sealed
                    seal = next(seals, NO_SEAL)
                    sealed = seal[0]
            except Malformed as error:
                raise NotBelieved(step, position, str(error)) from None
            if seen is not None and seen.size == position + 1:
                self._step_4(position, seen)
            self._entries_checked = position + 1
            if course.statements.must_settle:
                self._settle_replays()
        self._seal_left = sealed > 0
        if position + 1 < size:
            raise NotBelieved(6, position + 1, f"账本只给出 {position + 1} 条，检查点为 {size} 条")

    def _check_seal(self, position: int, seal: Seal) -> None:
        """Step 20, for a seal that covers the entries up to this position. Raises Malformed."""
        self._course.check_whole()
        size, root, blob = seal
        expected = b2a_base64(self._tree.root(), newline=False)
        if root != expected:
            refuse(f"大小 {size} 的封印的根应为 {expected.decode()}")
        signed = a2b_base64(blob)
        if signed[:4] != self._key_id:
            refuse(f"大小 {size} 的封印不是台账密钥所签")
        message = b"%s\n%d\n%s\n" % (self._name, size, root)
        self._signatures.add((self.claims.key.public, signed[4:], message, 20, position, "封印"))
        self._seals_checked += 1

    def _step_4(self, position: int, seen: Checkpoint) -> None:
        """The comparison, when the tree has the size seen."""
        root = self._tree.root()
        if root != seen.root:
            raise NotBelieved(
                4,
                position,
                f"大小 {seen.size} 的根是 {root.hex()}，信任文件所见为 {seen.root.hex()}：这是另一本账或被改写的账",
            )

    def _step_21(self) -> None:
        size, root = self.claims.checkpoint.size, self.claims.checkpoint.root
        if self._course.sealed != size or self._seal_left:
            raise NotBelieved(21, None, f"最后的封印不在检查点的大小 {size}")
        if self._tree.root() != root:
            raise NotBelieved(
                21, None, f"{size} 条分录的根是 {self._tree.root().hex()}，检查点为 {root.hex()}"
            )
        wrong = self._tree.first_wrong()
        if wrong is not None:
            raise NotBelieved(21, None, f"哈希块 {wrong} 缺失或不对")

    # What is settled by reading again.

    def _settle_replays(self) -> None:
        """Step 16, settled: raises for the first entry whose statement an earlier one carries."""
        course = self._course
        if not course.statements.suspects:
            return
        # Every entry read again here has passed step 8.
        sections = map(entry.unframe, self._source.entries(0, self.claims.checkpoint.size))
        statements = (
            (position, message_of(forms.statement_of(found.statement), found.statement))
            for position, found in zip(range(course.stated), sections, strict=False)
            if found.statement
        )
        again = course.statements.settle(statements)
        if again is not None:
            raise NotBelieved(16, again, "此前已有一条分录带有同一陈述（重放）")

    def doubtful(self) -> tuple[int, ...]:
        """FORMAT 10.3: the entries, from the position reported on, whose command or batch a compromised key signed."""
        compromised = self._course.compromised
        if not compromised:
            return ()
        start = max(0, min(compromised.values()) - entry.EVENTS_MAX)
        positions = []
        signed_since = INTEGER_MAX
        entries = self._source.entries(start, self.claims.checkpoint.size)
        for position, data in enumerate(entries, start):
            sections = entry.unframe(data)
            if sections.statement:
                signers = forms.statement_of(sections.statement).signers
                signed_since = min(compromised.get(signer.key, INTEGER_MAX) for signer in signers)
            if position >= signed_since:
                positions.append(position)
        return tuple(positions)


def _sections_of(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Step 6. Raises Malformed."""
    if len(data) > entry.ENTRY_BYTES_MAX:
        refuse(f"分录长 {len(data)} 字节，上限 {entry.ENTRY_BYTES_MAX}")
    return entry.sections_of(data)
