"""Backups: the storage server, snap-in databases and their schedules, the Omnichannel Database.

In: the mapping `backup`. Out: frozen models.
A password is a reference; a model must never hold a job's state: that is read from the estate.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from oceana_dr.source.site.types import (
    Directory,
    Duration,
    HostName,
    LocalTime,
    Part,
    Port,
    Recurrence,
    SecretRef,
    Text,
    TimeZone,
    WindowsPath,
)


class BackupStorage(Part):
    """The server that System Manager writes cluster database backups to, over SSH (manual, lines 552-579)."""

    host: HostName = Field(
        description="Name or address of the backup server.", examples=["backup.acme.example", "10.11.8.10"]
    )
    login: Text = Field(description="User name on the backup server (manual, line 556).", examples=["oceana-backup"])
    password: SecretRef = Field(description="Reference to that user's password.", examples=["env:BACKUP_PASSWORD"])
    directory: Directory = Field(description="Directory for backups (manual, line 559).", examples=["/srv/backup/acme"])
    ssh_port: Port = Field(22, description="SSH port of the backup server (manual, line 558).")
    retained_copies: int | None = Field(
        7,
        description="Copies kept for each cluster and database; with `null` the field stays empty and all are kept "
        "(manual, line 562).",
        ge=1,
        le=1000,
    )


class BackupRange(Part):
    """How long a schedule recurs; without either key it has no end (manual, line 1990)."""

    occurrences: int | None = Field(None, description="End after so many backups.", ge=1, examples=[365])
    until: LocalTime | None = Field(None, description="End by this time.", examples=["2027-12-31T23:59"])


class UcmBackup(Part):
    """The scheduled backup of UCMService, which holds the metadata of deferred e-mails (manual, lines 1963-1990)."""

    task_time: LocalTime = Field(
        description="Task Time: the first backup, local time (manual, line 1988).", examples=["2026-01-04T01:00"]
    )
    time_zone: TimeZone | None = Field(
        None, description="IANA time zone of the task time; the site's if absent.", examples=["Europe/Berlin"]
    )
    recurrence: Recurrence = Field(
        description="Recurrence: how often tasks are repeated (RFC 5545). What is deferred after the last backup is "
        "lost in an unplanned outage (manual, line 1989).",
        examples=["FREQ=HOURLY;INTERVAL=4"],
    )
    range: BackupRange = Field(default_factory=BackupRange, description="Range of the recurring schedule.")


class UcaBackup(Part):
    """Regular backups of UCAStoreService: users, accounts, attributes, providers, resources."""

    interval: Duration = Field(
        description="How often a backup is taken; the manual wants it regularly and names no interval (line 1858).",
        examples=["1d"],
    )


class OmnichannelBackup(Part):
    """Files of BackupAndRestore.exe on the Omnichannel Database servers."""

    file: WindowsPath | None = Field(
        None,
        description="Select/create file to backup to: a zip file, not on the software, journal or multimedia drive "
        "(manual, lines 726-731, 2043-2052). A recovery restores from it.",
        examples=[r"H:\Backup\omnichannel.zip"],
    )
    mirror_file: WindowsPath | None = Field(
        None,
        description="Select file to restore from, when the async member joins: the cbk file out of the active "
        "server's zip file (manual, lines 783-792).",
        examples=[r"H:\Backup\omnichannel.cbk"],
    )
    mirrored: bool = Field(
        True, description="Are you restoring a mirrored backup, when the async member joins (manual, line 794)."
    )
    database_size_gib: int | None = Field(
        None, description="Size of the Omnichannel Database, in GiB (manual, line 2061).", ge=1, examples=[120]
    )
    free_space_gib: int | None = Field(
        None,
        description="Free space where the file is written, in GiB, on the server that has least; a backup takes twice "
        "the size of the database (manual, line 2061).",
        ge=0,
        examples=[360],
    )


class Backup(Part):
    """Backups of the cluster databases and of what is restored together with them."""

    storage: BackupStorage = Field(description="Where backups go.")
    password: SecretRef = Field(
        description="Reference to the password that encrypts a backup; a restore asks for it again (manual, lines "
        "585-589).",
        examples=["env:ACME_BACKUP_PASSWORD"],
    )
    ucm: UcmBackup | None = Field(None, description="Scheduled backup of UCMService.")
    uca: UcaBackup | None = Field(None, description="Regular backups of UCAStoreService.")
    omnichannel: OmnichannelBackup | None = Field(None, description="Backups of the Omnichannel Database.")
    together: tuple[Literal["ControlManager", "UCAStoreService", "OmnichannelDatabase"], ...] = Field(
        ("ControlManager", "UCAStoreService", "OmnichannelDatabase"),
        description="What is backed up and restored in step with each other (manual, lines 547, 1862).",
    )
