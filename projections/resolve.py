"""From what people write to the subject's id: `project:QX-0007`, `area:青溪乡`; an id passes through.

Answered from entries: the bearer of a code is whose own event first named it (ID-1: nobody else may).
"""

from domain.errors import NotFound
from domain.values import code, is_id, kind_of
from projections.ports import Entries

_ALIASES = {"debt": "obligation"}  # the word of the command line -> the kind of the id
_CODES = {"obligation": "debt"}  # the kind of the id -> that of its codes


def resolve(entries: Entries, text: str) -> str:
    """The id of a subject that the log knows. Refused (ID-2) when it knows none, or several."""
    wanted = text.strip()
    if is_id(wanted) and kind_of(wanted) != "code":
        if next(iter(entries.of_subject(wanted)), None) is None:
            raise nowhere(wanted)
        return wanted
    kind, _, name = wanted.removeprefix("code:").partition(":")
    unique = code(_CODES.get(kind, kind), name)
    if not is_id(unique):
        raise NotFound(
            f"“{wanted}”不是编号；应写作 类别:编号，例如 project:QX-0007、area:青溪乡", subject=wanted
        )
    bearers = _bearers(entries, unique, _ALIASES.get(kind, kind))
    if not bearers:
        raise nowhere(wanted)
    if len(bearers) > 1:
        raise NotFound(
            f"“{wanted}”不止一个：{'、'.join(bearers)}，请写明是哪一个", subject=wanted, bearers=bearers
        )
    return bearers[0]


def nowhere(text: str) -> NotFound:
    """What is said of an id or code that the log does not know; and of a code that is not for whoever asks (ID-2)."""
    wanted = text.strip()
    kind = wanted.removeprefix("code:").partition(":")[0]
    what = "名称" if kind == "area" else "编号"
    return NotFound(f"台账中没有 {wanted}，请核对{what}", subject=wanted)


def _bearers(entries: Entries, unique: str, kind: str) -> list[str]:
    """The streams of the kind whose own state names the code; of any kind for codes that are no kind's (`row`)."""
    streams = list(dict.fromkeys(one.stream for one in entries.of_subject(unique)))
    return [one for one in streams if kind_of(one) == kind] or streams[:1]
