"""How to log in by SSH, as options of a driver: user, key, known hosts.

In: plain data. Out: a frozen model, and an `SshTarget` for a host.
It must never hold a key or a passphrase: a key is the path of its file, or in the agent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from oceana_dr.drivers.ssh import SshTarget
from oceana_dr.source.site.types import Part, Port

# ssh would expand what stands for other words in a path, and ends one at a quote.
_PATH: Final = r"^[~/][^\x22%$\\\x00-\x1f\x7f-\x9f]*$"
# A domain stands before a backslash: EXAMPLE\svc-oceana.
_USER: Final = r"^[A-Za-z0-9_][A-Za-z0-9_.@\\-]{0,103}\$?$"

LoginPath = Annotated[str, StringConstraints(pattern=_PATH, max_length=400)]
LoginName = Annotated[str, StringConstraints(pattern=_USER)]


class SshOptions(Part):
    """One login for every machine that the driver runs commands on."""

    user: LoginName = Field(description="Who logs in there.", examples=["svc-oceana-dr"])
    known_hosts: LoginPath = Field(
        description="File with the host keys of these machines, in the form of OpenSSH; no other file counts.",
        examples=["/etc/oceana-dr/known_hosts"],
    )
    key_file: LoginPath | None = Field(
        None,
        description="File of the private key, without a passphrase; without it, the keys of the agent.",
        examples=["~/.ssh/oceana-dr"],
    )
    port: Port = Field(22, description="Port of the SSH servers.")
    connect_s: int = Field(10, description="Seconds in which a connection must come about.", ge=1, le=120)

    def target(self, host: str) -> SshTarget:
        """This login at a host."""
        return SshTarget(
            host=host,
            user=self.user,
            known_hosts=Path(self.known_hosts).expanduser(),
            port=self.port,
            key_file=None if self.key_file is None else Path(self.key_file).expanduser(),
            connect_timeout_s=self.connect_s,
        )
