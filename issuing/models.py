"""Nouns of issuing many at once: a batch, and the replies in it with what became of each."""

import datetime as dt

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_scopes import ScopedManager

from office import clock
from organizations.models import Assembly, Bureau, Post
from replies.models import IssuedLetter, Reply

# A worker that says nothing for so long is gone, and another one goes on.
LEASE = dt.timedelta(seconds=30)


class Batch(models.Model):
    """Signed replies of one bureau that are numbered and issued one after another (批量印发)."""

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("batch", "under way")
        CANCELLED = "cancelled", pgettext_lazy("batch", "stopped")
        DONE = "done", pgettext_lazy("batch", "finished")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    proof = models.CharField(
        max_length=20, blank=True
    )  # how the seal keeper proved to be there when it began
    dated = models.DateField(_("date of the letters"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Who works at it: a worker's own name and how long it holds it unless it says more.
    worker = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    objects = ScopedManager(assembly="assembly")

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.bureau} · {self.dated}"

    def get_absolute_url(self) -> str:
        return reverse("issuing:batch", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_idle(self) -> bool:
        """Whether there is work and nobody at it."""
        return self.is_running and (self.lease_until is None or self.lease_until < clock.now())


class BatchItem(models.Model):
    """One reply of a batch."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("in a batch", "waiting")
        ISSUED = "issued", pgettext_lazy("in a batch", "issued")
        REFUSED = "refused", pgettext_lazy("in a batch", "not issued")

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()  # the one that was signed when the batch was made
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    said = models.TextField(blank=True)  # why it was not issued
    letter = models.OneToOneField(IssuedLetter, models.PROTECT, null=True, related_name="+")
    objects = ScopedManager(assembly="assembly")

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "reply"], name="batch_reply"),
            models.CheckConstraint(
                condition=~models.Q(state="issued") | models.Q(letter__isnull=False), name="batch_letter"
            ),
        ]
