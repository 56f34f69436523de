"""What becomes of a sync by what robots.txt answers (RFC 9309, 2.3.1)."""

import pytest

from tests.knowledge.sync.site_desk import SiteDesk, good
from tests.websites import Answer, Website, manual

BOOK = manual(6)
RULES = "User-agent: *\nDisallow: /"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_without_a_file_all_is_read(site_desk: SiteDesk, site: Website, status: int) -> None:
    site.put(BOOK.all_html())
    site.robots(RULES, status=status)
    source = site_desk.add(site)
    assert source["last_sync"]["state"] == "done"
    assert good(site_desk.pages(source)) == set(BOOK.pages)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(RULES.encode(), 503),
        Answer(RULES.encode(), 429),
        Answer(raw=b""),
        Answer(b"", 302, {"Location": "http://192.168.1.1/robots.txt"}),
    ],
    ids=["503", "429", "cut off", "to a private address"],
)
def test_while_it_cannot_be_had_nothing_is_asked_for_and_nothing_changes(
    site_desk: SiteDesk, site: Website, answer: Answer
) -> None:
    site.put(BOOK.all_html())
    source = site_desk.add(site)
    before = site_desk.documents(source)
    site.answer("/robots.txt", answer)
    site.forget_requests()
    sync = site_desk.sync(source)
    assert sync["state"] == "failed"
    assert "robots.txt" in sync["error"]
    assert set(site.asked()) == {"/robots.txt"}
    assert (sync["changed"], sync["removed"]) == (0, 0)
    assert site_desk.documents(source) == before


def test_rules_of_another_host_hold_for_the_site_that_leads_to_them(
    site_desk: SiteDesk, site: Website
) -> None:
    secret = BOOK.topics()[0].path
    site.put(BOOK.all_html())
    with Website("127.0.0.2") as other:
        other.robots(f"User-agent: *\nDisallow: {secret}")
        site.redirect("/robots.txt", f"{other.url}/robots.txt", status=301)
        source = site_desk.add(site)
    assert secret not in site.asked()
    assert good(site_desk.pages(source)) == set(BOOK.pages) - {secret}
