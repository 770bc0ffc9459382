"""Paths of page images in, the angles that a package finds out; runs in the peers' own environment.

python skew_peers.py deskew|jdeskew|tesseract < paths > one JSON line a page: degrees anticlockwise
(or null) and seconds of CPU. Nothing of the project is imported: it is not installed there.
"""

from __future__ import annotations

import json
import math
import os
import re
import resource
import subprocess
import sys
import time

import cv2


def deskew(pixels, _path):  # type: ignore[no-untyped-def]
    """Return what `deskew` finds in steps of 0.1° (its own are whole degrees)."""
    from deskew import determine_skew

    angle = determine_skew(pixels, min_deviation=0.1)
    return None if angle is None else -float(angle)


def jdeskew(pixels, _path):  # type: ignore[no-untyped-def]
    """Return what `jdeskew` finds within the ±45° that pages are turned by."""
    from jdeskew.estimator import get_angle

    return -float(get_angle(pixels, angle_max=LARGEST_DEG))


def tesseract(_pixels, path):  # type: ignore[no-untyped-def]
    """Return the angle that OCRmyPDF asks Tesseract for (`--psm 2`)."""
    command = ["tesseract", "-l", "vie", "--psm", "2", path, "stdout"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LONGEST_S
        )
    except subprocess.TimeoutExpired:
        return None
    found = re.search(r"Deskew angle: (\S+)", done.stdout + done.stderr)
    return -math.degrees(float(found[1])) if found else None


LARGEST_DEG = 45.0
LONGEST_S = 180.0  # after which OCRmyPDF, too, gives up on a page
TOOLS = {"deskew": deskew, "jdeskew": jdeskew, "tesseract": tesseract}


def main() -> None:
    """Measure every page that standard input names."""
    cv2.setNumThreads(1)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    tool = TOOLS[sys.argv[1]]
    for line in sys.stdin:
        path = line.strip()
        pixels = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        before = _cpu_s()
        angle = tool(pixels, path)
        print(json.dumps([angle, round(_cpu_s() - before, 4)]), flush=True)


def _cpu_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
