"""The shape of the Python code, read from its syntax. Each rule has a control: a text that must offend."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "config",
    "accounts",
    "office",
    "organizations",
    "proposals",
    "replies",
    "outcomes",
    "issuing",
    "portal",
    "desk",
    "demo",
    "gongwen",
)
LONGEST_FUNCTION = 60  # lines; most have six
LONGEST_MODULE = 500  # lines
VAGUE_NAMES = {"utils", "helpers", "common", "misc", "manager", "handler"}

Rule = Callable[[ast.Module], Iterator[str]]


def product_modules() -> list[Path]:
    """Every module of the apps but migrations, tests and empty files."""
    found = (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
    return [path for path in found if not {"migrations", "tests"} & set(path.parts) and path.stat().st_size]


def view_modules() -> list[Path]:
    return [path for path in product_modules() if path.stem == "views" or path.stem.endswith("_views")]


def offences(paths: list[Path], rule: Rule) -> list[str]:
    return [f"{p.relative_to(ROOT)}: {told}" for p in paths for told in rule(ast.parse(p.read_text()))]


def has_no_docstring(tree: ast.Module) -> Iterator[str]:
    if not ast.get_docstring(tree):
        yield "does not say what lives in it"


def is_a_long_function(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines"


def method_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func


def takes_every_row(tree: ast.Module) -> Iterator[str]:
    for call, method in method_calls(tree):
        if (
            method.attr == "all"
            and isinstance(method.value, ast.Attribute)
            and method.value.attr == "objects"
        ):
            yield f"line {call.lineno} passes by the policy with objects.all()"


def writes(tree: ast.Module) -> Iterator[str]:
    for call, method in method_calls(tree):
        if method.attr in {"save", "delete", "bulk_create", "bulk_update"}:
            yield f"line {call.lineno} writes with .{method.attr}(), which is a service's work"


def test_the_modules_are_found():
    names = {path.relative_to(ROOT).parts[0] for path in product_modules()}
    assert names == set(APPS)
    assert view_modules()


def test_every_module_says_what_lives_in_it():
    assert offences(product_modules(), has_no_docstring) == []


def test_functions_are_short():
    assert offences(product_modules(), is_a_long_function) == []


def test_modules_are_short():
    lines = {p.relative_to(ROOT): len(p.read_text().splitlines()) for p in product_modules()}
    assert [path for path, count in lines.items() if count > LONGEST_MODULE] == []


def test_views_go_through_the_policy():
    assert offences(view_modules(), takes_every_row) == []


def test_views_leave_writing_to_services():
    assert offences(view_modules(), writes) == []


def test_names_say_something():
    assert [path for path in product_modules() if path.stem in VAGUE_NAMES] == []


@pytest.mark.parametrize(
    ("rule", "offending"),
    [
        (has_no_docstring, "import os"),
        (is_a_long_function, "def long():\n" + "    pass\n" * LONGEST_FUNCTION),
        (takes_every_row, "rows = Proposal.objects.all()"),
        (writes, "form.save()"),
        (writes, "proposal.delete()"),
    ],
)
def test_each_rule_can_fail(rule: Rule, offending: str):
    assert list(rule(ast.parse(offending)))
    assert list(rule(ast.parse('"""A module."""\n\nx = wanted.all()\n'))) == []
