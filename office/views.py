"""The pages of notices: the list of the post that is worn, and how its person wants to hear."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from office import choices, notices
from office.forms import NoticeSettingsForm
from office.pages import perform_form

if TYPE_CHECKING:
    from organizations.posts import OfficeRequest

NOTICES_PAGE = 50


def notice_list(request: "OfficeRequest") -> HttpResponse:
    """What the post was told, unread first."""
    page = Paginator(notices.notices_of(request.post), NOTICES_PAGE).get_page(request.GET.get("page"))
    rows = [(notice, notices.sentence(notice)) for notice in page]
    context = {"page": page, "rows": rows, "unread": notices.unread_count(request.post)}
    return render(request, "office/notices.html", context)


@require_POST
def notices_read(request: "OfficeRequest") -> HttpResponse:
    """Mark everything as read."""
    notices.mark_all_read(request.post)
    messages.success(request, _("All notices are marked as read."))
    return redirect("office:notices")


@require_POST
def notice_open(request: "OfficeRequest", pk: int) -> HttpResponse:
    """Mark one as read and go where it points."""
    notice = notices.mark_read(request.post, pk)
    if notice is None:
        raise Http404
    return redirect(notice.url or "office:notices")


def notice_settings(request: "OfficeRequest") -> HttpResponse:
    """The own e-mail address, and the way for each group of notices."""
    form = NoticeSettingsForm(request.user, request.POST or None)

    def keep(values: dict[str, str]) -> None:
        choices.choose(post=request.post, email=values["email"], ways=form.ways, key=values["key"])

    if request.method == "POST":
        answer = perform_form(form, request, keep, done=_("Saved."), back=reverse("office:notices"))
        if answer:
            return answer
    return render(request, "office/notice_settings.html", {"form": form})
