"""What has happened since a signer looked (SEEN-2), told as far as the signers may look at it."""

from __future__ import annotations

from typing import Any

from api.desk import Answer
from api.http.auth import reader_of
from api.http.nouns import BY_KIND
from api.http.service import Service
from api.http.subjects import in_view
from audit.dsse import Envelope
from domain.errors import SubjectMoved
from domain.values import kind_of
from projections.timeline import timeline

DIFFERENCE_MAX = 50  # entries of one subject that a refusal for movement tells


def difference(service: Service, envelope: Envelope, answer: Answer) -> dict[str, Any]:
    """The counts of every subject that has moved, and `since` of those that one of the signers may read.

    The signatures of an envelope that is answered by the rules are good, and those of its signers exactly (FORMAT-5). A command
    about what lies elsewhere is refused before this (AUTH-5), so none is known that comes here with a subject which none of its
    signers may read. Whoever reads is asked all the same: what is told is no matter of which commands there are.
    """
    if answer.code != SubjectMoved.code:
        return {}
    signers = [key for key, _ in envelope.signatures]
    moved = [dict(one) for one in (answer.detail or {}).get("moved", [])]
    for one in moved:
        if _told_to(service, signers, one["subject"]):
            one["since"] = _since(service, one["subject"], one["seen"])
    return {"moved": moved}


def _told_to(service: Service, signers: list[str], subject: str) -> bool:
    """Whether one of the signers would be answered for the subject's own timeline. What is no noun there lies nowhere."""
    directory, today = service.desk.ledger.directory, service.today()
    readers = [found for key in signers if (found := reader_of(directory, key, today))]
    lies = kind_of(subject) in BY_KIND
    return any(reader.reads_all or (lies and in_view(service, reader, subject)) for reader in readers)


def _since(service: Service, subject: str, seen: int) -> list[dict[str, Any]]:
    entries = service.desk.reader
    new = {entry.position for entry in list(entries.of_subject(subject))[seen:]}
    items = [item for item in timeline(entries, subject) if item.position in new] if new else []
    return [
        {
            "position": item.position,
            "event": item.event,
            "title": item.title,
            "summary": item.summary,
            "occurred_on": item.occurred_on,
            "recorded_at": item.recorded_at,
        }
        for item in items[:DIFFERENCE_MAX]
    ]
