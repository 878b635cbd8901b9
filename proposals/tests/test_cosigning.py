"""Filing together and entering from paper: who signs what, when a signature holds, and what is told."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from office import clock
from office.acts import new_key
from office.counting import total
from office.workflow import Refused
from organizations.models import Role
from proposals import policies, review_selectors, services
from proposals.models import Cosigner, Proposal
from tests.factories import World, committee, post


def url_of(name, obj):
    return reverse(f"proposals:{name}", args=[obj.pk])


def carried(case, **typed):
    return {"key": new_key(), "version_seen": case.lock_version} | typed


def said(response):
    return [str(message) for message in response.context["messages"]]


def invited(world, *members, **facts):
    """A draft that these members (by default the world's) are asked to sign: the case and the invitations."""
    case = world.draft()
    with world.scope():
        services.proposal_invite(
            proposal_id=case.pk, post=world.filer, members=members or [world.member], **facts
        )
        return world.fresh(case), list(case.cosigners.all())


def answer(browser, who, row, words):
    return browser(who).post(url_of("cosigner_answer", row), {"answer": words, "key": new_key()}, follow=True)


def test_members_and_bodies_are_invited_by_the_page(world, browser):
    case, body = world.draft(), committee(world.assembly)
    filer = browser(world.filer)
    page = filer.get(url_of("invite", case))
    last = clock.today() + dt.timedelta(world.assembly.cosign_days)
    assert page.context["form"]["until"].value() == last
    assert list(page.context["form"].fields["committees"].queryset) == [body]
    typed = {"members": [world.member.pk], "committees": [body.pk], "until": last.isoformat()}
    filer.post(url_of("invite", case), carried(case, **typed))
    assert world.fresh(case).state == "cosigning"
    assert world.fresh(case).cosign_until == last
    with world.scope():
        assert {row.name for row in case.cosigners.all()} == {f"{world.member.user.name}委员", body.name}
        assert total(review_selectors.waiting_rows(world.member)) == 1
        (row,) = review_selectors.cosigning_waiting(world.filer)
    assert row.title == case.title


@pytest.mark.parametrize("typed", [{}, {"until": "2000-01-01"}])
def test_an_invitation_without_names_or_with_a_day_gone_by_is_told(world, browser, typed):
    case = world.draft()
    until = (clock.today() + dt.timedelta(3)).isoformat()
    named = {"members": [world.member.pk]} if typed else {}
    typed = carried(case, **({"until": until} | named | typed))
    response = browser(world.filer).post(url_of("invite", case), typed)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert world.fresh(case).state == "draft"


def test_one_reads_the_whole_and_signs(world, browser):
    case, (row,) = invited(world)
    page = browser(world.member).get(url_of("invitation", row)).content.decode()
    assert all(text in page for text in (case.title, case.background, "建立议事会制度", world.committee.name))
    answer(browser, world.member, row, "sign")
    assert world.fresh(row).state == "accepted"
    with world.scope():
        assert world.fresh(row).text_sha256 == services.text_digest(case)
        assert world.fresh(case).proposer_names[1:] == [f"{world.member.user.name}委员"]


def test_one_declines_and_can_be_invited_again(world, browser):
    case, (row,) = invited(world)
    answer(browser, world.member, row, "decline")
    assert world.fresh(row).state == "declined"
    response = browser(world.member).get(url_of("invitation", row))
    assert response["Location"] == reverse("desk:home")
    with world.scope():
        services.proposal_invite(proposal_id=case.pk, post=world.filer, members=[world.member])
    assert world.fresh(row).state == "invited"


@pytest.mark.parametrize("name", ["invitation", "cosigner_answer", "cosigner_withdraw"])
def test_nobody_signs_for_another(world, browser, name):
    _case, (row,) = invited(world)
    other = post(world.assembly, Role.MEMBER)
    for who in (world.filer, other, world.reviewer, World().member):
        client = browser(who)
        url = url_of(name, row)
        response = client.get(url) if name == "invitation" else client.post(url, {"answer": "sign"})
        assert response.status_code == 404
    with world.scope(), pytest.raises(Http404):
        services.cosigner_answer(cosigner_id=row.pk, post=world.filer, signs=True)
    assert world.fresh(row).state == "invited"


def test_a_new_text_makes_signatures_void(world, browser):
    case, (row,) = invited(world)
    answer(browser, world.member, row, "sign")
    response = browser(world.filer).post(url_of("reword", case), carried(world.fresh(case)))
    assert response["Location"] == url_of("edit", case)
    assert (world.fresh(row).state, world.fresh(row).text_sha256) == ("lapsed", "")
    assert world.fresh(case).state == "draft"


def test_a_text_that_was_changed_after_signing_is_not_submitted(world, browser):
    case, (row,) = invited(world)
    answer(browser, world.member, row, "sign")
    with world.scope():
        services.proposal_submit(proposal_id=case.pk, post=world.filer)
        services.proposal_recall(proposal_id=case.pk, post=world.filer)
        services.proposal_save(
            proposal_id=case.pk, post=world.filer, fields={"title": "另一个案由"}, suggestions=["一条"]
        )
    case = world.fresh(case)
    response = browser(world.filer).post(url_of("submit", case), carried(case), follow=True)
    assert world.member.user.name in said(response)[0]
    assert world.fresh(case).state == "draft"


def test_an_invitation_lapses_after_its_last_day(world, browser):
    case, (row,) = invited(world)
    with world.scope():
        Proposal.objects.filter(pk=case.pk).update(cosign_until=clock.today() - dt.timedelta(1))
        assert len(said(answer(browser, world.member, row, "sign"))) == 1
        assert world.fresh(row).state == "invited"
        assert services.invitations_lapse(assembly=world.assembly) == 1
        assert services.invitations_lapse(assembly=world.assembly) == 0
    assert world.fresh(row).state == "lapsed"


def test_who_has_not_answered_when_it_is_submitted_lapses(world, browser):
    case, (row,) = invited(world)
    browser(world.filer).post(url_of("submit", case), carried(case))
    assert (world.fresh(case).state, world.fresh(row).state) == ("submitted", "lapsed")
    assert len(said(answer(browser, world.member, row, "sign"))) == 1
    assert world.fresh(row).state == "lapsed"


def test_a_signature_is_taken_back_until_the_proposal_is_submitted(world, browser):
    case, (row, other) = invited(world, world.member, post(world.assembly, Role.MEMBER))
    for each in (row, other):
        answer(browser, each.member, each, "sign")
    browser(other.member).post(url_of("cosigner_withdraw", other), {"key": new_key()})
    assert world.fresh(other).state == "withdrawn"
    with world.scope():
        services.proposal_submit(proposal_id=case.pk, post=world.filer)
    assert not browser(row.member).get(url_of("invitation", row)).context["may_withdraw"]
    response = browser(row.member).post(url_of("cosigner_withdraw", row), {"key": new_key()}, follow=True)
    assert len(said(response)) == 1
    assert world.fresh(row).state == Cosigner.State.ACCEPTED


def test_a_signature_can_be_taken_back_when_the_proposal_was_returned(world, browser):
    case, (row,) = invited(world)
    answer(browser, world.member, row, "sign")
    with world.scope():
        services.proposal_submit(proposal_id=case.pk, post=world.filer)
        services.proposal_return(proposal_id=case.pk, post=world.reviewer, note="请补充。")
    assert browser(world.member).get(url_of("invitation", row)).context["may_withdraw"]
    browser(world.member).post(url_of("cosigner_withdraw", row), {"key": new_key()})
    assert world.fresh(row).state == "withdrawn"


# ---- from paper


def test_a_paper_proposal_belongs_to_its_proposer_and_needs_the_scan(world, browser):
    reviewer = browser(world.reviewer)
    response = reviewer.post(reverse("proposals:enter"), {"member": world.member.pk, "key": new_key()})
    with world.scope():
        case = Proposal.objects.get()
        assert policies.filed_by(world.member).get() == case
    assert response["Location"] == url_of("edit", case)
    assert (case.member, case.entered_by) == (world.member, world.reviewer)
    assert reviewer.get(url_of("edit", case)).status_code == 200
    with world.scope():
        fields: dict = {"title": "案由", "background": "背景", "analysis": "分析", "contact_name": "岳小舟"}
        fields |= {"contact_phone": "0730-0000101", "consents_to_publish": True}
        services.proposal_save(proposal_id=case.pk, post=world.reviewer, fields=fields, suggestions=["建议"])
        with pytest.raises(Refused):
            services.proposal_submit(proposal_id=case.pk, post=world.reviewer)
        scan = SimpleUploadedFile("扫描件.txt", "原件".encode())
        services.attachment_add(proposal_id=case.pk, post=world.reviewer, upload=scan)
        services.proposal_submit(proposal_id=case.pk, post=world.reviewer)
    assert world.fresh(case).state == "submitted"


def test_a_paper_proposal_has_one_proposer(world, browser):
    typed = {"member": world.member.pk, "committee": world.committee.pk}
    for sent in ({}, typed):
        response = browser(world.reviewer).post(reverse("proposals:enter"), sent | {"key": new_key()})
        assert response.status_code == 422
    with world.scope():
        assert not Proposal.objects.exists()


@pytest.mark.parametrize("role", ["filer", "member", "dispatcher", "clerk"])
def test_only_reviewers_enter_paper_proposals(world, browser, role):
    assert browser(getattr(world, role)).get(reverse("proposals:enter")).status_code == 403
