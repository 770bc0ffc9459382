"""Profiles are what the settings offer, and each asks for more than nothing."""

import pytest

from pipeline.errors import SetupError
from pipeline.imaging.profiles import PROFILES
from pipeline.settings import from_environ


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_can_be_set(name):
    """The settings know the same names."""
    assert from_environ({"SOHOA_PDF_PROFILE": name}).pdf_profile == name


def test_another_name_stops_the_start():
    """A mistyped profile must not silently mean the default one."""
    with pytest.raises(SetupError, match="SOHOA_PDF_PROFILE"):
        from_environ({"SOHOA_PDF_PROFILE": "small"})


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_the_smallest_is_tried_first(profile):
    """The first coding that reaches what is asked is the one that is taken."""
    sizes = [(sizes.paper_dpi, sizes.ink_dpi) for sizes in profile.layers]

    assert sizes == sorted(sizes)
    assert 0.9 < min(profile.page, profile.ink) < 1
