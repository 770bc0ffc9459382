"""Fixtures that more than one room uses."""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from minio import Minio
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import Box, PageImage
from pipeline.storage import ObjectStore
from workers.servers import start_broker, start_store

# --- servers: a real broker and a real object store ---


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """A running Valkey server; `url` connects to it."""
    with start_broker(tmp_path_factory.mktemp("broker")) as server:
        yield server


@pytest.fixture(scope="session")
def store_server(tmp_path_factory):
    """A running SeaweedFS server: `endpoint`, `access_key`, `secret_key`."""
    with start_store(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture
def store(store_server, fresh_bucket):
    """A fresh bucket in the running store."""
    with fresh_bucket(store_server) as store:
        yield store


@pytest.fixture(scope="session")
def fresh_bucket():
    """Make a bucket of its own on a server, and remove it after use."""
    return _fresh_bucket


@contextmanager
def _fresh_bucket(server):
    bucket = f"test-{uuid4().hex}"
    with ObjectStore(server.endpoint, server.access_key, server.secret_key, bucket) as store:
        store.ensure_bucket()
        yield store
        for key in list(store.list("")):
            store.delete(key)
    client = Minio(server.endpoint, server.access_key, server.secret_key, secure=False)
    client.remove_bucket(bucket)  # each holds a volume of the server as long as it exists


# --- pages: A4 with Vietnamese text, drawn with what scanners and clerks do to it ---

_FONTS = [
    Path("/usr/share/fonts/truetype") / name
    for name in ("liberation2/LiberationSerif-Regular.ttf", "dejavu/DejaVuSerif.ttf")
]
_HEAD = (("ỦY BAN NHÂN DÂN", 0.16), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.52))
_SECOND = (("XÃ HƯNG LỘC", 0.18), ("Độc lập - Tự do - Hạnh phúc", 0.57))
_PROSE = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2025;",
    "Xét đề nghị của Trưởng phòng Quản lý đô thị tại Tờ trình số 57/TTr-QLĐT,",
    "Ủy ban nhân dân xã cho phép bà Nguyễn Thị Tuyết Nhung, thường trú tại thôn",
    "Đồng Quỳ, được xây dựng nhà ở riêng lẻ trên thửa đất số 342, tờ bản đồ số 15.",
    "Giấy phép này có hiệu lực trong thời hạn mười hai tháng kể từ ngày ký.",
)
_FORM = (("Họ và tên:", "Lường Văn Ởn"), ("Nơi cư trú:", "Số 27, tổ 4, thôn Đồng Quỳ"))
_SIGNER = "Phùng Thị Mỹ Duyên"


@dataclass(frozen=True)
class DrawnPage:
    """A drawn page and the truth about it."""

    image: PageImage
    lines: tuple[tuple[str, Box], ...]  # text and place before the page was skewed
    leaders: tuple[Box, ...]  # free part of each dotted leader
    seal: Box | None


@pytest.fixture(scope="session")
def draw_page():
    """Draw an A4 page: dpi, skew_deg, seal, leaders, prose lines, shade, noise, bitonal."""
    return _draw_page


def _draw_page(
    *,
    dpi=150,
    skew_deg=0.0,
    seal=False,
    leaders=False,
    prose=12,
    shade=False,
    noise=0.0,
    bitonal=False,
):
    sheet = _Sheet(dpi)
    for row, columns in ((0.05, _HEAD), (0.07, _SECOND)):
        for text, left in columns:
            sheet.write(text, left, row, size_pt=11)
    for place in range(prose):
        sheet.write(_PROSE[place % len(_PROSE)], 0.12, 0.14 + 0.025 * place)
    for place, (label, value) in enumerate(_FORM if leaders else ()):
        sheet.fill_in(label, value, 0.14 + 0.025 * prose + 0.04 * (place + 1))
    sheet.write(_SIGNER, 0.6, 0.88)
    if seal:
        sheet.stamp(0.62, 0.88)
    return sheet.scanned(skew_deg, shade, noise, bitonal)


class _Sheet:
    """White A4 paper to draw on; places are shares of its width and height."""

    def __init__(self, dpi):
        self.dpi = dpi
        self.paper = Image.new("RGB", (round(8.27 * dpi), round(11.69 * dpi)), "white")
        self.pen = ImageDraw.Draw(self.paper)
        self.lines, self.leaders, self.seal = [], [], None

    def write(self, text, left, top, size_pt=13):
        file = next((font for font in _FONTS if font.exists()), None)
        if file is None:
            pytest.fail("no font with Vietnamese: install fonts-liberation2 or fonts-dejavu-core")
        font = ImageFont.truetype(str(file), round(size_pt * self.dpi / 72))
        at = left * self.paper.width, top * self.paper.height
        self.pen.text(at, text, fill=(20, 20, 25), font=font)
        box = Box(*(round(side) for side in self.pen.textbbox(at, text, font=font)))
        self.lines.append((text, box))
        return box

    def fill_in(self, label, value, top):
        """Write a label, dots up to the right margin, and a value over the dots."""
        start = self.write(label, 0.12, top).right + self.dpi // 25
        written = self.write(value, start / self.paper.width, top)
        foot = top * self.paper.height + 14 * self.dpi / 72
        pitch, radius = self.dpi * 0.05, self.dpi * 0.009
        end = 0.9 * self.paper.width
        for x in np.arange(start, end, pitch):
            self.pen.ellipse((x - radius, foot - radius, x + radius, foot + radius), fill=(30,) * 3)
        free_from, reach = round(written.right + pitch), round(radius) + 1
        self.leaders.append(Box(free_from, round(foot) - reach, round(end), round(foot) + reach))

    def stamp(self, x, y):
        """Put a round red seal of 36 mm around a place, over what is there."""
        radius = 18 / 25.4 * self.dpi
        centre = np.array([x * self.paper.width, y * self.paper.height])
        ink = Image.new("RGB", self.paper.size, "white")
        pen = ImageDraw.Draw(ink)
        for share, width in ((1.0, 0.03), (0.7, 0.012)):
            corners = (*(centre - radius * share), *(centre + radius * share))
            pen.ellipse(corners, outline=(225, 60, 70), width=max(1, round(width * self.dpi)))
        pen.regular_polygon((*centre, radius * 0.3), 5, fill=(225, 60, 70))
        both = np.minimum(np.asarray(self.paper), np.asarray(ink))  # ink swallows light
        self.paper = Image.fromarray(both)
        self.pen = ImageDraw.Draw(self.paper)
        self.seal = Box(*(round(side) for side in (*(centre - radius), *(centre + radius))))

    def scanned(self, skew_deg, shade, noise, bitonal):
        turned = self.paper.rotate(skew_deg, Image.Resampling.BICUBIC, fillcolor="white")
        pixels = np.asarray(turned).astype(np.float32)
        if shade:  # yellowed paper, darker to the right
            light = np.linspace(0.95, 0.55, pixels.shape[1], dtype=np.float32)
            pixels *= light[None, :, None] * np.array([1.0, 0.96, 0.85], dtype=np.float32)
        if noise:
            grain = np.random.default_rng(7).standard_normal(pixels.shape[:2], np.float32)
            pixels += noise * grain[..., None]
        if bitonal:
            pixels = np.where(pixels.mean(axis=2, keepdims=True) < 140, 0, 255).repeat(3, axis=2)
        image = PageImage(np.clip(pixels, 0, 255).astype(np.uint8), float(self.dpi), bitonal)
        return DrawnPage(image, tuple(self.lines), tuple(self.leaders), self.seal)


# --- signatures: a certificate authority with all its servers, on this machine ---


class Authority:
    """A certificate authority for tests; it answers on `url` for time stamps and revocation."""

    def __init__(self, folder, url, config):
        self.folder, self.url = folder, url
        self.arch = config.get_pki_arch("office")
        self.services = self.arch.service_registry
        self.root = self._pem("root")
        self.tsa = f"{url}/office/tsa/tsa"
        self.pin = "khoá 1234"

    def _pem(self, label):
        from asn1crypto import pem

        path = self.folder / f"{label}.pem"
        path.write_bytes(pem.armor("CERTIFICATE", self.arch.get_cert(label).dump()))
        return path

    def key_file(self, label="clerk"):
        """Return a PKCS#12 file that opens with `pin`."""
        path = self.folder / f"{label}.p12"
        path.write_bytes(self.arch.package_pkcs12(label, password=self.pin.encode()))
        return path

    def answer(self, path, body):
        """Return what the server that an address names says."""
        from datetime import UTC, datetime

        from asn1crypto import ocsp, tsp

        now, (kind, label) = datetime.now(UTC), path.split("/")[2:4]
        if kind == "tsa":
            server = self.services.summon_timestamper(label, now)
            return server.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
        if kind == "ocsp":
            server = self.services.summon_responder(label, now)
            return server.build_ocsp_response(ocsp.OCSPRequest.load(body)).dump()
        return self.services.get_crl(label, now).dump()


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A certificate authority: a clerk, another one whose certificate is revoked, servers."""
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    folder = tmp_path_factory.mktemp("authority")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            data = found.answer(self.path, body)
            kind = self.path.split("/")[2]
            media = {"tsa": "timestamp-reply", "ocsp": "ocsp-response"}.get(kind, "pkix-crl")
            self.send_response(200)
            self.send_header("Content-Type", f"application/{media}")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        found = Authority(folder, url, _pki(folder, url))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


def _pki(folder, url):
    from certomancer.registry import CertomancerConfig
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    names = ("root", "issuer", "ocsp", "tsa", "clerk", "revoked")
    for name in names:
        key = rsa.generate_private_key(65537, 2048)
        plain = (
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        (folder / f"{name}.key").write_bytes(key.private_bytes(*plain))
    people = {
        "root": "Cơ quan chứng thực gốc",
        "issuer": "Cơ quan chứng thực",
        "ocsp": "Máy chủ OCSP",
        "tsa": "Máy chủ dấu thời gian",
        "clerk": "Nguyễn Thị Ánh Nguyệt",
        "revoked": "Trần Văn Cũ",
    }
    lasting = {"valid-from": "2020-01-01T00:00:00+0000", "valid-to": "2100-01-01T00:00:00+0000"}

    def usage(*uses):
        value = {"schema": "key-usage", "params": list(uses)}
        return {"id": "key_usage", "critical": True, "smart-value": value}

    def revocation(repo):
        value = {"schema": "crl-dist-url", "params": {"crl-repo-names": [repo]}}
        return {"id": "crl_distribution_points", "smart-value": value}

    def purpose(use):
        return {"id": "extended_key_usage", "critical": True, "value": [use]}

    authority = {"id": "basic_constraints", "critical": True, "value": {"ca": True}}
    asks = {"schema": "aia-urls", "params": {"ocsp-responder-names": ["issuer"]}}
    person = [
        usage("digital_signature", "non_repudiation"),
        revocation("issuer"),
        {"id": "authority_information_access", "smart-value": asks},
    ]
    ca = [authority, usage("digital_signature", "key_cert_sign", "crl_sign")]
    certs = {
        "root": {"subject": "root", "issuer": "root", "extensions": ca},
        "issuer": {"subject": "issuer", "issuer": "root", "extensions": [*ca, revocation("root")]},
        "ocsp": {
            "subject": "ocsp", "issuer": "issuer",
            "extensions": [usage("digital_signature"), purpose("ocsp_signing"),
                           {"id": "ocsp_no_check"}],
        },
        "tsa": {
            "subject": "tsa", "issuer": "root",
            "extensions": [usage("digital_signature"), purpose("time_stamping"),
                           revocation("root")],
        },
        "clerk": {"subject": "clerk", "issuer": "issuer", "extensions": person},
        "revoked": {
            "subject": "revoked", "issuer": "issuer", "extensions": person,
            "revocation": {"revoked-since": "2024-01-01T00:00:00+0000",
                           "reason": "key_compromise"},
        },
    }  # fmt: skip
    services = {
        "ocsp": {
            "issuer": {"for-issuer": "issuer", "responder-cert": "ocsp", "signing-key": "ocsp"}
        },
        "crl-repo": {
            name: {
                "for-issuer": name, "signing-key": name, "simulated-update-schedule": "P30D",
            }
            for name in ("root", "issuer")
        },
        "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
    }  # fmt: skip
    config = {
        "external-url-prefix": url,
        "keysets": {"keys": {"keys": {name: {"path": f"{name}.key"} for name in names}}},
        "pki-architectures": {
            "office": {
                "keyset": "keys",
                "entity-defaults": {"country-name": "VN"},
                "entities": {name: {"common-name": text} for name, text in people.items()},
                "certs": {name: {**cert, "validity": lasting} for name, cert in certs.items()},
                "services": services,
            }
        },
    }
    return CertomancerConfig(config, str(folder))


# --- PDFs with text of their own, whose maps say whatever a test wants ---


@pytest.fixture(scope="session")
def write_text_pdf():
    """Write a PDF of lines in one font: path, lines, font's name, spell, pt, pages.

    `spell` gives for each letter the glyphs to draw, each with the text that the map says of it.
    """
    return _write_text_pdf


def _write_text_pdf(path, lines, *, name="ABCDEF+Serif", spell=None, size_pt=13, pages=1):
    import pikepdf
    from pikepdf import Array, Dictionary

    spelt = [[one for c in line for one in (spell or _as_it_is)(c)] for line in lines]
    program, glyphs, widths = _subset({glyph for row in spelt for glyph, _ in row})
    codes = {one: place for place, one in enumerate(sorted({o for row in spelt for o in row}), 1)}
    rows = [f"<{code:04X}> <{text.encode('utf-16-be').hex()}>" for (_, text), code in codes.items()]
    cmap = "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    cmap += f"{len(rows)} beginbfchar\n" + "\n".join(rows) + "\nendbfchar"
    shown = [f"BT /F1 {size_pt} Tf 70 {780 - 24 * place} Td" for place in range(len(spelt))]
    content = "\n".join(
        f"{start} <{''.join(f'{codes[one]:04X}' for one in row)}> Tj ET"
        for start, row in zip(shown, spelt, strict=True)
    )
    kind = pikepdf.Name
    with pikepdf.new() as pdf:
        descriptor = Dictionary(
            Type=kind.FontDescriptor, FontName=kind("/" + name), Flags=4, ItalicAngle=0,
            FontBBox=Array([-200, -300, 1500, 1000]), Ascent=900, Descent=-250, CapHeight=700,
            StemV=80, FontFile2=pdf.make_stream(program, Length1=len(program)),
        )  # fmt: skip
        to_glyph = b"\0\0" + b"".join(glyphs[glyph].to_bytes(2, "big") for glyph, _ in codes)
        cid_font = Dictionary(
            Type=kind.Font, Subtype=kind.CIDFontType2, BaseFont=kind("/" + name),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor), CIDToGIDMap=pdf.make_stream(to_glyph),
            W=Array([1, Array([widths[glyph] for glyph, _ in codes])]),
        )  # fmt: skip
        font = Dictionary(
            Type=kind.Font, Subtype=kind.Type0, BaseFont=kind("/" + name),
            Encoding=kind("/Identity-H"), ToUnicode=pdf.make_stream(cmap.encode()),
            DescendantFonts=Array([pdf.make_indirect(cid_font)]),
        )  # fmt: skip
        fonts = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
            pdf.pages[-1].Resources = fonts
            pdf.pages[-1].Contents = pdf.make_stream(content.encode())
        pdf.save(path)
    return path


def _as_it_is(letter):
    return [(letter, letter)]


def _subset(letters):
    """Return a program with these letters, the number of each one's glyph and its width."""
    import io

    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    file = next((font for font in _FONTS if font.exists()), None)
    if file is None:
        pytest.fail("no font with Vietnamese: install fonts-liberation2 or fonts-dejavu-core")
    font = TTFont(file)
    options = Options(notdef_outline=True, recalc_timestamp=False, layout_features=[])
    options.drop_tables += ["FFTM"]
    cutter = Subsetter(options)
    cutter.populate(text="".join(letters))
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    numbers, cmap = font.getReverseGlyphMap(), font.getBestCmap()
    upem = font["head"].unitsPerEm
    widths = {c: round(font["hmtx"][cmap[ord(c)]][0] * 1000 / upem) for c in letters}
    return out.getvalue(), {c: numbers[cmap[ord(c)]] for c in letters}, widths
