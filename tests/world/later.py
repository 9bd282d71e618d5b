"""What a machine with later rules does at the same ledger: `python -m tests.world.later DATA STEP`, its answer as JSON.

Run with another `domain` first on the path; `audit` and `api` are ours. It shows that rules change without our hands in the log.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from api.ceremony import adopt_rules
from api.clerk import Clerk
from api.compose import china_today
from api.desk import Answer, Desk
from api.endorsing import endorse
from api.settings import Settings
from domain.values import days_after
from tests.support.world import World, key_of


def listing(desk: Desk, name: str, days_ago: int) -> Answer:
    payload = World.project(name)
    clerk = Clerk(desk, key_of("kang"))
    occurred_on = days_after(china_today(), -days_ago)
    return clerk.do("project.list.v1", payload, nature="fact", occurred_on=occurred_on)


def main(data: str, step: str, *rest: str) -> None:
    with Desk(Settings(data=Path(data))) as desk:
        if step == "adopt":
            answer = adopt_rules(desk, [key_of("registrar"), key_of("registrar2")])
        elif step == "list":
            answer = listing(desk, rest[0], int(rest[1]))
        else:
            answer = endorse(Clerk(desk, key_of("centre")), int(rest[0]), "checks")
        json.dump(answer.json(), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
