"""An archive PDF and a key in, the same bytes with an electronic signature behind them out.

PAdES (ETSI EN 319 142-1) baseline B, T or LT as an incremental update: not one byte of what is
signed changes, its metadata included. The key is a PKCS#12 file or a PKCS#11 token.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

from pipeline.errors import DiskFull, KeyRefused, SignatureServerSilent, ToolCrashed
from pipeline.pdfa.signing.appearance import Shown, place, style_of

Level = Literal["B-B", "B-T", "B-LT"]
LEVELS: tuple[Level, ...] = ("B-B", "B-T", "B-LT")
TSA_TIMEOUT_S = 20

_FIELD = "Signature"


@dataclass(frozen=True, slots=True)
class Signing:
    """How to sign."""

    level: Level = "B-B"
    tsa_url: str = ""  # RFC 3161; needed for B-T and B-LT
    trusted: tuple[Path, ...] = ()  # certificates of roots; needed for B-LT
    profile: str = ""  # a key of APPEARANCES; empty: nothing is seen
    seal: Path | None = None  # PNG of an agency's seal, shown where the profile shows one
    field: str = _FIELD


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of it."""

    signer: str  # name in the certificate
    visible: bool  # false also when the page had no free place for the appearance


class Key:
    """A private key with its certificate, opened."""

    def __init__(self, signer: signers.Signer) -> None:
        """Take a signer of pyHanko; a token is asked for its certificate here."""
        self.signer = signer
        self._certificate: Any = signer.signing_cert

    @property
    def name(self) -> str:
        """Return the common name of its certificate."""
        subject = self._certificate.subject
        return str(subject.native.get("common_name") or subject.human_friendly)


def open_key_file(path: Path, pin: str) -> Key:
    """Open a PKCS#12 file. Raises KeyRefused."""
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(path.read_bytes(), (), pin.encode() or None)
    except OSError as error:
        raise KeyRefused(str(path), error.strerror or "") from error
    except ValueError as error:
        # The words of the error may hold what was typed; they are left out.
        raise KeyRefused(str(path), "no key file, or its PIN is another") from error
    return Key(signer)


@contextmanager
def open_token(module: Path, label: str, pin: str) -> Iterator[Key]:
    """Open the key of a PKCS#11 token through the maker's library. Raises KeyRefused."""
    try:
        from pyhanko.config.pkcs11 import PKCS11SignatureConfig, TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11SigningContext
    except ImportError as error:
        raise KeyRefused(str(module), "tokens need the package python-pkcs11") from error
    criteria = TokenCriteria(label=label) if label else None
    config = PKCS11SignatureConfig(
        module_path=str(module), token_criteria=criteria, other_certs_to_pull=None
    )
    opened = PKCS11SigningContext(config, user_pin=pin or None)
    try:
        key = Key(opened.__enter__())  # type: ignore[no-untyped-call]
    except Exception as error:
        raise KeyRefused(str(module), f"the token does not open: {type(error).__name__}") from error
    try:
        yield key
    finally:
        opened.__exit__(None, None, None)  # type: ignore[no-untyped-call]


def sign(pdf: Path, out: Path, key: Key, how: Signing, now: datetime) -> Signed:
    """Write `pdf` with one signature more to `out`; `now` is what the appearance shows.

    Raises SealRefused for a picture that is no seal, KeyRefused when the certificate is not trusted
    or revoked (B-LT), SignatureServerSilent when a time stamp or revocation server gives no answer,
    ToolCrashed when the PDF cannot be signed, DiskFull.
    """
    shown = place(pdf, how.profile, key.name, now, how.seal) if how.profile else None
    part = out.with_name(out.name + ".part")
    try:
        with pdf.open("rb") as source, part.open("w+b") as target:
            writer = _Increment(source, strict=False)
            field = SigFieldSpec(
                _free_name(writer, how.field),
                box=None if shown is None else shown.whole_box,
                readable_field_name=key.name,
            )
            _signer(key, how, field, shown).sign_pdf(writer, output=target)
        part.replace(out)
    except (TimestampRequestError, TimeoutError) as error:
        raise SignatureServerSilent(how.tsa_url, str(error)) from error
    except (SigningError, PathError) as error:
        raise KeyRefused(key.name, str(error)) from error
    except PdfError as error:
        raise ToolCrashed(pdf.name, str(error)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(out.parent), str(error)) from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return Signed(key.name, shown is not None)


class _Increment(IncrementalPdfFileWriter):
    """An incremental update that leaves the metadata as it is: no new date, no other producer."""

    def _update_meta(self) -> None:
        pass


def _signer(key: Key, how: Signing, field: SigFieldSpec, shown: Shown | None) -> signers.PdfSigner:
    lasting = how.level == "B-LT"
    context = None
    if lasting:
        context = ValidationContext(
            trust_roots=read_certificates(how.trusted),
            allow_fetching=True,
            revocation_mode="require",
        )
    meta = signers.PdfSignatureMetadata(
        field_name=field.sig_field_name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=lasting,
        validation_context=context,
        # A certificate of an agency may not name the usage that pyHanko asks for by default.
        signer_key_usage={"digital_signature"},
        # In the revision of the signature itself, which then covers the whole file.
        dss_settings=DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        ),
    )
    stamper = None
    if how.level != "B-B":
        stamper = HTTPTimeStamper(how.tsa_url, timeout=TSA_TIMEOUT_S)
    style = None if shown is None else style_of(shown)
    return signers.PdfSigner(
        meta, key.signer, timestamper=stamper, stamp_style=style, new_field_spec=field
    )


def _free_name(writer: IncrementalPdfFileWriter, wanted: str) -> str:
    """Return a field name that no signature of the file has yet."""
    taken = {str(one.field_name) for one in writer.prev.embedded_signatures}
    names = [wanted, *(f"{wanted}{n}" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def read_certificates(paths: Sequence[Path]) -> list[Any]:
    """Return the certificates of files, PEM or DER. Raises KeyRefused for one that is none."""
    from pyhanko.keys import load_certs_from_pemder

    try:
        found = load_certs_from_pemder(str(path) for path in paths)  # type: ignore[no-untyped-call]
        return list(found)
    except (OSError, ValueError) as error:
        raise KeyRefused(", ".join(map(str, paths)), f"no certificate: {error}") from error
