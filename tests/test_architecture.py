"""The rules of the house, kept by tests."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("pipeline", "workers", "portal")
ROOMS = ("imaging", "recognition", "extraction", "pdfa", "storage")

# The home of each third-party package, by its import name; docs/dependencies.md gives the reasons.
HOMES = {
    "numpy": ("pipeline",),
    "cv2": ("pipeline/imaging", "pipeline/recognition"),
    "PIL": ("pipeline/imaging", "pipeline/pdfa", "pipeline/recognition"),
    "pillow_heif": ("pipeline/imaging",),
    "pdf2image": ("pipeline/imaging",),
    "pypdfium2": ("pipeline/imaging", "pipeline/pdfa"),
    "pytesseract": ("pipeline/recognition",),
    "onnxruntime": ("pipeline/recognition",),
    "zxingcpp": ("pipeline/recognition",),
    "defusedxml": ("pipeline/recognition",),
    "jsonschema": ("pipeline/extraction", "pipeline/storage"),
    "referencing": ("pipeline/extraction", "pipeline/storage"),
    "pikepdf": ("pipeline/pdfa", "pipeline/imaging"),
    "fontTools": ("pipeline/pdfa",),
    "pyhanko": ("pipeline/pdfa",),
    "pyhanko_certvalidator": ("pipeline/pdfa",),
    "minio": ("pipeline/storage",),
    "urllib3": ("pipeline/storage",),
    "sqlalchemy": ("pipeline/storage",),
    "rq": ("workers",),
    "inotify_simple": ("workers",),
    "redis": ("workers",),
    "typer": ("workers",),
    "rich": ("workers",),
    "fastapi": ("portal",),
    "starlette": ("portal",),
    "uvicorn": ("portal",),
}
FORBIDDEN_WORDS = {"utils", "helpers", "common", "core", "manager"}


def sources() -> list[Path]:
    return sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{a.name}") for a in node.names)


def test_imports_go_one_way():
    """A room that imports another room, or a lower layer that imports a higher one, is refused."""
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_each_package_has_its_home():
    """A third-party package is imported in its home only."""
    strays = []
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for line, name in imports(path):
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or top in PACKAGES:
                continue
            if not any(place.startswith(home) for home in HOMES.get(top, ())):
                strays.append(f"{place}:{line} imports {top}")

    assert strays == []


def test_rooms_are_entered_by_their_door():
    """Code outside a room imports the room, never a module inside it."""
    strays = []
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        for line, name in imports(path):
            parts = name.split(".")
            inside = len(parts) > 2 and parts[0] == "pipeline" and parts[1] in ROOMS
            if not inside or place.startswith(f"pipeline/{parts[1]}/"):
                continue
            if (ROOT / "pipeline" / parts[1] / f"{parts[2]}.py").exists():
                strays.append(f"{place}:{line} imports {name}")

    assert strays == []


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_and_functions_stay_small(path):
    """No file has more than 300 lines and no function more than 50."""
    text = path.read_text(encoding="utf-8")
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > 50
    ]

    assert len(text.splitlines()) <= 300
    assert long == []


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_modules_say_what_they_do(path):
    """Every module begins with its purpose and has a name that says something."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring
    assert path.stem not in FORBIDDEN_WORDS


@pytest.mark.parametrize("package", PACKAGES)
def test_tests_mirror_the_code(package):
    """Every module with code has a test file of its name."""
    lonely = []
    for path in (ROOT / package).rglob("*.py"):
        parts = path.relative_to(ROOT).parts
        folder = parts[1:-1] if package == "pipeline" else parts[:-1]
        if path.stem in ("__init__", "__main__") or not re.search(
            r"^(def|class) [a-zA-Z]", path.read_text(encoding="utf-8"), re.M
        ):
            continue
        if not (ROOT / "tests").joinpath(*folder, f"test_{path.stem}.py").exists():
            lonely.append(path.relative_to(ROOT).as_posix())

    assert lonely == []
