"""Commands (指令): what is signed. A noun declares its commands here and they appear everywhere by themselves:
in the engine, in the catalogue, in the table of FORMAT 11.3, in the replay.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from typing_extensions import TypedDict

from domain.errors import BadShape, Refused, UnknownCommand
from domain.natures import Nature
from domain.values import IsoDate, Moment, Nonce
from domain.world import Case

STRICT = ConfigDict(frozen=True, strict=True, extra="forbid")


class Value(BaseModel):
    """A part of a payload: frozen, strict, no field too many, none missing, no float anywhere."""

    model_config = STRICT


class BrokenRule(ValueError):
    """A value breaks a numbered rule all by itself, wherever it stands; so it is refused before anything is signed.

    `field` is the part of the value that is wrong; empty: the value itself.
    """

    def __init__(self, refusal: type[Refused], message: str, field: str = "") -> None:
        super().__init__(message)
        self.refusal, self.message, self.field = refusal, message, field


class Payload(Value):
    """What a command says. The class is the shape; the methods are what it means."""

    # Whether it may state a day long past without a reason: a place lay where it lay before we registered it.
    of_any_day: ClassVar[bool] = False

    def summary(self) -> str:
        """One line of Chinese. Pure, and frozen for this version of the command: it is signed (CMD-5)."""
        raise NotImplementedError

    @classmethod
    def claims(cls, stated: Mapping[str, Any]) -> Sequence[str]:
        """Codes that a payload, as stated, would claim without naming them: so that a batch asks for all at once."""
        return ()

    @classmethod
    def stated_fen(cls, stated: Mapping[str, Any]) -> Any:
        """The amount of a payload, as stated, that the sum of a batch counts (FORMAT 5.3). None: it has none."""
        return stated.get("total_fen")

    def authorise(self, case: Case) -> None:
        """Who must sign. Ordinarily one person, whose post may give the command."""
        case.admit_one()

    def names(self, case: Case, moving: Sequence[str]) -> Iterable[str]:
        """Those of the moving ids of the payload in which the signers must have a part (AUTH-5): ordinarily all."""
        return moving

    def places(self, case: Case) -> Sequence[str]:
        """The areas that the signers' posts must be over."""
        return ()

    def decide(self, case: Case) -> None:
        """Ask the aggregates: they refuse, or trigger events."""
        raise NotImplementedError


class SignerStated(TypedDict):
    key: str
    organisation: str
    post: str


class Header(BaseModel):
    """Everything of a command but its payload (FORMAT 5.2)."""

    model_config = STRICT

    command: str
    nature: Nature
    nonce: Nonce
    occurred_on: IsoDate
    origin: str
    payload: Any  # judged before, by the command's own class
    seen: list[Annotated[tuple[str, int], Field(strict=False)]]  # JSON has lists only
    signed_at: Moment
    signers: list[SignerStated] = Field(min_length=1, max_length=8)
    summary: str = Field(min_length=1, max_length=400)
    valid_until: IsoDate


@dataclass(frozen=True, slots=True)
class Spec:
    """What the catalogue says of a command."""

    name: str  # with its version: "project.list.v1"
    title: str
    may: Mapping[Nature, frozenset[str]]  # the natures allowed, and for each the roles that may sign
    events: tuple[str, ...]
    payload: type[Payload]

    @property
    def alone(self) -> bool:
        """The ledger's own commands (FORMAT 10), and what destroys something, are never members of a batch."""
        return self.name.startswith(("ledger.", "rules.", "key.", "erasure."))

    def read(self, stated: Any) -> Payload:
        """The payload as its class, or the refusal that says which field is wrong: CMD-2, or the rule of a value."""
        try:
            return self.payload.model_validate(stated)
        except ValidationError as error:
            raise refusal_of(error, "/payload", stated) from None


COMMANDS: dict[str, Spec] = {}
Declared = TypeVar("Declared", bound=type[Payload])
Refusal = TypeVar("Refusal", bound=Refused)


def command(
    name: str, title: str, may: Mapping[Nature, Sequence[str]], events: Sequence[str]
) -> Callable[[Declared], Declared]:
    """Declare a command: its name with version, Chinese title, natures with the roles that may sign, events."""

    def declare(payload: Declared) -> Declared:
        if name in COMMANDS:
            raise TypeError(f"command {name} is declared already")
        roles: dict[Nature, frozenset[str]] = {nature: frozenset(some) for nature, some in may.items()}
        COMMANDS[name] = Spec(name, title, roles, tuple(sorted(events)), payload)
        return payload

    return declare


def also_gives(name: str, *events: str) -> None:
    """Further events of a declared command: what a noun does when a proposal on it is completed."""
    spec = COMMANDS[name]
    COMMANDS[name] = replace(spec, events=tuple(sorted({*spec.events, *events})))


def spec_of(name: str) -> Spec:
    """The declared command; refused when there is none (CMD-1)."""
    found = COMMANDS.get(name)
    if found is None:
        raise UnknownCommand(f"没有指令 {name}，可用的见 bangfu commands", command=name)
    return found


def parse(name: str, payload: Any) -> Payload:
    """The payload of a command by its name. Raises UnknownCommand (CMD-1) or BadShape (CMD-2)."""
    return spec_of(name).read(payload)


def parse_header(stated: Mapping[str, Any]) -> Header:
    """The header of a command, or the refusal that says which field is wrong (CMD-2)."""
    try:
        return Header.model_validate(stated)
    except ValidationError as error:
        raise bad_shape(error, "", stated) from None


def render(name: str, payload: Any) -> str:
    """The summary that must be signed with a payload."""
    return parse(name, payload).summary()


_PROBLEMS = {
    "missing": "缺少此栏",
    "extra_forbidden": "没有此栏",
    "int_type": "须为整数",
    "string_type": "须为文字",
    "bool_type": "须为是或否",
    "list_type": "须为列表",
    "model_type": "须为对象",
    "string_pattern_mismatch": "格式不符",
    "string_too_long": "过长",
    "string_too_short": "不得为空",
    "too_long": "项数过多",
    "too_short": "项数不足",
    "literal_error": "不在可选值之内",
    "greater_than_equal": "过小",
    "less_than_equal": "过大",
}


class Fault(NamedTuple):
    """One thing that is wrong with what was stated: where (a JSON pointer), what, and by which rule if not its shape."""

    pointer: str
    problem: str
    broken: type[Refused] | None = None


def faults_of(error: ValidationError, stated: Any, above: tuple[int | str, ...] = ()) -> Iterator[Fault]:
    """Every fault, with those that a part of it was found to have."""
    for fault in error.errors(include_url=False, include_input=False):
        location = (*above, *fault["loc"])
        match fault.get("ctx", {}).get("error"):
            case ValidationError() as within:
                yield from faults_of(within, stated, location)
            case BrokenRule() as broken:
                inner = (*location, broken.field) if broken.field else location
                yield Fault(_pointer(inner, stated), broken.message, broken.refusal)
            case _:
                yield Fault(_pointer(location, stated), _PROBLEMS.get(fault["type"], "不符合格式"))


def bad_shape(error: ValidationError, root: str, stated: Any) -> BadShape:
    """The faults of what was stated as JSON pointers, the first one in words."""
    return _refused(BadShape, root, faults_of(error, stated))


def refusal_of(error: ValidationError, root: str, stated: Any) -> Refused:
    """As above (CMD-2); what has the right shape all over breaks the rule that its first fault says."""
    faults = sorted(faults_of(error, stated), key=lambda fault: fault.broken is not None)
    return _refused(faults[0].broken or BadShape, root, faults)


def _refused(kind: type[Refusal], root: str, faults: Iterable[Fault]) -> Refusal:
    told = [{"pointer": root + fault.pointer, "problem": fault.problem} for fault in faults]
    return kind(f"{told[0]['pointer']} {told[0]['problem']}（共 {len(told)} 处）", faults=told)


def _pointer(location: Sequence[int | str], value: Any) -> str:
    """A JSON pointer into a value. pydantic also names the branch of a union that it tried: no place in the value."""
    pointer = ""
    for depth, part in enumerate(location, start=1):
        missing = depth == len(location) and str(part).isidentifier()
        if isinstance(value, dict) and (part in value or missing):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part] if part < len(value) else None
        else:
            continue
        pointer += f"/{part}"
    return pointer


def table() -> dict[str, list[dict[str, Any]]]:
    """The table of FORMAT 11.3: by it a verifier judges entries without knowing the domain."""
    return {
        "commands": [
            {"command": spec.name, "events": list(spec.events), "natures": sorted(spec.may)}
            for _, spec in sorted(COMMANDS.items())
        ]
    }
