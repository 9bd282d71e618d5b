"""Parties (当事方): who owns, owes or is owed. A body by its public name, a natural person by a commitment (D17)."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator

from domain.command import BrokenRule, Value
from domain.errors import PersonalText, WrongParty
from domain.personal import PersonNameOrBlank
from domain.values import Blank, Line, OrganisationId
from domain.world import Case

PartyKind = Literal["organisation", "state", "household", "individual", "bank", "operator"]
PARTY_KINDS: dict[str, str] = {
    "organisation": "集体经济组织或其他组织",
    "state": "国有单位",
    "household": "农户",
    "individual": "个人",
    "bank": "银行",
    "operator": "经营主体",
}
NATURAL = ("household", "individual")

# Words by which a text shows itself to be a body and no natural person (PROJ-6). A given name may well hold one
# of the single characters, so that these count only at the end of a text longer than the names of persons.
_WORDS = (
    "公司|集团|企业|集体|中心|基地|街道|合作社|联合社|经济社|总社|信用社|供销社|委员会|村委会|居委会|管委会|协会|联合会|"
    "基金会|政府|党委|纪委|办事处|办公室|银行|园区|社区|小组|学校|小学|医院|卫生院|敬老院|加工厂|养殖场|服务点|(?<=..)(?:农|林|牧|渔|猪)场"
)
# What a text may end with, once it is so long: 欧阳 and two characters is the longest ordinary name of a person,
# and few of these end as a village or a town does.
_ENDS = "(?<=.{4})[社场厂会府部局站所办队组园店院校行库馆坊]|(?<=.{3})[村镇乡]"
_BODIES = re.compile(rf"{_WORDS}|(?:{_ENDS})(?:[(（](?:普通|有限|特殊普通)合伙[)）])?\Z")


def names_body(text: str) -> bool:
    """Whether a text shows itself to name a body."""
    return _BODIES.search(text) is not None


def require_body(text: str, field: str = "") -> str:
    """A text that names a body: a natural person never enters signed bytes (PROJ-6)."""
    if not names_body(text):
        raise BrokenRule(PersonalText, "不像单位名称；自然人不写在此栏", field)
    return text


# The public name of a body; blank where it is a natural person.
BodyOrBlank = Annotated[Line, AfterValidator(lambda text: text and require_body(text))]


class Party(Value):
    """One side of something. `name` is the public text of a body, `person` the commitment to a person's name."""

    kind: PartyKind
    name: Line
    organisation: OrganisationId | Blank  # when the body is registered here
    person: PersonNameOrBlank

    @model_validator(mode="after")
    def _check_written(self) -> Self:
        """A natural person stands as a commitment and a body by its name (PARTY-1)."""
        what = PARTY_KINDS[self.kind]
        if self.kind in NATURAL:
            for field in ("name", "organisation"):
                if getattr(self, field):  # PARTY-1
                    raise BrokenRule(WrongParty, f"{what}的姓名写在 person 栏，此栏留空", field)
            if not self.person:
                raise BrokenRule(WrongParty, f"{what}的姓名须写在此栏，签名内容里只有承诺值", "person")
        elif self.person:
            raise BrokenRule(WrongParty, f"{what}写单位名称（name），不写自然人", "person")
        elif not self.name:
            raise BrokenRule(WrongParty, f"{what}须写单位名称", "name")
        elif not names_body(self.name):  # PROJ-6
            raise BrokenRule(
                PersonalText,
                "不像单位名称；自然人写在 person 栏，种类为农户（household）或个人（individual）",
                "name",
            )
        return self

    def check(self, case: Case) -> None:
        """A body that is said to be registered is, under this name (PARTY-1)."""
        if self.organisation:
            found = case.world.organisation(self.organisation).name
            if found != self.name:
                raise WrongParty(f"单位 {self.organisation} 登记的名称是“{found}”，所写是“{self.name}”")
