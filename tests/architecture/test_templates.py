"""What templates must not hold: anything that the content security policy forbids a browser to run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

ROOT = Path(__file__).resolve().parents[2]
COMMENT = re.compile(r"{#.*?#}|{% comment.*?%}.*?{% endcomment %}|<!--.*?-->", re.DOTALL)
STATIC = re.compile(r"{% static ['\"]([^'\"]+)['\"]")
FORBIDDEN = {
    # Data for a script may stand in the page: no browser runs it.
    "a script in the page": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE
    ),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"=\s*['\"]?javascript:", re.IGNORECASE),
    "htmx code in an attribute": re.compile(r"\shx-on[:\-=]|hx-vals\s*=\s*['\"]js:", re.IGNORECASE),
    "a file of another site": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=['\"](?:https?:)?//", re.IGNORECASE
    ),
}


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html")) + sorted(ROOT.glob("*/templates/**/*.html"))


def offences(text: str) -> Iterator[str]:
    bare = COMMENT.sub("", text)
    for name, pattern in FORBIDDEN.items():
        if pattern.search(bare):
            yield name


def test_templates_are_found():
    assert ROOT / "templates" / "base.html" in templates()


def test_templates_hold_nothing_that_the_policy_forbids():
    found = {str(path.relative_to(ROOT)): list(offences(path.read_text())) for path in templates()}
    assert {path: names for path, names in found.items() if names} == {}


def test_every_static_file_that_is_named_exists():
    named = {name for path in templates() for name in STATIC.findall(path.read_text())}
    assert named
    assert [name for name in sorted(named) if not finders.find(name)] == []


@pytest.mark.parametrize(
    "offending",
    [
        "<script>go()</script>",
        "<script type='module'>go()</script>",
        "<style>p {}</style>",
        "<p class='a' style='color: red'>",
        "<p\n  style='color: red'>",
        "<button onclick='go()'>",
        "<a href='javascript:go()'>",
        "<p hx-on:click='go()'>",
        "<script src='https://cdn.example.org/x.js'></script>",
    ],
)
def test_each_rule_can_fail(offending: str):
    assert list(offences(offending))


@pytest.mark.parametrize(
    "harmless",
    [
        "<script src='{% static \"js/x.js\" %}' defer></script>",
        "<script id='d' type='application/json'>{}</script>",
        "{# style='old' <script>old()</script> #}",
        "<p class='style' data-on='1'>style=1</p>",
        "<a href='https://example.org/'>",
    ],
)
def test_no_rule_fails_without_reason(harmless: str):
    assert list(offences(harmless)) == []
