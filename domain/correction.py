"""Correction (更正): a slip in what was entered, put right by a new event and the signature of another (D12).

The original stays visible; what it said is withdrawn from the day the correction is completed. What a correction
is stands here once; which fields of a noun are corrected is listed in corrections.py.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model

from domain.command import Payload, Value, also_gives, bad_shape, command
from domain.entered import Written
from domain.errors import NotFound, NothingCorrected
from domain.natures import Nature
from domain.placed import areas_of
from domain.proposal import Proposal
from domain.values import FilledLine, FilledText, IsoDate, ProposalId, Version, ids_in, moving_of, shortened
from domain.world import Case

NEEDS = [["checks", "service_centre"]]
MAY: Mapping[Nature, Sequence[str]] = {"act": ("village_admin", "recorder", "service_centre")}
Now = Mapping[str, Any]  # field -> what it is said to be rightly


class AskedChange(Protocol):
    """One field of a correction, whatever the noun."""

    @property
    def field(self) -> str: ...
    @property
    def now(self) -> Any: ...
    @property
    def was(self) -> Any: ...


class Correction(Payload):
    """A correction of whatever noun: its fields are those that `correctable` gives it."""

    NOUN: ClassVar[type[Written]]
    WORDS: ClassVar[Mapping[str, str]]
    TYPES: ClassVar[Mapping[str, TypeAdapter[Any]]]
    ALSO: ClassVar[tuple[Callable[[Case, Any, Now], None], ...]]

    if TYPE_CHECKING:
        changes: Sequence[AskedChange]
        expires_on: str
        name: str
        proposal: str
        reason: str
        version: int  # of the event whose word is corrected

    def label(self) -> str:
        """What an endorser of the proposal must recognise: the fields, in the words of their noun where it has any."""
        return "更正：" + "、".join(self.WORDS.get(change.field, change.field) for change in self.changes)

    def summary(self) -> str:
        return f"{self.label()}，{self.NOUN.WHAT}：{shortened(self.name)}"

    def of(self, case: Case) -> Written:
        return case.world.get(self.NOUN, getattr(self, self.NOUN.TOPIC), self.NOUN.WHAT)

    def places(self, case: Case) -> Sequence[str]:
        """Where the noun lies, and whatever the correction would have it name."""
        named = moving_of(ids_in([change["now"] for change in case.payload["changes"]]))
        return [*self.of(case).places(case.today), *areas_of(case, named)]

    def decide(self, case: Case) -> None:
        """Record the correction, and that it waits for the check of another."""
        self._check_changes(case)
        subject = self.of(case)
        now = {change["field"]: change["now"] for change in case.payload["changes"]}
        for named in moving_of(ids_in(list(now.values()))):
            if case.world.find(named) is None:  # ID-2
                raise NotFound(f"台账中没有更正所指的 {named}，请核对编号", subject=named)
        for also in self.ALSO:
            also(case, subject, now)
        proposal = case.world.create(Proposal, self.proposal, "提议编号")
        subject.propose_correction(self, case)
        proposal.make(
            case,
            kind=f"{subject.TOPIC}.correct",
            label=self.label(),
            target=subject,
            needs=NEEDS,
            expires_on=self.expires_on,
        )

    def _check_changes(self, case: Case) -> None:
        """Each field once, of its own type, and otherwise than it was (CORR-1)."""
        fields = [change.field for change in self.changes]
        if len(set(fields)) < len(fields):  # CORR-1
            raise NothingCorrected("同一栏只更正一次")
        for index, (change, stated) in enumerate(zip(self.changes, case.payload["changes"], strict=True)):
            for side in ("was", "now"):
                try:
                    self.TYPES[change.field].validate_python(stated[side], strict=True)
                except ValidationError as error:
                    raise bad_shape(error, f"/payload/changes/{index}/{side}", stated[side]) from None
            if change.now == change.was:
                raise NothingCorrected(f"“{change.field}”更正前后相同")


def correctable(
    noun: type[Written],
    identity: Any,
    fields: Mapping[str, str],
    value: Any,
    *entries: type[BaseModel],
    own: Mapping[str, Any] | None = None,
    also: Sequence[Callable[[Case, Any, Now], None]] = (),
    plain: bool = False,
) -> type[Correction]:
    """Declare how a noun is corrected.

    `fields` with their Chinese words (`plain`: the label shows the fields themselves); `value` is any value of any of
    them; each is corrected to what it might have been entered as, so the `entries` say what type it has, `own` where
    no entry has it. `also` is asked before anything is proposed.
    """
    kind = noun.__name__
    types = {
        name: TypeAdapter(field.rebuild_annotation())
        for entry in entries
        for name, field in entry.model_fields.items()
        if name in fields
    } | {name: TypeAdapter(one) for name, one in (own or {}).items()}
    assert types.keys() == fields.keys(), types.keys() ^ fields.keys()
    one_of: Any = Literal[tuple(sorted(fields))]
    change: Any = create_model(
        "Change" if plain else f"{kind}Change",
        __base__=Value,
        field=(one_of, ...),
        now=(value, ...),
        was=(value, ...),
    )
    changes = Annotated[list[change], Field(min_length=1, max_length=12)]
    shape: dict[str, Any] = {
        "changes": changes,
        "expires_on": IsoDate,
        "name": FilledLine,
        "proposal": ProposalId,
        "reason": FilledText,
        "version": Version,
        noun.TOPIC: identity,
    }
    fields_of: dict[str, Any] = {name: (shape[name], ...) for name in sorted(shape)}
    asked: Any = create_model(f"Correct{kind}", __base__=Correction, **fields_of)
    asked.NOUN, asked.TYPES, asked.ALSO = noun, types, tuple(also)
    asked.WORDS = {} if plain else fields
    asked.__doc__ = None
    made: type[Correction] = command(
        f"{noun.TOPIC}.correct.v1",
        title=f"更正{noun.WHAT}",
        may=MAY,
        events=(f"{noun.TOPIC}.correction_proposed.v1", "proposal.made.v1"),
    )(asked)
    also_gives("proposal.endorse.v1", f"{noun.TOPIC}.corrected.v1")
    return made
