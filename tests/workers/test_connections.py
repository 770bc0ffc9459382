"""Addresses of servers: set, embedded, or missing with a remedy."""

import stat

import pytest

from pipeline.errors import SetupError
from pipeline.settings import Settings
from workers.connections import (
    Addresses,
    addresses_file,
    open_catalogue,
    open_store,
    resolve,
    write_addresses,
)

EMBEDDED = Addresses("redis://:x@127.0.0.1:1/0", "127.0.0.1:2", "key", "secret")


def test_commands_find_the_embedded_servers_of_their_home(tmp_path):
    """`sohoa status` in the folder of a running `sohoa up` needs no setting."""
    settings = Settings(home=tmp_path)
    settings.data.mkdir()
    write_addresses(settings, EMBEDDED)

    found = resolve(settings)

    assert (found.redis_url, found.s3_secret_key) == (EMBEDDED.redis_url, "secret")


def test_only_we_may_read_the_secrets(tmp_path):
    """Other users of the machine cannot read the addresses with their passwords."""
    settings = Settings(home=tmp_path)
    settings.data.mkdir()
    write_addresses(settings, EMBEDDED)

    assert stat.S_IMODE(addresses_file(settings).stat().st_mode) == 0o600


def test_set_addresses_win(tmp_path):
    """Production settings are used as they are."""
    settings = Settings(
        home=tmp_path,
        redis_url="redis://r",
        s3_endpoint="s:1",
        s3_access_key="a",
        s3_secret_key="b",  # noqa: S106 - no secret
    )

    assert resolve(settings) == settings


def test_without_servers_the_remedy_is_named(tmp_path):
    """The operator learns to start the system or to set the address."""
    with pytest.raises(SetupError, match="sohoa up"):
        resolve(Settings(home=tmp_path))


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [("store:9000", "store:9000"), ("https://s3.example.vn/", "s3.example.vn")],
)
def test_an_address_may_be_a_host_or_a_url(endpoint, address):
    """https:// in the setting means TLS; the client wants the bare host."""
    keys = {"s3_access_key": "a", "s3_secret_key": "b"}

    assert open_store(Settings(s3_endpoint=endpoint, **keys)).address == f"S3 store {address}"


def test_the_catalogue_is_a_file_at_home_by_default(tmp_path):
    """Without a database the catalogue lies beside the rest of the data."""
    open_catalogue(Settings(home=tmp_path)).close()

    assert (tmp_path / "data" / "catalogue.db").exists()
