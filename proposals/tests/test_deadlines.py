"""Dates of assignments stay with the rules of their day."""

import datetime as dt

from office.models import DeadlineRule
from proposals import services
from proposals.models import Assignment


def test_a_rule_changed_in_mid_course_leaves_old_cases_alone(world):
    old = world.assigned()
    with world.scope():
        DeadlineRule.objects.filter(step="reply").update(unit=DeadlineRule.Unit.DAYS, length=3)
        services.assignment_sign_in(assignment_id=old.pk, post=world.clerk)
        assert Assignment.objects.get(pk=old.pk).due_on == old.due_on
        new = world.assigned()
        assert new.due_on == new.counted_from + dt.timedelta(3)
