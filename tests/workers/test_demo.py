"""The demo is run whole by .ci/run; here: that it never removes what is not its own."""

import pytest

from workers import demo


def test_a_folder_of_somebody_else_is_left_alone(tmp_path, monkeypatch):
    """demo-run/ without the demo's mark is not touched."""
    monkeypatch.setattr(demo, "HOME", tmp_path)
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(SystemExit):
        demo.fresh_home()

    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_its_own_folder_is_made_anew(tmp_path, monkeypatch):
    """A second demo starts from nothing."""
    monkeypatch.setattr(demo, "HOME", tmp_path / "demo-run")
    demo.fresh_home()
    (tmp_path / "demo-run" / "old.txt").write_text("old")

    demo.fresh_home()

    assert [p.name for p in (tmp_path / "demo-run").iterdir()] == [demo.MARK]
