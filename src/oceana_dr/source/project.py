"""The project: its root, its sites, its settings, where its state lies.

In: a folder to start from. Out: a `Project`, or `InputRefused` with every reason.
It must never write: folders for state are made by who first writes there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from oceana_dr.diagnostics import Diagnostic, InputRefused
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.source.cache import Cache
from oceana_dr.source.files import read_file, refused
from oceana_dr.source.judge import Judge, NoRules

PROJECT_FILE: Final = "oceana-dr.yaml"
SITE_FILE: Final = "site.yaml"
DEFAULTS_FILE: Final = "defaults.yaml"
_MOST_NAMED: Final = 5
STATE_VARIABLE: Final = "OCEANA_DR_STATE"
NO_RULES: Final = NoRules()


@dataclass(frozen=True, slots=True)
class Policy:
    """Minima that a site may only tighten; `longest_window_s` in seconds, None for no limit.

    `freezes`, `limits` and `approvals` are as the file has them.
    """

    required_approvals: int = 0
    window_required: bool = False
    longest_window_s: int | None = None
    freezes: tuple[Mapping[str, Any], ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    approvals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateSettings:
    """Where state is: `url` refers to a team's database, None for the folder; `alone` is why it is gone without."""

    url: str | None = None
    alone: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `oceana-dr.yaml`: settings of all sites, already validated.

    `drivers` maps each driver that sites may use to its settings (`gateway` → `endpoint`, `token`); `offers` to the
    patterns of the addresses that it can read or act on, where that is known. `time_scale` is seconds of the lab's
    clock for one real second. `roles` are the names of who has them; None where nobody can say; `people` the other
    names of each person. `approvals_in_lab`: the lab asks for approvals, too. `judge` knows the product's rules.
    """

    root: Path
    sites_dir: Path
    state_dir: Path
    drivers: Mapping[str, Mapping[str, object]]
    time_scale: int
    policy: Policy
    roles: Mapping[str, tuple[str, ...]] | None = field(default_factory=dict)
    state: StateSettings = StateSettings()
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    approvals_in_lab: bool = True
    judge: Judge = field(default_factory=NoRules, compare=False, repr=False)
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def site_file(self, name: str) -> Path:
        """Where the site of that name is defined, whether it exists or not."""
        return self.sites_dir / name / SITE_FILE

    def shown(self, path: Path) -> str:
        """A path as spans carry it: relative to the root where it can be, with `/`."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def source_text(self, file: str) -> str | None:
        """The text of a file that a span names, for showing lines of it; None if it cannot be read."""
        data = read_file(self.root / file, file)
        return None if isinstance(data, Diagnostic) else data.decode("utf-8-sig", "replace")


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` with `oceana-dr.yaml`; raises `InputRefused`."""
    start = Path(os.path.abspath(start))  # noqa: PTH100 - resolve() would follow links out of the project
    for folder in (start, *start.parents):
        if os.path.lexists(folder / PROJECT_FILE):
            return folder
    raise InputRefused(
        (
            Diagnostic(
                "OD1019",
                f"there is no `{PROJECT_FILE}` in {start} or above it",
                (),
                ("a project is a folder with that file and `sites/<site>/site.yaml` below it",),
                "change into the project's folder, or name it with -C",
            ),
        )
    )


def open_project(start: Path, cache: Cache | None = None, judge: Judge = NO_RULES) -> Project:
    """Find and read the project; raises `InputRefused` with all that is wrong in its file.

    A file that was valid before, byte for byte, is taken from the cache. `judge` knows what the file may name of the
    catalogue, and judges the sites of the project.
    """
    root = find_root(start)
    data = read_file(root / PROJECT_FILE, PROJECT_FILE)
    if cache is None or isinstance(data, Diagnostic):
        return _read_project(root, judge)
    if (kept := cache.get("project", data)) is not None and kept["judged"] == _judged(kept["limits"], judge):
        asked = kept["approvals"]
        policy = Policy(
            asked["required"], kept["window"], kept["longest_s"], tuple(kept["freezes"]), kept["limits"], asked
        )
        return Project(
            root,
            root / "sites",
            state_dir(root),
            kept["drivers"],
            kept["time_scale"],
            policy,
            {role: tuple(names) for role, names in kept["roles"].items()},
            StateSettings(kept["state"]),
            {name: tuple(names) for name, names in kept["people"].items()},
            kept["approvals_in_lab"],
            judge,
        )
    project = _read_project(root, judge)
    settings = {
        "drivers": project.drivers,
        "time_scale": project.time_scale,
        "approvals": dict(project.policy.approvals),
        "window": project.policy.window_required,
        "longest_s": project.policy.longest_window_s,
        "freezes": list(project.policy.freezes),
        "limits": dict(project.policy.limits),
        "roles": {role: list(names) for role, names in (project.roles or {}).items()},
        "state": project.state.url,
        "people": {name: list(names) for name, names in project.people.items()},
        "approvals_in_lab": project.approvals_in_lab,
        "judged": _judged(project.policy.limits, judge),
    }
    cache.put("project", settings, data)
    return project


def _judged(limits: Mapping[str, Any], judge: Judge) -> str:
    """By which catalogue the names in the file were judged; where it names nothing, none has to be loaded for it."""
    return judge.mark().decode("utf-8", "replace") if limits.get("kinds") or limits.get("protected") else ""


def open_to_check(
    start: Path, cache: Cache | None = None, judge: Judge = NO_RULES
) -> tuple[Project, tuple[Diagnostic, ...]]:
    """As `open_project`; where its file is wrong: what is wrong, and a project by which sites can be checked.

    It has no policy and every driver: what only the file could forbid is not reported.
    """
    try:
        return open_project(start, cache, judge), ()
    except InputRefused as error:
        root = find_root(start)
        every: dict[str, Mapping[str, object]] = {"gateway": {}, "operator": {}}
        return Project(root, root / "sites", state_dir(root), every, 1, Policy(), None, judge=judge), error.diagnostics


def _read_project(root: Path, judge: Judge) -> Project:
    # Imported here: `find_root` alone must stay cheap for commands that only need the state folder.
    from oceana_dr.source.checks.approvals import check_approval_policy
    from oceana_dr.source.checks.times import check_freezes
    from oceana_dr.source.checks.view import SiteView
    from oceana_dr.source.document import read_document
    from oceana_dr.source.durations import duration_seconds
    from oceana_dr.source.factory_passwords import masked
    from oceana_dr.source.merge import merge_trees
    from oceana_dr.source.model_errors import validate
    from oceana_dr.source.project_model import ProjectFile

    document = read_document(root / PROJECT_FILE, PROJECT_FILE)
    found = list(document.diagnostics)
    if document.root is not None:
        located = merge_trees((document.root,))
        model, problems = validate(ProjectFile, located, document.texts, document.holes)
        file = SiteView(located, "")
        found += [*masked(problems), *check_freezes(file), *check_approval_policy(file), *judge.of_project(file)]
        if model is not None and not found:
            drivers = model.drivers.model_dump(mode="json", exclude_none=True)
            approvals, windows = model.policy.approvals, model.policy.change_windows
            longest = None if windows.longest is None else duration_seconds(windows.longest)
            freezes = tuple(item.model_dump(mode="json") for item in windows.freezes)
            limits = model.policy.limits.model_dump(mode="json")
            asked = approvals.model_dump(mode="json")
            policy = Policy(approvals.required, windows.required, longest, freezes, limits, asked)
            return Project(
                root,
                root / "sites",
                state_dir(root),
                drivers,
                model.lab.time_scale,
                policy,
                dict(model.roles),
                StateSettings(model.state.url if model.state.backend == "postgres" else None),
                dict(model.people),
                model.lab.approvals,
                judge,
            )
    raise InputRefused(tuple(sorted(found, key=lambda item: item.sort_key)))


def state_dir(root: Path) -> Path:
    """Where state lies: `OCEANA_DR_STATE`, or `.oceana-dr` in the project's root."""
    moved = os.environ.get(STATE_VARIABLE)
    return Path(os.path.abspath(moved)) if moved else root / ".oceana-dr"  # noqa: PTH100


def list_sites(project: Project) -> tuple[str, ...]:
    """Names of all folders below `sites/` that hold a `site.yaml`; raises `InputRefused`."""
    try:
        names = [entry.name for entry in project.sites_dir.iterdir() if os.path.lexists(entry / SITE_FILE)]
    except OSError as error:
        raise InputRefused((refused(error, project.shown(project.sites_dir)),)) from None
    return tuple(sorted(names))


def folders_without_site(project: Project) -> tuple[Diagnostic, ...]:
    """Folders below `sites/` that hold something and no `site.yaml`; raises `InputRefused`.

    A file that was deleted or renamed must not make a site vanish in silence.
    """
    try:
        names = sorted(entry.name for entry in project.sites_dir.iterdir() if entry.is_dir())
    except OSError as error:
        raise InputRefused((refused(error, project.shown(project.sites_dir)),)) from None
    return tuple(found for name in names if (found := _without_site(project, name)) is not None)


def _without_site(project: Project, name: str) -> Diagnostic | None:
    """What is to be said of a folder with files and no `site.yaml`; None for any other, and for hidden ones."""
    file = project.site_file(name)
    shown = project.shown(file.parent)
    if name.startswith(".") or os.path.lexists(file):
        return None
    try:
        inside = sorted(entry.name for entry in file.parent.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        return None if isinstance(error, FileNotFoundError) else refused(error, shown)
    if not inside:
        return None
    near = nearest(SITE_FILE, inside)
    held = ", ".join(inside[:_MOST_NAMED]) + (" …" if len(inside) > _MOST_NAMED else "")
    advice = f"rename `{near}` to `{SITE_FILE}`" if near else f"put its `{SITE_FILE}` back, or remove the folder"
    return Diagnostic("OD1021", f"the folder `{shown}` has no `{SITE_FILE}`", (), (f"it holds {held}",), advice)


def missing_site(project: Project, name: str) -> Diagnostic:
    """A site that is not there, with the nearest name that is."""
    try:
        names = list_sites(project)
    except InputRefused as none:
        return none.diagnostics[0]
    there = any(entry.name == name and entry.is_dir() for entry in project.sites_dir.iterdir())
    if there and (without := _without_site(project, name)) is not None:
        return without
    if "/" in name or os.sep in name:
        inside = [part for part in Path(name).parts if part in names]
        advice = f"write the site's name, `{inside[-1]}`, not its path" if inside else _suggest_site(name, names)
        return Diagnostic("OD1001", f"`{name}` is not the name of a site", (), (), advice)
    looked = f"looked for {project.shown(project.site_file(name))}"
    return Diagnostic("OD1001", f"there is no site `{name}`", (), (looked,), _suggest_site(name, names))


def _suggest_site(name: str, names: Iterable[str]) -> str | None:
    names = list(names)
    if near := nearest(name, names):
        return f"did you mean `{near}`?"
    return f"sites here: {', '.join(names)}" if names else "make one: a folder below sites/ with a site.yaml"
