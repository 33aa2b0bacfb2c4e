"""The lab of a site, for commands that play with it.

In: a project and a site's name. Out: its lab, or a refusal where the estate is a real one.
A real estate must never be reached from here.
"""

from __future__ import annotations

import shutil

from oceana_dr.diagnostics import InputRefused, OceanaError, Refused
from oceana_dr.estate.address import BadAddress, parse_address
from oceana_dr.lab.lab import Lab, open_lab
from oceana_dr.operations.access import LAB, endpoint_of
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import Project, list_sites, missing_site
from oceana_dr.store.baseline import forget_site
from oceana_dr.store.locks import acquire


def open_site_lab(project: Project, site: str) -> Lab:
    """The site's lab; raises `Refused` unless the project's gateway is the lab."""
    endpoint = endpoint_of(project)
    if endpoint != LAB:
        where = f"behind {endpoint}" if endpoint else "reached through no gateway"
        raise Refused(f"the estate of {site} is {where}: it is no lab", hint="`lab` is for labs only")
    if site not in list_sites(project):
        raise InputRefused((missing_site(project, site),))
    return open_lab(project.state_dir, project.sites_dir, site, project.time_scale)


def reset_site(project: Project, lab: Lab, site: str, by: str) -> None:
    """The lab as its seed says; the site's baseline and runs are cleared with it. Raises `StateLocked` under a run."""
    state = state_of(project)
    lease = acquire(state.database, site, who=by, why="lab reset")
    try:
        lab.reset()
        forget_site(lease.fenced, site)
        if state.team is not None:
            state.team.forget(site, lease)
        runs = project.state_dir / "runs" / site
        if runs.is_dir():
            shutil.rmtree(runs)
    finally:
        lease.release()


def site_with(project: Project, address: str) -> str:
    """The only site that has this address; raises `OceanaError` naming the sites where several have."""
    try:
        wanted = parse_address(address)
    except BadAddress as error:
        raise OceanaError(str(error)) from None
    having = [name for name in list_sites(project) if wanted in open_site_lab(project, name).bound.resources]
    if len(having) == 1:
        return having[0]
    named = ", ".join(having or list_sites(project))
    text = f"several sites have {wanted}" if having else f"no site has {wanted}"
    raise OceanaError(text, hint=f"name the site first: {named}")
