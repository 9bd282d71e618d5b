"""Correction (更正): a slip in what was entered, put right by a new event and the signature of another (D12).

The original stays visible; what it said is withdrawn from the day the correction is completed.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError

from domain.command import Payload, Value, bad_shape, command
from domain.errors import NothingCorrected
from domain.listing import FundLine, ListProject, refuse_person
from domain.project import Project
from domain.proposal import Proposal
from domain.values import FilledLine, FilledText, IsoDate, ProjectId, ProposalId, Version, shortened
from domain.world import Case

Field_ = Literal[
    "build_year",
    "category",
    "content",
    "department",
    "former_poor_village",
    "fund_lines",
    "name",
    "operating_assets",
    "operator",
    "place",
    "scale",
    "subsisting",
    "total_fen",
]
NEEDS = [["checks", "service_centre"]]

# Each field is corrected to what it might have been listed as: the listing's own types say what that is.
_TYPES: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(field.rebuild_annotation())
    for name, field in ListProject.model_fields.items()
    if name in get_args(Field_)
}


class Change(Value):
    field: Field_
    now: str | int | bool | list[FundLine] | None
    was: str | int | bool | list[FundLine] | None


def label(changes: Sequence[Change]) -> str:
    """What an endorser of the proposal must recognise."""
    return "更正：" + "、".join(change.field for change in changes)


@command(
    "project.correct.v1",
    title="更正项目",
    may={"act": ("village_admin", "recorder", "service_centre")},
    events=("project.correction_proposed.v1", "proposal.made.v1"),
)
class CorrectProject(Payload):
    changes: Annotated[list[Change], Field(min_length=1, max_length=12)]
    expires_on: IsoDate
    name: FilledLine
    project: ProjectId
    proposal: ProposalId
    reason: FilledText
    version: Version  # of the event whose word is corrected

    def summary(self) -> str:
        return f"{label(self.changes)}，项目：{shortened(self.name)}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.get(Project, self.project, "项目").places(case.today)

    def decide(self, case: Case) -> None:
        fields = [change.field for change in self.changes]
        if len(set(fields)) < len(fields):  # CORR-1
            raise NothingCorrected("同一栏只更正一次")
        for index, (change, stated) in enumerate(zip(self.changes, case.payload["changes"], strict=True)):
            for side in ("was", "now"):
                try:
                    _TYPES[change.field].validate_python(stated[side], strict=True)
                except ValidationError as error:
                    raise bad_shape(error, f"/payload/changes/{index}/{side}", stated[side]) from None
            if change.now == change.was:
                raise NothingCorrected(f"“{change.field}”更正前后相同")
            if change.field == "operator":
                refuse_person(stated["now"])
        project = case.world.get(Project, self.project, "项目")
        proposal = case.world.create(Proposal, self.proposal, "提议编号")
        project.propose_correction(self, case)
        proposal.make(
            case,
            kind="project.correct",
            label=label(self.changes),
            target=project,
            needs=NEEDS,
            expires_on=self.expires_on,
        )
