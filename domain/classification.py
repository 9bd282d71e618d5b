"""Classification (四类认定): the village's opinion on 附件2, the township's, and the proposal that carries them.

种子 三(三). A class is 优势, 薄弱, 闲置 or 淘汰. The village opines, 乡农服中心 checks, the township seals; where
the township sees it otherwise, 乡农服中心 opines anew and names the village's proposal it differs from.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from domain.command import Payload, Value, also_gives, command
from domain.errors import CauseForbidden, CauseRequired, OpinionsNotSought, WrongStage
from domain.project import Project
from domain.proposal import Proposal
from domain.values import Blank, FilledLine, FilledText, IsoDate, ProjectId, ProposalId, Text
from domain.world import Case

Class = Literal["advantaged", "weak", "idle", "eliminated"]
CLASSES: dict[str, str] = {"advantaged": "优势类", "weak": "薄弱类", "idle": "闲置类", "eliminated": "淘汰类"}
# 附件2 说明3 and natural causes. Fraud is no cause code: a cause must not presume guilt.
Cause = Literal["C1", "C2", "C3", "C4", "C5", "C6", "C7", "OTHER"]
CAUSES: dict[str, str] = {
    "C1": "论证不充分、不切合实际，盲目跟风",
    "C2": "政策变化，不能继续实施",
    "C3": "有资金支持就管，无资金来源时就停摆，长期吸血",
    "C4": "技术、人才支撑不够，应对气候变化能力不足",
    "C5": "土地租金高、人工成本贵、融资难、扶持政策断奶、价格低迷",
    "C6": "盲目引进，市场不认可，产品卖难，业主放弃经营",
    "C7": "自然灾害等不可抗力",
    "OTHER": "其他",
}
STAGES: dict[str, str] = {"village": "村级初步认定", "township_proposal": "乡级另提意见"}
NEEDS = [["checks", "service_centre"], ["seals", "township"]]
_STAGE_ROLES = {"village": "village_admin", "township_proposal": "service_centre"}


class Dimensions(Value):
    """The five dimensions (维度) in which a project is judged."""

    industry: FilledText  # 产业发展水平
    linkage: FilledText  # 联农带农效果
    operation: FilledText  # 生产经营状况
    prospects: FilledText  # 产业发展前景
    resources: FilledText  # 资源禀赋条件


class OpinionsSought(Value):
    """Whose opinions were sought: 经营主体, 村集体经济组织理事长, 有关农户."""

    collective: bool
    farmers: bool
    operator: bool


def label(stage: str, class_: str) -> str:
    """What an endorser of the proposal must recognise."""
    return f"{STAGES[stage]}：{CLASSES[class_]}"


@command(
    "project.opine_class.v1",
    title="提出分类意见",
    may={"act": ("village_admin", "service_centre")},
    events=("project.class_opined.v1", "proposal.made.v1"),
)
class OpineClass(Payload):
    cause_codes: Annotated[list[Cause], Field(max_length=8)]
    cause_text: Text
    class_: Class = Field(alias="class")
    differs_from: ProposalId | Blank
    dimensions: Dimensions
    expires_on: IsoDate
    name: FilledLine
    opinions_sought: OpinionsSought
    project: ProjectId
    proposal: ProposalId
    stage: Literal["village", "township_proposal"]

    def summary(self) -> str:
        return f"{label(self.stage, self.class_)}，项目：{self.name}"

    def places(self, case: Case) -> Sequence[str]:
        return case.world.there(Project, self.project, "项目").places(case.today)

    def decide(self, case: Case) -> None:
        if {signer.role for signer in case.signers} != {_STAGE_ROLES[self.stage]}:  # CLASS-5
            raise WrongStage(f"“{STAGES[self.stage]}”不由该岗位提出")
        self.check_causes()
        if not (self.opinions_sought.collective and self.opinions_sought.farmers):  # CLASS-3
            raise OpinionsNotSought("须先征求村集体经济组织理事长和有关农户的意见")
        project = case.world.get(Project, self.project, "项目")
        proposal = case.world.create(Proposal, self.proposal, "提议编号")
        project.opine_class(self, case)
        proposal.make(
            case,
            kind="project.class",
            label=label(self.stage, self.class_),
            target=project,
            needs=NEEDS,
            expires_on=self.expires_on,
        )

    def check_causes(self) -> None:
        if self.class_ in ("advantaged", "weak"):
            if self.cause_codes or self.cause_text:  # CLASS-2
                raise CauseForbidden(f"{CLASSES[self.class_]}不填闲置或淘汰原因，请清空原因栏")
            return
        if not self.cause_codes or len(set(self.cause_codes)) < len(self.cause_codes):  # CLASS-1
            raise CauseRequired(f"{CLASSES[self.class_]}须选主要原因（C1 至 C7 或 OTHER），不重复")
        if "OTHER" in self.cause_codes and not self.cause_text.strip():
            raise CauseRequired("原因选其他（OTHER）的，须写明原因")


also_gives("proposal.endorse.v1", "project.class_determined.v1")
