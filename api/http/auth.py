"""Who reads (docs/decisions/0006): a session is given for a challenge signed with a ledger key, and lasts one working day.

Sessions only read: what is written is signed itself. They live in this process and die with it. What a reader may look at
is asked of the directory at every request, so a key that is revoked or a post that is closed ends its sessions at once; what another process has
recorded is known within a second.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from fastapi import Request

from api.http.challenges import Challenges
from api.http.problem import Failed
from api.names import READERS, SUPERVISORS
from audit import canonical, dsse, suites
from audit.errors import Malformed
from domain.authority import ROLE_LABELS, Directory
from domain.standing import PostFacts

SESSION = "application/vnd.bangfu.session.v1+json"
SESSION_SECONDS = 8 * 3600
LINK_SECONDS = 120
HELD_MAX = 10_000  # sessions and links that are kept, of enrolled keys all; the oldest go first
OF_ONE_MAX = 50  # of one key: then its own oldest goes, and nobody else's
STATED = frozenset({"audience", "challenge", "key", "origin"})

# Who reads the whole ledger; every other role reads the areas of its post and what lies in them (AUTH-5).
READS_ALL = frozenset({"registrar", "discipline"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads. `areas` None: all of the ledger. `named`, `supervised`: where names are told, and who has read them,
    by what one is there oneself."""

    key: str
    role: str
    title: str
    areas: frozenset[str] | None
    named: frozenset[str] | None
    supervised: frozenset[str] | None

    @property
    def reads_all(self) -> bool:
        return self.areas is None

    def may_read(self, areas: Iterable[str]) -> bool:
        return self.areas is None or not self.areas.isdisjoint(areas)

    def may_name(self, areas: Iterable[str]) -> bool:
        return self.named is None or not self.named.isdisjoint(areas)

    def may_supervise(self, areas: Iterable[str]) -> bool:
        return self.supervised is None or not self.supervised.isdisjoint(areas)


def outside(subject: str) -> Failed:
    return Failed(403, "outside_area", f"{subject} 不在本岗位的辖区之内", rule="AUTH-5")


def reader_of(directory: Directory, key: str, today: str) -> Reader | None:
    """What a key may look at now; None when it may look at nothing: unknown, ended, the ledger's own, or of a closed post."""
    found = directory.keys.get(key)
    if found is None or found.ended or found.role == "ledger":
        return None
    post = directory.posts.get(found.post)
    if post is None or not post.is_held(today):
        return None
    held = list(_posts(directory, post, found.person, today))

    def reach(posts: Iterable[PostFacts]) -> frozenset[str] | None:
        if any(one.role in READS_ALL for one in posts if one is post):
            return None
        return directory.reach((area for one in posts for area in one.areas), today)

    # Each by itself: who reads names is not told them elsewhere.
    naming = [one for one in held if one.role in READERS]
    supervising = [one for one in held if one.role in SUPERVISORS]
    label = ROLE_LABELS.get(found.role, found.role)
    return Reader(key, found.role, label, reach(held), reach(naming), reach(supervising))


def _posts(directory: Directory, post: PostFacts, person: str, today: str) -> Iterator[PostFacts]:
    """One's own post, and those in which one is a deputy today (AUTH-9)."""
    yield post
    for other in directory.posts.values():
        if other.is_held(today) and any(term.holds(today) for term in other.terms_of(person)):
            yield other


class _Held:
    """Secrets of limited life and number, by their hash: what lies in memory opens nothing."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds, self._clock = seconds, clock
        self._lock = threading.Lock()
        self._found: dict[bytes, tuple[float, str]] = {}
        self._of: dict[str, dict[bytes, None]] = {}  # of each, in the order in which they were given

    def give(self, what: str) -> str:
        secret = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            while self._found:
                oldest = next(iter(self._found))  # the first given ends first: all live equally long
                if self._found[oldest][0] > now and len(self._found) < HELD_MAX:
                    break
                self._forget(oldest)
            if len(own := self._of.get(what, {})) >= OF_ONE_MAX:
                self._forget(next(iter(own)))
            digest = _digest(secret)
            self._found[digest] = (now + self._seconds, what)
            self._of.setdefault(what, {})[digest] = None
        return secret

    def _forget(self, digest: bytes) -> bool:
        """Whether it was there."""
        _, what = self._found.pop(digest, (0.0, ""))
        own = self._of.get(what, {})
        if digest not in own:
            return False
        del own[digest]
        if not own:
            del self._of[what]
        return True

    def look(self, secret: str) -> str | None:
        with self._lock:
            until, what = self._found.get(_digest(secret), (0.0, ""))
        return what if until > self._clock() else None

    def take(self, secret: str) -> str | None:
        """Look, and never again."""
        found = self.look(secret)
        with self._lock:
            return found if self._forget(_digest(secret)) else None


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Sessions:
    """Challenges, sessions, and the one-time links that carry a session into a browser."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._challenges = Challenges(clock)
        self._sessions = _Held(SESSION_SECONDS, clock)
        self._links = _Held(LINK_SECONDS, clock)

    def challenge(self) -> str:
        return self._challenges.give()

    def open(
        self,
        body: bytes,
        signatures: Mapping[str, bytes],
        *,
        origin: str,
        audience: str,
        public_key: Callable[[str], bytes | None],
    ) -> tuple[str, str]:
        """(token, key) for a signed challenge. Raises Failed.

        `audience` is the name under which the caller reached us: a server that passes our challenge on to a caller of its own
        gets a signature over its own name, which is of no use here.
        """
        stated = _stated(body)
        if stated["origin"] != origin:
            raise Failed(403, "wrong_origin", f"本台账的标识是 {origin}", rule="CMD-3")
        if stated["audience"] != audience:
            raise Failed(403, "forbidden", f"所签的地址不是这里：应为 {audience}")
        if list(signatures) != [stated["key"]]:
            raise Failed(400, "wrong_signers", "登录须恰由 key 所写的密钥签名", rule="FORMAT-5")
        public = public_key(stated["key"])
        if public is None:
            raise Failed(403, "unknown_key", "密钥未登记，请先由登记员登记", rule="AUTH-1")
        message = dsse.pae(SESSION, body)
        if not suites.verify(suites.ED25519, public, signatures[stated["key"]], message):
            raise Failed(403, "bad_signature", "登录的签名不对", rule="FORMAT-4")
        # Last, so that nobody can use up the challenge of another.
        if not self._challenges.take(stated["challenge"]):
            raise Failed(403, "forbidden", "challenge 已用过或已过期，请重新取一个")
        return self._sessions.give(stated["key"]), stated["key"]

    def key_of(self, token: str) -> str | None:
        return self._sessions.look(token)

    def close(self, token: str) -> None:
        self._sessions.take(token)

    def link(self, key: str) -> str:
        """A code that opens one more session of the same key, once."""
        return self._links.give(key)

    def follow(self, code: str) -> str | None:
        """The token of the session that a link opens."""
        key = self._links.take(code)
        return None if key is None else self._sessions.give(key)


def _stated(body: bytes) -> dict[str, str]:
    try:
        stated = canonical.decode(body)
    except Malformed as error:
        raise Failed(400, "not_canonical", f"登录声明不是规范 JSON：{error}", rule="FORMAT-2") from None
    if (
        not isinstance(stated, dict)
        or set(stated) != STATED
        or not all(isinstance(text, str) for text in stated.values())
    ):
        raise Failed(400, "bad_form", "登录声明应恰有 audience、challenge、key、origin，都是文字")
    return stated


def statement(*, audience: str, challenge: str, key: str, origin: str) -> bytes:
    """The bytes that are signed for a session."""
    return canonical.encode({"audience": audience, "challenge": challenge, "key": key, "origin": origin})


def unauthenticated(detail: str = "须先以台账密钥登录，并在 Authorization: Bearer 中写明会话") -> Failed:
    return Failed(401, "unauthenticated", detail, headers={"WWW-Authenticate": 'Bearer realm="bangfu"'})


def bearer(request: Request) -> str:
    """The token of a request. Raises Failed."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unauthenticated()
    return token.strip()
