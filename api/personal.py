"""Personal values on their way in (D17): the signer's side replaces them by commitments, the ledger's side demands what opens these.

What is disclosed goes into the vault before the command is recorded; nothing else than the vault ever sees it.
This check is of admission only: replay, which must not need names, does not repeat it.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from api import erasing
from audit.commitment import Disclosure, commit, disclosures_of, is_commitment
from audit.errors import Malformed
from audit.vault import Party, parties
from domain.command import COMMANDS, spec_of
from domain.errors import Refused
from domain.personal import FIELDS, Held, held, places
from domain.record import Signed
from projections.named import committed
from projections.wording import COMMITTED

FORMAT = "bangfu-disclosures/1"
_BEGUN = f'"{COMMITTED}'.encode()  # how a commitment begins in canonical bytes, which escape nothing of it


class NotDisclosed(Refused):
    """A commitment that nobody could ever open: no disclosure beside the command, none in the vault."""

    code, rule, title = "not_disclosed", "FORMAT-5", "个人信息没有披露"


class WrongDisclosure(Refused):
    """A disclosure of another field, or of nothing that was signed."""

    code, rule, title = "wrong_disclosure", "FORMAT-5", "披露与所签内容不符"


class Concealed(NamedTuple):
    """A payload ready to be signed, and what opens the commitments in it."""

    payload: dict[str, Any]
    disclosures: list[Disclosure]


def conceal(name: str, payload: Mapping[str, Any]) -> Concealed:
    """Replace the clear values in the personal fields of a payload. Commitments stay. Raises Malformed for what is no value."""
    found: list[Disclosure] = []
    concealed = copy.deepcopy(dict(payload))
    for one in held(spec_of(name).payload, payload):
        if not is_commitment(one.value):
            disclosure = _committed(one)
            _put(concealed, one.pointer, disclosure.commitment)
            found.append(disclosure)
    return Concealed(concealed, found)


def _committed(one: Held) -> Disclosure:
    try:
        return commit(one.field, one.value)
    except Malformed as error:
        raise Malformed(f"{one.pointer}（{FIELDS[one.field]}）：{error}") from None


def _put(value: Any, pointer: str, text: str) -> None:
    *path, last = pointer.split("/")[1:]
    for step in path:
        value = value[int(step) if isinstance(value, list) else step]
    value[int(last) if isinstance(value, list) else last] = text


def apart(value: Any) -> tuple[Any, list[Disclosure]]:
    """What came over the wire: the envelope or batch, and what opens its commitments. Raises Malformed.

    A command that names persons comes as {envelope, disclosures}; a batch of such has `disclosures` beside the rest.
    """
    if not isinstance(value, dict) or "disclosures" not in value:
        return value, []
    rest = {key: part for key, part in value.items() if key != "disclosures"}
    return rest["envelope"] if rest.keys() == {"envelope"} else rest, disclosures_of(value["disclosures"])


class People(NamedTuple):
    """Whom a command names: what was disclosed of each, and every commitment in it."""

    parties: list[Party]
    named: list[str]


def names_somebody(signed: Signed) -> bool:
    """Whether a commitment stands in an admitted command. Most hold none, which their bytes tell at once."""
    return _BEGUN in signed.body and bool(_stated(signed))


def people_in(
    commands: Sequence[Signed],
    disclosures: Sequence[Disclosure],
    kept: Callable[[Signed, Sequence[str]], set[str]],
) -> dict[str, People]:
    """Whom commands name, by command id; empty when they name nobody.

    `kept` tells which commitments the vault can open already and this command may state again. Raises NotDisclosed when
    something stays closed, and WrongDisclosure when something is opened that was not signed: it would name somebody for
    no purpose.
    """
    stated = [(signed, found, _held(signed)) for signed in commands if (found := _stated(signed))]
    opening = {one.commitment: one for one in disclosures}
    if set(opening) - {one.value for _, _, fields in stated for one in fields}:
        raise WrongDisclosure("有披露不对应所签内容中的任何承诺")
    people = {}
    for signed, found, fields in stated:
        missing = [one for one in found if one not in opening]
        closed = set(missing) - (kept(signed, missing) if missing else set())
        if closed.difference(one.value for one in fields):
            raise NotDisclosed("姓名等栏目以外写有承诺，所办事项中没有")
        people[signed.id] = People(_parties(fields, opening, closed), sorted({one.value for one in fields}))
    return people


def _parties(stated: Sequence[Held], opening: Mapping[str, Disclosure], closed: set[str]) -> list[Party]:
    if unopened := [one for one in stated if one.value in closed]:
        where = "、".join(f"{one.pointer}（{FIELDS[one.field]}）" for one in unopened)
        raise NotDisclosed(f"{where} 只有承诺，没有随附其披露", pointers=[one.pointer for one in unopened])
    found = [(one, opening[one.value]) for one in stated if one.value in opening]
    for one, disclosure in found:
        if disclosure.field != one.field:
            raise WrongDisclosure(
                f"{one.pointer} 应披露{FIELDS[one.field]}，所附的是 {disclosure.field}", pointer=one.pointer
            )
    return parties((one.pointer, disclosure) for one, disclosure in found)


def _stated(signed: Signed) -> list[str]:
    """The commitments in a command, wherever they stand: in any field they would be told as names. An order to erase lists
    what it erases."""
    if signed.command["command"] == erasing.ORDER:
        return []
    return sorted({one for one in committed(signed.command["payload"]) if is_commitment(one)})


def _held(signed: Signed) -> list[Held]:
    spec = COMMANDS.get(str(signed.command["command"]))
    payload = signed.command["payload"]
    if spec is None or not places(spec.payload) or not isinstance(payload, Mapping):
        return []  # nothing personal; or the engine refuses it
    # What is no commitment is refused by the engine too, for its shape (CMD-2).
    return [one for one in held(spec.payload, payload) if is_commitment(one.value)]


def write_disclosures(path: Path, disclosures: Sequence[Disclosure]) -> None:
    """A file that only its owner may read; it goes to the ledger beside the envelope, and nowhere else. Never replaces one."""
    text = json.dumps(
        {"disclosures": [one.json() for one in disclosures], "format": FORMAT}, ensure_ascii=False
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def read_disclosures(path: Path) -> list[Disclosure]:
    """Raises Malformed; the message never repeats what stands there."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise Malformed(f"{path.name} 不是 JSON") from None
    if not isinstance(value, dict) or set(value) != {"disclosures", "format"} or value["format"] != FORMAT:
        raise Malformed(f"{path.name} 不是 {FORMAT} 披露文件")
    return disclosures_of(value["disclosures"])
