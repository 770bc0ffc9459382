"""How a record says what made it."""

import dataclasses

from pipeline.recognition import reader
from pipeline.settings import Settings
from pipeline.versions import poppler_version, steps

READER = reader("fast", "auto")


def test_steps_name_tools_and_versions():
    """Each step of the flow has a tool with a version."""
    assert poppler_version()
    assert all(step.tool and step.version for step in steps(Settings(), READER))


def test_a_setting_that_changes_files_changes_the_steps():
    """Equal steps promise equal files, so a setting that matters must show in them."""
    coarse = dataclasses.replace(Settings(), jpeg_quality=30)

    assert steps(Settings(), READER) != steps(coarse, READER)
    assert steps(Settings(), READER) == steps(dataclasses.replace(Settings(), workers=9), READER)
