"""Attack programs on a log, by somebody who owns the directory, the ledger's key and our code.

The verifier holds a trust file that was made before. Every attack is done twice: by an editor of files, and by the
forger who makes every hash, count and seal anew with the stolen key. Both verifiers must name the same step and entry;
where a resealed history proves itself, the trust file must catch it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.keyfile import load
from audit import canonical
from audit.checkpoint import VerifierKey, parse_note
from audit.exported import ExportedLog
from audit.merkle import leaf_hash
from audit.suites import Ed25519Signer
from audit.trust import Trust
from audit.verdict import SELF_CONSISTENT_ONLY
from audit.verify import verify
from tests.support.second import SecondVerifier
from tests.support.world import World, reached
from tests.world.attacks import ATTACKS, Sample, place_of
from tests.world.forger import SECTIONS, Forger, Part, alter, changed, places, put
from tests.world.history import tell

Named = tuple[int, int | None] | None  # the step and the position of the first failure; None: verified


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    directory = tmp_path_factory.mktemp("sample")
    with World(directory / "ledger") as world:
        at = tell(world.settle())
        trust = replace(world.trust, seen={world.desk.log.origin: world.desk.log.checkpoint().decode()})
        log = world.export(directory / "log")
        key = load(world.settings.key_path).signer
        return Sample(log, key, trust, at, Forger(log, key), world.desk.log.size)


class Court:
    """Both verifiers before whom an attack is brought. They must agree."""

    def __init__(self, directory: Path, trust: Trust, second: SecondVerifier) -> None:
        self.log, self.trust_file, self.second = directory / "log", directory / "before.trust", second
        self.trust = trust.dump()
        self.trust_file.write_bytes(self.trust)

    def named(self, files: dict[str, bytes], *, trusting: bool) -> Named:
        put(files, self.log)
        first = verify(ExportedLog(self.log), self.trust if trusting else None)
        second = self.second.verdict(self.log, self.trust_file if trusting else None)
        assert reached(second) == reached(first.json()), (second, first.json())
        if first.ok:
            return None
        return first.failures[0].step, first.failures[0].position

    def both(self, files: dict[str, bytes]) -> tuple[Named, Named]:
        return self.named(files, trusting=False), self.named(files, trusting=True)


@pytest.fixture
def court(sample: Sample, tmp_path: Path, second: SecondVerifier) -> Court:
    return Court(tmp_path, sample.trust, second)


def test_the_nearest_neighbour_of_every_attack_verifies(sample: Sample, court: Court) -> None:
    """Taken apart and put together again, unchanged: the same bytes, and no verdict changes."""
    forger = sample.forger.again()
    assert [part.bytes() for part in forger.parts] == sample.forger.original
    assert court.both(forger.unsealed()) == (None, None)
    assert court.both(forger.resealed()) == (None, None)


def kinds_of_field(
    sample: Sample, section: str
) -> dict[tuple[object, ...], tuple[int, tuple[str | int, ...]]]:
    """One entry and place for every kind of field: of each event's state, each command's payload, each form of header and proof."""
    found: dict[tuple[object, ...], tuple[int, tuple[str | int, ...]]] = {}
    for position, part in enumerate(sample.forger.parts):
        value = getattr(part, section)
        if value is None:
            continue
        form = (
            position == 0,
            part.header["i"],
            type(part.proof).__name__,
            part.header["event"] == "batch.recorded.v1",
        )
        for place in places(value):
            shape = tuple("*" if isinstance(step, int) else step for step in place)
            of: object = form
            if section == "state":
                of = part.header["event"]
            elif section == "statement":
                of = (
                    value.get("command", "batch")
                    if place[0] == "payload"
                    else "batch"
                    if "batch" in value
                    else ""
                )
            elif section == "header":
                shape = (*shape, place[-1]) if isinstance(place[-1], int) else shape
            found[of, *shape] = position, place  # the last of its kind: it has the most before it
    return found


@pytest.mark.parametrize("section", SECTIONS)
def test_every_changed_field_is_named_at_its_entry_or_met_by_the_trust_file(
    sample: Sample, court: Court, section: str
) -> None:
    """Whoever has the ledger's key may change, unnamed, only what nobody signed: then the trust file meets it."""
    caught: Counter[int] = Counter()
    for position, place in kinds_of_field(sample, section).values():
        forger = sample.forger.again()
        alter_section(forger.parts[position], section, place)
        kept = {(position, str(place[0]))} if section == "header" else {(position, section)}
        files = forger.resealed(kept=kept)
        alone = court.named(files, trusting=False)
        where = f"{section} of {position}, {place}: {alone}"
        if alone is None:
            trusted = verify(
                ExportedLog(court.log), court.trust
            )  # the second verifier says so below, attack by attack
            assert [(one.step, one.position) for one in trusted.failures] == [(4, sample.size - 1)], where
        else:
            assert alone[1] is not None, where
            assert alone[1] >= position, where
        caught[0 if alone is None else alone[0]] += 1
    assert caught[0] == 0 or section in ("header", "state"), "nobody else can sign this"
    assert sum(caught.values()) >= len(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_changed_field_that_is_not_resealed_is_named_at_its_entry(
    sample: Sample, court: Court, section: str
) -> None:
    """The leaf hash covers every byte: the first and the last field of each section of each entry."""
    for position, part in enumerate(sample.forger.parts):
        value = getattr(part, section)
        found = [] if value is None else places(value)
        for place in {*found[:1], *found[-1:]}:
            forger = sample.forger.again()
            alter_section(forger.parts[position], section, place)
            assert court.named(forger.unsealed(), trusting=False) == (7, position), f"{position} {place}"


def alter_section(part: Part, section: str, place: tuple[str | int, ...]) -> None:
    if place:
        alter(getattr(part, section), place)
    else:
        setattr(part, section, changed(getattr(part, section)))


def test_every_byte_of_an_entry_counts(sample: Sample, court: Court) -> None:
    """Bytes, not values: many bytes of one entry, and the first and last of every other."""
    sealed = sample.forger.original
    aimed = [(0, offset) for offset in range(0, len(sealed[0]), 397)]
    aimed += [(position, offset) for position in range(sample.size) for offset in (0, -1)]
    for position, offset in aimed:
        entry = bytearray(sealed[position])
        entry[offset] ^= 1
        entries = [*sealed[:position], bytes(entry), *sealed[position + 1 :]]
        found = court.named(sample.forger.unsealed(entries), trusting=False)
        assert found is not None
        assert found[0] in (6, 7)
        assert found[1] == position


@pytest.mark.parametrize("name", ATTACKS)
def test_an_editor_of_files_is_named(sample: Sample, court: Court, name: str) -> None:
    attack, (step, where, offset), _, _ = ATTACKS[name]
    forger = sample.forger.again()
    attack(forger, sample)
    alone, trusting = court.both(forger.unsealed())
    assert alone == trusting == (step, place_of(sample, where, offset))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_owner_of_the_ledgers_key_is_named_or_met_by_the_trust_file(
    sample: Sample, court: Court, name: str
) -> None:
    attack, _, named, kept = ATTACKS[name]
    forger = sample.forger.again()
    attack(forger, sample)
    files = forger.resealed(kept={(place_of(sample, "revoked", 0), kept)} if kept else ())
    alone, trusting = court.both(files)
    if named is not None:
        step, where, offset = named
        assert alone == (step, place_of(sample, where, offset))
        assert trusting == ((4, None) if len(forger.parts) < sample.size else alone)
    else:
        assert alone is None, "what the people signed is untouched: by itself it holds together"
        assert trusting is not None
        assert trusting[0] == 4


def test_a_history_that_is_resealed_without_change_stays_what_it_was(sample: Sample, court: Court) -> None:
    """Fewer seals, made anew: the same tree. Nothing was rewritten, and nothing is named."""
    forger = sample.forger.again()
    assert court.both(forger.resealed()) == (None, None)


def test_a_history_resealed_by_another_key_is_named_at_once(sample: Sample, court: Court) -> None:
    forger = sample.forger.again()
    forger.key = Ed25519Signer.from_seed(hashlib.sha256(b"another").digest())
    assert court.both(forger.resealed()) == ((10, 0), (3, None))


def test_a_second_set_of_books_proves_itself_and_fails_the_trust_file(
    sample: Sample, court: Court, tmp_path: Path
) -> None:
    """两本账: other books of the same place by the same registrars. Alone they are as good as the first."""
    with World(tmp_path / "second-ledger") as world:
        world.settle().listed("另一本账的项目")
        other = Forger(world.export(tmp_path / "second-log"), load(world.settings.key_path).signer)
    assert court.both(other.resealed()) == (None, (3, None))


def test_a_second_set_of_books_under_the_first_ones_name_is_named(
    sample: Sample, court: Court, tmp_path: Path
) -> None:
    """The same ledger key and origin over another genesis: the origin is the hash of entry 0."""
    with World(tmp_path / "second-ledger") as world:
        world.settle()
        other = Forger(world.export(tmp_path / "second-log"), sample.key)
    other.origin = sample.forger.origin
    # It is also shorter than what was seen, which is said first.
    assert court.both(other.resealed()) == ((10, 0), (4, None))


def test_an_old_state_of_the_log_fails_only_for_who_has_seen_more(sample: Sample, court: Court) -> None:
    """Cut back to an earlier seal, whole and honest: a verifier who saw the later one is not shown less."""
    forger = sample.forger.again()
    while len(forger.parts) > sample.at.batch:
        forger.drop(len(forger.parts) - 1)
    assert court.both(forger.resealed()) == (None, (4, None))


def test_without_a_trust_file_the_verdict_says_that_it_proves_no_identity(sample: Sample) -> None:
    verdict = verify(ExportedLog(sample.log))
    assert (verdict.ok, verdict.trust) == (True, "none")
    assert SELF_CONSISTENT_ONLY == "只证明自洽，未证明身份"


def flipped(data: bytes, offset: int) -> bytes:
    found = bytearray(data)
    found[offset] ^= 1
    return bytes(found)


@pytest.mark.parametrize(
    ("name", "steps", "every"), [("vkey", (1, 2), 1), ("checkpoint", (1, 2), 3), ("seals", (1, 20, 21), 67)]
)
def test_the_bytes_of_the_small_files_count(
    sample: Sample, court: Court, name: str, steps: tuple[int, ...], every: int
) -> None:
    files = sample.forger.unsealed()
    for offset in range(0, len(files[name]), every):
        found = court.named(files | {name: flipped(files[name], offset)}, trusting=False)
        assert found is not None, f"byte {offset} of {name}"
        assert found[0] in steps, f"byte {offset} of {name}: {found}"


def test_each_missing_file_is_named(sample: Sample, court: Court) -> None:
    files = sample.forger.again().unsealed()
    needed = [name for name in files if not name.startswith("rules/")]
    assert len(needed) == 5
    for name in needed:
        without = {other: data for other, data in files.items() if other != name}
        assert court.named(without, trusting=False) is not None, name


def _missigned(note: str) -> str:
    """A note with one character of its signature changed, whatever character it was."""
    return note[:-10] + ("B" if note[-10] == "A" else "A") + note[-9:]


def test_the_trust_file_itself_is_read_strictly(
    sample: Sample, second: SecondVerifier, tmp_path: Path
) -> None:
    """A trust file of another form, or of another ledger, is no trust file."""
    stranger = VerifierKey("bangfu/999999001/" + "0" * 32, sample.key.public)
    good = canonical.decode(sample.trust.dump())
    bad: dict[str, tuple[dict[str, Any], int]] = {
        "another ledger": (good | {"policy": f"log {stranger}\nquorum none\n"}, 3),
        "no log": (good | {"policy": "quorum none\n"}, 3),
        "one key more": (good | {"note": ""}, 3),
        "another format": (good | {"format": "bangfu-trust/2"}, 3),
        "rules in disorder": (good | {"rules": ["f" * 64, "0" * 64]}, 3),
        "a checkpoint that nobody signed": (
            good | {"seen": {origin: _missigned(note) for origin, note in good["seen"].items()}},
            4,
        ),
    }
    for name, (value, step) in bad.items():
        court = Court(tmp_path, sample.trust, second)
        court.trust = canonical.encode(value)
        court.trust_file.write_bytes(court.trust)
        found = court.named(sample.forger.again().unsealed(), trusting=True)
        assert found == (step, None), name


def test_what_was_seen_is_a_whole_note(sample: Sample) -> None:
    """What the sample rests on: the trust file has seen the whole of it."""
    (note,) = sample.trust.seen.values()
    assert parse_note(note.encode()).checkpoint.size == sample.size
    assert leaf_hash(sample.forger.original[0]).hex()[:32] in sample.forger.origin
