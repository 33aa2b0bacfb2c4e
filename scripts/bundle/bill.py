"""The bill of materials of an offline bundle, as CycloneDX 1.6 in JSON.

In: the wheels of a bundle and the second that it is made as of. Out: the document: every package with version, licence,
and each of its files with its digest. What a wheel says of itself is copied, never guessed.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.parser import HeaderParser
from itertools import groupby
from pathlib import Path

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from scripts.bundle.layout import digest

PRODUCT = "oceana-dr"
_UNKNOWN = {"", "unknown"}


def bill_of_materials(wheels: Iterable[Path], epoch: int) -> str:
    """The document; the same wheels and second give the same one."""
    described = sorted(
        ((described_by(path), path) for path in wheels), key=lambda pair: (name_of(pair[0]), pair[1].name)
    )
    parts = [component([*group]) for _, group in groupby(described, key=lambda pair: name_of(pair[0]))]
    product = next(part for part in parts if part.name == PRODUCT)
    product.type = ComponentType.APPLICATION
    others = [part for part in parts if part is not product]
    bom = Bom(
        components=others,
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, "".join(digest(path) for _, path in described)),
        metadata=BomMetaData(component=product, timestamp=datetime.fromtimestamp(epoch, UTC)),
        dependencies=[Dependency(product.bom_ref, [Dependency(part.bom_ref) for part in others])],
    )
    return f"{make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)}\n"


def described_by(wheel: Path) -> Message:
    """What the wheel says of itself."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1]
        return HeaderParser().parsestr(archive.read(name).decode("utf-8"))


def name_of(described: Message) -> str:
    """The package's name, as indexes compare it."""
    return str(described["Name"]).lower().replace("_", "-").replace(".", "-")


def component(group: list[tuple[Message, Path]]) -> Component:
    """One package with all of its wheels."""
    said, name = group[0][0], name_of(group[0][0])
    version = str(said["Version"])
    return Component(
        name=name,
        version=version,
        bom_ref=f"pkg:pypi/{name}@{version}",
        purl=PackageURL("pypi", None, name, version),
        description=said["Summary"],
        licenses=[LicenseFactory().make_from_string(text)] if (text := licence(said)) else (),
        external_references=[
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(f"wheels/{path.name}"),
                hashes=[HashType.from_composite_str(f"sha256:{digest(path)}")],
            )
            for _, path in group
        ],
    )


def licence(said: Message) -> str:
    """The licence, in the newest of the three ways in which packages name theirs."""
    text = str(said["License-Expression"] or said["License"] or "").strip()
    if text.lower() in _UNKNOWN or "\n" in text:
        named = [line.rpartition(" :: ")[2] for line in said.get_all("Classifier", ()) if line.startswith("License ::")]
        return str(named[0]) if named else ""
    return text
