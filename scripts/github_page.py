"""A pull request's comment as GitHub shows it: its Markdown, in a frame and a style that look like GitHub's.

In: a comment as `plan --format markdown` writes it. Out: an HTML page, self-contained.
The style is written anew after the look of github.com, for pictures and tests; nothing of GitHub's is in it.
"""

from __future__ import annotations

from typing import Final

from markdown_it import MarkdownIt

_STYLE: Final = """
:root { color-scheme: light dark; --ground: #fff; --text: #1f2328; --faint: #59636e; --line: #d1d9e0; --head: #f6f8fa;
  --code: #818b981f; --link: #0969da; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #f0f6fc; --faint: #9198a1; --line: #3d444d;
  --head: #151b23; --code: #656c7633; --link: #4493f8; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 16px; background: var(--ground); color: var(--text);
  font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, "DejaVu Sans", sans-serif; }
article { border: 1px solid var(--line); border-radius: 6px; max-width: 980px; margin: auto; }
header { padding: 8px 16px; background: var(--head); border-bottom: 1px solid var(--line); color: var(--faint);
  border-radius: 6px 6px 0 0; }
h1 { font-size: 1.5rem; font-weight: 400; max-width: 980px; margin: 0 auto 16px; }
h1 span { color: var(--faint); }
header h2 { display: inline; font-size: inherit; margin: 0; color: var(--text); }
.body { padding: 16px; overflow-wrap: break-word; }
.body > :first-child { margin-top: 0; }
.body > :last-child { margin-bottom: 0; }
p, ul, details, blockquote { margin: 0 0 16px; }
h3 { font-size: 1.25em; line-height: 1.25; margin: 24px 0 16px; }
ul { padding-left: 2em; }
li + li { margin-top: .25em; }
code { font: 85%/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; padding: .2em .4em;
  background: var(--code); border-radius: 6px; white-space: break-spaces; }
a { color: var(--link); }
blockquote { padding: 0 1em; color: var(--faint); border-left: .25em solid var(--line); }
hr { height: .25em; margin: 24px 0; border: 0; background: var(--line); }
summary { cursor: pointer; }
"""


def comment_page(markdown: str) -> str:
    """The comment on a page of its own."""
    body = MarkdownIt("gfm-like").render(markdown)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A comment</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>{_STYLE}</style></head><body><main>"
        "<h1>Take contacts in the other data centre <span>#7</span></h1><article><header><h2>github-actions</h2>"
        f' commented</header><div class="body">{body}</div></article></main></body></html>\n'
    )
