"""The random days prefer what was accepted least often, and tell a day that went wrong again as it was."""

from tests.world.rarity import Rarity


def test_of_the_steps_drawn_that_is_taken_which_gave_the_rarest_command() -> None:
    rarity = Rarity(())
    rarity.learn({"often": ["a", "a"], "seldom": ["b"], "both": ["a", "b", "b"], "vain": []})
    assert [rarity.of(one) for one in ("often", "both", "seldom", "vain", "never taken")] == [3, 3, 3, 0, 0]
    rarity.learn({"often": ["a", "c"]})
    assert [rarity.of(one) for one in ("often", "both", "seldom")] == [1, 3, 3]


def test_of_commands_of_which_one_will_do_all_are_counted() -> None:
    rarity = Rarity(("lost", "revoked"))
    rarity.learn({"end": ["lost", "lost", "revoked"], "other": ["a"]})
    assert (rarity.of("end"), rarity.of("other")) == (3, 1)


def test_once_a_day_went_wrong_nothing_is_learnt() -> None:
    rarity = Rarity(())
    rarity.learn({"one": ["a"]})
    rarity.stop()
    rarity.learn({"one": ["a"], "two": ["b"]})
    assert (rarity.of("one"), rarity.of("two")) == (1, 0)
