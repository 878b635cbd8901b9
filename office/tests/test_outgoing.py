"""The way out: a real mail server and a real web server; down, up again, and everything sent once."""

import datetime as dt
import json
import socket
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from office import clock, notices, outgoing
from office.models import Outgoing
from tests import factories
from tests.told import chooses, take_away, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]


class Letters:
    """What the mail server took in."""

    def __init__(self) -> None:
        self.taken: list = []

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.taken.append((envelope.rcpt_tos, message["Subject"].strip(), message.get_content()))
        return "250 taken"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def mail_server(settings):
    """A mail server that is not started yet: (its letters, start)."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.SITE_URL = "https://dafu.example.org"
    letters = Letters()
    server = Controller(letters, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    yield letters, server.start
    if server.server:
        server.stop()


@pytest.fixture
def hook(settings):
    """A web server that keeps what is posted; `answers` holds the codes that it gives, 200 at the end."""

    class Hook(BaseHTTPRequestHandler):
        taken: list = []
        answers: list = []

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.taken.append((self.headers["X-Dafu-Signature"], body))
            self.send_response(self.answers.pop(0) if self.answers else 200)
            self.end_headers()

        def log_message(self, *said):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.NOTICE_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/dafu"
    settings.NOTICE_WEBHOOK_SECRET = "a secret"
    yield Hook
    server.shutdown()
    server.server_close()


def only(world) -> Outgoing:
    with world.scope():
        return Outgoing.objects.get()


def later(**much) -> dt.datetime:
    return timezone.now() + dt.timedelta(**much)


def test_mail_waits_for_a_server_that_is_down_and_is_sent_once(world, mail_server):
    letters, start = mail_server
    chooses(world.dispatcher, "mail")
    case = world.filed()
    tell(world, case, world.dispatcher, title="议\n事会")
    assert outgoing.send_due() == (0, 1)
    row = only(world)
    assert (row.tries, row.sent_at, row.failed_at) == (1, None, None)
    assert "ConnectionRefused" in row.error
    start()
    assert outgoing.send_due() == (0, 0), "not before its minute is over"
    with clock.at(later(minutes=2)):
        assert outgoing.send_due() == (1, 0)
        assert outgoing.send_due() == (0, 0)
    [(to, subject, text)] = letters.taken
    assert to == ["clerk@example.org"]
    assert subject == "[答复] 区民政局 said something about 议 事会"
    assert f"https://dafu.example.org/proposals/{case.pk}/" in text


def test_a_message_is_given_up_after_the_last_wait(world, mail_server):
    chooses(world.dispatcher, "mail")
    tell(world, world.filed(), world.dispatcher)
    moment = timezone.now()
    for minutes in (*outgoing.WAITS, 0):
        with clock.at(moment):
            assert outgoing.send_due() == (0, 1)
        moment += dt.timedelta(minutes=minutes)
    row = only(world)
    assert row.tries == 6
    assert row.failed_at
    with clock.at(later(days=30)):
        assert outgoing.send_due() == (0, 0)


def test_a_server_that_is_down_costs_a_run_three_tries(world, mail_server):
    chooses(world.dispatcher, "mail")
    case = world.filed()
    for _number in range(5):
        tell(world, case, world.dispatcher)
    assert outgoing.send_due() == (0, 3)
    assert outgoing.send_due() == (0, 2)


def test_mail_is_in_the_persons_language(world, mailoutbox):
    chooses(world.dispatcher, "mail")
    type(world.dispatcher.user).objects.filter(pk=world.dispatcher.user_id).update(language="zh-hans")
    notices.WORDS["test.said"] = factories.Role.CLERK.label  # a lazy word that is translated
    tell(world, world.filed(), world.dispatcher)
    outgoing.send_due()
    assert mailoutbox[0].subject == "[答复] 经办人"


def test_what_the_guard_hides_is_not_sent(world, mailoutbox):
    chooses(world.dispatcher, "mail")
    case = world.filed()
    tell(world, case, world.dispatcher)
    take_away(world, case)
    assert outgoing.send_due() == (1, 0)
    assert mailoutbox == []


@pytest.mark.parametrize("what", ["ended", "closed", "read"])
def test_who_left_or_has_read_it_gets_no_mail(world, mailoutbox, what):
    chooses(world.dispatcher, "mail")
    tell(world, world.filed(), world.dispatcher)
    with world.scope():
        if what == "ended":
            world.dispatcher.until = clock.today() - dt.timedelta(1)
            world.dispatcher.save()
        elif what == "closed":
            world.dispatcher.user.is_active = False
            world.dispatcher.user.email = "clerk@example.org"
            world.dispatcher.user.save()
        else:
            notices.mark_all_read(world.dispatcher)
    outgoing.send_due()
    assert mailoutbox == []


def test_two_posts_of_one_person_get_one_mail(world, mailoutbox):
    second = factories.post(world.assembly, factories.Role.REVIEWER, user=world.dispatcher.user)
    chooses(world.dispatcher, "mail")
    assert tell(world, world.filed(), world.dispatcher, second) == 2
    outgoing.send_due()
    [mail] = mailoutbox
    assert mail.body.count("said something") == 1


def test_the_daily_mail_gathers_what_came_before_eight(world, mailoutbox):
    chooses(world.dispatcher, "digest")
    case = world.filed()
    evening = timezone.localtime().replace(hour=20, minute=0)
    with clock.at(evening):
        tell(world, case, world.dispatcher)
        tell(world, case, world.dispatcher, title="路灯")
        assert (outgoing.gather_digests(), outgoing.send_due()) == (0, (0, 0))
    with clock.at(evening + dt.timedelta(hours=11, minutes=59)):
        assert outgoing.gather_digests() == 0
    with clock.at(evening + dt.timedelta(hours=12)):
        assert (outgoing.gather_digests(), outgoing.send_due()) == (1, (1, 0))
        assert (outgoing.gather_digests(), outgoing.send_due()) == (0, (0, 0))
    [mail] = mailoutbox
    assert mail.subject == "[答复] 2 notices"
    assert mail.body.index("议事会") < mail.body.index("路灯")


def test_the_webhook_gets_signed_json_and_is_tried_again(world, hook):
    hook.answers.append(503)
    case = world.filed()
    tell(world, case, world.dispatcher, world.reviewer)
    assert outgoing.send_due() == (0, 1)
    with clock.at(later(minutes=2)):
        assert outgoing.send_due() == (1, 0)
        assert outgoing.send_due() == (0, 0)
    assert len(hook.taken) == 2
    signature, body = hook.taken[-1]
    assert signature == outgoing.signature(body)
    assert len(signature) == len("sha256=") + 64
    message = json.loads(body)
    assert message["assembly"] == world.assembly.code
    assert message["id"] == only(world).pk
    people = {world.dispatcher.user.username, world.reviewer.user.username}
    assert {told["user"] for told in message["notices"]} == people
    assert message["notices"][0]["text"] == "区民政局 said something about 议事会"


def test_the_webhook_is_not_told_what_the_guard_hides(world, hook):
    case = world.filed()
    tell(world, case, world.dispatcher)
    take_away(world, case)
    assert outgoing.send_due() == (1, 0)
    assert hook.taken == []
