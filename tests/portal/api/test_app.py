"""The door of the portal."""

import pytest

RECORD_ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "key"}]
)
def test_with_a_key_set_nobody_enters_without_it(portal, header):
    """Records are not given to who has no key; the health probe is."""
    client = portal("secret-key")

    assert client.get(f"/v1/records/{RECORD_ID}", headers=header).status_code == 401
    assert client.get("/openapi.json", headers=header).status_code == 401
    assert client.get("/healthz", headers=header).status_code == 200


def test_the_key_opens(portal):
    """The right key gives the record."""
    header = {"Authorization": "Bearer secret-key"}

    assert portal("secret-key").get(f"/v1/records/{RECORD_ID}", headers=header).status_code == 200


def test_answers_are_private_and_run_nothing(portal):
    """Nothing is cached by proxies, and a browser runs nothing of what it gets."""
    headers = portal().get(f"/v1/records/{RECORD_ID}").headers

    assert "no-store" in headers["Cache-Control"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_openapi_describes_every_route(portal):
    """Other systems can generate their client from the description."""
    description = portal().get("/openapi.json").json()

    assert description["openapi"].startswith("3.1")
    assert "/v1/records/{record_id}/files/{name}" in description["paths"]
