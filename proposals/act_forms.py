"""The shape of what acts of review and co-signing ask for: reasons, verdicts, days, who is invited."""

from typing import Any, TypeAlias

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from office import clock
from office.pages import ActForm
from organizations.forms import day_field
from organizations.models import Bureau, Committee, ListItem, Post, Role
from proposals.forms import CaseForm, Choice, note_field
from proposals.models import Proposal, ReviewOpinion
from proposals.workflow import ProposalState

Choices: TypeAlias = "forms.ModelMultipleChoiceField[Any]"


class ReturnForm(CaseForm):
    """Why a proposal goes back to its writers."""

    note = note_field(
        _("What should be changed?"),
        required=True,
        help_text=_("The writers read this beside their text, and it stays in the history."),
    )


class WithdrawForm(CaseForm):
    """Why a proposal is withdrawn."""

    note = note_field(_("Why is it withdrawn?"), required=True, help_text=_("It stays in the history."))


class RefuseForm(CaseForm):
    """Why a proposal is not filed: a reason of the assembly's list, and words to it."""

    reason: Choice = forms.ModelChoiceField(
        label=_("Reason"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose a reason of the list.")},
    )
    note = note_field(
        _("Explain it to the writers (optional)"),
        required=False,
        help_text=_("The writers read the reason and this."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = ListItem.objects.filter(assembly_id=self.proposal.assembly_id, list=ListItem.List.REFUSAL)
        self.fields["reason"].queryset = reasons.filter(is_active=True)  # type: ignore[attr-defined]


class ReferForm(CaseForm):
    """Where a proposal is referred to."""

    to: Choice = forms.ModelChoiceField(
        label=_("Refer it"), queryset=None, widget=forms.RadioSelect, empty_label=None
    )
    note = note_field(_("Explain it to the writers (optional)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = entries(self.proposal, ListItem.List.REFERRAL)  # type: ignore[attr-defined]


class ExamineForm(CaseForm):
    """What a first review found."""

    verdict = forms.ChoiceField(
        label=_("The proposal is"), choices=ReviewOpinion.Verdict.choices, widget=forms.RadioSelect
    )
    text = note_field(_("Opinion (optional)"), required=False)


class MergeForm(CaseForm):
    """Which proposal answers for this one as well."""

    lead: Choice = forms.ModelChoiceField(
        label=_("Lead proposal"), queryset=None, empty_label=_("choose a proposal")
    )
    note = note_field(_("Note (optional)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.proposal
        others = Proposal.objects.filter(session_id=case.session_id, state=ProposalState.FILED)
        lead: Any = self.fields["lead"]
        lead.queryset = others.exclude(pk=case.pk).order_by("number")
        lead.label_from_instance = lambda row: (
            _("No. %(n)d %(title)s") % {"n": row.number, "title": row.title}
        )


class MarkForm(CaseForm):
    """The marks beside the state."""

    is_key = forms.BooleanField(label=_("Key proposal"), required=False)
    key_leader = forms.CharField(label=_("Supervising leader"), max_length=60, required=False)
    is_excellent = forms.BooleanField(label=_("Excellent proposal"), required=False)
    why = forms.ChoiceField(label=_("Not for publication"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.proposal
        reasons = list(entries(case, ListItem.List.NOT_PUBLIC).values_list("label", flat=True))
        # A reason that has gone out of use stays offered: the mark must not fall away by another change.
        if case.not_public_because and case.not_public_because not in reasons:
            reasons.append(case.not_public_because)
        why: Any = self.fields["why"]
        why.choices = [("", _("it may be published")), *((reason, reason) for reason in reasons)]
        self.initial.update({name: getattr(case, name) for name in ("is_key", "key_leader", "is_excellent")})
        self.initial["why"] = case.not_public_because

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data | {"not_public_because": data.pop("why", "")}


class SettleForm(CaseForm):
    """The meeting that ends a case which two replies did not settle."""

    day = day_field(label=_("Day of the meeting"), initial=clock.today)
    note = note_field(_("Who took part, and what was said?"), required=True)


NARROWED = {"data-narrow": ""}  # js/narrow.js


class InviteForm(CaseForm):
    """Who is asked to sign, and until when."""

    members: Choices = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple(NARROWED)
    )
    committees: Choices = forms.ModelMultipleChoiceField(
        label=_("Bodies"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple(NARROWED)
    )
    until = day_field(label=_("Last day for signing"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        case = self.proposal
        members: Any = self.fields["members"]
        members.queryset = members_of(case.assembly_id).exclude(pk=case.member_id)
        members.label_from_instance = lambda post: post.user.name
        bodies: Any = self.fields["committees"]
        bodies.queryset = Committee.objects.filter(assembly_id=case.assembly_id, is_active=True).exclude(
            pk=case.committee_id
        )
        for name in ("members", "committees"):
            if not self.fields[name].queryset.exists():  # type: ignore[attr-defined]
                del self.fields[name]


class EnterForm(ActForm):
    """Whose paper proposal is entered."""

    committee: Choice = forms.ModelChoiceField(
        label=_("Filed by a body"), queryset=None, required=False, empty_label=_("not a body")
    )
    member: Choice = forms.ModelChoiceField(
        label=_("or by a member"), queryset=None, required=False, empty_label=_("not a member")
    )

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Committee.objects.filter(assembly_id=post.assembly_id, is_active=True)
        self.fields["committee"].queryset = bodies  # type: ignore[attr-defined]
        member: Any = self.fields["member"]
        member.queryset = members_of(post.assembly_id)
        member.label_from_instance = lambda row: row.user.name


def members_of(assembly_id: int) -> QuerySet[Post]:
    """Return the members' posts in force."""
    held: QuerySet[Post] = Post.objects.held().filter(assembly_id=assembly_id, role=Role.MEMBER)
    return held.select_related("user").order_by("user__name", "pk")


def entries(proposal: Proposal, name: str) -> QuerySet[ListItem]:
    """Return the entries in use of a list of the case's assembly."""
    rows: QuerySet[ListItem] = ListItem.objects.filter(assembly_id=proposal.assembly_id, list=name)
    return rows.filter(is_active=True)


def bureaus_of(assembly_id: int) -> QuerySet[Bureau]:
    """Return the bureaus in use."""
    rows: QuerySet[Bureau] = Bureau.objects.filter(assembly_id=assembly_id, is_active=True)
    return rows
