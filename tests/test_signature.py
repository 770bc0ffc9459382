"""What is known of a signature is a plain value."""

import json
from dataclasses import asdict

from pipeline.signature import Signature


def test_a_signature_crosses_a_process_border():
    """It comes back from JSON as it went."""
    one = Signature("F", "Ánh", "", "CA", None, None, "x", "valid", "", True, "known")

    assert Signature(**json.loads(json.dumps(asdict(one)))) == one
