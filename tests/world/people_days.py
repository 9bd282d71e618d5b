"""Who comes and goes on random days, and envelopes that are no new word."""

from __future__ import annotations

from typing import Any

from api.compose import sign_command
from audit import dsse
from tests.support.world import REGISTRARS, key_of, post
from tests.world.office import Office, Somebody

STEPS = {"enrol": 1, "end_key": 3, "close_post": 1, "send_again": 3, "sign_wrongly": 2}


class PeopleDays(Office):
    """Steps of a machine."""

    # --- people ---

    def enrol(self, which: int, _who: int, _odd: int) -> None:
        """Three commands: a person, a post, a key."""
        role = ("village_admin", "recorder", "service_centre", "township")[which % 4]
        body = {"village_admin": "kang", "township": "town"}.get(role, "centre")
        places = ("kang",) if role == "village_admin" else ("town", "source")
        name = f"新人{self.commands}"
        self.world.keys[name] = key_of(name)
        self.world.employ(name, role, body, places, self.registrar().name)
        type(self).commands += 3
        self.staff[name] = Somebody(name, role, places)

    def end_key(self, which: int, who: int, odd: int) -> None:
        """Seldom somebody that nobody could stand in for: the others must be able to go on."""
        how = ("revoke", "report_lost", "report_compromise")[odd % 3]
        names = sorted(self.staff)
        of = self.staff[names[which % len(names)]]
        peers = [
            one for one in self.staff.values() if one.role == of.role and not one.ended and not one.closed
        ]
        if of.role != "registrar" and len(peers) < 2 and which % 5:
            return
        good = [one for one in self.staff.values() if one.role == "registrar" and not one.ended]
        others = [one for one in good if one is not of]
        itself, wanted = who % 4 == 0, 2 if of.role == "registrar" else 1
        by = [of] if itself else others[:wanted] if odd and others else good[:1]
        if itself and how != "revoke":
            code = of.may(of.role)
        elif len(by) != wanted:
            code = "wrong_signers"
        else:
            code = next(filter(None, (one.may("registrar") for one in by)), "")
        if not code and of.ended:
            code = "key_not_good"
        if not code and of.role == "registrar" and not others:
            code = "last_registrar"
        key = self.world.keys[of.name].key_id
        payload: dict[str, Any] = {"key": key, "reason": "示例"}
        if how == "report_compromise":
            payload["from_position"] = self.world.desk.ledger.directory.keys[key].position + 1 + which % 40
        names = [one.name for one in by]
        if self.foreseen(code, lambda: self.world.says(f"key.{how}.v1", payload, *names)) >= 0:
            of.ended = True

    def close_post(self, which: int, _who: int, _odd: int) -> None:
        names = sorted(name for name in self.staff if name not in REGISTRARS)
        of = self.staff[names[which % len(names)]]
        peers = [
            one for one in self.staff.values() if one.role == of.role and not one.ended and not one.closed
        ]
        if len(peers) < 2 and which % 5:
            return
        payload = {"post": post(of.name), "reason": "撤并", "title": f"示例岗位 {of.name}"}
        code = "capacity_not_held" if of.closed else ""
        by = self.registrar().name
        if self.foreseen(code, lambda: self.world.says("post.close.v1", payload, by)) >= 0:
            of.closed = True

    # --- what is no new word ---

    def send_again(self, which: int, _who: int, _odd: int) -> None:
        """The same answer, nothing recorded: even when the key has ended meanwhile."""
        was = self.world.done[which % len(self.world.done)]
        type(self).commands += 1
        with self.world.nothing_recorded():
            answer = self.world.hand_in(was.envelope, was.bodies or None)
        assert answer.ok, answer
        assert answer.replayed
        assert (answer.command, answer.position, answer.n) == (
            was.answer.command,
            was.answer.position,
            was.answer.n,
        )

    def sign_wrongly(self, which: int, who: int, _odd: int) -> None:
        how = ("another's", "nobody's", "a changed body")[which % 3]
        by = self.somebody(who, "village_admin")
        payload = self.world.project(self.new_name())
        body = self.world.clerk(by.name).prepare(
            "project.list.v1", payload, nature="fact", now=self.world.clock()
        )
        envelope = sign_command(body, self.world.keys[by.name].signer)
        if how == "a changed body":
            envelope = dsse.Envelope(envelope.kind, body.replace(b"200", b"300"), envelope.signatures)
        elif how == "another's":
            other = dsse.signed(dsse.COMMAND, body, key_of("外人").signer).signatures[0][1]
            envelope = dsse.Envelope(envelope.kind, body, ((envelope.signatures[0][0], other),))
        else:
            signers = [{"key": key_of("外人").key_id, "organisation": "", "post": ""}]
            body = self.world.clerk(by.name).prepare(
                "project.list.v1", payload, nature="fact", signers=signers
            )
            envelope = sign_command(body, key_of("外人").signer)
        code = "unknown_key" if how == "nobody's" else "bad_signature"
        self.foreseen(code, lambda: self.world.hand_in(envelope))
