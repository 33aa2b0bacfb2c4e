"""Tells people on GitHub: one comment of a pull request, or one issue, which are updated in place.

In: `comment NUMBER FILE` or `issue TITLE FILE`; GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN. Out: calls of GitHub's
REST API. The text begins with a mark by which it is found again. Nothing else of a repository is read or run.
It must never write a second one: the newest of its own that bears the mark is updated.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rest import Refused, call, pages


def main() -> int:
    """0 if people have been told, 1 with the reason on stderr."""
    asked = argparse.ArgumentParser()
    kinds = asked.add_subparsers(dest="kind", required=True)
    comment = kinds.add_parser("comment")
    comment.add_argument("number", type=int)
    comment.add_argument("file", type=Path)
    issue = kinds.add_parser("issue")
    issue.add_argument("title")
    issue.add_argument("file", type=Path)
    issue.add_argument("--over", action="store_true", help="There is nothing to tell any more: close it.")
    options = asked.parse_args()
    text = options.file.read_text("utf-8")
    try:
        if options.kind == "comment":
            tell_comment(options.number, text)
        else:
            tell_issue(options.title, text, over=options.over)
    except Refused as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def tell_comment(number: int, text: str) -> None:
    """Write the comment, or the newer text over it."""
    mine = [item for item in pages(f"issues/{number}/comments") if own(item, text)]
    if not mine:
        call("POST", f"issues/{number}/comments", {"body": text})
    elif mine[-1]["body"] != text:
        call("PATCH", f"issues/comments/{mine[-1]['id']}", {"body": text})


def tell_issue(title: str, text: str, *, over: bool) -> None:
    """Open the issue, write the newer text over it, or close it."""
    mine = [item for item in pages("issues", "state=open&") if own(item, text) and "pull_request" not in item]
    if not mine:
        if not over:
            call("POST", "issues", {"title": title, "body": text})
    elif over:
        call("PATCH", f"issues/{mine[0]['number']}", {"body": text, "state": "closed", "state_reason": "completed"})
    elif mine[0]["body"] != text:
        call("PATCH", f"issues/{mine[0]['number']}", {"body": text})


def own(item: dict[str, object], text: str) -> bool:
    """Whether a bot wrote it, and it bears the text's mark: what a person wrote is never overwritten."""
    user = item.get("user")
    bot = isinstance(user, dict) and user.get("type") == "Bot"
    return bot and str(item.get("body") or "").startswith(text.partition("\n")[0])


if __name__ == "__main__":
    sys.exit(main())
