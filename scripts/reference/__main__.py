"""`python -m scripts.reference`: writes every page.

In: nothing but the checkout. Out: files below `docs/reference/`.
It must never be imported: writing is all it does.
"""

from scripts.reference.pages import write_pages

write_pages()
