"""Batches (批次): an imported workbook, signed once, decided row by row, checked as a whole with exceptions."""

from collections.abc import Sequence
from typing import Annotated

from eventsourcing.domain import event
from pydantic import Field

from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import AlreadyChecked, LabelDiffers, SamePerson, WrongEntry, WrongException
from domain.values import BatchId, Count, FilledLine, Sha256, entry_of
from domain.world import Case

Exception_ = Annotated[tuple[Count, FilledLine], Field(strict=False)]


@command(
    "batch.endorse.v1",
    title="批量核对",
    may={"act": ("service_centre",)},
    events=("batch.endorsed.v1",),
)
class EndorseBatch(Payload):
    batch: BatchId
    excepted: Annotated[list[Exception_], Field(max_length=1000)]  # [index of the row, reason]
    leaf: Sha256
    position: Count
    rows: Count  # of the batch, for the signer to recognise

    def summary(self) -> str:
        return f"批量核对：第 {self.position} 号批次 {self.rows} 行，除外 {len(self.excepted)} 行"

    def places(self, case: Case) -> Sequence[str]:
        """The endorser's post is over whatever the enterers' posts are over."""
        posts = (case.world.post(signer["post"]) for signer in entered_by(case, self.batch))
        return [area for post in posts for area in post.areas]

    def decide(self, case: Case) -> None:
        case.world.get(Batch, self.batch, "批次").endorse(self, case)


def entered_by(case: Case, batch: str) -> Sequence[dict[str, str]]:
    """The signers of a recorded batch. They stand in its statement: the outcome's state is fixed by FORMAT 8.1."""
    case.world.get(Batch, batch, "批次")
    found = case.world.located(batch, 1)
    return [] if found is None else [dict(signer) for signer in case.world.books.signers(found[0])]


class Batch(Aggregate):
    """The outcome of a batch, and its check."""

    TOPIC = "batch"

    class Recorded(Event):
        TOPIC = "batch.recorded.v1"
        accepted: list[list[int]]
        batch: str
        refused: list[list[int | str]]
        rows: int
        sha256: str
        sum_fen: int

    class Endorsed(Event):
        TOPIC = "batch.endorsed.v1"
        by: list[str]
        excepted: list[list[int | str]]
        leaf: str
        occurred_on: str
        position: int
        rows: int

    def _begin(self) -> None:
        self.accepted: list[list[int]] = []
        self.refused: list[list[int | str]] = []
        self.rows = 0
        self.excepted: frozenset[int] | None = None  # None while the batch is 未核

    def covers(self, index: int) -> bool:
        """Whether a row is 已核 by the endorsement of its batch."""
        return self.excepted is not None and index not in self.excepted

    def record(
        self, accepted: list[list[int]], refused: list[list[int | str]], rows: int, sha256: str, sum_fen: int
    ) -> None:
        self._recorded(
            accepted=accepted, batch=self.id, refused=refused, rows=rows, sha256=sha256, sum_fen=sum_fen
        )

    def endorse(self, asked: EndorseBatch, case: Case) -> None:
        if self.excepted is not None:  # PROJ-8
            raise AlreadyChecked(f"批次 {self.id} 已核，除外的行请逐项核对", subject=self.id)
        if asked.rows != self.rows:  # ID-3
            raise LabelDiffers(f"批次 {self.id} 共 {self.rows} 行，所写是 {asked.rows} 行", subject=self.id)
        found = case.world.located(self.id, 1)
        if (asked.position, asked.leaf) != found:  # PROJ-10
            raise WrongEntry(f"批次 {self.id} 是{entry_of(found)}，所写的不是这一条", subject=self.id)
        if case.persons & case.persons_of(signer["key"] for signer in entered_by(case, self.id)):  # PROJ-9
            raise SamePerson(f"批次 {self.id} 由签名人自己录入，须由另一人核对", subject=self.id)
        indexes = [index for index, _ in asked.excepted]
        if indexes != sorted(set(indexes)):  # BATCH-3
            raise WrongException("除外的行须按行号升序、不重复")
        for index in indexes:
            if not any(first <= index <= last for first, last in self.accepted):
                raise WrongException(
                    f"第 {index} 行不是批次 {self.id} 已入账的行", subject=self.id, index=index
                )
        self._endorsed(
            by=case.by,
            excepted=case.payload["excepted"],
            leaf=asked.leaf,
            occurred_on=case.occurred_on,
            position=asked.position,
            rows=asked.rows,
        )

    @event(Recorded)
    def _recorded(
        self,
        *,
        accepted: list[list[int]],
        batch: str,
        refused: list[list[int | str]],
        rows: int,
        sha256: str,
        sum_fen: int,
    ) -> None:
        self.accepted, self.refused, self.rows = accepted, refused, rows

    @event(Endorsed)
    def _endorsed(
        self,
        *,
        by: list[str],
        excepted: list[list[int | str]],
        leaf: str,
        occurred_on: str,
        position: int,
        rows: int,
    ) -> None:
        self.excepted = frozenset(int(index) for index, _ in excepted)
