"""GitHub's REST API for one repository, as far as these scripts need it.

In: GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN. Out: what GitHub answers, or `Refused` with the reason.
An error must never hold the token.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request

PAGE = 100
MOST_PAGES = 50
TIMEOUT_S = 30


class Refused(Exception):
    """GitHub said no, or nothing."""


def pages(path: str, query: str = "") -> list[dict[str, object]]:
    """All items of a list, the oldest first."""
    found: list[dict[str, object]] = []
    for page in range(1, MOST_PAGES + 1):
        items = call("GET", f"{path}?{query}per_page={PAGE}&page={page}")
        if not isinstance(items, list):
            raise Refused(f"GitHub did not answer {path} with a list")
        found += items
        if len(items) < PAGE:
            break
    return found


def call(method: str, path: str, body: object = None) -> object:
    """One call; raises `Refused`."""
    base = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    request = urllib.request.Request(  # noqa: S310 - GitHub's own runner says where its API is
        f"{base}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}",
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310 - as above
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Refused(f"GitHub refused {method} {path}: {error.code} {error.reason}") from None
    except (OSError, ValueError) as error:
        raise Refused(f"GitHub could not be asked, {method} {path}: {type(error).__name__}") from None
