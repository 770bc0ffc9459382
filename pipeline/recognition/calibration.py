"""How a word was decided in, how often such a word is right out.

A logistic regression on 15,834 words of printed pages sent by a fax and by a grainy scanner and of
real pages that were read by eye, as `balanced` reads them. On pages that had no part in it, the
drawn ones of the benchmark, the expected calibration error is 0.009 (docs/benchmarks.md).
"""

from __future__ import annotations

import math

from pipeline.recognition.merging import Told
from pipeline.recognition.spelling import evidence

_ALL = 3  # networks that may be asked


def confidence(told: Told) -> float:
    """Return the share (0–1) of words decided like this one that are right."""
    share = min(max(told.share, 1e-4), 1 - 1e-4)
    odds = 0.598 + 0.530 * math.log(share / (1 - share))
    read_so, asked = len(told.networks), len(told.asked)
    if read_so == 0:  # put together of what several saw
        odds -= 2.032
    elif read_so == 1 and asked > 1:
        odds -= 0.395
    elif asked == _ALL:
        odds += 0.196 - (0.358 if read_so == _ALL else 0.0)
    odds += 0.905 * min(0.0, evidence(told.text))
    return round(1 / (1 + math.exp(-odds)), 4)
