"""What may stand at `drivers.dataguard` in oceana-dr.yaml: databases, where `dgmgrl` runs, who logs in.

In: plain data. Out: frozen models.
A model must never hold a password, only a reference to one; without one an Oracle wallet logs in.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from oceana_dr.drivers.ssh_options import SshOptions
from oceana_dr.source.site.types import HostName, Part, SecretRef

# What the broker calls a database (DB_UNIQUE_NAME): of letters, digits and _ $ #, thirty at most.
DatabaseName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_$#]{0,29}$")]
# An alias of tnsnames.ora or an address in the form HOST:PORT/SERVICE.
ConnectName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_$#.:/-]{0,199}$")]
ProgramPath = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9_./+-]{1,400}$")]
UserName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_$#]{0,29}$")]


class DatabaseOptions(Part):
    """How one database is reached; what is left out is the database's name, and this machine."""

    connect: ConnectName | None = Field(
        None, description="Alias that `dgmgrl` connects to; without it, the database's name.", examples=["orcl"]
    )
    host: HostName | None = Field(
        None,
        description="Where `dgmgrl` runs for this database, by SSH; without it, here.",
        examples=["ora1.globex.example"],
    )


class DataGuardOptions(Part):
    """The driver for Oracle Data Guard (`dgmgrl`)."""

    databases: dict[DatabaseName, DatabaseOptions] = Field(
        default_factory=dict,
        description="Databases by DB_UNIQUE_NAME, where they are not reached by that name from here.",
        examples=[{"orcl": {"host": "ora1.globex.example"}, "orcl_stby": {"host": "ora2.globex.example"}}],
    )
    program: ProgramPath | None = Field(
        None,
        description="Where `dgmgrl` is; without it, `bin/dgmgrl` below `oracle_home`, or the one of the path.",
        examples=["/u01/app/oracle/product/12.1.0/dbhome_1/bin/dgmgrl"],
    )
    oracle_home: ProgramPath | None = Field(
        None, description="ORACLE_HOME for it.", examples=["/u01/app/oracle/product/12.1.0/dbhome_1"]
    )
    tns_admin: ProgramPath | None = Field(
        None,
        description="TNS_ADMIN for it: aliases, and sqlnet.ora that names the wallet.",
        examples=["/etc/oracle/net"],
    )
    ssh: SshOptions | None = Field(None, description="How to log in where a database names a `host`.")
    user: UserName | None = Field(
        None, description="Who logs in with `secret`; without both, the wallet.", examples=["sys"]
    )
    secret: SecretRef | None = Field(
        None, description="Reference to that user's password.", examples=["env:GLOBEX_ORACLE_PASSWORD"]
    )
    lag_age_s: int = Field(60, description="Seconds after which a measured lag says nothing any more.", ge=1, le=3600)
    answer_s: float = Field(30.0, description="Seconds that `dgmgrl` has to show something.", ge=0.1, le=600.0)
    act_s: float = Field(1800.0, description="Seconds that a change of roles may take.", ge=0.1, le=14400.0)
    settle_s: float = Field(
        180.0, description="Seconds after it in which both databases must show their roles.", ge=0.0, le=3600.0
    )

    @model_validator(mode="after")
    def _whole(self) -> DataGuardOptions:
        if (self.user is None) != (self.secret is None):
            raise ValueError("`user` and `secret` belong together; without both the wallet logs in")
        if self.ssh is None and any(item.host for item in self.databases.values()):
            raise ValueError("a database names a `host`, and `ssh` says nothing of how to log in there")
        ways = [(item.connect or name).lower() for name, item in self.databases.items()]
        if len(set(ways)) != len(ways):
            raise ValueError("two databases are reached by one name: each needs its own")
        return self
