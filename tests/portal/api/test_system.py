"""Whether the system is well."""


def test_well_and_ready(portal):
    """Probes of load balancers are answered, with the number of records."""
    client = portal()

    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert client.get("/v1/counts").json()["records"] == 1
