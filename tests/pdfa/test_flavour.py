"""Every flavour of PDF/A that can be asked for is made, and is what it claims."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from pipeline.model import ArchivePage, Page, SourcePage
from pipeline.pdfa import ArchiveFacts, compose, verify
from pipeline.pdfa.flavour import FORMS, Flavour, possible
from pipeline.pdfa.structure import check, claimed
from pipeline.settings import from_environ

Draw = Callable[..., ArchivePage]


@pytest.fixture
def kinds(draw: Draw) -> list[ArchivePage]:
    """Return a page of each kind of image, and one without text."""
    codings = ("jpeg", "gray", "g4", "layers")
    drawn = [
        draw(["Quyết định", coding], number=number, coding=coding)
        for number, coding in enumerate(codings, start=1)
    ]
    return [*drawn, draw([], number=5)]


@pytest.mark.parametrize("flavour", FORMS)
def test_a_flavour_is_what_it_claims(
    kinds: list[ArchivePage], facts: ArchiveFacts, tmp_path: Path, flavour: Flavour
) -> None:
    """Our checks agree with it, and with no other claim."""
    out = tmp_path / "out.pdf"
    compose(kinds, facts, out, flavour=flavour)

    assert verify(out, kinds, flavour=flavour).pdfa == flavour
    with pikepdf.open(out) as pdf:
        assert claimed(pdf) == flavour
        assert pdf.pdf_version == FORMS[flavour].version
    for other in FORMS:
        assert (check(out, other) == ()) == (other == flavour)


@pytest.mark.verapdf
@pytest.mark.parametrize("flavour", FORMS)
def test_verapdf_agrees_with_every_flavour(
    kinds: list[ArchivePage], facts: ArchiveFacts, tmp_path: Path, verapdf: Path, flavour: Flavour
) -> None:
    """2a as PDF/UA-1, too."""
    out = tmp_path / "out.pdf"
    compose(kinds, facts, out, flavour=flavour)

    assert verify(out, kinds, flavour=flavour, verapdf=verapdf).pdfa == flavour


@pytest.mark.parametrize("flavour", FORMS)
def test_the_same_pages_give_the_same_bytes(
    kinds: list[ArchivePage], facts: ArchiveFacts, tmp_path: Path, flavour: Flavour
) -> None:
    """In each form of file."""
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    for out in (first, second):
        compose(kinds, facts, out, flavour=flavour)

    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", FORMS)
def test_every_flavour_can_be_set(name: Flavour) -> None:
    """The settings know the same names."""
    assert from_environ({"SOHOA_PDFA": name}).pdfa == name


def test_vectors_are_part_two_or_three(facts: ArchiveFacts, tmp_path: Path) -> None:
    """Nobody tagged a text-born page, nor looked at it with the eyes of part 1."""
    assert [possible(each, vectors=True) for each in ("2u", "1b", "2a", "3u")] == [
        "2u", "2u", "2u", "3u",
    ]  # fmt: skip
    assert possible("1b", vectors=False) == "1b"
    page = ArchivePage(Page(1, 1, 1, 72.0, "text"), SourcePage(tmp_path / "x.pdf", 0))
    with pytest.raises(ValueError, match="1b"):
        compose([page], facts, tmp_path / "out.pdf", flavour="1b")
