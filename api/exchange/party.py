"""Parties (当事方) as a register names them: bodies only, by the words of their names. Persons are not read (READ-14)."""

import re
from typing import Any

_BY_OWNER_TYPE = {
    "state": "state",
    "collective_town": "organisation",
    "collective_village": "organisation",
    "collective_group": "organisation",
}
# The first that matches counts; a body that shows none of these is an organisation.
_BY_NAME: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bank", re.compile(r"银行|信用社|信用联社")),
    ("operator", re.compile(r"公司|集团|企业|厂\Z")),
    ("state", re.compile(r"政府|财政|局\Z|办公室\Z|(?:农服|服务)中心\Z")),
)


def party(name: str, owner_type: str = "") -> dict[str, Any]:
    """A body as one side of something."""
    by_name = next((kind for kind, words in _BY_NAME if words.search(name)), "organisation")
    return {
        "kind": _BY_OWNER_TYPE.get(owner_type, by_name),
        "name": name,
        "organisation": "",
        "person": "",
    }
