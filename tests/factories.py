"""Plain functions that make what tests need, through the real services. Chinese words of the field as data."""

import datetime as dt
import functools
import itertools
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django_scopes import scope, scopes_disabled

from accounts.models import User
from office import clock
from organizations import services as organization_services
from organizations.models import (
    Assembly,
    Bureau,
    Committee,
    Dispatcher,
    LetterProfile,
    ListItem,
    Post,
    Role,
    Session,
)
from outcomes import services as outcome_services
from proposals import services as proposal_services
from proposals.models import Assignment, Proposal
from replies import opinion_services
from replies import services as reply_services
from replies.models import IssuedLetter, Opinion, Reply

PASSWORD = "a-long-enough-Passwort-7"
_count = itertools.count(1)


def _hashed() -> str:
    """The password's hash, made once with each hasher that tests set: argon2 is slow on purpose."""
    return _hashed_with(settings.PASSWORD_HASHERS[0])


@functools.cache
def _hashed_with(_hasher: str) -> str:
    return make_password(PASSWORD)


def assembly(**facts: Any) -> Assembly:
    """An open assembly with one current session, a committee, a bureau and a dispatching office."""
    n = next(_count)
    facts = {
        "code": f"{430000 + n}",
        "name": f"政协君山区第{n}委员会",
        "short_name": "区政协",
        "place": "君山区",
        "needs_points": False,
        "needs_second_factor": False,
    } | facts
    made = organization_services.assembly_open(**facts)
    with scope(assembly=made):
        today = clock.today()
        Session.objects.create(
            assembly=made,
            name="五届五次会议",
            opens=today - dt.timedelta(10),
            closes=today - dt.timedelta(6),
            filing_deadline=today + dt.timedelta(1),
        )
        committee(made)
        bureau(made)
        Dispatcher.objects.create(assembly=made, name="君山区人民政府督查室", short_name="区政府督查室")
    return made


def committee(assembly: Assembly, **facts: Any) -> Committee:
    n = next(_count)
    facts = {
        "name": f"区政协第{n}专门委员会",
        "short_name": f"第{n}专委",
        "kind": "special_committee",
    } | facts
    with scope(assembly=assembly):
        return Committee.objects.create(assembly=assembly, **facts)


def bureau(assembly: Assembly, **facts: Any) -> Bureau:
    n = next(_count)
    facts = {"name": f"君山区第{n}局", "short_name": f"第{n}局", "number_word": f"君{n}复字"} | facts
    facts.setdefault("opinion_word", f"君{n}会字")
    with scope(assembly=assembly):
        return Bureau.objects.create(assembly=assembly, **facts)


def post(assembly: Assembly, role: str, user: User | None = None, **facts: Any) -> Post:
    """A post of this role; its body is the assembly's first of the kind unless given."""
    with scope(assembly=assembly):
        n = next(_count)
        if user is None:
            user = User.objects.create(username=f"user{n}", name=f"岳小舟{n}", password=_hashed())
        if role == Role.FILER:
            facts.setdefault("committee", Committee.objects.filter(assembly=assembly).order_by("pk").first())
        elif role == Role.DISPATCHER:
            facts.setdefault("dispatcher", Dispatcher.objects.order_by("pk").first())
        elif role in (Role.CLERK, Role.CHECKER, Role.LEADER, Role.SEALKEEPER):
            facts.setdefault("bureau", Bureau.objects.order_by("pk").first())
        facts.setdefault("phone", "0730-0000101")
        facts.setdefault("since", dt.date(2000, 1, 1))
        return Post.objects.create(assembly=assembly, user=user, role=role, **facts)


def item(assembly: Assembly, list_name: str, key: str) -> ListItem:
    with scope(assembly=assembly):
        return ListItem.objects.get(assembly=assembly, list=list_name, key=key)


class World:
    """An assembly with one post of each role, and cases brought to any state through the services."""

    def __init__(self, **facts: Any) -> None:
        self.assembly = assembly(**facts)
        self.posts = {str(role): post(self.assembly, role) for role in Role}
        with scope(assembly=self.assembly):
            self.bureau: Bureau = Bureau.objects.order_by("pk").first()  # type: ignore[assignment]
            self.committee = Committee.objects.order_by("pk").first()
            self.session = Session.objects.get()

    def scope(self) -> Any:
        return scope(assembly=self.assembly)

    def __getattr__(self, role: str) -> Post:
        try:
            return self.__dict__["posts"][role]
        except KeyError:
            raise AttributeError(role) from None

    def draft(self, **fields: Any) -> Proposal:
        with self.scope():
            proposal = proposal_services.proposal_create(post=self.filer)
            suggestions = fields.pop("suggestions", ["强化协商意识", "建立议事会制度"])
            texts = {
                "title": "推进协商民主，优化基层自治",
                "background": "近年来，我区一些村（居）探索协商议事。",
                "analysis": "认识不一，制度不全。",
                "contact_name": "岳小舟",
                "contact_phone": "0730-0000101",
                "consents_to_publish": True,
            }
            return proposal_services.proposal_save(
                proposal_id=proposal.pk, post=self.filer, fields=texts | fields, suggestions=suggestions
            )

    def submitted(self, **fields: Any) -> Proposal:
        proposal = self.draft(**fields)
        with self.scope():
            return proposal_services.proposal_submit(proposal_id=proposal.pk, post=self.filer)

    def filed(self, **fields: Any) -> Proposal:
        proposal = self.submitted(**fields)
        with self.scope():
            return proposal_services.proposal_file(proposal_id=proposal.pk, post=self.reviewer)

    def assigned(self, **fields: Any) -> Assignment:
        proposal = self.filed(**fields)
        with self.scope():
            [assignment] = proposal_services.proposal_assign(
                proposal_id=proposal.pk, post=self.dispatcher, sole=self.bureau
            )
            return assignment

    def signed_in(self, **fields: Any) -> Assignment:
        assignment = self.assigned(**fields)
        with self.scope():
            return proposal_services.assignment_sign_in(assignment_id=assignment.pk, post=self.clerk)

    def drafting(self, body: str = "一、强意识，从基层做起。强化民主协商意识。", **fields: Any) -> Reply:
        assignment = self.signed_in(**fields)
        with self.scope():
            reply = reply_services.reply_create(assignment_id=assignment.pk, post=self.clerk)
            return reply_services.reply_save(
                reply_id=reply.pk,
                post=self.clerk,
                body=f"{reply.body}\n{body}",
                result_class=item(self.assembly, "result_class", "B"),
                disclosure=item(self.assembly, "disclosure", "open"),
            )

    def in_review(self, **fields: Any) -> Reply:
        reply = self.drafting(**fields)
        with self.scope():
            reply_services.reply_send(reply_id=reply.pk, post=self.clerk)
        return self.fresh(reply)

    def awaiting_signature(self, **fields: Any) -> Reply:
        reply = self.in_review(**fields)
        with self.scope():
            reply_services.reply_pass(reply_id=reply.pk, post=self.checker)
        return self.fresh(reply)

    def signed(self, **fields: Any) -> Reply:
        reply = self.awaiting_signature(**fields)
        with self.scope():
            reply_services.reply_sign(reply_id=reply.pk, post=self.leader)
        return self.fresh(reply)

    def issued(self, **fields: Any) -> Reply:
        reply = self.signed(**fields)
        with self.scope():
            reply_services.reply_issue(reply_id=reply.pk, post=self.sealkeeper, dated=clock.today())
        return self.fresh(reply)

    def reopened(self) -> Assignment:
        """The part of the world's bureau in a case that it has to answer a second time."""
        part = self.fresh(self.issued().assignment)
        with self.scope(), transaction.atomic():
            case = proposal_services.locked(part.proposal_id)
            proposal_services.proposal_reopen(proposal=case, assignments=[part], judgement="不满意")
        return self.fresh(part)

    def answered_twice(self) -> Proposal:
        """A case that was reopened and answered a second time, which did not satisfy its proposer either."""
        reply = self.answered(self.reopened())
        with self.scope():
            letter = IssuedLetter.objects.get(reply=reply)
            [row] = outcome_services.feedback_ask(letter=letter, post=self.reviewer)
            outcome_services.feedback_give(
                feedback=row,
                judgement=next(one["id"] for one in row.judgements if one["reopens"]),
                answers={str(one["id"]): (one["choices"] or ["好"])[0] for one in row.questions},
                post=self.filer,
                came="desk",
            )
        return self.fresh(reply.proposal)

    def answered(self, part: Assignment) -> Reply:
        """The reply that the world's bureau gives for its part, from the draft to the issue."""
        with self.scope():
            reply = reply_services.reply_create(assignment_id=part.pk, post=self.clerk)
            reply_services.reply_save(
                reply_id=reply.pk,
                post=self.clerk,
                body=f"{reply.body}\n一、强意识，从基层做起。强化民主协商意识。",
                result_class=item(self.assembly, "result_class", "B"),
                disclosure=item(self.assembly, "disclosure", "open"),
            )
            reply_services.reply_send(reply_id=reply.pk, post=self.clerk)
            reply_services.reply_pass(reply_id=reply.pk, post=self.checker)
            reply_services.reply_sign(reply_id=reply.pk, post=self.leader)
            reply_services.reply_issue(reply_id=reply.pk, post=self.sealkeeper, dated=clock.today())
        return self.fresh(reply)

    def opinion_out(self, **fields: Any) -> Assignment:
        """The part of a bureau that was added and has signed in, in a case that the world's bureau has answered."""
        part, other = self.signed_in(**fields), bureau(self.assembly)
        clerk = post(self.assembly, Role.CLERK, bureau=other)
        post(self.assembly, Role.LEADER, bureau=other)
        with self.scope():
            added = proposal_services.assignment_add(
                proposal_id=part.proposal_id, post=self.dispatcher, bureau=other
            )
            proposal_services.assignment_sign_in(assignment_id=added.pk, post=clerk)
        self.answered(part)
        return self.fresh(added)

    def opinion(self, state: str = "given") -> Opinion:
        """An opinion of the world's bureau, which handles a case together with another that leads."""
        lead, case = bureau(self.assembly), self.filed()
        with self.scope():
            parts = proposal_services.proposal_assign(
                proposal_id=case.pk, post=self.dispatcher, lead=lead, co=[self.bureau]
            )
            own = next(part for part in parts if part.bureau_id == self.bureau.pk)
            proposal_services.assignment_sign_in(assignment_id=own.pk, post=self.clerk)
            pk = opinion_services.opinion_create(assignment_id=own.pk, post=self.clerk).pk
            opinion_services.opinion_save(opinion_id=pk, post=self.clerk, body="一、同意列入预算。")
            if state != "drafting":
                opinion_services.opinion_send(opinion_id=pk, post=self.clerk)
            if state == "given":
                opinion_services.opinion_sign(opinion_id=pk, post=self.leader)
            return Opinion.objects.get(pk=pk)

    def fresh(self, row: Any) -> Any:
        """The row as it stands in the database now."""
        with scopes_disabled():
            return type(row).objects.get(pk=row.pk)

    def plain_letters(self) -> LetterProfile:
        """Switch to the district's own form of letters, worded as in the published sample."""
        with self.scope():
            profile = LetterProfile.objects.get(bureau=None)
            profile.form = LetterProfile.Form.PLAIN
            profile.title = "对{place}政协{session}第{number}号提案的\n答 复"
            profile.save()
            return profile
