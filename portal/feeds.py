"""What machines read of the published: an Atom feed for each assembly, the sitemap, the word to robots."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_scopes import scope, scopes_disabled

from organizations.models import Assembly
from portal import policies
from portal.models import Publication

IN_A_FEED = 50


class PublishedFeed(Feed):
    """The newest publications of one assembly."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, code: str) -> Assembly:
        return policies.assembly_or_404(code)

    def title(self, assembly: Assembly) -> str:
        return _("%(assembly)s: published proposals and replies") % {"assembly": assembly.name}

    def link(self, assembly: Assembly) -> str:
        return reverse("portal:list", args=[assembly.code])

    def items(self, assembly: Assembly) -> QuerySet[Publication]:
        return policies.live(assembly).select_related("assembly").prefetch_related("letters")[:IN_A_FEED]

    def item_title(self, item: Publication) -> str:
        return item.title

    def item_description(self, item: Publication) -> str:
        letters = [f"{letter.bureau} {letter.doc_number}" for letter in item.letters.all()]
        return " · ".join([*item.proposers, *letters])

    def item_pubdate(self, item: Publication) -> dt.datetime:
        return item.published_at

    item_updateddate = item_pubdate


_feed = PublishedFeed()


@login_not_required
@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """Return the Atom feed of an assembly."""
    with scope(assembly=policies.assembly_or_404(code)):
        return _feed(request, code=code)


class PublishedSitemap(Sitemap):
    """Every page that is live, of every assembly."""

    def items(self) -> QuerySet[Publication]:
        return policies.live().select_related("assembly").order_by("pk")

    def lastmod(self, item: Publication) -> dt.datetime:
        return item.published_at


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the sitemap; a large one in parts, by ?p=."""
    with scopes_disabled():
        found: Any = sitemap_views.sitemap(request, {"published": PublishedSitemap()})
        return found.render()


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let robots read what is published, and nothing else."""
    where = request.build_absolute_uri(reverse("portal:sitemap"))
    lines = ["User-agent: *", "Allow: /public/", "Allow: /static/", "Disallow: /", f"Sitemap: {where}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
