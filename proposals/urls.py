"""Addresses of proposals: the list, writing one, its attachments, the acts of review and dispatch."""

from django.urls import path

from proposals import (
    cosign_views,
    dispatch_views,
    draft_views,
    handling_views,
    help_views,
    paper_views,
    review_views,
    views,
)

app_name = "proposals"
urlpatterns = [
    path("", views.list_cases, name="list"),
    path("new/", draft_views.new, name="new"),
    path("<int:pk>/edit/", draft_views.edit, name="edit"),
    path("<int:pk>/autosave/", draft_views.autosave, name="autosave"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/recall/", views.recall, name="recall"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/file/", views.file, name="file"),
    path("<int:pk>/return/", views.return_, name="return"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("assignments/<int:pk>/sign-in/", views.assignment_sign_in, name="assignment_sign_in"),
    path("assignments/<int:pk>/recall/", views.assignment_recall, name="assignment_recall"),
    path("attachments/<int:pk>/", draft_views.attachment, name="attachment"),
    path("attachments/<int:pk>/remove/", draft_views.attachment_remove, name="attachment_remove"),
]

# Help while a proposal is written.
urlpatterns += [
    path("<int:pk>/word/", help_views.word, name="word"),
    path("<int:pk>/word/take/", help_views.word_take, name="word_take"),
    path("<int:pk>/similar/", help_views.similar, name="similar"),
    path("<int:pk>/advice/", help_views.advice, name="advice"),
]

# Forms to print.
urlpatterns += [
    path("papers/<int:pk>/", paper_views.proposal, name="paper_proposal"),
    path("papers/assignments/<int:pk>/", paper_views.assignment, name="paper_assignment"),
    path("papers/declines/<int:pk>/", paper_views.decline, name="paper_decline"),
    path("papers/extensions/<int:pk>/", paper_views.extension, name="paper_extension"),
    path("papers/chases/<int:pk>/", paper_views.chase, name="paper_chase"),
    path("papers/catalogue/", paper_views.catalogue, name="paper_catalogue"),
]

# Filing together, and entering from paper.
urlpatterns += [
    path("enter/", cosign_views.enter, name="enter"),
    path("<int:pk>/invite/", cosign_views.invite, name="invite"),
    path("<int:pk>/reword/", cosign_views.reword, name="reword"),
    path("invitations/<int:pk>/", cosign_views.invitation, name="invitation"),
    path("invitations/<int:pk>/answer/", cosign_views.cosigner_answer, name="cosigner_answer"),
    path("invitations/<int:pk>/withdraw/", cosign_views.cosigner_withdraw, name="cosigner_withdraw"),
]

# The review beyond filing.
urlpatterns += [
    path("<int:pk>/examine/", review_views.examine, name="examine"),
    path("<int:pk>/refer/", review_views.refer, name="refer"),
    path("<int:pk>/merge/", review_views.merge, name="merge"),
    path("<int:pk>/unmerge/", review_views.unmerge, name="unmerge"),
    path("<int:pk>/mark/", review_views.mark, name="mark"),
    path("<int:pk>/settle/", review_views.settle, name="settle"),
]

# Giving proposals to bureaus, and what bureaus do with their parts.
urlpatterns += [
    path("<int:pk>/assign/", dispatch_views.assign, name="assign"),
    path("<int:pk>/add-bureau/", dispatch_views.assignment_add, name="assignment_add"),
    path("dispatch/", dispatch_views.dispatch, name="dispatch"),
    path("dispatch/notices/", dispatch_views.notices, name="dispatch_notices"),
    path("assignments/<int:pk>/decline/", handling_views.assignment_decline, name="assignment_decline"),
    path("assignments/<int:pk>/keep/", handling_views.assignment_keep, name="assignment_keep"),
    path("assignments/<int:pk>/reassign/", handling_views.assignment_reassign, name="assignment_reassign"),
    path("assignments/<int:pk>/join/", handling_views.assignment_join, name="assignment_join"),
    path("assignments/<int:pk>/insist/", handling_views.assignment_insist, name="assignment_insist"),
    path("assignments/<int:pk>/hand-over/", handling_views.assignment_hand_over, name="assignment_hand_over"),
    path("assignments/<int:pk>/more-time/", handling_views.extension_ask, name="extension_ask"),
    path("extensions/<int:pk>/decide/", handling_views.extension_decide, name="extension_decide"),
    path("assignments/<int:pk>/contact/", handling_views.contact_add, name="contact_add"),
    path("assignments/<int:pk>/no-contact/", handling_views.contact_none, name="contact_none"),
    path("assignments/<int:pk>/urge/", handling_views.chase, name="chase"),
    path("dates/", handling_views.dates, name="dates"),
    path("dates/urge/", handling_views.chase_many, name="chase_many"),
]
