"""What is signed for a session: made without being kept, so that no number of them takes away another's; good once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable

CHALLENGE_SECONDS = 120


class Challenges:
    """A challenge says until when it is good and proves by its code (RFC 2104) that this process made it.

    Only used ones are remembered, until they would have ended anyway: as many as enrolled keys have logged in meanwhile.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._begin = clock, clock()
        self._secret = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._used: dict[str, float] = {}  # in the order of use

    def give(self) -> str:
        stated = f"{self._now() + CHALLENGE_SECONDS:.0f}.{secrets.token_urlsafe(24)}"
        return f"{stated}.{self._code(stated)}"

    def take(self, challenge: str) -> bool:
        """Whether it is one of ours that is still good; and never again."""
        stated, _, code = challenge.rpartition(".")
        if not hmac.compare_digest(_bytes(code), _bytes(self._code(stated))):
            return False
        now = self._now()
        with self._lock:
            while self._used and next(iter(self._used.values())) <= now:
                del self._used[next(iter(self._used))]
            if int(stated.partition(".")[0]) <= now or stated in self._used:
                return False
            # A second more than any can be good from now, as its end is rounded.
            self._used[stated] = now + CHALLENGE_SECONDS + 1
        return True

    def _now(self) -> float:
        """Seconds since this began: how long the machine runs is nobody's business."""
        return self._clock() - self._begin

    def _code(self, stated: str) -> str:
        return hmac.new(self._secret, _bytes(stated), hashlib.sha256).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
