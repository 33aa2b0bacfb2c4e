"""The desired estate as files: one for each thing that a person or another tool may want.

In: what `compile` found, and the site's data. Out: relative path → text; or a folder kept in step with it.
Nothing here may decide a value: artifacts say what the desired estate says, each in its tool's language.
"""

from oceana_dr.compile.artifacts.render import render_artifacts
from oceana_dr.compile.artifacts.write import MANIFEST, write_artifacts

__all__ = ["MANIFEST", "render_artifacts", "write_artifacts"]
