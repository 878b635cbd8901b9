"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepliesConfig(AppConfig):
    name = "replies"
    verbose_name = _("Replies")

    def ready(self) -> None:
        from office.events import SENTENCES
        from replies import opinion_workflow, remark_telling, telling, void_services, workflow

        workflow.REPLY.register_sentences()
        opinion_workflow.OPINION.register_sentences()
        SENTENCES.update(workflow.OTHER_SENTENCES | opinion_workflow.OTHER_SENTENCES)
        SENTENCES.update(void_services.EVENT_SENTENCES)
        telling.register()
        remark_telling.register()
