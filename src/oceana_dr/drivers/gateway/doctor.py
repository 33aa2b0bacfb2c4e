"""How it stands with a gateway: reach, TLS, who we are there, its version, its clock, what we may.

In: a setting. Out: `Check`s, from one request that changes nothing.
What the gateway does not say is unknown; that it answered one thing must never make another good.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.checking import check_secret, skew_check
from oceana_dr.drivers.gateway.contract import AnswerLost, NotSent, detail, site_path
from oceana_dr.drivers.gateway.opening import open_transport
from oceana_dr.drivers.protocol import Aspect, Check, Health, Setting
from oceana_dr.estate.values import SecretRef

if TYPE_CHECKING:
    from oceana_dr.drivers.gateway.transport import Answered
    from oceana_dr.source.project_model import GatewayDriver

_RENEW_DAYS: Final = 14
_UNANSWERED: Final = (Aspect.AUTHENTICATION, Aspect.VERSION, Aspect.CLOCK, Aspect.PERMISSIONS)


def ask(setting: Setting[GatewayDriver]) -> Iterator[Check]:
    """Ask the gateway for the site."""
    options, host = setting.options, setting.options.endpoint
    token = SecretRef(options.token) if options.token else None
    secret = (
        check_secret(token, setting.mark) if token else Check(Aspect.SECRETS, Health.NONE, "no token is configured")
    )
    yield secret
    if secret.health is Health.BAD:
        yield from _unknown("the gateway is not asked without its token", host, Aspect.REACH, *_UNANSWERED)
        return
    try:
        answered = open_transport(options).answered("GET", site_path(setting.site))
    except (NotSent, AnswerLost, OceanaError) as error:
        yield Check(Aspect.REACH, Health.BAD, str(error), host, "is `drivers.gateway.endpoint` right?")
        yield from _unknown("the gateway did not answer", host, *_UNANSWERED)
        return
    yield Check(Aspect.REACH, Health.GOOD, "answers", host)
    yield _certificate(answered, host)
    yield _clock(answered, host)
    if answered.status in {401, 403}:
        hint = "is the token right, and still valid?" if token else "set `drivers.gateway.token`"
        yield Check(Aspect.AUTHENTICATION, Health.BAD, detail(answered.status, answered.body), host, hint)
        yield from _unknown("it lets nobody in", host, Aspect.VERSION, Aspect.PERMISSIONS)
        return
    if answered.status != 200 or not isinstance(answered.body, dict):
        said = detail(answered.status, answered.body)
        yield Check(Aspect.AUTHENTICATION, Health.UNKNOWN, said, host, "does it know this site?")
        yield from _unknown("it does not tell of this site", host, Aspect.VERSION, Aspect.PERMISSIONS)
        return
    yield from _told(answered.body, host, token)


def _told(body: dict[str, Any], host: str, token: SecretRef | None) -> Iterator[Check]:
    """What the answer says of itself."""
    if token is None:
        yield Check(Aspect.AUTHENTICATION, Health.NONE, "it asks for none", host)
    else:
        yield Check(Aspect.AUTHENTICATION, Health.GOOD, "the token is taken", host)
    product = body.get("product")
    if isinstance(product, str) and product:
        yield Check(Aspect.VERSION, Health.GOOD, product[:100], host)
    else:
        yield Check(Aspect.VERSION, Health.UNKNOWN, "it does not say what it is", host)
    match body.get("permissions"):
        case list() as may if {"read", "act"} <= set(map(str, may)):
            yield Check(Aspect.PERMISSIONS, Health.GOOD, "may read and act", host)
        case list() as may:
            had = ", ".join(sorted(map(str, may))) or "do nothing"
            yield Check(Aspect.PERMISSIONS, Health.BAD, f"may only {had}", host, "ask for a token that may act")
        case _:
            hint = "a gateway says so as `permissions` of the site (schemas/gateway.openapi.json)"
            yield Check(Aspect.PERMISSIONS, Health.UNKNOWN, "it does not say what we may", host, hint)


def _clock(answered: Answered, host: str) -> Check:
    try:
        there = parsedate_to_datetime(answered.date or "").timestamp()
    except (ValueError, TypeError):
        return Check(Aspect.CLOCK, Health.UNKNOWN, "its answer has no date", host)
    # The date has whole seconds: half of one is the best guess.
    return skew_check(there + 0.5 - (answered.sent + answered.received) / 2, host)


def _certificate(answered: Answered, host: str) -> Check:
    if answered.expires is None:
        return Check(Aspect.CERTIFICATE, Health.NONE, "no TLS", host)
    days = (datetime.fromtimestamp(answered.expires, UTC) - datetime.now(UTC)).days
    if days < _RENEW_DAYS:
        return Check(Aspect.CERTIFICATE, Health.BAD, f"runs out in {days} days", host, "renew the certificate")
    return Check(Aspect.CERTIFICATE, Health.GOOD, f"verified, {days} days left", host)


def _unknown(why: str, host: str, *aspects: Aspect) -> Iterator[Check]:
    for aspect in aspects:
        yield Check(aspect, Health.UNKNOWN, why, host)
