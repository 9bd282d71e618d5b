"""The nature (性质) of a command and what it does to a broken rule (D9).

An act (办理) is done through the ledger: refused when it breaks a rule. A fact (既成事实登记) happened in
the world, an opening (期初建账) was found as it is: both are recorded, with the rules they do not meet.
"""

from collections.abc import Callable
from typing import Literal, get_args

from domain.errors import Refused
from domain.rules import RULES

Nature = Literal["act", "fact", "opening"]
NATURES: tuple[Nature, ...] = get_args(Nature)
LABELS: dict[Nature, str] = {"act": "办理", "fact": "既成事实登记", "opening": "期初建账"}


def weigh(nature: Nature, rule: str, met: bool | None, refusal: Callable[[], Refused]) -> list[str]:
    """The notes a rule leaves: none when met, `PROJ-3` when noted as not met, `PROJ-3:unknown` when nobody
    knows. Raises the refusal where the rule refuses this nature."""
    if met is True:
        return []
    if met is None:
        return [f"{rule}:unknown"]
    entry = RULES[rule]
    if (entry.on_act if nature == "act" else entry.on_fact) == "refuse":
        raise refusal()
    return [rule]
