"""Classifying (四类认定): the village's opinion on 附件2, the township's, and the proposal that carries them.

种子 三(三). The village opines, 乡农服中心 checks, the township seals; where the township sees it otherwise,
乡农服中心 opines anew and names the village's proposal it differs from.
"""

from collections.abc import Sequence

from domain.classification import CLASSES, STAGES, Opinion
from domain.command import also_gives, command
from domain.errors import CauseForbidden, CauseRequired, OpinionsNotSought, WrongStage
from domain.project import Project
from domain.proposal import Proposal
from domain.world import Case

NEEDS = [["checks", "service_centre"], ["seals", "township"]]
_STAGE_ROLES = {"village": "village_admin", "township_proposal": "service_centre"}


def label(stage: str, class_: str) -> str:
    """What an endorser of the proposal must recognise."""
    return f"{STAGES[stage]}：{CLASSES[class_]}"


@command(
    "project.opine_class.v1",
    title="提出分类意见",
    may={"act": ("village_admin", "service_centre")},
    events=("project.class_opined.v1", "proposal.made.v1"),
)
class OpineClass(Opinion):
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
