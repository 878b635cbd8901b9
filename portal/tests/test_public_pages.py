"""What everyone reads without an account, and what nobody must find there."""

import io
import re
from xml.etree import ElementTree

import pikepdf
import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal import services
from portal.models import Publication
from proposals.models import Proposal
from tests.factories import World

SECRETS = ("0730-0000101", "13812345678", "430611198001011234")


@pytest.fixture
def published(world: World) -> Publication:
    said = "一、强意识，从基层做起。\n请致电13812345678，身份证430611198001011234。\n联系人：岳小舟，电话0730-0000101"
    with world.scope():
        reply = world.issued(body=said, background="联系我13812345678。")
        case = Proposal.objects.get(pk=reply.proposal_id)
        return services.publication_make(cases=[case], post=world.reviewer)[0]


def url_of(name: str, row: Publication, *args: object) -> str:
    return reverse(f"portal:{name}", args=[row.assembly.code, *args])


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def test_anyone_reads_the_list_the_page_and_the_pdf(client: Client, published: Publication) -> None:
    listed = client.get(url_of("list", published)).content.decode()
    assert published.title in listed
    page = client.get(published.get_absolute_url()).content.decode()
    assert "强意识，从基层做起" in page
    assert page.count("<h1") == 1
    answer = client.get(url_of("letter_pdf", published, published.pk, 1))
    assert answer["Content-Type"] == "application/pdf"
    assert "强意识" in text_of(answer.content)


def test_nothing_private_is_in_any_public_answer(client: Client, published: Publication) -> None:
    urls = [url_of("list", published), published.get_absolute_url(), url_of("feed", published)]
    said = [client.get(url).content.decode() for url in [*urls, reverse("portal:sitemap")]]
    pdf = client.get(url_of("letter_pdf", published, published.pk, 1)).content
    with pikepdf.open(io.BytesIO(pdf)) as document:
        said += [text_of(pdf), str(document.docinfo), str(document.open_metadata())]
    for text in said:
        assert not [secret for secret in SECRETS if secret in text]
    assert "承办人" not in text_of(pdf)


def test_what_is_not_published_is_not_there(client: Client, world: World, published: Publication) -> None:
    with world.scope():
        other = Proposal.objects.get(pk=world.issued(title="只在内部的提案").proposal_id)
    assert "只在内部的提案" not in client.get(url_of("list", published)).content.decode()
    assert client.get(url_of("case", published, published.pk + 1)).status_code == 404
    assert client.get(url_of("letter_pdf", published, published.pk, 2)).status_code == 404
    assert client.get(url_of("list", published) + "?q=只在内部").content.decode().count(other.title) == 0
    stranger = World()
    assert client.get(reverse("portal:case", args=[stranger.assembly.code, published.pk])).status_code == 404
    assert client.get(reverse("portal:list", args=["999999"])).status_code == 404


def test_taken_back_means_gone(client: Client, world: World, published: Publication) -> None:
    with world.scope():
        services.publication_withdraw(publication=published, post=world.reviewer, why="内部原因")
    for url in (published.get_absolute_url(), url_of("letter_pdf", published, published.pk, 1)):
        answer = client.get(url)
        assert answer.status_code == 410
        assert "内部原因" not in answer.content.decode()
        assert published.title not in answer.content.decode()
    assert published.title not in client.get(url_of("list", published)).content.decode()
    assert published.title not in client.get(url_of("feed", published)).content.decode()
    assert str(published.pk) not in re.findall(
        r"/(\d+)/</loc>", client.get(reverse("portal:sitemap")).content.decode()
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=协商", 1),
        ("q=建立议事会", 1),
        ("q=没有这样的词", 0),
        ("session=五届五次会议", 1),
        ("session=没有", 1),
        ("page=99", 1),
        ("q=%00", 1),
    ],
)
def test_filters_are_in_the_address(client: Client, published: Publication, asked: str, found: int) -> None:
    answer = client.get(f"{url_of('list', published)}?{asked}")
    assert answer.status_code == 200
    assert answer.content.decode().count("<li>\n") == found


def test_the_feed_and_the_sitemap_name_each_page(client: Client, published: Publication) -> None:
    feed = ElementTree.fromstring(client.get(url_of("feed", published)).content)
    [entry] = feed.findall("{http://www.w3.org/2005/Atom}entry")
    [link] = entry.findall("{http://www.w3.org/2005/Atom}link")
    assert link.attrib["href"].endswith(published.get_absolute_url())
    sitemap = ElementTree.fromstring(client.get(reverse("portal:sitemap")).content)
    assert [node.text for node in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == [
        f"http://testserver{published.get_absolute_url()}"
    ]
    assert "Sitemap: http://testserver/public/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_a_single_assembly_is_gone_to_at_once(client: Client, published: Publication) -> None:
    assert client.get(reverse("portal:assemblies"))["Location"] == url_of("list", published)
    other = World()
    with other.scope():
        case = Proposal.objects.get(pk=other.issued().proposal_id)
        services.publication_make(cases=[case], post=other.reviewer)
    page = client.get(reverse("portal:assemblies")).content.decode()
    assert other.assembly.name in page


def test_someone_of_another_assembly_reads_the_same_page(client: Client, published: Publication) -> None:
    anonymous = client.get(published.get_absolute_url())
    client.force_login(World().clerk.user)
    cache.clear()
    signed_in = client.get(published.get_absolute_url())
    assert signed_in.status_code == 200
    assert signed_in.content.decode().count("岳小舟") == anonymous.content.decode().count("岳小舟")


def test_one_who_has_no_post_reads_it_too(client: Client, published: Publication) -> None:
    from accounts.models import User

    client.force_login(User.objects.create(username="nobody", name="无职"))
    assert client.get(published.get_absolute_url()).status_code == 200
