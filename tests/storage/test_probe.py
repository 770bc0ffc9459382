"""The probe believes what a store does, not what it says."""


def test_both_stores_that_we_ship_pass(store):
    """Embedded and production store keep what several workers rely on."""
    probe = store.probe()

    assert (probe.conditional_put, probe.read_after_write, probe.remembers_hashes) == (True,) * 3
    assert abs(probe.ahead_s) < 5
    assert 0 < probe.put_s < 10
    assert 0 < probe.get_s < 10
    assert list(store.list("")) == []


def test_a_store_that_ignores_the_condition_is_found_out(wire, wired_store, store):
    """Garage, rclone and others overwrite silently: two workers there would lose records."""
    wire.requests = lambda data: data.replace(b"If-None-Match: *", b"X-Nothing-Here: *")
    probe = wired_store.probe()

    assert not probe.conditional_put
    assert probe.read_after_write
    assert list(store.list("")) == []
