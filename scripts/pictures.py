"""Takes the pictures of the documentation from a running demo: `.venv/bin/python scripts/pictures.py`.

Start the demo first (make run, freshly loaded). Pages are photographed as the demo's people see them, in Chinese.
"""

import json
import os
import sys
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
SAMPLE = "推进协商民主，优化基层自治"
MERGED = "上下学交通安全"


def signed_in(browser: Browser, base: str, username: str, size: ViewportSize) -> Page:
    """Return a page of this person's, at the desk."""
    page = browser.new_context(base_url=base, viewport=size).new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", json.loads((VAR / "demo-signin.json").read_text())["password"])
    page.click("main form button")
    page.wait_for_load_state()
    return page


def take(page: Page, name: str, address: str = "") -> None:
    """Photograph a page, after its letters' pages have come."""
    if address:
        page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}.png")
    print(f"docs/pictures/{name}.png")


def row_link(page: Page, ending: str) -> str:
    """Return the address of the first button on the desk that leads to a page like this."""
    return str(page.locator(f'main .desk-rows a.btn[href$="{ending}"]').first.get_attribute("href"))


def open_case_with(page: Page, cases: str, link: str) -> None:
    """Open the first case of a list whose page has such a link."""
    page.goto(cases)
    for address in [row.get_attribute("href") for row in page.locator("main .t a").all()]:
        page.goto(str(address))
        if page.locator(link).count():
            return
    raise LookupError(link)


def paper(page: Page, name: str, link: str) -> None:
    """Keep the first page of a printed form that a page leads to."""
    address = page.locator(link).first.get_attribute("href")
    pdf = pypdfium2.PdfDocument(page.request.get(str(address)).body())
    pdf[0].render(scale=1.2).to_pil().save(TARGET / f"{name}.png")
    print(f"docs/pictures/{name}.png")


def of_versions(clerk: Page) -> None:
    """Photograph how two states of a draft are compared, and everyone's changes by name."""
    clerk.goto("/")
    draft = row_link(clerk, "/draft/")
    take(clerk, "compare", draft.replace("/draft/", "/compare/?a=s1&b=v1"))
    take(clerk, "marked", draft.replace("/draft/", "/by-person/"))


def of_issuing(keeper: Page) -> None:
    """Photograph the list of signed replies that are issued at once; its clerk keeps the seal as well."""
    keeper.locator("details.who summary").click()
    keeper.locator('form[action$="/wear/"] button:not([aria-current])').first.click()
    keeper.wait_for_load_state()
    take(keeper, "batch", "/issuing/")


def of_portal(browser: Browser, base: str, reviewer: Page) -> None:
    """Photograph what may be published, and what everyone reads."""
    take(reviewer, "board", "/publications/")
    for name, size in (("public", WIDE), ("public-phone", PHONE)):
        page = browser.new_context(base_url=base, viewport=size).new_page()
        page.goto(f"/public/430611/?q={SAMPLE}")
        take(page, name, str(page.locator("main h2 a").first.get_attribute("href")))


def main(base: str) -> None:
    """Photograph the way of a case, and the pages of the published letter."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        clerk = signed_in(browser, base, "jiajm", WIDE)
        take(clerk, "desk", "/")
        take(clerk, "draft", row_link(clerk, "/draft/"))
        of_versions(clerk)
        writer = signed_in(browser, base, "maiqc", WIDE)
        take(writer, "write", row_link(writer, "/edit/"))
        filer = signed_in(browser, base, "jiangwd", WIDE)
        filer.goto(f"/proposals/?q={SAMPLE}")
        filer.locator("main td a, main .t a").first.click()
        take(filer, "case")
        reviewer = signed_in(browser, base, "luwq", WIDE)
        take(reviewer, "review", str(reviewer.locator("main .desk-rows td.t a").first.get_attribute("href")))
        dispatcher = signed_in(browser, base, "shuicq", WIDE)
        take(dispatcher, "assign", row_link(dispatcher, "/assign/"))
        take(dispatcher, "dispatch", "/proposals/dispatch/")
        dispatcher.goto(f"/proposals/?q={MERGED}")
        dispatcher.locator("main .t a").first.click()
        take(dispatcher, "merged")
        paper(dispatcher, "paper-assignment", 'main a[href*="/papers/assignments/"]')
        asker = signed_in(browser, base, "luwq", WIDE)
        open_case_with(asker, "/proposals/?state=answered", 'main a[href$="/form.pdf"]')
        paper(asker, "paper-questionnaire", 'main a[href$="/form.pdf"]')
        leader = signed_in(browser, base, "fenggx", PHONE)
        address = str(leader.locator("main .desk-rows a.btn").first.get_attribute("href"))
        take(leader, "sign-phone", address)
        take(signed_in(browser, base, "fenggx", WIDE), "read", address)
        of_issuing(signed_in(browser, base, "cenyc", WIDE))
        of_portal(browser, base, asker)
        letter = str(filer.locator('main a[href*="/replies/letters/"]').first.get_attribute("href"))
        address = letter.split("letter.pdf")[0]
        for number in (1, 2, 3):
            picture = filer.request.get(f"{base}{address}pages/{number}/").body()
            (TARGET / f"letter-{number}.png").write_bytes(picture)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
