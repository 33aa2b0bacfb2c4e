"""The canonical layout of the project's YAML files: `fmt`.

In: the text of a file that parses, and the model whose fields give the order of keys. Out: its text, laid out.
It must never change what a file says, nor lose a comment: `layout` checks both before it hands a text on.
"""
