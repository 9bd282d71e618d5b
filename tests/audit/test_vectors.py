"""FORMAT 17: the vectors come out again byte for byte, and both verifiers give the verdicts that are written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audit import canonical, checkpoint, dsse, ids, merkle, suites
from audit.exported import ExportedLog
from audit.verify import verify
from tests.support.logbook import write
from tests.support.second import SecondVerifier
from tests.vectors import make
from tests.vectors.values import LEAVES, commitment, values

VECTORS = Path(make.__file__).parent
MANIFEST: dict[str, Any] = json.loads((VECTORS / "manifest.json").read_bytes())
VALUES: dict[str, Any] = json.loads((VECTORS / "values.json").read_bytes())
CASES = [(name, given) for name in MANIFEST for given in ("without", "with")]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every vector as files: NAME/log/… and NAME/trust."""
    root = tmp_path_factory.mktemp("vectors")
    for vector in make.vectors():
        write(vector.files, root / vector.name / "log")
        (root / vector.name / "trust").write_bytes(vector.trust)
    return root


def summary(answer: dict[str, Any]) -> dict[str, Any]:
    """What a vector fixes of a verdict."""
    failure = answer["failures"][0] if answer["failures"] else {"step": None, "position": None}
    return {
        "ok": answer["ok"],
        "step": failure["step"],
        "position": failure["position"],
        "doubtful": answer["doubtful"] if answer["ok"] else [],
    }


def test_17_the_vectors_come_out_again_byte_for_byte() -> None:
    assert make.manifest() == MANIFEST
    assert values() == VALUES


@pytest.mark.parametrize("name", make.KEPT)
def test_17_the_vectors_kept_in_full_are_those_of_the_script(name: str, logs: Path) -> None:
    kept = {path.relative_to(VECTORS / name): path for path in (VECTORS / name).rglob("*") if path.is_file()}
    made = {path.relative_to(logs / name): path for path in (logs / name).rglob("*") if path.is_file()}
    assert json.loads(kept.pop(Path("expected.json")).read_bytes()) == MANIFEST[name]["expected"]
    assert {name: path.read_bytes() for name, path in kept.items()} == {
        name: path.read_bytes() for name, path in made.items()
    }


def test_15_every_step_has_a_vector_that_fails_there() -> None:
    failed = {MANIFEST[name]["expected"][given]["step"] for name, given in CASES}
    assert failed == {None, 1, 2, 3, 4, *range(6, 22)}


@pytest.mark.parametrize(("name", "given"), CASES)
def test_15_the_verdict_on_a_vector(name: str, given: str, logs: Path) -> None:
    trust = (logs / name / "trust").read_bytes() if given == "with" else None
    verdict = verify(ExportedLog(logs / name / "log"), trust)
    assert summary(verdict.json()) == MANIFEST[name]["expected"][given]


@pytest.mark.parametrize(("name", "given"), CASES)
def test_15_the_second_verifier_gives_the_same_verdict(
    name: str, given: str, logs: Path, second: SecondVerifier
) -> None:
    trust = logs / name / "trust" if given == "with" else None
    answer = second.verdict(logs / name / "log", trust)
    assert summary(answer) == MANIFEST[name]["expected"][given]


def test_15_both_verifiers_count_the_same(logs: Path, second: SecondVerifier) -> None:
    ours = verify(ExportedLog(logs / "good_long" / "log")).json()
    theirs = second.verdict(logs / "good_long" / "log")
    assert {name: theirs[name] for name in ours} == ours


# Single values.


@pytest.mark.parametrize("document", VALUES["canonical"]["good"])
def test_2_a_canonical_document_is_read_and_printed_the_same(document: str) -> None:
    assert canonical.encode(canonical.decode(bytes.fromhex(document))).hex() == document


@pytest.mark.parametrize("document", VALUES["canonical"]["bad"])
def test_2_a_document_that_is_not_canonical_is_refused(document: str) -> None:
    with pytest.raises(canonical.NotCanonical):
        canonical.decode(bytes.fromhex(document))


@pytest.mark.parametrize("text", VALUES["ids"]["good"])
def test_3_1_an_id_is_found_among_the_values_of_a_document(text: str) -> None:
    document = canonical.encode({"a": [text, f"see {text}", {"b": text}], "c": text, "d": f" {text}"})
    assert ids.is_id(text)
    assert ids.ids_in(document) == {text}


@pytest.mark.parametrize("text", VALUES["ids"]["bad"])
def test_3_1_what_is_no_id_is_not_found(text: str) -> None:
    assert not ids.is_id(text)
    assert ids.ids_in(canonical.encode({"a": text, "b": [text]})) == set()


def test_3_1_a_key_of_an_object_is_never_an_id() -> None:
    assert ids.ids_in(canonical.encode({VALUES["ids"]["good"][0]: 1})) == set()


@pytest.mark.parametrize("key", VALUES["keys"]["good"], ids=lambda key: key["id"])
def test_3_5_the_id_of_a_key(key: dict[str, str]) -> None:
    suites.check_public_key("ed25519", bytes.fromhex(key["public"]))
    assert ids.key_id("ed25519", bytes.fromhex(key["public"])) == key["id"]


@pytest.mark.parametrize("key", VALUES["keys"]["bad"], ids=lambda key: key["why"])
def test_4_2_a_bad_key_is_refused(key: dict[str, str]) -> None:
    with pytest.raises(suites.BadKey):
        suites.check_public_key("ed25519", bytes.fromhex(key["public"]))


@pytest.mark.parametrize("statement", VALUES["statements"], ids=lambda one: one["type"])
def test_5_1_a_statement_is_signed_over_its_pae(statement: dict[str, str]) -> None:
    body, public = bytes.fromhex(statement["body"]), bytes.fromhex(statement["public"])
    signature = bytes.fromhex(statement["signature"])
    assert dsse.pae(statement["type"], body).hex() == statement["pae"]
    assert dsse.statement_id(statement["type"], body).hex() == statement["id"]
    assert suites.verify("ed25519", public, signature, dsse.pae(statement["type"], body))
    assert not suites.verify("ed25519", public, signature, body)


def test_5_5_a_commitment_binds_kind_field_and_value() -> None:
    found = {
        commitment(one["kind"], one["field"], bytes.fromhex(one["salt"]), one["value"]): one["commitment"]
        for one in VALUES["commitments"]
    }
    assert all(made == written for made, written in found.items())
    assert len(found) == len(VALUES["commitments"])


# The worked examples of the specifications that FORMAT rests on.


def test_rfc_6962_the_roots_of_the_eight_classic_leaves() -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    roots = {size: merkle.root_of(leaves[:size]).hex() for size in (0, 1, 2, 3, 4, 6, 7, 8)}
    assert roots == {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    assert [root.hex() for root in merkle.inclusion_path(leaves, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [node.hex() for node in merkle.consistency_path(leaves, 4)] == [
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
    ]


def test_signed_note_the_example_of_the_specification() -> None:
    key = checkpoint.VerifierKey.parse(
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    )
    blob = dsse.unb64(
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    )
    assert key.public.hex() == "e932791ae6e7a840a46164c904786426d5e7821dd8b29a00d61cae72afdd4da4"
    assert blob[:4] == key.key_id
    assert suites.verify("ed25519", key.public, blob[4:], b"This is an example message.\n")
    assert not suites.verify("ed25519", key.public, blob[4:], b"This is an example message.")


def test_tlog_checkpoint_with_a_cosignature() -> None:
    log = checkpoint.VerifierKey.parse(
        "example.com/audit+29b87bfc+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    )
    note = checkpoint.parse_note(
        "example.com/audit\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n\n"
        "— example.com/audit Kbh7/Pg3Vkrg6tLd7QUiQBvr//gpZnT2VB1yTC9eTv13bB7w2hajmqX3zifntXY6mCM8tijFFTrqa5cz/9wH2KKOzgY=\n"
        "— witness.example/w1 IDJKvgAAAABkGFDLsvOSFIOjQu4rbMDzbuePCObfxEZ/BrsS19rlJde8A0uu++PU+brVbylfTrfGLdy4Bxs+YwFHss1SGV0An54XCA==\n".encode()
    )
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:3]]
    assert note.is_signed_by(log)
    assert note.checkpoint.root == merkle.root_of(leaves)
    path = [bytes.fromhex("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    assert merkle.root_from_path(leaves[2], 2, 3, path) == note.checkpoint.root
