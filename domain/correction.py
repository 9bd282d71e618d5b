"""Correction (更正): what was entered wrongly, put right by a new event and the signature of another (D12).

The original stays visible; what it said is withdrawn from the day the correction is completed. A correction is of one of
four kinds (CORR-3): a slip (笔误) and a material one (实质性更正, with a document) say fields anew; what was recorded of
the wrong subject (记错对象) names the right one; what was registered twice (重复登记) names the one that remains.
What a correction is stands here once; which fields of a noun are corrected is listed in corrections.py.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, Field, SkipValidation, create_model, model_validator

from domain.base import State
from domain.citing import cited
from domain.command import BrokenRule, Payload, Value, also_gives, command
from domain.document import Document
from domain.errors import LabelDiffers, NotFound, NothingCorrected
from domain.errors_correction import NotDocumented, UnlikeKind, WrongRightSubject
from domain.natures import Nature
from domain.placed import areas_of
from domain.proposal import Proposal
from domain.said import DUPLICATE_OF
from domain.values import (
    Blank,
    DocumentId,
    FilledLine,
    FilledText,
    IsoDate,
    Line,
    ProposalId,
    SubjectId,
    Version,
    ids_in,
    kind_of,
    moving_of,
    shortened,
)
from domain.world import Case
from domain.written import ASKED, Asked, Written

Kind = Literal["slip", "material", "wrong_subject", "duplicate"]
KINDS: dict[str, str] = {
    "slip": "笔误",
    "material": "实质性更正",
    "wrong_subject": "记错对象",
    "duplicate": "重复登记",
}
assert tuple(KINDS) == get_args(Kind)
NEEDS = [["checks", "service_centre"]]
UNLIKE_SHOWN = 110  # characters of what is unlike in a label, which has a limit of its own
MAY: Mapping[Nature, Sequence[str]] = {"act": ("village_admin", "recorder", "service_centre")}
Now = Mapping[str, Any]  # field -> what it is said to be rightly
Check = Callable[[Case, Any, Now], None]
Papers = Mapping[str, tuple[str, str]]  # field that names a document -> the kind it must be of, for what


class Change(Value):
    """One field: what it was said to be, and what it is rightly, each of the type of that field."""

    SIDES: ClassVar[Mapping[str, type[Value]]]

    if TYPE_CHECKING:
        field: str
        now: Any
        was: Any

    @model_validator(mode="after")
    def _check_sides(self) -> Self:
        self.SIDES[self.field].model_validate({"now": self.now, "was": self.was})
        if self.field == DUPLICATE_OF and self.now:  # CORR-6
            raise BrokenRule(UnlikeKind, "重复登记以该种类（duplicate）更正，此栏只改为空，即恢复计数")
        return self


class Correction(Payload):
    """A correction of whatever noun: its fields are those that `correctable` gives it."""

    NOUN: ClassVar[type[Written]]
    WORDS: ClassVar[Mapping[str, str]]

    if TYPE_CHECKING:
        changes: Sequence[Change]
        paper: str
        expires_on: str
        instead: str
        instead_name: str
        kind: Kind
        unlike: str  # of a duplicate: in what it and the one that remains differ
        name: str
        proposal: str
        reason: str
        version: int  # of the event whose word is corrected

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        """What each kind states, and what it does not (CORR-3)."""
        elsewhere = self.kind in ("wrong_subject", "duplicate")
        if elsewhere != bool(self.instead) or bool(self.instead) != bool(self.instead_name):
            asked = "须写明正确的或留存的一项及其名称" if elsewhere else "不写另一项"
            raise BrokenRule(UnlikeKind, f"{KINDS[self.kind]}{asked}", "instead")
        if self.unlike and self.kind != "duplicate":
            raise BrokenRule(UnlikeKind, "只有重复登记写明与留存的一项所不同的", "unlike")
        if self.kind == "duplicate" and self.changes:
            raise BrokenRule(UnlikeKind, "重复登记是整项或整条，不写所改各栏", "changes")
        if not elsewhere and not self.changes:
            raise BrokenRule(UnlikeKind, f"{KINDS[self.kind]}须写所改各栏", "changes")
        if self.kind == "material" and not self.paper:  # CORR-4
            raise BrokenRule(NotDocumented, "实质性更正须附已登记的材料", "paper")
        return self

    def label(self) -> str:
        """What an endorser of the proposal must recognise."""
        what = "、".join(self.WORDS[change.field] for change in self.changes)
        return _label(self.kind, what, self.version, self.instead_name, self.unlike)

    def summary(self) -> str:
        return f"{self.label()}，{self.NOUN.WHAT}：{shortened(self.name)}"

    def of(self, case: Case) -> Written:
        """What is corrected: a duplicate too, for it may have been taken for one wrongly."""
        identity = getattr(self, self.NOUN.TOPIC)
        found = case.world.find(identity)
        if not isinstance(found, self.NOUN):  # ID-2
            raise NotFound(f"台账中没有{self.NOUN.WHAT} {identity}，请核对编号", subject=identity)
        return found

    def names(self, case: Case, moving: Sequence[str]) -> Iterable[str]:
        """The subject first, whose word decides about the rest: all but what it has said, and is not to name any more."""
        subject = getattr(self, self.NOUN.TOPIC)
        found, said = case.world.find(subject), set[str]()
        if isinstance(found, self.NOUN):
            said = ids_in(
                [one.value for change in self.changes for one in found.field(change.field).assertions]
            )
        now = ids_in({**case.payload, "changes": [change["now"] for change in case.payload["changes"]]})
        return [subject, *(one for one in moving if one in now or one not in said)]

    def places(self, case: Case) -> Sequence[str]:
        """Where the noun lies, and whatever the correction would have it name."""
        return [*self.of(case).places(case.today), *_places_named(case, case.payload)]

    def decide(self, case: Case) -> None:
        """Record the correction, and that it waits for the check of another."""
        fields = [change.field for change in self.changes]
        if len(set(fields)) < len(fields):  # CORR-1
            raise NothingCorrected("同一栏只更正一次")
        for change in self.changes:
            if change.now == change.was:  # CORR-1
                raise NothingCorrected(f"“{change.field}”更正前后相同")
        subject = self.of(case)
        self._check_instead(case)
        proposal = case.world.create(Proposal, self.proposal, "提议编号")
        subject.require_name(self.name, case.occurred_on)
        stated: State = {
            "changes": case.payload["changes"],
            "corrects": self.version,
            "paper": self.paper,
            "instead": self.instead,
            "kind": self.kind,
            "reason": self.reason,
        }
        subject.propose_correction(stated, self.proposal, self.expires_on, self.label(), case)
        proposal.make(
            case,
            kind=f"{subject.TOPIC}.correct",
            label=self.label(),
            target=subject,
            needs=NEEDS,
            expires_on=self.expires_on,
        )

    def _check_instead(self, case: Case) -> None:
        """The other one that it names is the one that its signer means."""
        if not self.instead:
            return
        other = case.world.get(Written, self.instead, "事项")
        if other.name != self.instead_name:  # ID-3
            raise LabelDiffers(
                f"{other.WHAT} {other.id} 的名称是“{other.name}”，所写是“{self.instead_name}”",
                subject=other.id,
            )
        now, was = ([change[side] for change in case.payload["changes"]] for side in ("now", "was"))
        if self.changes and (self.instead in ids_in(was) or self.instead not in ids_in(now)):  # CORR-5
            raise WrongRightSubject(
                f"正确的对象 {self.instead} 须写在更正后的栏中，且原来没有写", subject=self.instead
            )


def _places_named(case: Case, content: Mapping[str, Any]) -> list[str]:
    """Where that lies which a correction would have its subject name."""
    named = moving_of(ids_in([change["now"] for change in content["changes"]]))
    return areas_of(case, [*named, *filter(None, [content["instead"]])])


def _label(kind: str, what: str, version: int, instead_name: str, unlike: str) -> str:
    right = {"wrong_subject": "，正确的是", "duplicate": "，留存的是"}.get(kind, "")
    unlike = f"，所不同的是{unlike}" if unlike else ""
    return (
        f"更正（{KINDS[kind]}）：{what or f'第 {version} 版整条'}{right}{shortened(instead_name, 40)}{unlike}"
    )


def unlike(one: Written, other: Written) -> str:
    """In what two of a kind differ by the state of now: what a correction that takes one for the other states (CORR-6)."""
    return ASKED[one.TOPIC].unlike(one, other)


def _unlike(one: Written, other: Written, words: Mapping[str, str]) -> str:
    """In what two of a kind differ, beside their names: how each stands, then the fields of which they say otherwise."""
    theirs = other.stands()
    stands = [
        f"{word} {its}（留存的 {theirs[word]}）" for word, its in one.stands().items() if its != theirs[word]
    ]
    said = [
        word
        for field, word in words.items()
        if field not in {"name", DUPLICATE_OF} and one.last(field) != other.last(field)
    ]
    return shortened("、".join((*stands, *said)), UNLIKE_SHOWN)


def _require_named(case: Case, now: Now) -> None:
    """Whatever a correction would have its subject name is there (ID-2) and counts (CORR-8)."""
    for named in sorted(ids_in(list(now.values()))):
        if kind_of(named) == "organisation":
            case.world.organisation(named)
        elif (found := case.world.find(named)) is None:  # ID-2
            raise NotFound(f"台账中没有更正所指的 {named}，请核对编号", subject=named)
        else:
            found.require_counted()


def correctable(
    noun: type[Written],
    identity: Any,
    fields: Mapping[str, str],
    value: Any,
    *entries: type[BaseModel],
    own: Mapping[str, Any] | None = None,
    papers: Papers | None = None,
    seen: Mapping[str, str] | None = None,
    check: Check | None = None,
) -> type[Correction]:
    """Declare how a noun is corrected.

    `fields` with their Chinese words; `value` is any value of any of them, for who writes one; each is corrected to what
    it might have been entered as, so the `entries` say what type it has, `own` where no entry has it. `papers` are fields
    that name a document; `seen` are fields that are not corrected and tell two of the noun apart; `check` is asked of the new values, as all else: when they are proposed, and when another has
    checked them.
    """

    def ask(case: Case, subject: Written, content: Mapping[str, Any]) -> None:
        now = {change["field"]: change["now"] for change in content["changes"]}
        case.admit_over(_places_named(case, content))  # AUTH-5: of whoever checks it too
        _require_named(case, now)
        for field, (of_kind, what) in (papers or {}).items():
            if now.get(field):
                case.world.get(Document, now[field], "材料").require_kind((of_kind,), what)
        if content["paper"]:  # CORR-4
            cited(case, [content["paper"]], (subject.id,))
        if check is not None:
            check(case, subject, now)

    def differs(one: Written, other: Written) -> str:
        return _unlike(one, other, {**fields, **(seen or {})})

    def told(case: Case, subject: Written, content: Mapping[str, Any]) -> tuple[str, str]:
        other = case.world.get(Written, content["instead"], "事项")
        unlike = differs(subject, other)
        return unlike, _label(content["kind"], "", content["corrects"], other.name, unlike)

    ASKED[noun.TOPIC] = Asked(ask, differs, told)
    kind = noun.__name__
    types = {
        name: field.rebuild_annotation()
        for entry in entries
        for name, field in entry.model_fields.items()
        if name in fields
    } | dict(own or {})
    assert types.keys() == fields.keys(), types.keys() ^ fields.keys()
    words = {**fields, DUPLICATE_OF: "重复登记，留存的是"}
    types[DUPLICATE_OF] = identity | Blank
    sides: dict[str, Any] = {
        name: create_model(f"{kind}_{name}", __base__=Value, now=(one, ...), was=(one, ...))
        for name, one in types.items()
    }
    one_of: Any = Literal[tuple(sorted(words))]
    any_of: Any = Annotated[value, SkipValidation()]  # type: ignore[type-arg]
    change: Any = create_model(
        f"{kind}Change",
        __base__=Change,
        field=(one_of, ...),
        now=(any_of, ...),
        was=(any_of, ...),
    )
    change.SIDES = sides
    shape: dict[str, Any] = {
        "changes": Annotated[list[change], Field(max_length=12)],
        "paper": DocumentId | Blank,
        "expires_on": IsoDate,
        "instead": SubjectId | Blank,
        "instead_name": Line,
        "kind": Kind,
        "name": FilledLine,
        "proposal": ProposalId,
        "reason": FilledText,
        "unlike": Line,
        "version": Version,
        noun.TOPIC: identity,
    }
    fields_of: dict[str, Any] = {
        name: (shape[name], "" if name == "unlike" else ...) for name in sorted(shape)
    }
    asked: Any = create_model(f"Correct{kind}", __base__=Correction, **fields_of)
    asked.NOUN, asked.WORDS = noun, words
    asked.__doc__ = change.__doc__ = None
    made: type[Correction] = command(
        f"{noun.TOPIC}.correct.v1",
        title=f"更正{noun.WHAT}",
        may=MAY,
        events=(f"{noun.TOPIC}.correction_proposed.v1", "proposal.made.v1"),
    )(asked)
    also_gives("proposal.endorse.v1", f"{noun.TOPIC}.corrected.v1")
    return made
