"""Batches in the log: the outcome, and the members that must follow it (FORMAT 8)."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from audit import merkle
from audit.forms import Batch, Command, Membership, has_keys, is_whole, refuse
from audit.headers import Header

_OUTCOME_KEYS = frozenset({"accepted", "batch", "refused", "rows", "sha256", "sum_fen"})


class OpenBatch(NamedTuple):
    """A batch whose outcome stands in the log; it is open while members are due."""

    position: int
    batch: Batch
    due: deque[int]

    def check_member(self, command: Command, membership: Membership, document: bytes) -> None:
        """Step 18 for a member: its place and its path to the root of the batch (FORMAT 6.2)."""
        if membership.batch != self.position:
            refuse(f"成员称批次在第 {membership.batch} 号，应为第 {self.position} 号")
        if membership.row != self.due[0]:
            refuse(f"成员序号为 {membership.row}，应为 {self.due[0]}")
        leaf = merkle.leaf_hash(document)
        root = merkle.root_from_path(leaf, membership.row, self.batch.rows, membership.path)
        if root != self.batch.root:
            refuse(f"指令 {command.name} 的路径不通向批次的根")


def open_batch(position: int, header: Header, state: dict[str, Any], batch: Batch) -> OpenBatch:
    """FORMAT 8.1. Raises Malformed when the outcome does not account for every row of the batch."""
    if header.stream != batch.id or not header.is_first:
        refuse("批次结果应在批次自己的流中，版本 1")
    if not has_keys(state, _OUTCOME_KEYS):
        refuse("批次结果应恰有 accepted、batch、refused、rows、sha256、sum_fen")
    if not is_whole(state["rows"], 1) or type(state["sum_fen"]) is not int:
        refuse("批次结果的 rows、sum_fen 应为整数")
    stated = (state["batch"], state["rows"], state["sha256"], state["sum_fen"])
    if stated != (batch.id, batch.rows, batch.sha256, batch.sum_fen):
        refuse("批次结果的 batch、rows、sha256、sum_fen 与批次不符")
    accepted = _accepted(state["accepted"], batch.rows)
    refused = _refused(state["refused"])
    if len(accepted) + len(refused) != batch.rows or set(accepted) | set(refused) != set(range(batch.rows)):
        refuse(f"接受与拒绝的行合起来应恰为 0 至 {batch.rows - 1}")
    return OpenBatch(position, batch, deque(accepted))


def _accepted(value: object, rows: int) -> list[int]:
    if type(value) is not list:
        refuse("accepted 应为数组")
    indexes: list[int] = []
    next_free = 0
    for row in value:
        if type(row) is not list or len(row) != 2 or not is_whole(row[0], 0) or not is_whole(row[1], row[0]):
            refuse("accepted 的每项应为 [首,末]")
        first, last = row
        if first < next_free or last >= rows:
            refuse("accepted 的区间应升序、不重叠、不相邻，且在批次之内")
        indexes.extend(range(first, last + 1))
        next_free = last + 2
    return indexes


def _refused(value: object) -> list[int]:
    if type(value) is not list:
        refuse("refused 应为数组")
    indexes: list[int] = []
    for row in value:
        if type(row) is not list or len(row) != 3 or not is_whole(row[0], 0):
            refuse("refused 的每项应为 [序号,代码,规则]")
        if type(row[1]) is not str or type(row[2]) is not str:
            refuse("refused 的代码、规则应为文字")
        if indexes and row[0] <= indexes[-1]:
            refuse("refused 的序号应严格升序")
        indexes.append(row[0])
    return indexes
