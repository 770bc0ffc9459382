"""Settings: read once, refused loudly."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import settings as settings_module
from pipeline.errors import SetupError
from pipeline.imaging import INK_STEPS
from pipeline.imaging.complaints import SCAN_PROFILES
from pipeline.settings import PREFIX, Settings, from_environ


def test_empty_environment_gives_the_defaults():
    """Without any variable the system runs embedded with its defaults."""
    assert from_environ({}) == Settings()


def test_unknown_name_stops_the_start():
    """A misspelt setting is named, with those that exist."""
    with pytest.raises(SetupError, match="SOHOA_WORKRES") as caught:
        from_environ({"SOHOA_WORKRES": "4"})

    assert "SOHOA_WORKERS" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOHOA_WORKERS", "four"),
        ("SOHOA_SETTLE_S", "-1"),
        ("SOHOA_LANGUAGE", "fr"),
        ("SOHOA_ACCEPT_CONFIDENCE", "1.5"),
    ],
)
def test_nonsense_is_refused_by_name(name, value):
    """The operator learns which setting is wrong."""
    with pytest.raises(SetupError) as caught:
        from_environ({name: value})

    assert caught.value.subject == name


def test_other_machines_need_a_key():
    """Listening beyond this machine without a key is refused."""
    with pytest.raises(SetupError, match="SOHOA_API_KEY"):
        from_environ({"SOHOA_HTTP_HOST": "0.0.0.0"})  # noqa: S104 - the very thing refused

    assert from_environ({"SOHOA_HTTP_HOST": "0.0.0.0", "SOHOA_API_KEY": "k"})  # noqa: S104


def test_foreign_store_needs_its_keys():
    """An S3 address without credentials is refused."""
    with pytest.raises(SetupError, match="SOHOA_S3_ACCESS_KEY"):
        from_environ({"SOHOA_S3_ENDPOINT": "store:9000"})


@given(st.integers(1, 64), st.floats(0, 1), st.sampled_from(["vi", "en"]))
def test_environment_round_trip(workers, accept, language):
    """Settings handed to a child process as variables arrive unchanged."""
    settings = Settings(workers=workers, accept_confidence=accept, language=language)

    assert from_environ(settings.as_environ()) == settings


def test_every_setting_has_its_variable():
    """Each field can be set from the environment."""
    names = {PREFIX + f.name.upper() for f in dataclasses.fields(Settings)}

    with pytest.raises(SetupError) as caught:
        from_environ({"SOHOA_": ""})

    assert all(name in caught.value.detail for name in names)


def test_steps_of_the_ink_copy_are_left_out_by_name():
    """With commas or spaces; a name that is none stops the start and says which there are."""
    settings = from_environ({"SOHOA_INK_WITHOUT": "leaders, specks"})

    assert settings.ink_steps == ("background", "show-through", "seals", "pens")
    assert set(Settings().ink_steps) == set(INK_STEPS)
    with pytest.raises(SetupError, match="dots: none of background"):
        from_environ({"SOHOA_INK_WITHOUT": "dots"})


def test_the_steps_are_those_of_the_ink_copy():
    """Settings may not ask the room, so the names stand in both."""
    assert settings_module.INK_STEPS == INK_STEPS


def test_a_scan_profile_must_be_known():
    """Each of the settings' names has thresholds."""
    for name in SCAN_PROFILES:
        assert from_environ({"SOHOA_SCAN_PROFILE": name}).scan_profile == name
    with pytest.raises(SetupError, match="SOHOA_SCAN_PROFILE"):
        from_environ({"SOHOA_SCAN_PROFILE": "museum"})
