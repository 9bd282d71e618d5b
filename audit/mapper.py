"""Events to stored bytes and back, by a closed list of names (D13).

Nothing is ever resolved by import: an edited type name, or a payload shaped like the library's own type wrapper, is
refused as unknown instead of being loaded.
"""

from __future__ import annotations

from typing import Any, cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from audit import canonical
from domain.base import Event, recall, state_of

FORBIDDEN_KEYS = ("originator_topic", "_type_", "_data_")
_AS_WRITTEN = [(key, b'"%s":' % key.encode()) for key in FORBIDDEN_KEYS]


class NotOurs(ValueError):
    """A stored event that this program did not write: unknown name, or a state with a forbidden key."""


def forbidden_key(state: bytes) -> str | None:
    """A key of FORMAT 7.3 in a canonical document, at any depth: a quote and a colon stand together only after a key."""
    for key, written in _AS_WRITTEN:
        if written in state:
            return key
    return None


class LedgerMapper(Mapper[str]):
    """The library's mapper interface over canonical JSON and the domain's registry of events."""

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """Raises NotCanonical for a state that is not plain JSON, NotOurs for a forbidden key."""
        event = cast("Event", domain_event)
        state = canonical.encode(state_of(event))
        if key := forbidden_key(state):
            raise NotOurs(f"事件 {event.TOPIC} 的状态不得含键 {key}")
        return StoredEvent(event.originator_id, event.originator_version, event.TOPIC, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Raises NotOurs for an unknown name or a forbidden key, NotCanonical for other bytes."""
        state = canonical.decode(stored_event.state)
        if not isinstance(state, dict) or forbidden_key(stored_event.state):
            raise NotOurs(
                f"{stored_event.originator_id} 第 {stored_event.originator_version} 版的状态不合规则"
            )
        try:
            return recall(
                stored_event.topic, str(stored_event.originator_id), stored_event.originator_version, state
            )
        except KeyError:
            raise NotOurs(f"未知的事件类型 {stored_event.topic[:80]!r}") from None
