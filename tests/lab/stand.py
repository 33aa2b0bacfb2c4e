"""A lab on a clock that tests move, with the drivers that a run would use."""

from dataclasses import dataclass
from pathlib import Path

from oceana_dr.drivers.contract import ActRequest, Outcome
from oceana_dr.drivers.gateway.clock import GatewayClock
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.drivers.gateway.writer import GatewayWriter
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Override, Value
from oceana_dr.lab.clock import ManualClock
from oceana_dr.lab.hands import LabHands
from oceana_dr.lab.lab import Lab, open_lab
from oceana_dr.lab.transport import LabTransport

ROOT = Path(__file__).resolve().parents[2]
SITES = ROOT / "sites"
SCALE = 600

MAIL = "dc1/smgr/cluster3/EmailService#Deployment status of emailmanager"
CSC = "dc1/smgr/cluster1/CallServerConnector#Deploy CSC"
VOICE_FLAG = "shared/experience-portal/application#voice flag"


@dataclass
class Stand:
    """One lab and everything that acts on it."""

    clock: ManualClock
    lab: Lab
    transport: LabTransport
    reader: GatewayReader
    writer: GatewayWriter
    hands: LabHands
    estate_clock: GatewayClock
    acts: int = 0

    def set(self, values: dict[str, Value]) -> Outcome:
        """Set values through the gateway, under a new key."""
        self.acts += 1
        action = SetValues({Ref(name): value for name, value in values.items()})
        return self.writer.act(ActRequest(f"run/P{self.acts:02}/1", f"P{self.acts:02}", action, "tester"))

    def run(self, procedure: str, **arguments: str) -> Outcome:
        """Run a procedure through the gateway, under a new key."""
        self.acts += 1
        action = RunProcedure(procedure, sides(arguments))
        return self.writer.act(ActRequest(f"run/P{self.acts:02}/1", f"P{self.acts:02}", action, "tester"))

    def hand(self, procedure: str, **arguments: str) -> Outcome:
        """Have a person carry out a procedure."""
        return self.hands.perform(RunProcedure(procedure, sides(arguments)), "lab:Ada")

    def get(self, reference: str) -> Value:
        """What a reader finds, dark resources as their `Unknown`."""
        address, _, label = reference.partition("#")
        resource = next(reading.resource for reading in self.reader.read([address]))  # type: ignore[list-item]
        return resource[label] if isinstance(resource, dict) else resource  # type: ignore[return-value]

    def pass_minutes(self, minutes: float) -> None:
        """Let the lab's clock go on."""
        self.clock.advance(minutes * 60 / SCALE)


def sides(arguments: dict[str, str]) -> dict[str, str]:
    """`from_` and `to` as a procedure calls them."""
    return {name.rstrip("_"): value for name, value in arguments.items()}


def stand(state_dir: Path, site: str = "acme", clock: ManualClock | None = None) -> Stand:
    """A lab of an example site."""
    clock = clock or ManualClock()
    lab = open_lab(state_dir, SITES, site, SCALE, clock)
    transport = LabTransport(lab)
    estate_clock = GatewayClock(transport, site, waiting=clock.wait)
    return Stand(
        clock,
        lab,
        transport,
        GatewayReader(transport, site, lab.bound),
        GatewayWriter(transport, site, estate_clock),
        LabHands(transport, site, estate_clock),
        estate_clock,
    )


def on(text: str) -> Override:
    """An override with this effective value."""
    return Override(True, text)
