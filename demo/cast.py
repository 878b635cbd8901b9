"""The demo's assembly, its units and its people, made from demo/data/assembly.json."""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password
from django_scopes import scope

from accounts.models import User
from office.models import DeadlineRule
from organizations import services
from organizations.models import (
    BODY_OF,
    Assembly,
    Bureau,
    Committee,
    Dispatcher,
    LetterProfile,
    ListItem,
    Post,
    Session,
)
from outcomes.models import Feedback

IN_OFFICE_SINCE = dt.date(2021, 1, 1)
# The published letter's two names stand for their own case alone; the bureau's other cases have made-up people.
SAMPLE_BUREAU, SAMPLE_NAMES = "区民政局", ("贾济民", "冯广兴")
# The district's own form and wording, as in its published replies.
PROFILE = {
    "form": LetterProfile.Form.PLAIN,
    "title": "对{place}政协{session}第{number}号提案的\n答 复",
    "opening": "{you}提出的《{title}》收悉，感谢{you}对我们工作的关心与支持。现答复如下：",
    "closing": "再次感谢{you}对我们工作的关心和支持，也真诚希望{you}对我局以后的工作提出更多宝贵的意见和建议。",
    "contacts": "承办负责人：{leader}\n承办人及联系人电话：{clerk} {phone}",
}


class Cast:
    """Who plays in one assembly; posts, units and list entries found by their short names."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        related = ("user", "committee", "bureau", "dispatcher", "assembly")
        self.posts = list(Post.objects.filter(assembly=assembly).select_related(*related))
        self.bureaus = {row.short_name: row for row in Bureau.objects.filter(assembly=assembly)}
        self.items = {(row.list, row.key): row for row in ListItem.objects.filter(assembly=assembly)}

    def post(self, role: str, body: str = "") -> Post:
        """The first post of a role, in a body where one is named."""
        return next(p for p in self.posts if p.role == role and body in ("", p.body_name))

    def members(self) -> list[Post]:
        """The members, in the order of their posts."""
        return [p for p in self.posts if p.role == "member"]

    def owner_of(self, row: Feedback) -> Post:
        """Who judges a reply: the body's filer, or the member."""
        if row.member:
            return next(p for p in self.members() if p.user_id == row.member.user_id)
        return next(p for p in self.posts if p.role == "filer" and p.committee_id == row.committee_id)

    def bureau(self, short_name: str) -> Bureau:
        return self.bureaus[short_name]

    def item(self, list_name: str, key: str) -> ListItem:
        return self.items[list_name, key]

    def writer(self, role: str, case: dict[str, Any]) -> Post:
        """Who of the bureau deals with this case: the published names only with the published case."""
        body = case["suggested_bureau"]
        posts = [p for p in self.posts if p.role == role and p.body_name == body]
        is_sample = case.get("is_sample", False)
        fitting = [p for p in posts if body != SAMPLE_BUREAU or (p.user.name in SAMPLE_NAMES) == is_sample]
        return (fitting or posts)[0]


def assembly_from(facts: dict[str, Any]) -> Assembly:
    """Open one demo assembly with its units and the district's own letters; sessions come in their time."""
    basics = {name: facts[name] for name in ("code", "name", "short_name", "place")}
    assembly = services.assembly_open(**basics, is_demo=True, needs_second_factor=False)
    with scope(assembly=assembly):
        _add_units(assembly, facts)
        _use_district_ways(assembly, facts.get("letter", {}))
    return assembly


def _add_units(assembly: Assembly, facts: dict[str, Any]) -> None:
    for row in facts["committees"]:
        Committee.objects.create(assembly=assembly, **row)
    for row in facts["bureaus"]:
        names = {name: row[name] for name in ("name", "short_name", "number_word", "opinion_word")}
        bureau = Bureau.objects.create(assembly=assembly, printed_by=row["office"], **names)
        if "letter" in row:
            LetterProfile.objects.create(assembly=assembly, bureau=bureau, **PROFILE | row["letter"])
    Dispatcher.objects.create(assembly=assembly, **facts["dispatcher"])


def _use_district_ways(assembly: Assembly, letter: dict[str, str]) -> None:
    """The district's own form of letter, or what this assembly has otherwise; and its fixed date."""
    LetterProfile.objects.filter(assembly=assembly, bureau=None).update(**PROFILE | letter)
    # The district's fixed date for the proposals of the plenary session.
    DeadlineRule.objects.filter(assembly=assembly, applies=DeadlineRule.Applies.PLENARY).update(
        unit=DeadlineRule.Unit.FIXED, length=None, fixed_month=5, fixed_day=25
    )


def session_opens(assembly: Assembly, facts: dict[str, Any]) -> Session:
    """Open a session of the assembly as the current one."""
    Session.objects.filter(assembly=assembly).update(is_current=False)
    days = ("opens", "closes", "filing_deadline")
    row = {name: dt.date.fromisoformat(facts[name]) for name in days}
    return Session.objects.create(
        assembly=assembly, name=facts["name"], first_number=facts["first_number"], **row
    )


def people_from(assembly: Assembly, people: list[dict[str, Any]], password: str) -> None:
    """Give every person of the demo an account and the posts; all share the password made at this load."""
    encoded = make_password(password)
    bodies: dict[str, Any] = {"": None}
    for model in (Committee, Bureau, Dispatcher):
        bodies |= {row.short_name: row for row in model.objects.filter(assembly=assembly)}
    for person in people:
        user = User.objects.create(username=person["username"], name=person["name"], password=encoded)
        for post in person["posts"]:
            services.post_give(by=None, post=_post(assembly, user, person, post, bodies))


def _post(
    assembly: Assembly, user: User, person: dict[str, Any], post: dict[str, Any], bodies: dict[str, Any]
) -> Post:
    body = {BODY_OF[post["role"]]: bodies[post["body"]]} if post["role"] in BODY_OF else {}
    return Post(
        assembly=assembly,
        user=user,
        role=post["role"],
        title=post["title"],
        phone=person["phone"],
        since=IN_OFFICE_SINCE,
        **body,
    )
