"""A value of the right shape for a command's payload, made from its JSON schema alone: right for nothing else.

Whom it names is concealed, and what opens the commitments goes beside it, as from any client.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.compose import china_today, new_id
from api.personal import Concealed, conceal
from domain.command import COMMANDS

_TEXTS = {
    "^[0-9a-f]{64}$": "ab" * 32,
    "^[0-9a-f]{32}$": "ab" * 16,
    "^[0-9]{6,12}$": "999901",
    "^([0-9]{6,12})?$": "",
    "^commit:[0-9a-f]{64}$": "示例农户",  # in the clear, to be concealed
}
_BODY = "青溪乡人民政府"
_ANY_ID = "^[a-z]{2,16}_[a-z2-7]{26}$"


def stated(name: str) -> Concealed:
    schema = COMMANDS[name].payload.model_json_schema(by_alias=True)
    made, disclosures = conceal(name, _fitting(_value(schema, schema.get("$defs", {}))))
    # What an erasure names is a commitment of old, of which nothing is disclosed.
    made |= {key: ["commit:" + "ab" * 32] for key in ("commitments",) if key in made}
    return Concealed(made, disclosures)


def _fitting(value: Any) -> Any:
    """The value with what no schema says: a body stands where one is asked for, and parts that go together do."""
    if isinstance(value, list):
        return [_fitting(one) for one in value]
    if not isinstance(value, dict):
        return value
    fit = {key: _fitting(one) for key, one in value.items()}
    if value.keys() >= {"kind", "name", "organisation", "person"}:  # PARTY-1: of a body no person is named
        fit |= {"name": _BODY, "person": ""}
    if value.keys() >= {"instead", "instead_name", "kind", "paper"}:  # CORR-3: a duplicate names what remains
        fit |= {"kind": "duplicate", "paper": ""}
    return fit | {key: _BODY for key in ("issuer", "operator") if isinstance(fit.get(key), str)}


def _value(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    if "$ref" in node:
        return _value(definitions[node["$ref"].rpartition("/")[2]], definitions)
    for union in ("anyOf", "oneOf"):
        if union in node:
            return _value(node[union][0], definitions)
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return node["enum"][0]
    match node.get("type"):
        case "object":
            return {key: _value(part, definitions) for key, part in node.get("properties", {}).items()}
        case "array":
            if "prefixItems" in node:
                return [_value(part, definitions) for part in node["prefixItems"]]
            return [_value(node["items"], definitions) for _ in range(node.get("minItems", 0))]
        case "integer":
            return node.get("minimum", 0)
        case "boolean":
            return True
        case "string":
            return _text(node)
    return None


def _text(node: Mapping[str, Any]) -> str:
    pattern = str(node.get("pattern", ""))
    if pattern == _ANY_ID:
        return new_id("project")
    if pattern.endswith("_[a-z2-7]{26}$"):
        return new_id(pattern[1:].partition("_")[0])
    if pattern.startswith("^[0-9]{4}-"):
        return china_today()
    if pattern.startswith("^code:"):
        return f"code:{pattern.split(':')[1]}:示例"
    return _TEXTS.get(pattern, "示例")
