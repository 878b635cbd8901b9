"""Patterns in the assembly's own wording, such as “对{place}政协{session}第{number}号提案的答复”.

A name in braces stands for a fact of the case. Nothing but a known name is allowed, so a pattern can neither
fail in a letter nor reach anything else.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FACTS = ("place", "session", "number", "title", "you", "bureau", "leader", "clerk", "phone")
NAME = re.compile(r"\{(\w*)\}")


def fill(pattern: str, facts: dict[str, str]) -> str:
    """Return the pattern with its names replaced by facts; a fact that is missing leaves nothing behind."""
    return NAME.sub(lambda match: facts.get(match.group(1), ""), pattern)


def validate_pattern(pattern: str) -> None:
    """Raise ValidationError for a name that no case has."""
    unknown = sorted(set(NAME.findall(pattern)) - set(FACTS))
    if unknown or re.search(r"[{}]", NAME.sub("", pattern)):
        known = " ".join(f"{{{name}}}" for name in FACTS)
        raise ValidationError(_("In braces only these names can stand: %(names)s") % {"names": known})
