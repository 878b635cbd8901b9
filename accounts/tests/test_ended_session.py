"""Where a person lands after a sign-in that an ended session asked for."""

import pytest
from django.test import Client

from tests.factories import World

pytestmark = pytest.mark.django_db


def next_after(response):
    return response["Location"].partition("next=")[2].replace("%2F", "/")


def test_a_page_asked_for_comes_after_the_sign_in():
    assert next_after(Client().get("/proposals/")) == "/proposals/"


def test_an_act_sent_too_late_leads_back_to_the_page_it_was_sent_from():
    case = World().submitted()
    address = f"/proposals/{case.pk}/file/"

    response = Client().post(address, headers={"referer": f"http://testserver/cases/{case.pk}/"})

    assert next_after(response) == f"/cases/{case.pk}/"
    assert next_after(Client().post(address)) == "/"
    assert next_after(Client().post(address, headers={"referer": "https://elsewhere.example/x"})) == "/"


def test_a_fetch_is_told_that_the_session_ended():
    response = Client().post("/proposals/1/autosave/", headers={"X-Requested-With": "fetch"})

    assert response.status_code == 401
    assert response.json()["sign_in"] == "/accounts/login/"
