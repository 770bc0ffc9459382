"""A job is alive as long as what its worker writes about it changes."""

from hypothesis import given
from hypothesis import strategies as st

from workers.pulse import SILENT_S, Pulse


def test_who_waits_is_alive_for_ever():
    """A queue may be long."""
    pulse = Pulse()
    for now in range(0, 10_000, 100):
        assert pulse.alive({"a": None}, float(now)) == {"a"}


def test_who_falls_silent_is_dead_after_a_while():
    """Until then it may be slow; a new sign makes it alive again."""
    pulse = Pulse()
    assert pulse.alive({"a": "1"}, 0.0) == {"a"}
    assert pulse.alive({"a": "1"}, SILENT_S - 1) == {"a"}
    assert pulse.alive({"a": "1"}, SILENT_S) == set()
    assert pulse.alive({"a": "2"}, SILENT_S + 1) == {"a"}


def test_who_was_gone_is_not_judged_by_the_time_before():
    """The same sign after a pause is a new job's."""
    pulse = Pulse()
    pulse.alive({"a": ""}, 0.0)
    pulse.alive({"a": None}, 10.0)
    assert pulse.alive({"a": ""}, SILENT_S + 1) == {"a"}
    pulse.alive({}, SILENT_S + 2)
    assert pulse.alive({"a": ""}, 3 * SILENT_S) == {"a"}


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from((None, "1", "2"))), max_size=20))
def test_nobody_is_dead_whose_sign_changed_lately(looks):
    """Whatever the order of signs and however long the looks lie apart."""
    pulse, now, last, since = Pulse(), 0, object(), 0
    for pause, sign in looks:
        now += pause
        if sign != last:
            last, since = sign, now
        alive = pulse.alive({"a": sign}, float(now)) == {"a"}
        assert alive == (sign is None or now - since < SILENT_S)
