"""What may stand at `drivers.console` in oceana-dr.yaml: a System Manager for each data centre, a browser, patience.

In: plain data. Out: frozen models.
A model must never hold a password, only a reference to one, nor a console that is reached without TLS off this machine.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from oceana_dr.source.site.types import AddressPrefix, Part, SecretRef, Text, Url

_HERE: Final = frozenset({"127.0.0.1", "localhost"})


class LoginLabels(Part):
    """What the login page calls its two fields and its button."""

    user: Text = Field("User ID", description="Label of the field for the name.")
    password: Text = Field("Password", description="Label of the field for the password.")
    button: Text = Field("Log On", description="Label of the button.")


class Certified(Part):
    """That somebody has compared every label on this console, in a lab."""

    release: Text = Field(description="Release of System Manager that was looked at.", examples=["8.1.3"])
    date: Text = Field(description="When.", examples=["2026-11-29"])
    by: Text = Field(description="Who.", examples=["Ada Lovelace"])
    record: Text = Field(description="Where the record lies.", examples=["docs/console-certification.md"])


class ConsoleSystem(Part):
    """The System Manager that holds the attributes of one data centre."""

    url: Url = Field(
        description="Where it is reached, with https; http only on this machine.",
        examples=["https://smgr1.globex.example"],
    )
    user: Text = Field(description="Who logs on: an account for this only.", examples=["oceana-dr"])
    password: SecretRef = Field(description="Reference to the password.", examples=["env:GLOBEX_SMGR_PASSWORD"])
    login: LoginLabels = Field(default_factory=LoginLabels, description="Labels of the login page.")
    labels: dict[Text, Text] = Field(
        default_factory=dict,
        description="What this console calls a menu item, cluster, service, attribute, field or button.",
        examples=[{"Avaya Oceana Cluster 1": "AOC1-London"}],
    )
    certified: Certified | None = Field(
        None, description="Who has compared the labels; without it `doctor` is not well."
    )

    @model_validator(mode="after")
    def _over_tls(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in _HERE:
            raise ValueError("a console is reached with https: a password goes there")
        return self


class MayChange(Part):
    """An attribute of a lab that a test may change, and back."""

    address: AddressPrefix = Field(description="Its address.", examples=["dc1/smgr/cluster3/EmailService"])
    label: Text = Field(description="Its label.", examples=["Deployment status of emailmanager"])
    values: Annotated[list[Text], Field(min_length=2, max_length=2)] = Field(
        description="Two values that it may have, one of them now.", examples=[["true", "false"]]
    )


class ConsoleOptions(Part):
    """The driver for consoles without an interface, as a pilot for System Manager's service attributes."""

    consoles: Annotated[dict[Literal["dc1", "dc2"], ConsoleSystem], Field(min_length=1)] = Field(
        description="By data centre (`dc1`, `dc2`): the System Manager that holds its attributes.",
        examples=[{"dc1": {"url": "https://smgr1.globex.example", "user": "oceana-dr", "password": "env:SMGR"}}],
    )
    browser: Text = Field("", description="Path of Chromium or Chrome; where it is empty, it is looked for.")
    ca: Text = Field("", description="A file of certificate authorities (PEM) that the browser trusts besides its own.")
    headless: bool = Field(True, description="Whether the browser has no window; `false` to watch it.")
    sandbox: bool = Field(
        True, description="Whether the browser confines its pages; `false` where it must run as root."
    )
    dry_run: bool = Field(False, description="Whether everything is filled in and the last click left out.")
    answer_s: float = Field(15.0, description="Seconds that a page has to answer.", ge=0.5, le=120.0)
    quiet_s: float = Field(
        2.0, description="Seconds without movement after which what a page does not show is missing.", ge=0.1, le=30.0
    )
    arrive_s: float = Field(
        20.0,
        description="Seconds in which what was committed has to read back before it is in doubt.",
        ge=0.1,
        le=600.0,
    )
    may_change: MayChange | None = Field(
        None, description="What `driver-test` may change on a lab; without it, it stops before the last click."
    )
