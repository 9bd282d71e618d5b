"""The way in of commands that come at the same time: decided and recorded together, each answered for itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from time import perf_counter

from api.desk import TOGETHER, Answer, Desk, Handed
from api.http import body
from api.http.gathered import Gathered
from api.http.moved import difference
from api.http.problem import HANDLED, of_answer
from api.http.service import Service
from api.personal import apart
from audit import dsse

WORKERS = 2  # one checks signatures, which holds no interpreter lock, while the other decides

Taken = tuple[Answer, str]
"""The answer to a command that is recorded, and its receipt."""


def take_all(service: Service, texts: Sequence[bytes]) -> list[Taken | Exception]:
    """Take the commands of some bodies that came together: for each what is told, or the problem that it is."""
    desk = service.desk
    began = perf_counter()
    handed = [_handed(text) for text in texts]
    desk.take_all([one for one in handed if isinstance(one, Handed)])
    seconds = perf_counter() - began
    told: list[Taken | Exception] = []
    for one in handed:
        service.metrics.seconds.observe(seconds)
        told.append(_told(service, one) if isinstance(one, Handed) else one)
    return told


def _handed(text: bytes) -> Handed | Exception:
    try:
        value, disclosures = apart(body.parsed(text))
        return Handed(dsse.envelope_of(value), disclosures)
    except HANDLED as error:
        return error


def _told(service: Service, one: Handed) -> Taken | Exception:
    try:
        answer = one.answer()
        service.metrics.commands.labels(answer.code or "ok").inc()
        if not answer.ok:
            return of_answer(answer, difference(service, one.envelope, answer))
        return answer, receipt_of(service.desk, answer)
    except Exception as error:  # noqa: BLE001 - its caller raises it
        return error


def receipt_of(desk: Desk, answer: Answer) -> str:
    assert answer.position is not None
    return desk.log.receipt(answer.position, answer.position + 1).decode()


def taking(service: Service) -> Gathered[bytes, Taken]:
    """The way in of a server. Used on its loop."""
    return Gathered(partial(take_all, service), service.deciders, TOGETHER, workers=WORKERS)
