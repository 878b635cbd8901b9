"""What the history of a reply gives to print: everyone's changes by name (花脸稿), as PDF."""

from typing import Any

from django.http import HttpResponse

from office import printing
from replies.models import Reply, ReplyVersion
from replies.version_selectors import marked_of

NAME = "答复修改稿（花脸稿）"


@printing.in_chinese()
def marked_context(reply: Reply, since: ReplyVersion | None = None) -> dict[str, Any]:
    """Return the context of templates/forms/marked.html."""
    proposal = reply.proposal
    return {
        "assembly": reply.bureau.name,
        "session": proposal.session.name,
        "number": proposal.number,
        "link": "",
        "name": proposal.title.strip(),
        "state": str(reply.get_state_display()),
        "since": since,
        "newest": reply.newest,
        "marked": marked_of(reply, since),
    }


@printing.in_chinese()
def marked_sheet(reply: Reply, since: ReplyVersion | None = None) -> HttpResponse:
    """Answer with the sheet, under its own name."""
    context = marked_context(reply, since)
    name = f"{NAME}-{context['session']}第{context['number']}号-{reply.bureau.short_name}.pdf"
    return printing.answer(printing.pdf_of_paper("marked", NAME, context), name)
