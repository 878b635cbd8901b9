"""What a reader sees of a change: the places, by paragraph, character by character."""

import pytest

from replies.changes import differences, passages, places


@pytest.mark.parametrize(
    ("before", "after", "shown", "count"),
    [
        (
            "后段，我局将推广。",
            "年底前，我局将推广。",
            [[(-1, "后段"), (1, "年底前"), (0, "，我局将推广。")]],
            1,
        ),
        ("甲。\n乙。\n丙。", "甲。\n乙二。\n丙。", [[(0, "乙"), (1, "二"), (0, "。")]], 1),
        ("甲。", "甲。\n乙。", [[(1, "乙。")]], 1),
        ("甲。\n乙。", "甲。", [[(-1, "乙。")]], 1),
        ("同一段。", "同一段。", [], 0),
        ("", "新的。", [[(1, "新的。")]], 1),
    ],
)
def test_changed_paragraphs(before: str, after: str, shown: list, count: int):
    found = differences(before, after)
    assert passages(found) == shown
    assert places(found) == count


def test_nothing_is_lost_between_two_texts():
    before, after = "一、甲乙丙丁。\n二、戊己庚辛。" * 50, "一、甲丙丁。\n三、戊己庚辛壬。" * 50
    found = differences(before, after)
    assert "".join(text for op, text in found if op <= 0) == before
    assert "".join(text for op, text in found if op >= 0) == after
