"""What `doctor` asks of the drivers of one site.

In: a project, a site, a driver's name. Out: `Check`s, as they come.
Only readings and questions: no writer is made here.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.bindings import bind_site
from oceana_dr.diagnostics import InputRefused
from oceana_dr.drivers.clock import RealClock
from oceana_dr.drivers.gateway.contract import AnswerLost, NotSent, site_path
from oceana_dr.drivers.protocol import Aspect, Check, Health, Setting
from oceana_dr.drivers.registry import find_driver, load_part
from oceana_dr.drivers.routing import GATEWAY
from oceana_dr.operations.access import LAB, endpoint_of, has_gateway, transport_of
from oceana_dr.operations.doctoring.fingerprints import fingerprint_key
from oceana_dr.operations.drivers import options_of
from oceana_dr.operations.routing import EVIDENCE
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import PreparedSite, prepare_site
from oceana_dr.source.project import Project


def drivers_of(project: Project) -> tuple[str, ...]:
    """The drivers that the project configures; the gateway first, if there is one."""
    return tuple(dict.fromkeys((*((GATEWAY,) if has_gateway(project) else ()), *project.drivers)))


def driver_checks(project: Project, site: str, driver: str) -> Iterator[Check]:
    """What the driver says of its system at this site; raises what loading the site raises."""
    prepared = prepare_site(project, site, None, Cache(None))
    if driver == GATEWAY and endpoint_of(project) == LAB:
        yield from _lab(project, prepared)
        return
    part = find_driver(driver).doctor
    if part is None:
        return
    halt = Event()
    mark = fingerprint_key(project.state_dir)
    setting = Setting(
        site,
        options_of(project, driver),
        _bound(prepared),
        RealClock(halt),
        halt,
        mark=mark,
        evidence=project.state_dir / EVIDENCE,
    )
    yield from load_part(part)(setting)


def _lab(project: Project, prepared: PreparedSite) -> Iterator[Check]:
    """The embedded estate needs nothing but a seed; asked of it is what is asked of a gateway."""
    try:
        way = transport_of(project, prepared.name, _bound(prepared))
        status, body = way.request("GET", site_path(prepared.name))
    except (NotSent, AnswerLost, InputRefused) as error:
        yield Check(Aspect.REACH, Health.BAD, str(error), "lab", f"oceana-dr lab status {prepared.name}")
        return
    if status != 200:
        yield Check(Aspect.REACH, Health.BAD, f"answers with {status}", "lab")
        return
    yield Check(Aspect.REACH, Health.GOOD, "the embedded lab, in this process", "lab")
    yield Check(Aspect.AUTHENTICATION, Health.NONE, "a lab asks for none", "lab")
    yield Check(Aspect.VERSION, Health.GOOD, str(body.get("product", "lab")), "lab")
    yield Check(Aspect.CLOCK, Health.NONE, f"runs {project.time_scale} times as fast as ours", "lab")
    yield Check(Aspect.PERMISSIONS, Health.GOOD, "everybody may read and act", "lab")
    yield Check(Aspect.SECRETS, Health.NONE, "none is used", "lab")


def _bound(prepared: PreparedSite) -> BoundCatalogue:
    return BoundCatalogue(load_catalogue(), bind_site(prepared))
