"""Parties (当事方): who owns, owes or is owed. A body by its public name, a natural person by a commitment (D17)."""

import re
from typing import Literal

from domain.command import Value
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


def refuse_person(name: str, what: str = "经营主体", field: str = "operator") -> None:
    """A text that names a body or is blank; a natural person never enters signed bytes (PROJ-6)."""
    if name and not names_body(name):
        raise PersonalText(f"{what}“{name}”不像单位名称；自然人请留空", field=field)


class Party(Value):
    """One side of something. `name` is the public text of a body, `person` the commitment to a person's name."""

    kind: PartyKind
    name: Line
    organisation: OrganisationId | Blank  # when the body is registered here
    person: PersonNameOrBlank

    def check(self, case: Case, field: str) -> None:
        """A natural person stands as a commitment and a body by its name (PARTY-1); what it names is registered."""
        if self.kind in NATURAL:
            if self.name or self.organisation or not self.person:  # PARTY-1
                raise WrongParty(f"{PARTY_KINDS[self.kind]}只写承诺值（person），名称和单位留空", field=field)
            return
        if self.person or not self.name:
            raise WrongParty(f"{PARTY_KINDS[self.kind]}写单位名称，不写自然人", field=field)
        refuse_person(self.name, PARTY_KINDS[self.kind], field)
        if self.organisation:
            found = case.world.organisation(self.organisation).name
            if found != self.name:
                raise WrongParty(
                    f"单位 {self.organisation} 登记的名称是“{found}”，所写是“{self.name}”", field=field
                )
