"""The checker of the catalogues finds what it is there for."""

import pytest
from check_translations import entries_of, faults_of

HEADER = 'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n\n'


def faults(text: str, *, chinese: bool = True) -> list[str]:
    return [fault for entry in entries_of(HEADER + text) for fault in faults_of(entry, chinese=chinese)]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Send"\nmsgstr ""\n', "untranslated"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\n', "untranslated"),
        ('#, fuzzy\nmsgid "Send"\nmsgstr "\u53d1\u9001"\n', "fuzzy"),
        ('#, fuzzy, python-format\nmsgid "Send"\nmsgstr "\u53d1\u9001"\n', "fuzzy"),
        ('#~ msgid "Send"\n#~ msgstr "\u53d1\u9001"\n', "obsolete"),
        ('msgid "Sent"\nmsgstr "\u5df2\u53d1,\u8bf7\u770b"\n', "half-width ,"),
        ('msgid "Sent"\nmsgstr ""\n"\u5df2\u53d1"\n"(\u4eca\u65e5)"\n', "half-width ( )"),
    ],
)
def test_a_fault_is_found(entry: str, fault: str):
    assert [told.startswith(fault) for told in faults(entry)] == [True]


@pytest.mark.parametrize(
    "entry",
    [
        'msgid "Sent"\nmsgstr "\u5df2\u53d1\uff0c\u8bf7\u770b\uff08\u4eca\u65e5\uff09"\n',
        'msgctxt "verb"\nmsgid "Open"\nmsgstr "\u6253\u5f00"\n',
        'msgid "Version"\nmsgstr "\u7248\u672c 1.0 (PDF)"\n',
    ],
)
def test_a_good_entry_passes(entry: str):
    assert faults(entry) == []


def test_entries_are_told_apart_without_an_empty_line():
    text = "#, fuzzy\n" + HEADER.rstrip() + '\n#: a.py\nmsgid "A"\nmsgstr "a"\nmsgid "B"\nmsgstr "b"\n'
    assert [(entry.key[1], entry.flags) for entry in entries_of(text)] == [("A", set()), ("B", set())]


def test_english_may_stay_empty():
    assert faults('msgid "Send"\nmsgstr ""\n', chinese=False) == []


def test_keys_hold_the_context_and_join_lines():
    entry = next(entries_of(HEADER + 'msgctxt "verb"\nmsgid ""\n"Open "\n"it"\nmsgstr "x"\n'))
    assert entry.key == ("verb", "Open it")
