"""Small types that cannot be wrong: ids and their kinds (FORMAT 3), days, digests, limited text.

For use as field types in commands; pydantic checks them once, when a command is decided.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

STANDING = frozenset({"ledger", "key", "person", "organisation", "post", "area", "parameter"})
INTEGER_MAX = 2**53 - 1

_RANDOM = r"[a-z]{2,16}_[a-z2-7]{26}"
_ID = re.compile(rf'(?:{_RANDOM}|code:[a-z]{{2,16}}:[^\x00-\x20"\\\x7f]+)\Z')
_ID_BYTES_MAX = 200


def is_id(text: str) -> bool:
    """Whether a whole string value is an id (FORMAT 3.1)."""
    # Most text has neither of these characters, and every id has one of them.
    return (
        ("_" in text or ":" in text) and _ID.match(text) is not None and len(text.encode()) <= _ID_BYTES_MAX
    )


def kind_of(identity: str) -> str:
    """The letters before `_`, or `code`."""
    return "code" if identity.startswith("code:") else identity.partition("_")[0]


def is_moving(identity: str) -> bool:
    """Whether every naming moves the subject (FORMAT 3.4)."""
    return identity.startswith("code:") or identity.partition("_")[0] not in STANDING


def ids_in(value: Any) -> set[str]:
    """Every id that stands as a whole string value in a JSON value; object keys never count."""
    found: set[str] = set()
    waiting = [value]
    for one in waiting:  # grows while it is walked; plain JSON has no subclasses
        kind = type(one)
        if kind is str:
            if ("_" in one or ":" in one) and is_id(one):
                found.add(one)
        elif kind is dict:
            waiting += one.values()
        elif kind is list:
            waiting += one
    return found


def moving_ids(payload: Any) -> list[str]:
    """The ids that `seen` must state for a payload (FORMAT 5.2), in its order."""
    return moving_of(ids_in(payload))


def moving_of(ids: Iterable[str]) -> list[str]:
    """The moving ones of some ids, ascending by their bytes: UTF-8 keeps the order of code points."""
    return sorted([one for one in ids if is_moving(one)])


@lru_cache(maxsize=4096)
def days_after(day: str, days: int) -> str:
    """So many days later, or earlier; the last day of the calendar where it has none so late."""
    return date.fromordinal(min(date.fromisoformat(day).toordinal() + days, date.max.toordinal())).isoformat()


@lru_cache(maxsize=4096)
def _real_day(text: str) -> str:
    if date.fromisoformat(text).year < 1900:
        raise ValueError("year before 1900")
    return text


# Characters that steer a terminal, or that nobody sees: Unicode's controls, formats, line and paragraph separators (Cc, Cf,
# Zl, Zp of Unicode 15), but for the line feed. Written out, so that another Python decides no otherwise.
_UNSEEN_COMMON = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
)
_UNSEEN = re.compile(
    rf"[{_UNSEEN_COMMON}\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
# A sieve that most text passes at once: where none of these stands, no character is unseen, no line ends and no id is written.
_SUSPECT = re.compile(rf"[\n_:{_UNSEEN_COMMON}\U00010000-\U0010ffff]")
# Look-alikes that NFKC keeps: variation selectors, fillers, the hyphen that does not break.
_LOOKALIKE = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u3164\u115f\u1160\uffa0\u2011]")


def _is_prose(text: str) -> str:
    """Free text: no character that steers a terminal but the line feed; and never an id, which would name a subject."""
    if _SUSPECT.search(text):
        if _UNSEEN.search(text):
            raise ValueError("a character that is not seen")
        if is_id(text):
            raise ValueError("an id where text belongs")
    return text


def _is_line(text: str) -> str:
    if text != text.strip():
        raise ValueError("white space at an edge")
    if _SUSPECT.search(text):
        if "\n" in text:
            raise ValueError("more than one line")
        _is_prose(text)
    return text


def _is_name(text: str) -> str:
    """A name that must be unique is written in one way only: no look-alikes by width, variation or filler."""
    if len(text.encode()) > 180:
        raise ValueError("longer than 180 bytes")
    if not text.isascii() and (unicodedata.normalize("NFKC", text) != text or _LOOKALIKE.search(text)):
        raise ValueError("written otherwise than plainly")
    return _is_line(text)


def _is_code(text: str) -> str:
    if not is_id(text):
        raise ValueError("not an id, or longer than 200 bytes")
    return text


def _identity(kind: str) -> Any:
    return StringConstraints(pattern=rf"^{kind}_[a-z2-7]{{26}}$")


LedgerId = Annotated[str, _identity("ledger")]
KeyId = Annotated[str, _identity("key")]
PersonId = Annotated[str, _identity("person")]
OrganisationId = Annotated[str, _identity("organisation")]
PostId = Annotated[str, _identity("post")]
AreaId = Annotated[str, _identity("area")]
ParameterId = Annotated[str, _identity("parameter")]
ProjectId = Annotated[str, _identity("project")]
ProposalId = Annotated[str, _identity("proposal")]
BatchId = Annotated[str, _identity("batch")]
AssetId = Annotated[str, _identity("asset")]
ObligationId = Annotated[str, _identity("obligation")]
DocumentId = Annotated[str, _identity("document")]
MeetingId = Annotated[str, _identity("meeting")]
NoticeId = Annotated[str, _identity("notice")]
DisposalId = Annotated[str, _identity("disposal")]
ErasureId = Annotated[str, _identity("erasure")]
LoadId = Annotated[str, _identity("load")]
# Anything that entries are about, of whatever kind: that it is in the ledger is for a guard to see.
SubjectId = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,16}_[a-z2-7]{26}$")]
RowCode = Annotated[
    str, StringConstraints(pattern=r"^code:row:[^\x00-\x20\"\\\x7f]+$"), AfterValidator(_is_code)
]

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
IsoDate = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)
]
Moment = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
]
Year = Annotated[int, Field(ge=1949, le=9999)]
Fen = Annotated[int, Field(ge=0, le=INTEGER_MAX)]  # 分: an amount of funds is never negative
Count = Annotated[int, Field(ge=0, le=INTEGER_MAX)]
Version = Annotated[int, Field(ge=1, le=INTEGER_MAX)]

# One line; a mark of nothing is the empty string, never white space.
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_is_line)]
FilledLine = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_is_line)]
Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_is_prose)]
FilledText = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=r"\S"), AfterValidator(_is_prose)
]
# A name that becomes part of a code: no white space, and short enough for the 200 bytes of an id with its kind.
CodeName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x20\"\\\x7f\s]+$"),
    AfterValidator(_is_name),
]
CodeNameOrBlank = Annotated[CodeName | Literal[""], Field(union_mode="left_to_right")]
Blank = Literal[""]


def code(kind: str, name: str) -> str:
    """The code under which a name is unique: `code:project:QX-0007`."""
    return f"code:{kind}:{name}"


def text_of(subject: str) -> str:
    """What people write of a code, `QX-0007` of `code:project:QX-0007`; an id as it is."""
    return subject.split(":", 2)[-1]


def named(what: str, name: str, identity: str) -> str:
    """How a refusal calls a thing: what it is, its name as far as it has one, and its id."""
    return f"{what}“{name}”（{identity}）" if name else f"{what} {identity}"


def entry_of(found: tuple[int, str] | None) -> str:
    """Position and hash of an entry, in words (PROJ-10)."""
    return "（没有入账）" if found is None else f"第 {found[0]} 号、哈希 {found[1]}"


def shortened(text: str, most: int = 100) -> str:
    """A text for a summary, which has a limit of its own (FORMAT 5.2)."""
    return text if len(text) <= most else text[: most - 1] + "…"
