"""The documentation names everything that a user can set, type or meet."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from pipeline.settings import PREFIX, Settings
from workers.cli import app

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- begin: settings -->", "<!-- end: settings -->"


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def settings_table():
    """Draw the table of settings from the comments in their source."""
    source = read("pipeline/settings.py")
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for field in dataclasses.fields(Settings):
        line = re.search(rf"^    {field.name}: .*?= .*?(?:  # (.*))?$", source, re.M)
        meaning = (line and line[1]) or field.name.replace("_", " ")
        default = "(empty)" if field.default == "" else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{field.name.upper()}` | {default} | {meaning} |")
    return "\n".join(rows)


def test_settings_table_is_current():
    """docs/operating.md lists every setting with its default and meaning."""
    text = read("docs/operating.md")
    found = text.split(BEGIN)[1].split(END)[0].strip()

    assert found == settings_table()


@pytest.mark.parametrize("name", get_command(app).commands)
def test_every_command_is_documented(name):
    """A command that README does not name is a surprise."""
    assert f"sohoa {name}" in read("README.md") + read("docs/operating.md")


@pytest.mark.parametrize("name", get_command(app).commands)
def test_every_command_teaches_by_example(name):
    """The help of each command ends with an example."""
    assert "sohoa" in get_command(app).commands[name].epilog


def test_every_make_target_is_documented():
    """A target that CONTRIBUTING and README do not name might as well not exist."""
    targets = re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.M)
    text = read("README.md") + read("CONTRIBUTING.md") + read("docs/benchmarks.md")

    assert [t for t in targets if t != "help" and f"make {t}" not in text] == []


def test_every_schema_is_documented():
    """schemas/README.md names each type."""
    names = [p.name.removesuffix(".schema.json") for p in (ROOT / "schemas").glob("*.json")]

    assert names
    assert [name for name in names if name not in read("schemas/README.md")] == []


def test_every_dependency_has_a_reason():
    """docs/dependencies.md names each package that pyproject.toml asks for."""
    needs = re.findall(r'^  "([a-z0-9-]+)(?:\[\w+\])?==', read("pyproject.toml"), re.M)
    runtime = needs[: needs.index("zxing-cpp") + 1]

    assert [name for name in runtime if name not in read("docs/dependencies.md")] == []


def test_compose_knows_only_settings_that_exist():
    """A variable in docker/compose.yaml that the program does not know would stop its start."""
    compose = yaml.safe_load(read("docker/compose.yaml"))
    known = {PREFIX + f.name.upper() for f in dataclasses.fields(Settings)}
    used = {
        name
        for service in compose["services"].values()
        for name in service.get("environment", {})
        if name.startswith(PREFIX)
    }

    assert used
    assert used <= known


def test_compose_runs_commands_that_exist():
    """Each of our services starts a command of the command line."""
    compose = yaml.safe_load(read("docker/compose.yaml"))
    ours = [s for s in compose["services"].values() if "SOHOA_REDIS_URL" in str(s)]
    commands = {service["command"] for service in ours}

    assert commands == {"watch", "sweep", "worker", "serve"}


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("*.md")))
def test_links_lead_somewhere(path):
    """A link to a file of the project leads to a file."""
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_record_schema_is_json():
    """The schemas are plain JSON."""
    for path in (ROOT / "schemas").glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))
