"""Classification (四类认定): what an opinion on 附件2 says. The command that says it stands in classifying.py.

种子 三(三). A class is 优势, 薄弱, 闲置 or 淘汰.
"""

from typing import Annotated, Literal

from pydantic import Field

from domain.command import Payload, Value
from domain.values import Blank, FilledLine, FilledText, IsoDate, ProjectId, ProposalId, Text

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


class Opinion(Payload):
    """In which class somebody sees a project, and why."""

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
