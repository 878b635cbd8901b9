"""Addresses of what follows an answer: deliveries, questionnaires, promises, the archive."""

from django.urls import path

from outcomes import commitment_views, delivery_views, feedback_views, follow_up_views

app_name = "outcomes"
urlpatterns = [
    path("letters/<int:pk>/deliver/", delivery_views.deliver, name="deliver"),
    path("letters/<int:pk>/deliveries/", delivery_views.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/receipt/", delivery_views.receipt, name="receipt"),
    path("deliveries/<int:pk>/receipt/scan/", delivery_views.receipt_scan, name="receipt_scan"),
    path("copies/<int:pk>/received/", delivery_views.confirm, name="confirm"),
    path("questionnaires/", feedback_views.to_ask, name="to_ask"),
    path("questionnaires/<int:pk>/", feedback_views.answer, name="answer"),
    path("questionnaires/<int:pk>/paper/", feedback_views.paper, name="paper"),
    path("questionnaires/<int:pk>/read/", feedback_views.read, name="read"),
    path("questionnaires/<int:pk>/scan/", feedback_views.scan, name="scan"),
    path("questionnaires/<int:pk>/form.pdf", feedback_views.form_pdf, name="form_pdf"),
    path("questionnaires/<int:pk>/link/", feedback_views.relink, name="relink"),
    path("q/<str:token>/", feedback_views.by_link, name="by_link"),
    path("promises/", commitment_views.commitments, name="commitments"),
    path("promises/<int:pk>/", commitment_views.commitment, name="commitment"),
    path("promises/<int:pk>/done/", commitment_views.done, name="commitment_done"),
    path("promises/<int:pk>/follow-up/", follow_up_views.write, name="follow_up"),
    path("promises/follow-ups/<int:pk>/letters.pdf", follow_up_views.letters, name="follow_up_pdf"),
    path("promises/notes/<int:pk>/proof/", commitment_views.proof, name="commitment_proof"),
    path("letters/<int:pk>/promise/", commitment_views.add, name="commitment_add"),
    path("letters/<int:pk>/nothing-promised/", commitment_views.nothing, name="commitment_none"),
    path("cases/<int:pk>/archive.pdf", delivery_views.archive, name="archive"),
]
