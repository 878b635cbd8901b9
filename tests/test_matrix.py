"""Every address × every role × own and other committee, bureau and assembly, and nobody.

A row says who may (`ok`); who may know of the thing but not do this is refused (403); for everyone else it does
not exist (404). An address without a row fails the build. `CANARY` stands in every text of the case.
"""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from issuing.models import Batch
from office.models import Notice
from organizations.models import BUREAU_ROLES, Phrase, Role
from organizations.posts import SESSION_KEY
from outcomes import services as outcomes
from portal import services as portal
from proposals import policies as proposal_policies
from proposals import services as proposal_services
from proposals.models import Attachment, Proposal
from replies import opinion_services, remark_services, together_services
from replies.models import IssuedLetter, Reply
from tests.factories import World, bureau, committee, item, post

CANARY = "金丝雀"
ALL = frozenset(map(str, Role))
BUREAU = frozenset(map(str, BUREAU_ROLES))
FILER, REVIEWER, DISPATCHER = {"filer"}, {"reviewer"}, {"dispatcher"}
MEMBER = {"member"}
CLERK, CHECKER, LEADER, SEALKEEPER = {"clerk"}, {"checker"}, {"leader"}, {"sealkeeper"}
SYSADMIN, SECADMIN, AUDITOR = {"sysadmin"}, {"secadmin"}, {"auditor"}
# Who may know of a case, by the state in which the test has it.
KNOWN = {
    "draft": FILER,
    "cosigning": FILER | MEMBER,  # the member is asked to sign it
    "merged": FILER | REVIEWER | DISPATCHER,
    "submitted": FILER | REVIEWER,
    "filed": FILER | REVIEWER | DISPATCHER,
    "assigned": FILER | REVIEWER | DISPATCHER | BUREAU,
    "issued": FILER | REVIEWER | DISPATCHER | BUREAU,
}
# Rows of the settings: the role is asked before the row, so that a refusal says nothing about what there is.
OFFICE = ("committee", "person", "post", "phrase")
ASSIGNMENT_KNOWN = DISPATCHER | REVIEWER | BUREAU
CASE_KNOWN = FILER | REVIEWER | DISPATCHER | BUREAU


@dataclass(frozen=True)
class Row:
    name: str
    target: str = ""  # the case or object that the address is about
    ok: frozenset = field(default_factory=frozenset)
    known: frozenset = field(default_factory=frozenset)  # may know of it; without `ok` they get 403
    method: str = "get"
    extra: tuple = ()  # further arguments of the address
    public: bool = False  # answers without a sign-in


def page(name, ok=ALL, method="get", extra=(), public=False):
    """An address about nothing in particular: those without the right get 403, nobody gets 404."""
    return Row(name, ok=frozenset(ok), known=ALL, method=method, extra=extra, public=public)


def about(name, target, ok, known, method="get", extra=()):
    return Row(name, target, frozenset(ok), frozenset(known), method, extra)


def on_case(name, state, ok, method="get"):
    return about(name, state, ok, KNOWN[state], method)


def on_part(name, target, ok, method="get"):
    return about(name, target, ok, ASSIGNMENT_KNOWN, method)


def on_opinion(name, state, ok, method="get"):
    return about(name, f"opinion-{state}", ok, BUREAU, method)


def on_reply(name, state, ok, method="get", extra=()):
    return about(name, f"reply-{state}", ok, BUREAU, method, extra)


ROWS = [
    page("account_login", public=True),
    page("account_logout"),
    page("account_inactive", public=True),
    page("account_change_password"),
    page("set_language", method="post", public=True),
    page("accounts:large_type", method="post"),
    # The second factor and the proof before a signature.
    page("account_reauthenticate"),
    page("mfa_index"),
    page("mfa_authenticate"),
    page("mfa_reauthenticate"),
    page("mfa_reauthenticate_webauthn"),
    page("mfa_activate_totp"),
    page("mfa_add_webauthn"),
    page("mfa_generate_recovery_codes"),
    about("mfa_deactivate_totp", "own post", (), ()),
    about("mfa_view_recovery_codes", "own post", (), ()),
    about("mfa_remove_webauthn", "letter", (), ()),
    about("organizations:person_factor", "person", SECADMIN, ALL, "post"),
    page("desk:home"),
    page("organizations:settings", SYSADMIN),
    page("organizations:calendar_fill", SYSADMIN, "post", (2021,)),
    page("organizations:setting_list", SYSADMIN, extra=("committees",)),
    page("organizations:setting_new", SYSADMIN, extra=("committees",)),
    about("organizations:setting_edit", "committee", SYSADMIN, ALL),
    about("organizations:setting_remove", "committee", SYSADMIN, ALL, "post"),
    page("organizations:people", SECADMIN),
    page("organizations:person_open", SECADMIN),
    page("organizations:post_give_named", SECADMIN),
    about("organizations:person", "person", SECADMIN, ALL),
    about("organizations:post_give", "person", SECADMIN, ALL),
    about("organizations:person_password", "person", SECADMIN, ALL, "post"),
    about("organizations:person_off", "person", SECADMIN, ALL, "post"),
    about("organizations:person_on", "person", SECADMIN, ALL, "post"),
    about("organizations:post_end", "post", SECADMIN, ALL, "post"),
    page("organizations:log", AUDITOR),
    page("organizations:log_check", AUDITOR, "post"),
    about("organizations:wear", "own post", ALL, (), "post"),
    page("proposals:list"),
    page("proposals:new", FILER | MEMBER),
    on_case("desk:case", "draft", KNOWN["draft"]),
    on_case("desk:case", "submitted", KNOWN["submitted"]),
    on_case("desk:case", "filed", KNOWN["filed"]),
    on_case("desk:case", "issued", KNOWN["issued"]),
    on_case("proposals:edit", "draft", FILER),
    on_case("proposals:edit", "submitted", FILER),  # leads back to the case
    on_case("proposals:autosave", "draft", FILER, "post"),
    on_case("proposals:submit", "draft", FILER, "post"),
    on_case("proposals:recall", "submitted", FILER, "post"),
    on_case("proposals:withdraw", "filed", FILER),
    on_case("proposals:file", "submitted", REVIEWER, "post"),
    on_case("proposals:return", "submitted", REVIEWER),
    on_case("proposals:refuse", "submitted", REVIEWER),
    on_case("proposals:assign", "filed", DISPATCHER),
    about("proposals:assignment_sign_in", "assignment", CLERK, ASSIGNMENT_KNOWN, "post"),
    about("proposals:assignment_recall", "assignment", DISPATCHER, ASSIGNMENT_KNOWN, "post"),
    about("proposals:attachment", "draft attachment", FILER, FILER),
    about("proposals:attachment", "issued attachment", KNOWN["issued"], KNOWN["issued"]),
    about("proposals:attachment_remove", "draft attachment", FILER, FILER, "post"),
    about("proposals:attachment_remove", "issued attachment", (), KNOWN["issued"], "post"),
    about("replies:start", "signed-in assignment", CLERK, ASSIGNMENT_KNOWN, "post"),
    on_reply("replies:draft", "drafting", BUREAU),  # leads those who only read to the page for reading
    on_reply("replies:draft", "in_review", BUREAU),
    on_reply("replies:autosave", "drafting", CLERK, "post"),
    on_reply("replies:mend", "drafting", CLERK, "post"),
    on_reply("replies:send", "drafting", CLERK, "post"),
    on_reply("replies:preview", "drafting", BUREAU),
    on_reply("replies:page", "drafting", BUREAU, extra=(1,)),
    on_reply("replies:draft_pdf", "drafting", BUREAU),
    on_reply("replies:review", "in_review", BUREAU),
    on_reply("replies:pass", "in_review", CHECKER, "post"),
    on_reply("replies:recall", "in_review", CLERK, "post"),
    on_reply("replies:check_return", "in_review", CHECKER),
    on_reply("replies:sign", "awaiting_signature", LEADER, "post"),
    on_reply("replies:sign_return", "awaiting_signature", LEADER),
    on_reply("replies:pass_recall", "awaiting_signature", CHECKER, "post"),
    on_reply("replies:issue", "signed", SEALKEEPER),
    on_reply("replies:issue_return", "signed", SEALKEEPER | LEADER),
    on_reply("replies:versions", "in_review", BUREAU),
    on_reply("replies:remark_add", "in_review", CLERK | CHECKER | LEADER),
    on_reply("replies:remarks", "in_review", BUREAU),
    about("replies:remark", "remark", BUREAU, ()),
    about("replies:remark", "remark", CLERK | CHECKER | LEADER, BUREAU, "post"),
    page("replies:sign_many", LEADER),
    page("replies:sign_many", LEADER, "post"),
    page("replies:sign_many_done", LEADER),
    on_reply("replies:present", "drafting", CLERK, "post"),
    on_reply("replies:word", "drafting", CLERK, "post"),
    on_reply("replies:word_take", "drafting", CLERK, "post"),
    on_reply("replies:draft_docx", "drafting", BUREAU),
    on_reply("replies:state_docx", "drafting", BUREAU, extra=("s1",)),
    about("replies:letter_docx", "letter", KNOWN["issued"], KNOWN["issued"]),
    about("replies:together", "aside", CLERK, BUREAU),
    on_reply("replies:history", "drafting", BUREAU),
    on_reply("replies:compare", "drafting", BUREAU),
    on_reply("replies:state", "drafting", BUREAU, extra=("s1",)),
    on_reply("replies:restore", "drafting", CLERK, "post", ("s1",)),
    on_reply("replies:marked", "drafting", BUREAU),
    on_reply("replies:marked_pdf", "drafting", BUREAU),
    about("replies:letter", "letter", KNOWN["issued"], KNOWN["issued"]),
    about("replies:letter_void", "letter", LEADER | SEALKEEPER, KNOWN["issued"]),
    about("replies:letter_correct", "letter", CLERK, KNOWN["issued"], "post"),
    page("replies:phrases", CLERK | CHECKER),
    page("replies:phrase_new", CLERK | CHECKER),
    about("replies:phrase_edit", "phrase", CLERK | CHECKER, ALL),
    about("replies:phrase_remove", "phrase", CLERK | CHECKER, ALL, "post"),
    about("replies:phrase_letter", "whole letter", CLERK, BUREAU),
    about("replies:letter_pdf", "letter", KNOWN["issued"], KNOWN["issued"]),
    about("replies:letter_page", "letter", KNOWN["issued"], KNOWN["issued"], extra=(1,)),
    # Writing with help, together, or from paper.
    on_case("proposals:word", "draft", FILER, "post"),
    on_case("proposals:word_take", "draft", FILER, "post"),
    on_case("proposals:similar", "draft", FILER),
    on_case("proposals:advice", "draft", FILER),
    on_case("desk:case", "cosigning", KNOWN["cosigning"]),
    on_case("proposals:invite", "draft", FILER),
    on_case("proposals:reword", "cosigning", FILER, "post"),
    about("proposals:invitation", "invitation", MEMBER, ()),
    about("proposals:cosigner_answer", "invitation", MEMBER, (), "post"),
    about("proposals:cosigner_withdraw", "invitation", MEMBER, (), "post"),
    page("proposals:enter", REVIEWER),
    # The review.
    on_case("proposals:examine", "submitted", REVIEWER),
    on_case("proposals:refer", "submitted", REVIEWER),
    on_case("proposals:merge", "filed", REVIEWER),
    on_case("proposals:unmerge", "merged", REVIEWER, "post"),
    on_case("proposals:mark", "filed", REVIEWER),
    on_case("proposals:settle", "issued", REVIEWER),
    # Dispatch and handling.
    page("proposals:dispatch", DISPATCHER),
    page("proposals:dates", DISPATCHER | REVIEWER),
    page("proposals:chase_many", DISPATCHER),
    about("proposals:assignment_add", "under way", DISPATCHER, CASE_KNOWN),
    on_part("proposals:assignment_decline", "assignment", CLERK),
    on_part("proposals:assignment_keep", "declining", CLERK, "post"),
    on_part("proposals:assignment_reassign", "declining", DISPATCHER),
    on_part("proposals:assignment_join", "declining", DISPATCHER),
    on_part("proposals:assignment_insist", "declining", DISPATCHER),
    on_part("proposals:assignment_hand_over", "signed-in assignment", CLERK | CHECKER),
    on_part("proposals:extension_ask", "signed-in assignment", CLERK),
    on_part("proposals:extension_decide", "extension", DISPATCHER),
    on_part("proposals:contact_add", "signed-in assignment", CLERK),
    on_part("proposals:contact_none", "signed-in assignment", CLERK),
    on_part("proposals:chase", "assignment", DISPATCHER),
    # Forms to print.
    *(on_case("proposals:paper_proposal", state, KNOWN[state]) for state in ("draft", "filed", "issued")),
    *(on_case("desk:paper_handling", state, KNOWN[state]) for state in ("draft", "filed", "issued")),
    on_part("proposals:paper_assignment", "assignment", ASSIGNMENT_KNOWN),
    on_part("proposals:paper_decline", "decline", ASSIGNMENT_KNOWN),
    on_part("proposals:paper_extension", "extension", ASSIGNMENT_KNOWN),
    on_part("proposals:paper_chase", "chase", ASSIGNMENT_KNOWN),
    page("proposals:paper_catalogue"),
    about("proposals:dispatch_notices", "notices", ASSIGNMENT_KNOWN, ()),
    # Opinions of co-handling bureaus.
    on_part("replies:opinion_start", "co-handling assignment", CLERK, "post"),
    on_opinion("replies:opinion_draft", "drafting", BUREAU),
    on_opinion("replies:opinion_autosave", "drafting", CLERK, "post"),
    on_opinion("replies:opinion_send", "drafting", CLERK, "post"),
    on_opinion("replies:opinion", "sent", BUREAU),
    on_opinion("replies:opinion_give", "sent", LEADER, "post"),
    on_opinion("replies:opinion_recall", "sent", CLERK, "post"),
    on_opinion("replies:opinion_return", "sent", LEADER),
    about("replies:opinion_pdf", "opinion-given", BUREAU | REVIEWER | DISPATCHER, ()),
    about("replies:letters_pdf", "letter", CASE_KNOWN, ()),
    # What follows the answer.
    about("outcomes:deliver", "letter", CLERK | SEALKEEPER, CASE_KNOWN),
    about("outcomes:confirm", "copy", FILER, (), "post"),
    page("outcomes:to_ask", REVIEWER),
    about("outcomes:answer", "feedback", FILER, REVIEWER),
    about("outcomes:paper", "feedback", REVIEWER, FILER),
    about("outcomes:read", "feedback", FILER | REVIEWER, ()),
    about("outcomes:scan", "judged", (), FILER | DISPATCHER | BUREAU),  # without a scan there is none to send
    about("outcomes:form_pdf", "feedback", FILER | REVIEWER, ()),
    page("outcomes:commitments"),
    about("outcomes:commitment", "promise", CASE_KNOWN, ()),
    about("outcomes:commitment_done", "promise", CLERK, CASE_KNOWN),
    about("outcomes:commitment_add", "letter", CLERK, CASE_KNOWN),
    about("outcomes:commitment_proof", "proof", CASE_KNOWN, ()),
    on_case("outcomes:archive", "issued", REVIEWER | DISPATCHER),
    about("outcomes:deliveries", "letter", CASE_KNOWN, ()),
    about("outcomes:receipt", "delivery", CLERK | SEALKEEPER, CASE_KNOWN),
    about("outcomes:receipt_scan", "delivery", BUREAU | REVIEWER | DISPATCHER, FILER),
    about("outcomes:relink", "feedback", REVIEWER, FILER),
    about("outcomes:commitment_none", "letter", CLERK, CASE_KNOWN),
    about("outcomes:follow_up", "kept promise", CLERK, CASE_KNOWN),
    about("outcomes:follow_up_pdf", "follow-up letter", CASE_KNOWN, ()),
    Row("outcomes:by_link", "link", public=True),
    # Many letters at once.
    page("issuing:begin", SEALKEEPER),
    about("issuing:batch", "batch", BUREAU, ()),
    about("issuing:progress", "batch", BUREAU, ()),
    about("issuing:stop", "batch", SEALKEEPER, BUREAU, "post"),
    about("issuing:go_on", "batch", SEALKEEPER, BUREAU),
    about("issuing:paper", "batch", BUREAU, (), extra=("letters",)),
    # The window to the public.
    page("portal:board", REVIEWER),
    on_case("portal:decide", "issued", REVIEWER),
    about("portal:copy_pdf", "issued", REVIEWER, CASE_KNOWN, extra=(1,)),
    about("portal:withdraw", "publication", REVIEWER, CASE_KNOWN),
    Row("portal:assemblies", public=True),
    Row("portal:sitemap", public=True),
    Row("portal:verify", public=True),
    Row("portal:verify_letter", "check code", public=True),
    Row("portal:robots", public=True),
    Row("portal:list", "public list", public=True),
    Row("portal:feed", "public list", public=True),
    Row("portal:case", "public page", public=True),
    Row("portal:letter_pdf", "public page", public=True, extra=(1,)),
    # Notices and help.
    page("office:notices"),
    page("office:notices_read", method="post"),
    page("office:notice_settings"),
    about("office:notice_open", "notice", CLERK, (), "post"),
    page("desk:help_states"),
]


class Scene:
    """The world of the matrix: one case in each state, and everyone who might ask for it."""

    def __init__(self):
        self.world = world = World()
        self.people = {str(role): world.posts[str(role)] for role in Role}
        other_committee, other_bureau = committee(world.assembly), bureau(world.assembly)
        self.people["other committee's filer"] = post(world.assembly, Role.FILER, committee=other_committee)
        for role in BUREAU_ROLES:
            self.people[f"other bureau's {role}"] = post(world.assembly, role, bureau=other_bureau)
        elsewhere = World()
        for role in Role:
            self.people[f"other assembly's {role}"] = elsewhere.posts[str(role)]
        more = More(world)
        self.targets, self.queries = self._targets(world) | more.targets, more.queries
        self.clients = {who: self._signed_in(held) for who, held in self.people.items()}
        self.clients["anonymous"] = Client()

    def _signed_in(self, held):
        client = Client()
        client.force_login(held.user)
        session = client.session
        session[SESSION_KEY] = held.pk
        session.save()
        return client

    def _targets(self, world):
        cases = {state: getattr(world, state)(title=f"{CANARY}待办") for state in ("submitted", "filed")}
        cases["draft"] = world.draft(title=f"{CANARY}的草稿")
        replies = {
            f"reply-{state}": getattr(world, state)(title=f"{CANARY}在办")
            for state in ("drafting", "in_review", "awaiting_signature", "signed")
        }
        issued = world.issued(title=f"{CANARY}已答复")
        cases["issued"] = issued.proposal
        with world.scope():
            letter = IssuedLetter.objects.get(reply=issued)
            check_code = letter.copies.get().check_code
            aside = together_services.set_aside(
                reply_id=replies["reply-drafting"].pk,
                post=world.clerk,
                body=CANARY,
                result_class=None,
                disclosure=None,
                version_seen=1,
            )
            remark = remark_services.remark_add(
                reply_id=replies["reply-in_review"].pk, post=world.checker, version=1, place=1, text=CANARY
            )
            phrase = Phrase.objects.create(
                assembly=world.assembly, bureau=world.bureau, title=f"{CANARY}短语", text="一句"
            )
            whole = Phrase.objects.get(assembly=world.assembly, title="逐条答复")
        return {
            **{name: (case.pk,) for name, case in cases.items()},
            **{name: (reply.pk,) for name, reply in replies.items()},
            "assignment": (world.assigned(title=f"{CANARY}已交办").pk,),
            "signed-in assignment": (world.signed_in(title=f"{CANARY}已签收").pk,),
            "letter": (letter.pk,),
            "check code": (check_code,),
            "aside": (replies["reply-drafting"].pk, aside.name),
            "remark": (remark.pk,),
            "phrase": (phrase.pk,),
            "whole letter": (replies["reply-drafting"].pk, whole.pk),
            "draft attachment": (self._attach(cases["draft"]),),
            "issued attachment": (self._attach(cases["issued"], open_draft=False),),
            "committee": ("committees", world.committee.pk),
            "person": (world.clerk.user_id,),
            "post": (world.clerk.pk,),
            "own post": (),
        }

    def _attach(self, case, *, open_draft=True):
        upload = SimpleUploadedFile(f"{CANARY}.txt", f"{CANARY}的附件".encode())
        with self.world.scope():
            draft = case if open_draft else self.world.draft()
            filer = self.world.filer
            attachment = proposal_services.attachment_add(proposal_id=draft.pk, post=filer, upload=upload)
            if not open_draft:
                Attachment.objects.filter(pk=attachment.pk).update(proposal=case)
        return attachment.pk

    def url_of(self, row):
        """The address of a row, with its query where it has one."""
        args = [*self.targets.get(row.target, ()), *row.extra]
        return reverse(row.name, args=args, query=self.queries.get(row.target))

    def ask(self, row, who):
        """The answer to one request, with whatever it changed undone."""
        client = self.clients[who]
        cookies = client.cookies.output()
        own = self.people.get(who)
        data = {"post": own.pk} if row.name == "organizations:wear" and own else {}
        url = self.url_of(row)
        with transaction.atomic():
            response = getattr(client, row.method)(url, data)
            b"".join(response.streaming_content) if response.streaming else None
            transaction.set_rollback(True)
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
        return response


class More:
    """Cases in the states that only several people together bring about."""

    def __init__(self, world):
        self.world, self.queries = world, {}
        with world.scope():
            self.targets = self.cosigning() | self.merged() | self.parts() | self.opinions() | self.outcomes()
            self.targets |= self.published() | self.batch()

    def cosigning(self):
        case = self.world.draft(title=f"{CANARY}征集联名")
        proposal_services.proposal_invite(
            proposal_id=case.pk, post=self.world.filer, members=[self.world.member]
        )
        return {"cosigning": (case.pk,), "invitation": (case.cosigners.get().pk,)}

    def merged(self):
        case = self.world.filed(title=f"{CANARY}被并案")
        lead = self.world.filed(title=f"{CANARY}主提案")
        proposal_services.proposal_merge(proposal_id=case.pk, post=self.world.reviewer, lead=lead)
        return {"merged": (case.pk,)}

    def parts(self):
        world, services = self.world, proposal_services
        declining, waiting = world.assigned(title=f"{CANARY}申退中"), world.signed_in(title=f"{CANARY}办理中")
        chased = world.assigned(title=f"{CANARY}催办")
        decline = services.assignment_decline(
            assignment_id=declining.pk, post=world.clerk, reason=f"{CANARY}不属本局职责"
        )
        extension = services.extension_ask(
            assignment_id=waiting.pk, post=world.clerk, reason=f"{CANARY}尚待会商"
        )
        chase = services.chase_send(assignment_id=chased.pk, post=world.dispatcher, text=f"{CANARY}请抓紧")
        self.queries = {"notices": {"part": chased.pk}}
        return {
            "declining": (declining.pk,),
            "decline": (decline.pk,),
            "extension": (extension.pk,),
            "chase": (chase.pk,),
            "under way": (waiting.proposal_id,),
            "notices": (),
        }

    def opinions(self):
        world = self.world
        lead = bureau(world.assembly)
        made = {}
        for state in ("co-handling assignment", "drafting", "sent", "given"):
            case = world.filed(title=f"{CANARY}会办")
            parts = proposal_services.proposal_assign(
                proposal_id=case.pk, post=world.dispatcher, lead=lead, co=[world.bureau]
            )
            own = next(part for part in parts if part.bureau_id == world.bureau.pk)
            proposal_services.assignment_sign_in(assignment_id=own.pk, post=world.clerk)
            if state == "co-handling assignment":
                made[state] = (own.pk,)
                continue
            opinion = opinion_services.opinion_create(assignment_id=own.pk, post=world.clerk)
            opinion_services.opinion_save(
                opinion_id=opinion.pk, post=world.clerk, body=f"{CANARY}我局意见如下。"
            )
            if state != "drafting":
                opinion_services.opinion_send(opinion_id=opinion.pk, post=world.clerk)
            if state == "given":
                opinion_services.opinion_sign(opinion_id=opinion.pk, post=world.leader)
            made[f"opinion-{state}"] = (opinion.pk,)
        return made

    def outcomes(self):
        world = self.world
        asked, judged = (self._asked(title) for title in ("征询中", "已评价"))
        outcomes.feedback_give(
            feedback=judged,
            judgement=judged.judgements[0]["id"],
            answers={str(one["id"]): (one["choices"] or [""])[0] for one in judged.questions},
            post=world.filer,
            came="desk",
        )
        due = asked.letter.dated + dt.timedelta(30)
        promise = outcomes.commitment_add(
            letter=asked.letter, post=world.clerk, text=f"{CANARY}年底前建成", due_on=due, owner="基建股"
        )
        upload = SimpleUploadedFile("证明.pdf", b"%PDF-1.4")
        note = outcomes.commitment_note(
            commitment=promise, post=world.clerk, text=f"{CANARY}已开工", proof=upload
        )
        kept = outcomes.commitment_add(
            letter=asked.letter, post=world.clerk, text=f"{CANARY}已建成", due_on=due, owner="基建股"
        )
        outcomes.commitment_done(commitment=kept, post=world.clerk, day=asked.letter.dated)
        told = outcomes.follow_up_send(
            commitment=kept, post=world.clerk, text=f"{CANARY}已建成。", dated=asked.letter.dated
        )
        [delivery] = outcomes.delivery_note(
            letter=judged.letter,
            copies=judged.letter.copies.all(),
            post=world.sealkeeper,
            way=item(world.assembly, "delivery_way", "post"),
            delivered_on=judged.letter.dated,
            received_by="岳小舟",
            receipt=SimpleUploadedFile("回执.pdf", b"%PDF-1.4"),
        )
        return {
            "delivery": (delivery.pk,),
            "kept promise": (kept.pk,),
            "follow-up letter": (told.pk,),
            "feedback": (asked.pk,),
            "judged": (judged.pk,),
            "copy": (asked.copy_id,),
            "promise": (promise.pk,),
            "proof": (note.pk,),
            "link": (asked.token,),
            "notice": (Notice.objects.filter(post=world.clerk, kind="part.new").latest("pk").pk,),
        }

    def batch(self):
        world = self.world
        letter = IssuedLetter.objects.get(reply=world.issued(title=f"{CANARY}批量印发"))
        facts = {"assembly": world.assembly, "state": "done"}
        row = Batch.objects.create(
            bureau=world.bureau, post=world.sealkeeper, dated=letter.dated, made_at=letter.issued_at, **facts
        )
        item = {"state": "issued", "letter": letter, "version": 1, "order": 1}
        row.items.create(assembly=world.assembly, reply=letter.reply, **item)
        return {"batch": (row.pk,)}

    def published(self):
        case = self.world.issued(title=f"{CANARY}已公开").proposal
        [row] = portal.publication_make(cases=[case], post=self.world.reviewer)
        code = self.world.assembly.code
        made = {"published": (case.pk,), "publication": (row.pk,)}
        return made | {"public list": (code,), "public page": (code, row.pk)}

    def _asked(self, title):
        issued = self.world.issued(title=f"{CANARY}{title}")
        letter = IssuedLetter.objects.get(reply=issued)
        [feedback] = outcomes.feedback_ask(letter=letter, post=self.world.reviewer)
        return feedback


def expected(row, who):
    if row.public:
        return "answer"
    if who == "anonymous":
        return "sign-in"
    if who in row.ok or (who.startswith("other") and not row.target and who.split()[-1] in row.ok):
        return "answer"
    if row.name == "organizations:wear":
        return "answer"
    if row.target in OFFICE:
        return "not found" if who.split()[-1] in row.ok else "refused"
    same_for_all = not row.target
    return "refused" if who in row.known or same_for_all else "not found"


def verdict(response):
    if response.status_code == 302 and "/accounts/login/" in response["Location"]:
        return "sign-in"
    return {403: "refused", 404: "not found"}.get(response.status_code, "answer")


def wrong_answers(scene, rows):
    wrong = []
    for row in rows:
        for who in [*scene.people, "anonymous"]:
            if row.target in OFFICE and who.startswith("other") and "assembly" not in who:
                continue  # they belong to the assembly as the others of their role do; the roles' own rows say it
            got = verdict(scene.ask(row, who))
            if got != expected(row, who):
                wrong.append(f"{row.method} {row.name} ({row.target or 'page'}) by {who}: {got}")
    return wrong


def names_of(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from names_of(pattern.url_patterns, namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


@pytest.fixture
def scene(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return Scene()


def test_every_address_has_a_row():
    assert set(names_of(get_resolver().url_patterns)) == {row.name for row in ROWS}


@pytest.mark.slow
def test_everybody_gets_what_the_matrix_says(scene):
    wrong = wrong_answers(scene, ROWS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/", "/proposals/", f"/proposals/?q={CANARY}"])
def test_no_list_shows_a_case_to_those_who_may_not_know_of_it(scene, address):
    strangers = [who for who in scene.people if who.startswith("other")] + ["sysadmin", "secadmin", "auditor"]
    for who in strangers:
        client = Client()
        client.force_login(scene.people[who].user)
        assert CANARY not in _without_own_words(client.get(address).content.decode(), address), who


def _without_own_words(text, address):
    """The page repeats what was searched for, once in the box and once in the sentence of an empty list."""
    return text.replace(f"“{CANARY}”", "").replace(f'value="{CANARY}"', "") if "q=" in address else text


@pytest.mark.slow
def test_the_matrix_notices_an_open_door(scene, monkeypatch):
    """A control: with the door open to the whole assembly the same rows must fail."""
    monkeypatch.setattr(
        proposal_policies, "visible_to", lambda post: Proposal.objects.filter(assembly_id=post.assembly_id)
    )
    assert wrong_answers(scene, [row for row in ROWS if row.name == "desk:case"])


def test_replies_of_other_bureaus_are_unknown_to_the_queryset(scene):
    from replies import policies

    with scene.world.scope():
        assert Reply.objects.exists()
        assert not policies.visible_to(scene.people["other bureau's leader"]).exists()
