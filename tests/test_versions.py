"""How a record says what made it."""

import dataclasses

from pipeline.settings import Settings
from pipeline.versions import poppler_version, steps


def test_steps_name_tools_and_versions():
    """Each step of the flow has a tool with a version."""
    assert poppler_version()
    assert all(step.tool and step.version for step in steps(Settings(), "vie"))


def test_a_setting_that_changes_files_changes_the_steps():
    """Equal steps promise equal files, so a setting that matters must show in them."""
    coarse = dataclasses.replace(Settings(), jpeg_quality=30)

    assert steps(Settings(), "vie") != steps(coarse, "vie")
    assert steps(Settings(), "vie") == steps(dataclasses.replace(Settings(), workers=9), "vie")
