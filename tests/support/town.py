"""The fictional books of 示例县青溪乡 in a logbook: who signs, what the rules allow, and the usual entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from audit import canonical, dsse, merkle
from audit.merkle import inclusion_path
from tests.support.logbook import Change, Event, Logbook, Person, Piece, hash_of, new_id, proof_by, signer

LEDGER = Person("ledger", "ledger", signer(1))
FIRST = Person("甲", "registrar", signer(2))
SECOND = Person("乙", "registrar", signer(3))
CLERK = Person("丙", "clerk", signer(4))
HEAD = Person("丁", "head", signer(5))
STRANGER = Person("戊", "clerk", signer(6))

LEDGER_ID = new_id("ledger", "青溪乡")
ARCHIVE = hash_of("archive 1")
NATURES = ["act", "fact", "opening"]


def table(*more: tuple[str, str]) -> dict[str, Any]:
    """The table of an epoch: command and event names."""
    pairs = {
        "asset.book.v1": ["asset.booked.v1"],
        "asset.dispose.v1": ["asset.disposed.v1", "debt.settled.v1"],
        "key.enrol.v1": ["key.enrolled.v1"],
        "key.report_compromise.v1": ["key.compromised.v1"],
        "key.report_lost.v1": ["key.lost.v1"],
        "key.revoke.v1": ["key.revoked.v1"],
        "ledger.open.v1": ["ledger.opened.v1"],
        "log.note.v1": ["log.noted.v1"],
        "rules.adopt.v1": ["rules.adopted.v1"],
    }
    for command, event in more:
        pairs[command] = sorted({*pairs.get(command, []), event})
    rows = [{"command": name, "events": pairs[name], "natures": NATURES} for name in sorted(pairs)]
    return {"commands": rows}


def rules(epoch: int, *more: tuple[str, str], archive: str = ARCHIVE) -> dict[str, Any]:
    return {"archive": archive, "epoch": epoch, "table": table(*more), "versions": {"python": "3.11"}}


def opening(**other: Any) -> dict[str, Any]:
    """The payload of genesis."""
    return {
        "area_code": "999901",
        "area_name": "示例县青溪乡",
        "keys": [one.row() for one in (LEDGER, FIRST, SECOND)],
        "ledger": LEDGER_ID,
        "rules": rules(1),
    } | other


def opened_state(payload: dict[str, Any]) -> dict[str, Any]:
    stated = {name: payload[name] for name in ("area_code", "area_name", "keys", "ledger")}
    return {**stated, "archive": payload["rules"]["archive"], "epoch": 1}


def open_books(
    payload: dict[str, Any] | None = None,
    state: dict[str, Any] | None = None,
    change: Change | None = None,
    signers: Sequence[Person] = (LEDGER, FIRST, SECOND),
    origin: str | None = None,
    **other: Any,
) -> Logbook:
    """Entry 0, sealed."""
    book = Logbook(LEDGER)
    payload = opening() if payload is None else payload
    event = Event("ledger.opened.v1", payload["ledger"], opened_state(payload) if state is None else state)
    book.act(book.command("ledger.open.v1", signers, payload, **other), [event], signers, change=change)
    book.origin = f"bangfu/{payload['area_code']}/{book.leaves[0].hex()[:32]}" if origin is None else origin
    book.seal()
    return book


def enrol(
    book: Logbook,
    who: Person,
    by: Sequence[Person] = (FIRST,),
    state: dict[str, Any] | None = None,
    stream: str | None = None,
    change: Change | None = None,
) -> None:
    state = who.row() if state is None else state
    event = Event("key.enrolled.v1", stream or who.key.key_id, state)
    signers = [*by, who]
    book.act(book.command("key.enrol.v1", signers, state), [event], signers, change=change)


def end_key(book: Logbook, name: str, event: str, who: Person, by: Sequence[Person], **other: Any) -> None:
    """Revoke, lose or compromise; `other` is said and recorded."""
    state = {"key": who.key.key_id, "reason": "示例"} | other
    command = book.command(name, by, state)
    book.act(command, [Event(event, who.key.key_id, state)], by)


def revoke(book: Logbook, who: Person, by: Sequence[Person] = (FIRST,)) -> None:
    end_key(book, "key.revoke.v1", "key.revoked.v1", who, by)


def asset(name: str) -> str:
    return new_id("asset", name)


def book_asset(
    book: Logbook, name: str, signers: Sequence[Person] = (CLERK,), change: Change | None = None, **other: Any
) -> bytes:
    """One command, one event. `proof`, `body`, `event`, `state`, `payload` may be given; the rest goes into the command."""
    proof, body, event = (
        other.pop("proof", None),
        other.pop("body", None),
        other.pop("event", "asset.booked.v1"),
    )
    payload = other.pop("payload", {"asset": asset(name), "name": name, "value_fen": 1000})
    state = other.pop("state", {"asset": asset(name), "value_fen": 1000})
    command = book.command(other.pop("command", "asset.book.v1"), signers, payload, **other)
    return book.act(
        command, [Event(event, asset(name), state)], signers, change=change, proof=proof, body=body
    )


def dispose(book: Logbook, name: str, signers: Sequence[Person] = (CLERK, HEAD), **other: Any) -> None:
    """One command, two events, two signers."""
    command = book.command("asset.dispose.v1", signers, {"asset": asset(name), "debt": new_id("debt", name)})
    events = [
        Event("asset.disposed.v1", asset(name), {"asset": asset(name)}),
        Event("debt.settled.v1", new_id("debt", name), {"debt": new_id("debt", name), "paid_fen": 7}),
    ]
    book.act(command, events, signers, **other)


def batch(
    book: Logbook,
    rows: Sequence[dict[str, Any]],
    refused: Sequence[int] = (),
    signers: Sequence[Person] = (CLERK,),
    *,
    statement: dict[str, Any] | None = None,
    state: dict[str, Any] | None = None,
    proof: bytes | None = None,
    change: Change | None = None,
    member_changes: dict[int, Change] | None = None,
    members: Sequence[int] | None = None,
    events: Sequence[Event] | None = None,
) -> None:
    """A batch with its outcome and its members. `members` are the rows that follow, by default those not refused."""
    bodies = [canonical.encode(row) for row in rows]
    leaves = [merkle.leaf_hash(body) for body in bodies]
    id_ = new_id("batch", str(book.size))
    sha256 = hash_of("workbook")
    body = canonical.encode(
        {
            "batch": id_,
            "nonce": hash_of(f"batch {book.size}")[:32],
            "origin": book.origin,
            "root": merkle.root_of(leaves).hex(),
            "rows": len(rows),
            "signed_at": "2026-03-02T00:40:00Z",
            "signers": [one.line() for one in signers],
            "source": {"sha256": sha256, "sum_fen": 123456},
            "summary": f"批量 {len(rows)} 行，合计 1234.56 元，文件 {sha256[:16]}",
            "valid_until": "2026-12-31",
        }
        | (statement or {})
    )
    accepted = [index for index in range(len(rows)) if index not in refused]
    outcome = {
        "accepted": ranges(accepted),
        "batch": id_,
        "refused": [[index, "asset.exists", "ASSET-1"] for index in refused],
        "rows": len(rows),
        "sha256": sha256,
        "sum_fen": 123456,
    } | (state or {})
    position = book.size
    header = {"event": "batch.recorded.v1", "i": 1, "n": 1, "stream": id_}
    signed = proof_by(signers, dsse.BATCH, body) if proof is None else proof
    book.add(Piece(header, canonical.encode(outcome), body, signed), change)
    for index in accepted if members is None else members:
        path = [node.hex() for node in inclusion_path(leaves, index)]
        proof_of = canonical.encode({"batch": position, "index": index, "path": path})
        event = row_event(rows[index]) if events is None else events[index]
        piece = Piece(
            {"event": event.type, "i": 1, "n": 1, "stream": event.stream},
            canonical.encode(event.state),
            bodies[index],
            proof_of,
        )
        book.add(piece, (member_changes or {}).get(index))


def row(book: Logbook, name: str, signers: Sequence[Person] = (CLERK,), **other: Any) -> dict[str, Any]:
    """A command for a batch."""
    return book.command("asset.book.v1", signers, {"asset": asset(name), "value_fen": 5}, **other)


def row_event(command: dict[str, Any]) -> Event:
    state = {"asset": command["payload"]["asset"], "value_fen": 5}
    return Event("asset.booked.v1", command["payload"]["asset"], state)


def ranges(indexes: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for index in indexes:
        if found and found[-1][1] == index - 1:
            found[-1][1] = index
        else:
            found.append([index, index])
    return found


def adopt(book: Logbook, by: Sequence[Person] = (FIRST, SECOND), **other: Any) -> None:
    """A new epoch, which also knows `asset.mark.v1`."""
    new = other.pop("rules", None) or rules(
        book.epoch + 1, ("asset.mark.v1", "asset.marked.v1"), archive=hash_of(f"archive {book.epoch + 1}")
    )
    state = other.pop("state", {"archive": new["archive"], "epoch": new["epoch"]})
    event = Event("rules.adopted.v1", other.pop("stream", LEDGER_ID), state)
    book.act(book.command("rules.adopt.v1", by, {"ledger": LEDGER_ID, "rules": new}), [event], by, **other)
    book.epoch += 1


def settled(book: Logbook | None = None) -> Logbook:
    """Opened at 0; the clerk and the head enrolled at 1 and 2, in one commit."""
    book = open_books() if book is None else book
    enrol(book, CLERK)
    enrol(book, HEAD, (SECOND,))
    book.seal()
    return book


def worked() -> Logbook:
    """An asset at 3, its disposal at 4 and 5 in the same commit, a batch at 6 with rows 0, 2, 3 at 7, 8, 9; one more at 10."""
    book = settled()
    book_asset(book, "仓库")
    dispose(book, "仓库")
    book.seal()
    batch(book, [row(book, f"第{k}行") for k in range(4)], refused=[1])
    book.seal()
    book_asset(book, "冷库")
    book.seal()
    return book


def long() -> Logbook:
    """310 entries: a full tile, a partial one, and a tile of level 1."""
    book = worked()
    while book.size < 310:
        book_asset(book, f"资产{book.size}")
        if book.size % 7 == 0 or book.size == 310:
            book.seal(minutes=0 if book.size % 14 else 1)
    return book
