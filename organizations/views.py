"""Wearing another post. The settings' pages are in organizations/settings_views.py."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.posts import OfficeRequest
from organizations.posts import wear as put_on


@require_POST
def wear(request: OfficeRequest) -> HttpResponse:
    """Put on another of one's own posts and go to its desk."""
    post = next((p for p in request.my_posts if str(p.pk) == request.POST.get("post")), None)
    if post is None:
        raise Http404
    put_on(request, post)
    messages.success(request, _("You now act as %(post)s.") % {"post": post})
    return redirect("desk:home")
