"""A state of a reply, or an issued letter, as a Word document for those who must have one.

Made anew each time from the same facts as the PDF. It is a copy to work with: what it says of itself (a code to check
the letter by) only the printed letter may say.
"""

from django.core.cache import caches
from django.http import HttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header

from gongwen import docx_out
from gongwen.document import Letter
from replies import letters
from replies.addressees import Addressee
from replies.models import DraftSave, LetterCopy, Reply, ReplyVersion

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def of_draft(reply: Reply, to: Addressee | None = None) -> bytes:
    """Return the draft as it stands now, marked as a draft."""
    return _written(letters.draft_letter(reply, to))


def of_state(reply: Reply, state: DraftSave | ReplyVersion) -> bytes:
    """Return a save or a version, marked as a draft: before the issue there is no letter."""
    reply.body = state.body  # only here, never kept
    reply.result_class, reply.disclosure = state.result_class, state.disclosure
    return of_draft(reply)


def of_copy(copy: LetterCopy) -> bytes:
    """Return an issued letter as one addressee gets it, without the code that proves the printed one."""
    facts = {name: value for name, value in copy.facts.items() if name != "verify"}
    return _written(letters.letter_of(facts))


def _written(letter: Letter) -> bytes:
    cache, key = caches["pages"], f"docx-{letters.digest_of(letter)}"
    made: bytes | None = cache.get(key)
    if made is None:
        with translation.override("zh-hans"):
            made = docx_out.write(letter)
        cache.set(key, made, letters.PREVIEW_SECONDS)
    return made


def draft_name(reply: Reply, state: DraftSave | ReplyVersion | None = None) -> str:
    """Return the name of the file: the number of the proposal, and which state it is."""
    which = ""
    if isinstance(state, ReplyVersion):
        which = f"-第{state.number}稿"
    elif state is not None:
        which = f"-存稿{state.number}"
    return f"答复草稿-{reply.proposal.session.name}第{reply.proposal.number}号{which}.docx"


def answer(docx: bytes, name: str) -> HttpResponse:
    """Answer with a Word document, to be saved under its own name."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(docx, content_type=TYPE, headers={"Content-Disposition": disposition})
