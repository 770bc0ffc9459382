"""Places on a page."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.box import Box

boxes = st.tuples(*[st.integers(0, 5000)] * 4).map(
    lambda v: Box(min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)


@given(boxes, boxes)
def test_union_holds_both(one, other):
    """The union of two boxes holds both, whichever comes first."""
    union = one.union(other)

    assert union == other.union(one)
    assert union.left <= min(one.left, other.left) and union.bottom >= max(one.bottom, other.bottom)


def test_boxes_that_touch_do_not_overlap():
    """Half open: the right edge of one is no pixel of its own."""
    box = Box(10, 10, 20, 20)

    assert box.overlaps(Box(19, 19, 30, 30)) and box.overlaps(box)
    assert not box.overlaps(Box(20, 10, 30, 20))
    assert not box.overlaps(Box(10, 0, 20, 10))
