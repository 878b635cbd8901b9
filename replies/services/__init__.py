"""Verbs of the answer, by topic. The only code that writes replies.

Each locks the proposal's row first (the case lock), then asks policy and table, writes, and records the event
in one transaction. The PDF is made after the commit, from frozen facts, and can be made again at any time.
"""

from replies.services.base import locked
from replies.services.drafting import reply_create, reply_mend, reply_restore, reply_save
from replies.services.issuing import expected_doc_number, letter_print, reply_issue, series_key, signed_on
from replies.services.way_up import (
    reply_pass,
    reply_pass_recall,
    reply_recall,
    reply_return,
    reply_send,
    reply_sign,
)

__all__ = [
    "expected_doc_number",
    "letter_print",
    "locked",
    "reply_create",
    "reply_issue",
    "reply_mend",
    "reply_pass",
    "reply_pass_recall",
    "reply_recall",
    "reply_restore",
    "reply_return",
    "reply_save",
    "reply_send",
    "reply_sign",
    "series_key",
    "signed_on",
]
