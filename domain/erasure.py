"""Erasures (删除个人信息): what two roles order, after a check of the duties to retain, and who confirmed the copies (D17).

The order names commitments and never a value. That it is recorded is what makes the vault erase; nothing is taken out of the
log. It reads 删除中 until everybody who answers for a copy (a mirror, a backup) has confirmed that it is gone.
个人信息保护法 47; 会计档案管理办法（财政部、国家档案局令第79号）14.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from eventsourcing.domain import event
from pydantic import Field

from domain.assertions import FOREVER
from domain.asset import Asset
from domain.authority import roles_label
from domain.base import Aggregate, Event, State
from domain.command import Payload, Value, command
from domain.disposal import Disposal
from domain.entered import Entered
from domain.errors_names import (
    ErasureNotWhole,
    NameStillNeeded,
    RetentionNotOver,
    TwoRolesNeeded,
    WrongCopy,
)
from domain.obligation import Obligation
from domain.personal import Commitment
from domain.placed import areas_of
from domain.proposal import Proposal
from domain.values import ErasureId, FilledLine, PostId, SubjectId, code, shortened
from domain.verdicts import weigh_by_law
from domain.world import Case

Ground = Literal["period_over", "mistaken"]
GROUNDS: dict[str, str] = {"period_over": "保存期满", "mistaken": "误录，已更正"}
# The nouns that can name a natural person. What names one on the way to them (a proposal) names it in their own events too.
BEARERS = ("asset", "disposal", "obligation")
DECIDES, CHECKS = "township", ("county", "finance")
_CONFIRMS = (
    "collective",
    "county",
    "finance",
    "registrar",
    "service_centre",
    "township",
    "village_admin",
)


def erased_code(commitment: str) -> str:
    """The code of a commitment that is erased: it is named by one order only, and leads to it."""
    return code("erased", commitment.removeprefix("commit:"))


class Copy(Value):
    """A copy of what the vault held (a mirror, a backup with its key), and the post that answers for it."""

    medium: FilledLine
    post: PostId


@command(
    "erasure.order.v1",
    title="命令删除个人信息",
    may={"act": (DECIDES, *CHECKS)},
    events=("erasure.ordered.v1",),
)
class OrderErasure(Payload):
    basis: FilledLine  # the decision or the application by number, naming nobody
    commitments: Annotated[list[Commitment], Field(min_length=1, max_length=64)]
    copies: Annotated[list[Copy], Field(max_length=20)]
    erasure: ErasureId
    ground: Ground
    subjects: Annotated[list[SubjectId], Field(min_length=1, max_length=60)]

    @classmethod
    def claims(cls, stated: Mapping[str, Any]) -> Sequence[str]:
        found = stated.get("commitments")
        return [erased_code(one) for one in found if isinstance(one, str)] if isinstance(found, list) else []

    def summary(self) -> str:
        return (
            f"删除个人信息（{GROUNDS[self.ground]}）：承诺 {len(self.commitments)} 项，"
            f"涉及 {len(self.subjects)} 个事项，副本 {len(self.copies)} 份，依据 {shortened(self.basis)}"
        )

    def authorise(self, case: Case) -> None:
        """Who decides, and who has checked the duties to retain: two persons of two roles (NAME-1)."""
        case.admit_all()
        roles = sorted(signer.role for signer in case.signers)
        if len(case.persons) != 2 or len(roles) != 2 or roles[-1] != DECIDES or roles[0] == DECIDES:
            raise TwoRolesNeeded("删除个人信息须由乡党委政府、乡财政办（或县级主管部门）各一人签名")

    def places(self, case: Case) -> Sequence[str]:
        return areas_of(case, self.subjects)

    def decide(self, case: Case) -> None:
        for name, listed in (("承诺", self.commitments), ("事项", self.subjects)):
            if listed != sorted(set(listed)):  # NAME-2
                raise ErasureNotWhole(f"所列{name}须按编号次序，不重复")
        erasure = case.world.create(Erasure, self.erasure, "删除令编号")
        codes = [erased_code(one) for one in self.commitments]
        for unique, committed in zip(codes, self.commitments, strict=True):
            case.world.claim(unique, "承诺", f"承诺 {committed} 已有删除令，不必再下")
        media = [one.medium for one in self.copies]
        if len(set(media)) < len(media):  # NAME-5
            raise WrongCopy("所列副本须各不相同")
        for one in self.copies:
            self._check_copy(case, one)
        for subject in self.subjects:
            self._check(case, subject)
        erasure.order(case, codes)

    def _check_copy(self, case: Case, copy: Copy) -> None:
        """That the post which answers for a copy can confirm that it is gone: as long as it is there nobody else may (NAME-5)."""
        post = case.world.post(copy.post)
        if post.closed:
            wrong, right = "已撤销", "未撤销的岗位"
        elif post.role not in _CONFIRMS:
            wrong, right = "无权确认副本的删除", f"{roles_label(_CONFIRMS)}的岗位"
        elif (beyond := case.beyond(post, self.places(case))) is not None:
            wrong, right = f"的辖区不含{beyond.called}", "辖区包含所涉区域的岗位"
        else:
            return
        raise WrongCopy(f"副本“{copy.medium}”所写{post.called}{wrong}，请写{right}", subject=post.id)

    def _check(self, case: Case, subject: str) -> None:
        found = case.world.find(subject)
        if not isinstance(found, (Asset, Disposal, Obligation)):  # NAME-2
            raise ErasureNotWhole(
                f"{subject} 不是台账中的资产、债权债务或处置，不载个人信息", subject=subject
            )
        wanted = set(self.commitments)
        if self.ground == "mistaken":
            needed = isinstance(found, Disposal) or _names(found.standing(), wanted)
        else:
            needed = not (found.duplicate_of or _at_rest(found))
        if needed or _names(list(_pending(case, found)), wanted):  # NAME-3
            raise NameStillNeeded(
                f"{found.called}{_WHY[self.ground]}，其中的个人信息仍需保存", subject=subject
            )
        if self.ground == "period_over":
            weigh_by_law(
                case,
                "NAME-4",
                "names_years",
                lambda years: case.today > _kept_until(found, years),
                lambda years: RetentionNotOver(
                    f"{found.called}的保存期至 {_kept_until(found, years)}"
                    f"（末笔业务 {found.last_on}，{years} 年），期满之前只作存储，不得删除",
                    subject=subject,
                    until=_kept_until(found, years),
                ),
            )


def _kept_until(found: Entered, years: int) -> str:
    """The last day on which it must be kept: of a fiscal year (会计年度), which is the calendar's."""
    return f"{int(found.last_on[:4]) + years}-12-31"


_WHY = {"period_over": "尚未了结或有待签的提议", "mistaken": "现仍写有所列承诺，须先更正"}


def _at_rest(found: Entered) -> bool:
    match found:
        case Obligation():
            return found.outstanding_fen(FOREVER) == 0
        case Asset():
            return bool(found.gone_on)
        case Disposal():
            return bool(found.ended)
    raise AssertionError(found)


def _pending(case: Case, found: Entered) -> Iterator[Mapping[str, Any]]:
    """What is proposed of it and may still be signed."""
    for proposal, content in found.proposed.items():
        if case.world.get(Proposal, proposal, "提议").is_open(case.today):
            yield content


def _names(value: Any, wanted: set[str]) -> bool:
    """Whether a value states one of some commitments."""
    if isinstance(value, str):
        return value in wanted
    if isinstance(value, Mapping):
        return any(_names(one, wanted) for one in value.values())
    return isinstance(value, (list, tuple)) and any(_names(one, wanted) for one in value)


@command(
    "erasure.confirm.v1",
    title="确认副本已删除",
    may={"act": _CONFIRMS},
    events=("erasure.confirmed.v1",),
)
class ConfirmErasure(Payload):
    erasure: ErasureId
    medium: FilledLine
    record: FilledLine  # 销毁记录, by number

    def summary(self) -> str:
        return f"确认副本已删除：{shortened(self.medium)}，销毁记录 {shortened(self.record)}"

    def places(self, case: Case) -> Sequence[str]:
        return areas_of(case, case.world.get(Erasure, self.erasure, "删除令").subjects)

    def decide(self, case: Case) -> None:
        case.world.get(Erasure, self.erasure, "删除令").confirm(self, case)


class Erasure(Aggregate):
    """An order to erase, and the copies that still may hold what it erases."""

    TOPIC = "erasure"

    class Ordered(Event):
        TOPIC = "erasure.ordered.v1"
        basis: str
        by: list[str]
        codes: list[str]  # of the commitments: so that no other order names them, and each leads here
        commitments: list[str]
        copies: list[State]
        ground: str
        ledger: str  # so that all orders are found from the ledger's id
        occurred_on: str
        subjects: list[str]

    class Confirmed(Event):
        TOPIC = "erasure.confirmed.v1"
        by: list[str]
        medium: str
        occurred_on: str
        record: str

    def _begin(self) -> None:
        self.subjects: list[str] = []
        self.copies: dict[str, str] = {}  # medium -> post
        self.confirmed: list[str] = []

    def concerns(self) -> list[str]:
        return self.subjects

    def order(self, case: Case, codes: list[str]) -> None:
        ledger = case.world.directory.ledger
        assert ledger is not None
        self._ordered(
            by=case.by,
            codes=codes,
            ledger=ledger.id,
            occurred_on=case.occurred_on,
            **{key: case.payload[key] for key in ("basis", "commitments", "copies", "ground", "subjects")},
        )

    def confirm(self, asked: ConfirmErasure, case: Case) -> None:
        named = self.copies.get(asked.medium)
        if named is None or asked.medium in self.confirmed:  # NAME-5
            left = [one for one in self.copies if one not in self.confirmed]
            raise WrongCopy(
                f"删除令 {self.id} 待确认的副本是 {'、'.join(left) or '（无）'}，所写是“{asked.medium}”",
                subject=self.id,
            )
        (signer,) = case.signers
        post = case.world.post(named)
        stands_in = signer.role == "registrar" and (
            post.closed or case.beyond(post, areas_of(case, self.subjects)) is not None
        )
        if signer.post.id != named and not stands_in:  # NAME-5
            raise WrongCopy(f"副本“{asked.medium}”由{post.called}确认", subject=self.id)
        self._confirmed(by=case.by, medium=asked.medium, occurred_on=case.occurred_on, record=asked.record)

    @event(Ordered)
    def _ordered(
        self,
        *,
        basis: str,
        by: list[str],
        codes: list[str],
        commitments: list[str],
        copies: list[State],
        ground: str,
        ledger: str,
        occurred_on: str,
        subjects: list[str],
    ) -> None:
        self.subjects = subjects
        self.copies = {one["medium"]: one["post"] for one in copies}

    @event(Confirmed)
    def _confirmed(self, *, by: list[str], medium: str, occurred_on: str, record: str) -> None:
        self.confirmed = [*self.confirmed, medium]
