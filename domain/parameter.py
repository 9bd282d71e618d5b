"""Parameters (参数): the dated values that rules are told, set with an effective date and a document (D8)."""

from eventsourcing.domain import event

from domain.base import Aggregate, Event
from domain.command import Payload, command
from domain.errors import Taken, UnknownParameter
from domain.law import PARAMETERS
from domain.values import CodeName, Count, FilledLine, IsoDate, ParameterId, code
from domain.world import Case


@command(
    "parameter.set.v1",
    title="设定参数",
    may={"act": ("registrar",)},
    events=("parameter.set.v1",),
)
class SetParameter(Payload):
    document: FilledLine
    effective_on: IsoDate
    name: CodeName
    parameter: ParameterId
    value: Count

    def summary(self) -> str:
        return f"设定参数 {self.name} = {self.value}，自 {self.effective_on} 起，依据 {self.document}"

    def decide(self, case: Case) -> None:
        unique = code("parameter", self.name)
        known = case.world.directory.parameters.get(self.name)
        if known is None:
            case.world.claim(unique, "参数名称")
            parameter = case.world.create(Parameter, self.parameter, "参数编号")
        elif known.id != self.parameter:
            raise Taken(
                f"参数 {self.name} 的编号是 {known.id}，不是 {self.parameter}", subject=self.parameter
            )
        else:
            unique = ""
            parameter = case.world.get(Parameter, self.parameter, "参数")
        parameter.set(self, unique)


class Parameter(Aggregate):
    """One name with its values over time."""

    TOPIC = "parameter"

    class Set(Event):
        TOPIC = "parameter.set.v1"
        code: str  # claimed by the first value only
        document: str
        effective_on: str
        name: str
        parameter: str
        value: int

    def set(self, asked: SetParameter, unique: str) -> None:
        spec = PARAMETERS.get(asked.name)
        if spec is None:  # PARAM-1
            raise UnknownParameter(
                f"没有参数 {asked.name}，可设的是 {'、'.join(sorted(PARAMETERS))}", name=asked.name
            )
        if not spec.least <= asked.value <= spec.most:
            raise UnknownParameter(
                f"参数 {asked.name} 须在 {spec.least} 到 {spec.most} 之间，所写是 {asked.value}",
                name=asked.name,
            )
        self._set(
            code=unique,
            document=asked.document,
            effective_on=asked.effective_on,
            name=asked.name,
            parameter=asked.parameter,
            value=asked.value,
        )

    @event(Set)
    def _set(
        self, *, code: str, document: str, effective_on: str, name: str, parameter: str, value: int
    ) -> None:
        """Values are the directory's: whoever consults one reads it there, by its day."""
