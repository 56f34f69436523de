"""Pages to fetch, and short ways to expect an outcome."""

from answerdesk.knowledge.website.outcomes import PageFailed, PageFetched, PageOutcome

PAGE = (
    "<!doctype html><title>Prices</title><main><h1>Prices</h1><p>A room costs 90 euros.</p></main>"
)
SHELL = '<!doctype html><title>App</title><div id="root"></div><script src="/app.js"></script>'


def failed(outcome: PageOutcome) -> PageFailed:
    assert isinstance(outcome, PageFailed), outcome
    assert outcome.reason
    return outcome


def fetched(outcome: PageOutcome) -> PageFetched:
    assert isinstance(outcome, PageFetched), outcome
    return outcome
