"""The state that a project works with: its folder, or the team's database that `oceana-dr.yaml` names.

In: a project. Out: its state.
The URL is looked up when the database is first needed, and never kept in the project or shown.
"""

from __future__ import annotations

from oceana_dr.diagnostics import Unreadable
from oceana_dr.source.project import Project
from oceana_dr.store.state import State, local_state, team_state


def state_of(project: Project) -> State:
    """The state that counts: the team's, unless a person said for this command that it is lost."""
    reference = project.state.url
    if reference is None or project.state.alone is not None:
        return local_state(project.state_dir)

    def url() -> str:
        from oceana_dr.drivers.secret import resolve
        from oceana_dr.estate.values import SecretRef

        try:
            return resolve(SecretRef(reference)).reveal()
        except Unreadable as error:
            raise Unreadable(
                f"{error.message}: the URL of the team's state is looked up there",
                hint="without it, a person goes on with this machine's copy: oceana-dr --local-state REASON …",
            ) from None

    return team_state(project.state_dir, url, reference)
