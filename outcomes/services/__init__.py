"""Verbs of what follows an answer, by topic: deliver, ask, judge, promise and keep. The only code that writes it.

Each locks the case first, as every writer of a case does.
"""

from django.utils.translation import gettext_lazy

from outcomes.services.asking import feedback_ask, feedback_ask_many, feedback_relink
from outcomes.services.delivery import delivery_confirm, delivery_note, delivery_receipt
from outcomes.services.following import follow_up_made, follow_up_send
from outcomes.services.judging import feedback_give, feedback_lapse
from outcomes.services.promises import (
    commitment_add,
    commitment_done,
    commitment_none,
    commitment_note,
    promises_of_letter,
)

__all__ = [
    "EVENT_SENTENCES",
    "commitment_add",
    "commitment_done",
    "commitment_none",
    "commitment_note",
    "delivery_confirm",
    "delivery_note",
    "delivery_receipt",
    "feedback_ask",
    "feedback_ask_many",
    "feedback_give",
    "feedback_lapse",
    "feedback_relink",
    "follow_up_made",
    "follow_up_send",
    "promises_of_letter",
]

EVENT_SENTENCES = {
    "letter.deliver": gettext_lazy("the letter to {name} was delivered ({way}, {day})"),
    "letter.receive": gettext_lazy("{name} received the letter on {day}"),
    "letter.receipt": gettext_lazy("entered the receipt of {name} ({scan})"),
    "feedback.ask": gettext_lazy("asked {name} to judge the reply, by {due}"),
    "feedback.redate": gettext_lazy("{name} has until {due} to judge the reply: the letter came later"),
    "feedback.relink": gettext_lazy("withdrew the link sent to {name} and made a new one"),
    "feedback.in": gettext_lazy("{name} judged the reply: {judgement}"),
    "feedback.enter": gettext_lazy("entered the judgement of {name} from paper ({scan}): {judgement}"),
    "feedback.lapse": gettext_lazy("{name} gave no judgement in time"),
    "commitment.add": gettext_lazy("noted a promise for {due}: {text}"),
    "commitment.none": gettext_lazy("stated that {letter} holds nothing to list as a promise"),
    "commitment.note": gettext_lazy("noted how a promise stands: {text}"),
    "commitment.done": gettext_lazy("a promise was kept on {day}: {text}"),
    "commitment.tell": gettext_lazy("wrote to {names} how a promise was kept: {text}"),
}
