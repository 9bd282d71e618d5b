"""Parameters (参数) as rows: what has been set, so that a row can be judged by the law of its day as it is known (D8)."""

import orjson

from domain.law import PARAMETERS, ValueSet, in_force
from projections.entry import Entry
from projections.noun import Noun
from projections.rows import Rows
from projections.said import compact
from projections.standing_tables import parameter


def _set(rows: Rows, entry: Entry) -> None:
    state = entry.state
    value = ValueSet(state["effective_on"], entry.recorded.version, state["value"], state["document"])
    row = rows.get(parameter, entry.stream)
    if row is None:
        where = {"position": entry.position, "last_position": entry.position}
        rows.add(
            parameter,
            {"id": entry.stream, "name": state["name"], "settings": compact([list(value)]), **where},
        )
    else:
        settings = compact([*orjson.loads(row["settings"]), list(value)])
        rows.change(parameter, entry.stream, settings=settings, last_position=entry.position)


def value_on(rows: Rows, name: str, day: str) -> int:
    """What a parameter is on a day, by statute or as it was set."""
    given = [
        ValueSet(*one)
        for row in rows.having(parameter, "name", name)
        for one in orjson.loads(row["settings"])
    ]
    found = in_force([*PARAMETERS[name].statutory, *given], day)
    assert found is not None, f"{name} has a default"
    return found.value


NOUN = Noun("parameter", parameter, {"parameter.set.v1": _set})
