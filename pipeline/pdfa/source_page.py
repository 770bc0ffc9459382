"""Text-born pages: a page of a source PDF in, the same vectors in the archive PDF out.

The page's drawing is not touched. Annotations become part of it, so that a visible signature or
stamp stays visible; what acts, asks or hides (actions, forms, scripts, attachments, private data)
is left behind. Layers keep their state: what the source hides stays hidden.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ToolCrashed
from pipeline.model import SourcePage
from pipeline.pdfa.drawing_rules import FORM_KEYS
from pipeline.pdfa.rules import MALFORMED

_PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Resources", "/Contents", "/Group", "/Rotate", "/UserUnit"}
    | {"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"}
)
# Not part of what a page shows: private data of programs, pre-press hints, links to a structure
# tree that stays behind, smoothing hints, versions for other devices.
_SHED_KEYS = ("/Metadata", "/PieceInfo", "/LastModified", "/StructParent", "/StructParents")
# Lists of what a font holds: optional, often wrong, and wrong ones are forbidden (6.2.11.4.2).
_SHED_FONT_KEYS = ("/CIDSet", "/CharSet")
_SHED_IMAGE_KEYS = ("/OPI", "/Alternates", "/Interpolate")
# Of a graphics state: how a printing press should make its plates (6.2.5). No screen heeds them.
_SHED_STATE_KEYS = ("/TR", "/TR2", "/BG", "/BG2", "/UCR", "/UCR2", "/HT", "/HTP")
_HOLDERS = (pikepdf.Stream, Dictionary)
_MAX_OBJECTS = 200_000  # reachable from the pages of one source; a book has some 20,000


@dataclass(slots=True)
class SourcePages:
    """Appends pages of source PDFs to one archive PDF; each source is opened once."""

    pdf: pikepdf.Pdf
    open_files: ExitStack  # the sources stay open until the archive PDF is saved
    _sources: dict[Path, pikepdf.Pdf] = field(default_factory=dict)

    def append(self, content: SourcePage) -> None:
        """Copy one page; raises ToolCrashed when the source has no such page."""
        try:
            source = self._sources.get(content.pdf) or self._open(content.pdf)
            self.pdf.pages.append(source.pages[content.index])
        except MALFORMED as error:
            what = f"page {content.index + 1} cannot be taken over: {error}"
            raise ToolCrashed(content.pdf.name, what) from error

    def finish(self) -> None:
        """Take the layers of all sources over, each in the state that it is shown in."""
        groups: list[pikepdf.Object] = []
        hidden: list[pikepdf.Object] = []
        for source in self._sources.values():
            for group, shown in _layers(source):
                copy = self.pdf.copy_foreign(group)
                groups.append(copy)
                if not shown:
                    hidden.append(copy)
        if groups:
            config = Dictionary(Name=pikepdf.String("Layers"), Order=Array(groups))
            if hidden:
                config.OFF = Array(hidden)
            self.pdf.Root.OCProperties = Dictionary(OCGs=Array(groups), D=config)

    def _open(self, path: Path) -> pikepdf.Pdf:
        source = self.open_files.enter_context(pikepdf.open(path))
        form = source.Root.get("/AcroForm")
        if isinstance(form, Dictionary) and "/NeedAppearances" in form:
            # Otherwise fields would be dropped instead of drawn into the page.
            source.generate_appearance_streams()
            if "/NeedAppearances" in form:
                del form["/NeedAppearances"]
        source.flatten_annotations("screen")
        for page in source.pages:
            for key in set(page.obj.keys()) - _PAGE_KEYS:
                # /Resources and the boxes may be inherited: appending brings those along.
                del page.obj[key]
        _shed(source)
        self._sources[path] = source
        return source


def _shed(source: pikepdf.Pdf) -> None:
    """Remove from all streams and dictionaries of a source what no page shows."""
    for count, entry in enumerate(source.objects):
        if count > _MAX_OBJECTS:
            raise ToolCrashed("text-born page", f"more than {_MAX_OBJECTS} objects")
        if not isinstance(entry, _HOLDERS):
            continue
        if entry.get("/Type") == Name.Catalog:
            continue
        shed: tuple[str, ...] = _SHED_KEYS
        if entry.get("/Subtype") == Name.Image:
            shed += _SHED_IMAGE_KEYS
        elif entry.get("/Type") == Name.FontDescriptor:
            shed += _SHED_FONT_KEYS
        elif entry.get("/Subtype") == Name.Form:
            # Notes that programs leave on forms: who filled them in, with what.
            shed += tuple(set(entry.keys()) - FORM_KEYS - {"/OC"})
        elif entry.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in entry:
            entry.CIDToGIDMap = Name.Identity  # the default, which has to be said (6.2.11.3.2)
        for key in shed:
            if key in entry:
                del entry[key]
        _shed_states(entry)


def _shed_states(entry: pikepdf.Object) -> None:
    """Remove from the graphics states of a stream's or page's resources what no screen heeds."""
    for holder in (entry, entry.get("/Resources")):
        states = holder.get("/ExtGState") if isinstance(holder, _HOLDERS) else None
        if not isinstance(states, Dictionary):
            continue
        for name in states.keys():  # noqa: SIM118 (no Python dictionary)
            state = states[name]
            for key in _SHED_STATE_KEYS:
                if isinstance(state, Dictionary) and key in state:
                    del state[key]


def _layers(source: pikepdf.Pdf) -> list[tuple[pikepdf.Object, bool]]:
    """Return the optional content groups of a source, each with whether it is shown."""
    properties = source.Root.get("/OCProperties")
    if not isinstance(properties, Dictionary):
        return []
    config = properties.get("/D", Dictionary())
    shown_first = config.get("/BaseState", Name.ON) != Name.OFF
    switched = config.get("/OFF" if shown_first else "/ON", Array())
    switched_ids = {group.objgen for group in switched}
    return [
        (group, (group.objgen not in switched_ids) == shown_first)
        for group in properties.get("/OCGs", Array())
        if group.is_indirect and isinstance(group, Dictionary)
    ]
