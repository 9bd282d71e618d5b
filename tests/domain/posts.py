"""Who holds which post of the story, for how long, and who stands in (代理)."""

from domain.post import called
from domain.values import days_after
from tests.domain.story import ACTORS, TODAY, Json, Town, actor, identity

CLOSING = {"post": ACTORS["clerk"].post, "reason": "机构改革", "title": "示例岗位clerk"}
TOMORROW, YESTERDAY = days_after(TODAY, 1), days_after(TODAY, -1)


def term(name: str, valid_from: str = "", until: str = "") -> Json:
    post = {"post": ACTORS[name].post, "title": f"示例岗位{name}"}
    return post | {"document": "示例任〔2026〕1号", "until": until, "valid_from": valid_from}


def set_term(town: Town, name: str, valid_from: str = "", until: str = "") -> None:
    town.when("post.set_term.v1", term(name, valid_from, until), "registrar")


def authorising(principal: str, deputy: str, valid_from: str = TODAY, until: str = TODAY) -> Json:
    return {
        "deputy": ACTORS[deputy].person,
        "document": "示例委〔2026〕9号",
        "ground": "外出学习",
        "post": ACTORS[principal].post,
        "title": f"示例岗位{principal}",
        "until": until,
        "valid_from": valid_from,
    }


def named(town: Town, payload: Json) -> Json:
    """As `prepare` fills it in: with the post of whoever the deputy is."""
    return {"deputy_label": called(town.ledger.directory, payload["deputy"])} | payload


def authorise(town: Town, payload: Json) -> None:
    town.when("post.deputise.v1", named(town, payload), "registrar")


def deputise(town: Town, principal: str, deputy: str, *days: str) -> None:
    authorise(town, authorising(principal, deputy, *days))


def ending(principal: str, deputy: str) -> Json:
    post = {"post": ACTORS[principal].post, "title": f"示例岗位{principal}"}
    return post | {"deputy": ACTORS[deputy].person, "reason": "学习结束"}


def standing_in(deputy: str, principal: str) -> list[Json]:
    """How a deputy signs: with his own key, in the principal's post."""
    return [ACTORS[principal].capacity | {"key": ACTORS[deputy].key}]


THIRD = actor("third", "registrar", "town")


def third_registrar(town: Town) -> None:
    """Made by the first two; `third` from then on."""
    town.extra["third"] = THIRD
    post = {"areas": [identity("area", "town")], "organisation": THIRD.organisation, "post": THIRD.post}
    town.when("person.register.v1", {"person": THIRD.person}, "registrar")
    town.when("post.establish.v1", post | {"role": "registrar", "title": "第三登记员"}, "registrar")
    town.when("key.enrol.v1", THIRD.enrolment, ["registrar", "registrar2", "third"])
