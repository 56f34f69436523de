"""The script of the tag and the page in its frame over HTTP: what they refuse and tell."""

import gzip
import json
import re
from typing import Any

import httpx
import pytest

from tests.conftest import Desk
from tests.dialects.keys import key_of
from tests.entrypoints.test_pages import HOSTILE, UNKNOWN, policy_of

MOST_BYTES = 6 * 1024
SCRIPTS = ("/widget.js", "/nova-widget-sdk-v2.js")
NOBODYS: tuple[dict[str, str], ...] = (
    {},
    {"project": ""},
    {"project": f"proj_{UNKNOWN}"},
    {"project": "\x00"},
    {"project": HOSTILE},
    {"token": f"wk_live_{UNKNOWN}"},
    {"token": "wk_live_nothing"},
    {"token": "x" * 5000},
)


def change(desk: Desk, **settings: Any) -> None:
    changed = desk.owner.patch(desk.path, json={"settings": settings})
    assert changed.status_code == 200, changed.text


def bind(desk: Desk, website_url: str, **fields: Any) -> dict[str, Any]:
    made = desk.owner.post(f"{desk.path}/domains", json={"website_url": website_url, **fields})
    assert made.status_code == 201, made.text
    domain: dict[str, Any] = made.json()
    return domain


def embed(desk: Desk, **query: str) -> httpx.Response:
    return desk.visitor.get("/embed", params=query or {"project": desk.project_id})


def look(client: httpx.Client, **query: str) -> dict[str, Any]:
    """Return what a module exports."""
    response = client.get("/embed/look.js", params=query)
    assert response.status_code == 200, response.text
    found = re.fullmatch(r"export default (.+);\n", response.text)
    assert found, response.text
    told: dict[str, Any] = json.loads(found[1])
    return told


def told(page: httpx.Response) -> dict[str, Any]:
    """Return the settings in the frame's page."""
    assert page.status_code == 200, page.text
    found = re.search(r'<script type="application/json" id="settings">(.+?)</script>', page.text)
    assert found, page.text
    settings: dict[str, Any] = json.loads(found[1])
    return settings


@pytest.mark.parametrize("query", NOBODYS)
def test_an_unknown_chat_is_told_and_nothing_else(
    visitor: httpx.Client, query: dict[str, str]
) -> None:
    page = visitor.get("/embed", params=query)
    assert page.status_code == 404
    assert "This chat is not available" in page.text
    assert not re.search(r"<script|<a |alert", page.text)
    assert policy_of(page)["frame-ancestors"] == "*"
    told = look(visitor, **query)
    assert set(told) == {"refused"}
    assert told["refused"].startswith("There is no chat")


def test_a_deleted_projects_chat_is_gone(desk: Desk) -> None:
    token = bind(desk, "https://shop.example")["website_token"]
    assert desk.owner.delete(desk.path).status_code == 204
    for query in ({"project": desk.project_id}, {"token": token}):
        assert embed(desk, **query).status_code == 404
        assert "refused" in look(desk.visitor, **query)


@pytest.mark.parametrize("path", SCRIPTS)
def test_the_script_is_small_kept_and_open_to_every_page(visitor: httpx.Client, path: str) -> None:
    response = visitor.get(path, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    headers = response.headers
    assert int(headers["content-length"]) <= MOST_BYTES
    assert headers["content-encoding"] == "gzip"
    assert headers["content-type"].startswith("text/javascript")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "max-age=300" in headers["cache-control"]
    plain = visitor.get(path, headers={"Accept-Encoding": "identity"})
    assert plain.content == gzip.decompress(gzip.compress(response.content))
    assert "content-encoding" not in plain.headers
    again = visitor.get(path, headers={"If-None-Match": headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert visitor.head(path).status_code == 200


def test_both_names_are_one_script_and_lead_there_below_the_dialects_name(
    visitor: httpx.Client,
) -> None:
    first, second = (visitor.get(path) for path in SCRIPTS)
    assert first.content == second.content
    for path in SCRIPTS:
        led = visitor.get(f"/novachat{path}")
        assert (led.status_code, led.headers["location"]) == (308, path)


def test_without_a_list_any_site_may_frame_it(desk: Desk) -> None:
    page = embed(desk)
    policy = policy_of(page)
    assert policy["frame-ancestors"] == "*"
    assert policy["default-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == policy["form-action"] == "'none'"
    assert "x-frame-options" not in page.headers
    assert "set-cookie" not in page.headers
    assert not re.search(r"<style|<script>|\sstyle=|\son[a-z]+=", page.text)
    for path in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        file = desk.visitor.get(path)
        assert file.status_code == 200, path
        assert "immutable" in file.headers["cache-control"]
        assert file.headers["x-content-type-options"] == "nosniff"
        assert "immutable" not in desk.visitor.get(f"{path}0").headers["cache-control"]


def test_listed_origins_and_bound_websites_may_frame_it_and_no_others(desk: Desk) -> None:
    change(desk, allowed_origins=["https://a.example", "https://*.b.example"])
    expected = "'self' https://a.example https://*.b.example"
    assert policy_of(embed(desk))["frame-ancestors"] == expected
    token = bind(desk, "https://shop.example/en")["website_token"]
    bind(desk, "https://a.example/other")
    allowed = {"'self'", "https://a.example", "https://*.b.example", "https://shop.example"}
    for query in ({"project": desk.project_id}, {"token": token}):
        assert set(policy_of(embed(desk, **query))["frame-ancestors"].split()) == allowed
        for origin in ("https://a.example", "https://x.b.example", "https://shop.example"):
            assert "color" in look(desk.visitor, **query, origin=origin)
        for origin in ("https://b.example", "http://a.example", "null", "x" * 5000, HOSTILE):
            told = look(desk.visitor, **query, origin=origin)
            assert set(told) == {"refused"}
            assert "allowed origins" in told["refused"]
            # The list itself is nobody's business.
            assert "b.example" not in told["refused"].replace(origin, "")


def test_a_bound_website_alone_is_a_list(desk: Desk) -> None:
    bind(desk, "https://shop.example")
    assert policy_of(embed(desk))["frame-ancestors"] == "'self' https://shop.example"


@pytest.mark.parametrize(
    ("color", "ink"),
    [
        ("#2F5BEA", "#ffffff"),
        ("#ffd400", "#000000"),
        ("#000000", "#ffffff"),
        ("#ffffff", "#000000"),
        ("#757575", "#ffffff"),
        ("#777777", "#000000"),
    ],
)
def test_text_on_the_colour_is_readable(desk: Desk, color: str, ink: str) -> None:
    change(desk, look={"color": color, "position": "bottom-left"})
    shown = look(desk.visitor, project=desk.project_id)
    assert (shown["color"], shown["ink"], shown["position"]) == (color, ink, "bottom-left")
    in_frame = told(embed(desk))["look"]
    assert (in_frame["color"], in_frame["ink"], in_frame["position"]) == (color, ink, "bottom-left")


def test_the_page_has_the_projects_look_and_obeys_none_of_it(desk: Desk) -> None:
    change(
        desk,
        look={
            "welcome": f"Welcome {HOSTILE}",
            "quick_prompts": [f"Prices? {HOSTILE}"],
            "avatar": "https://cdn.example/a.png?x=;script-src *",
            "show_branding": False,
        },
    )
    page = embed(desk)
    assert not re.search(r"<script>|<img|<!--", page.text)
    assert page.text.count("</script>") == 2
    settings = told(page)
    assert settings["welcome"] == f"Welcome {HOSTILE}"
    assert settings["quickPrompts"] == [f"Prices? {HOSTILE}"]
    assert settings["look"]["showBranding"] is False
    assert policy_of(page)["img-src"] == "'self' data: https://cdn.example"
    assert policy_of(page)["script-src"] == "'self'"


@pytest.mark.parametrize(
    "avatar", ["https://user:word@cdn.example/a.png", "https://*.example/a.png"]
)
def test_an_avatar_whose_address_names_no_origin_is_left_out(desk: Desk, avatar: str) -> None:
    change(desk, look={"avatar": avatar})
    page = embed(desk)
    assert policy_of(page)["img-src"] == "'self' data:"
    assert told(page)["look"]["avatar"] is None
    assert "user:word" not in page.text


def test_every_look_setting_reaches_the_frame(desk: Desk) -> None:
    stops = [{"color": "#112233", "at": 0}, {"color": "#445566", "at": 62.5}]
    change(
        desk,
        look={
            "color": "#ffd400",
            "gradient_stops": stops,
            "position": "bottom-left",
            "welcome": "Ahoy",
            "quick_prompts": ["Open?", "Where?"],
            "avatar": "https://cdn.example/a.png",
            "show_branding": False,
            "custom_css": ".bubble::after { content: '</script><!--' }",
        },
        widget={"theme": "dark", "shares_subdomains": True, "offers_person": False},
        lead_capture={
            "enabled": True,
            "fields": ["phone", "name"],
            "message": "Reach you?",
            "consent_text": "I agree.",
        },
        office_hours={"timezone": "Europe/Berlin", "days": {"mon": []}},
    )
    settings = told(embed(desk))
    texts = settings.pop("texts")
    assert texts["composer.placeholder"] == "Ask a question"
    assert settings == {
        "project": desk.project_id,
        "websiteToken": None,
        "name": "Assistant",
        "locale": "en",
        "dir": "ltr",
        "look": {
            "color": "#ffd400",
            "ink": "#000000",
            "gradient": stops,
            "position": "bottom-left",
            "avatar": "https://cdn.example/a.png",
            "showBranding": False,
            "theme": "dark",
            "customCss": ".bubble::after { content: '</script><!--' }",
        },
        "welcome": "Ahoy",
        "quickPrompts": ["Open?", "Where?"],
        "hours": {"open": False, "opensAt": None},
        "offersPerson": False,
        "leadForm": {
            "fields": ["phone", "name"],
            "message": "Reach you?",
            "consentText": "I agree.",
        },
        "sharesSubdomains": True,
    }
    shown = look(desk.visitor, project=desk.project_id)
    assert (shown["gradient"], shown["theme"], shown["sharesSubdomains"]) == (stops, "dark", True)


def test_what_is_set_through_a_vendors_api_reaches_the_frame(desk: Desk) -> None:
    # The other vendors' APIs set no look.
    projects = [desk.project_id]
    noras = {
        "welcome_message": "Hello from Noras",
        "primary_color": "#4F46E5",
        "position": "bottom_left",
        "quick_prompts": ["Open?"],
        "show_branding": False,
    }
    widget = desk.project_id.replace("proj_", "widget_")
    key = key_of(desk.owner, "sk_", project_ids=projects)
    changed = desk.visitor.patch(f"/noras/api/widgets/{widget}", json=noras, headers=key)
    assert changed.status_code == 200, changed.text
    settings = told(embed(desk))
    assert settings["welcome"] == "Hello from Noras"
    assert settings["quickPrompts"] == ["Open?"]
    shape = settings["look"]
    assert (shape["color"], shape["position"]) == ("#4F46E5", "bottom-left")
    assert shape["showBranding"] is False
    chatorex = {
        "primary_color": "#112233",
        "position": "bottom-right",
        "welcome_message": "Hello from Chatorex",
        "quick_prompts": ["Closed?"],
        "lead_capture": {"enabled": True, "fields": ["email", "phone"], "message": "Stay close?"},
        "behavior": {"show_branding": True},
    }
    key = key_of(desk.owner, "sk_live_", project_ids=projects)
    changed = desk.visitor.put("/chatorex/api/widget-settings", json=chatorex, headers=key)
    assert changed.status_code == 200, changed.text
    settings = told(embed(desk))
    assert settings["welcome"] == "Hello from Chatorex"
    assert settings["quickPrompts"] == ["Closed?"]
    lead_form = {"fields": ["email", "phone"], "message": "Stay close?", "consentText": None}
    assert settings["leadForm"] == lead_form
    shape = settings["look"]
    assert (shape["color"], shape["position"]) == ("#112233", "bottom-right")
    assert shape["showBranding"] is True


def test_without_settings_of_its_own_the_frame_has_ours(desk: Desk) -> None:
    settings = told(embed(desk))
    assert settings["welcome"] == "Hi! Ask me anything about our docs."
    assert (settings["leadForm"], settings["offersPerson"]) == (None, True)
    assert settings["hours"] == {"open": True, "opensAt": None}
    assert (settings["look"]["theme"], settings["sharesSubdomains"]) == ("auto", False)


def test_a_websites_chat_is_its_own_agents(desk: Desk) -> None:
    sales = {"name": "Sales", "greeting": "Hello from sales."}
    made = desk.owner.post(f"{desk.path}/agents", json=sales)
    assert made.status_code == 201, made.text
    agent = made.json()["id"]
    token = bind(desk, "https://shop.example", agent=agent)["website_token"]
    settings = told(embed(desk, token=token))
    assert (settings["welcome"], settings["name"]) == ("Hello from sales.", "Sales")
    assert settings["websiteToken"] == token
    assert look(desk.visitor, token=token)["label"] == "Chat with Sales"
    assert "Hello from sales." not in embed(desk).text
    assert desk.owner.delete(f"{desk.path}/agents/{agent}").status_code == 204
    assert look(desk.visitor, token=token)["label"] == "Chat with Assistant"


def test_the_look_may_be_read_by_a_module_of_any_page(desk: Desk) -> None:
    response = desk.visitor.get("/embed/look.js", params={"project": desk.project_id})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["vary"] == "Accept-Language"


def in_language(desk: Desk, header: str, **query: str) -> dict[str, Any]:
    asked = {"project": desk.project_id, **query}
    return told(desk.visitor.get("/embed", params=asked, headers={"Accept-Language": header}))


def test_the_visitors_language_is_chosen_among_ours(desk: Desk) -> None:
    for header, locale, way in (
        ("", "en", "ltr"),
        ("xx, *;q=0.1", "en", "ltr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr", "ltr"),
        ("en;q=0.4, ja;q=0.5", "ja", "ltr"),
        ("ar-EG", "ar", "rtl"),
        ("de;q=0, es", "es", "ltr"),
        (";;;q=q, " + "x" * 5000, "en", "ltr"),
    ):
        settings = in_language(desk, header)
        assert (settings["locale"], settings["dir"]) == (locale, way), header
    # What the website says comes before what the browser asks for.
    assert in_language(desk, "de", locale="fr-CH")["locale"] == "fr"
    assert in_language(desk, "de", locale="<script>" * 100)["locale"] == "de"
    page = desk.visitor.get("/embed", params={"project": desk.project_id, "locale": "ar"})
    assert '<html lang="ar" dir="rtl">' in page.text
    asked = {"project": desk.project_id, "locale": "de"}
    assert look(desk.visitor, **asked)["label"] == "Chat mit Assistant"


def test_the_owner_says_which_languages_are_offered_and_which_is_usual(desk: Desk) -> None:
    change(desk, languages={"offered": ["de", "fr-CA"], "default": "de"})
    for header, locale in (("fr", "fr"), ("en", "de"), ("es,de;q=0.1", "de")):
        assert in_language(desk, header)["locale"] == locale
    change(desk, languages={"offered": ["ko"], "default": None})
    assert in_language(desk, "de")["locale"] == "en"


def test_the_owners_texts_stand_over_ours(desk: Desk) -> None:
    change(
        desk,
        look={"welcome": "Hello there."},
        widget={
            "texts": {
                "de": {"composer.send": "Los", "welcome.text": "Moin!"},
                "de-AT": {"composer.send": "Auf geht's"},
                "pt-BR": {"composer.send": "Enviar já"},
            }
        },
    )
    german = in_language(desk, "de-DE")
    assert (german["welcome"], german["texts"]["composer.send"]) == ("Moin!", "Los")
    austrian = in_language(desk, "de-AT")
    assert (austrian["locale"], austrian["welcome"]) == ("de-AT", "Moin!")
    assert austrian["texts"]["composer.send"] == "Auf geht's"
    assert austrian["texts"]["composer.stop"] == "Anhalten"
    brazilian = in_language(desk, "pt-BR")
    assert brazilian["locale"] == "pt-BR"
    assert brazilian["texts"]["composer.send"] == "Enviar já"
    assert brazilian["texts"]["composer.stop"] == "Stop"
    assert in_language(desk, "en")["welcome"] == "Hello there."


def test_a_preview_shows_what_is_not_saved_and_keeps_nothing(desk: Desk) -> None:
    path = f"/embed/preview/{desk.project_id}"
    assert desk.visitor.post(path, json={}).status_code == 401
    for body in ({"settings": {"look": {"color": "red"}}}, {"name": "x"}, {"locale": "x" * 36}):
        refused = desk.owner.post(path, json=body)
        assert refused.status_code == 422, refused.text
    refused = desk.owner.post(path, json={"settings": {"look": {"color": "red"}}})
    assert "settings.look.color" in refused.json()["detail"]
    tried = {"look": {"color": "#123456"}, "widget": {"texts": {"fr": {"composer.send": "Hop"}}}}
    shown = desk.owner.post(path, json={"settings": tried, "locale": "fr"})
    assert shown.status_code == 200, shown.text
    assert shown.json()["look"]["color"] == "#123456"
    assert shown.json()["texts"]["composer.send"] == "Hop"
    saved = told(embed(desk))
    assert saved["look"]["color"] == "#2F5BEA"
    page = desk.visitor.get("/embed/preview")
    # It could not send anything, even if it wanted to.
    assert policy_of(page)["connect-src"] == "'none'"
    assert policy_of(page)["frame-ancestors"] == "'self'"
    assert 'id="settings">null</script>' in page.text


def test_the_test_page_carries_the_tag_under_a_strict_policy(desk: Desk) -> None:
    change(desk, allowed_origins=["https://shop.example"])
    page = desk.visitor.get("/widget/test", params={"project": desk.project_id})
    assert page.status_code == 200
    tag = desk.owner.get(desk.path).json()["tag"]
    assert tag in page.text
    policy = policy_of(page)
    assert policy["frame-ancestors"] == policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["frame-src"]
    odd = {"Host": "desk.example;script-src *"}
    page = desk.visitor.get("/widget/test", params={"project": desk.project_id}, headers=odd)
    assert "*" not in policy_of(page)["script-src"]
    # Our own pages may show every chat, whatever is listed.
    ours = str(desk.visitor.base_url).rstrip("/")
    assert "color" in look(desk.visitor, project=desk.project_id, origin=ours)
    for project in ("", "proj_nothing", f"proj_{UNKNOWN}", HOSTILE):
        missing = desk.visitor.get("/widget/test", params={"project": project})
        assert missing.status_code == 404
        assert "There is no such project" in missing.text
