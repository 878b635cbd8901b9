"""Addresses of replies and letters. An act that asks for nothing is a POST; others have a page."""

from django.urls import path

from replies import decision_views, draft_views, letter_views, opinion_views, preview_views

app_name = "replies"
urlpatterns = [
    path("start/<int:pk>/", draft_views.start, name="start"),
    path("<int:pk>/draft/", draft_views.draft, name="draft"),
    path("<int:pk>/autosave/", draft_views.autosave, name="autosave"),
    path("<int:pk>/mend/", draft_views.mend, name="mend"),
    path("<int:pk>/send/", draft_views.send, name="send"),
    path("<int:pk>/preview/", preview_views.preview, name="preview"),
    path("<int:pk>/pages/<int:number>/", preview_views.page, name="page"),
    path("<int:pk>/draft.pdf", preview_views.draft_pdf, name="draft_pdf"),
    path("<int:pk>/", decision_views.review, name="review"),
    path("<int:pk>/pass/", decision_views.act, {"name": "pass"}, name="pass"),
    path("<int:pk>/sign/", decision_views.act, {"name": "sign"}, name="sign"),
    path("<int:pk>/recall/", decision_views.act, {"name": "recall"}, name="recall"),
    path("<int:pk>/pass-recall/", decision_views.act, {"name": "pass_recall"}, name="pass_recall"),
    path("<int:pk>/check-return/", decision_views.send_back, {"name": "check_return"}, name="check_return"),
    path("<int:pk>/sign-return/", decision_views.send_back, {"name": "sign_return"}, name="sign_return"),
    path("<int:pk>/issue-return/", decision_views.send_back, {"name": "issue_return"}, name="issue_return"),
    path("<int:pk>/issue/", decision_views.issue, name="issue"),
    path("<int:pk>/versions/", letter_views.versions, name="versions"),
    path("letters/<int:pk>/", letter_views.letter, name="letter"),
    path("letters/<int:pk>/letter.pdf", letter_views.letter_pdf, name="letter_pdf"),
    path("letters/<int:pk>/all.pdf", letter_views.letters_pdf, name="letters_pdf"),
    path("letters/<int:pk>/pages/<int:number>/", letter_views.letter_page, name="letter_page"),
    path("opinions/start/<int:pk>/", opinion_views.start, name="opinion_start"),
    path("opinions/<int:pk>/draft/", opinion_views.draft, name="opinion_draft"),
    path("opinions/<int:pk>/autosave/", opinion_views.autosave, name="opinion_autosave"),
    path("opinions/<int:pk>/", opinion_views.opinion, name="opinion"),
    path("opinions/<int:pk>/send/", opinion_views.act, {"name": "send"}, name="opinion_send"),
    path("opinions/<int:pk>/give/", opinion_views.act, {"name": "give"}, name="opinion_give"),
    path("opinions/<int:pk>/recall/", opinion_views.act, {"name": "recall"}, name="opinion_recall"),
    path("opinions/<int:pk>/return/", opinion_views.send_back, name="opinion_return"),
    path("opinions/<int:pk>/opinion.pdf", opinion_views.opinion_pdf, name="opinion_pdf"),
]
