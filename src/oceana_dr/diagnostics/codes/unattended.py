"""Codes OD2035 to OD2038: what keeps a plan from being run with nobody there.

In: nothing. Out: `CODES`.
None of these can be overridden; each says what a person does instead.
"""

from oceana_dr.diagnostics.codes.info import CodeInfo

CODES = (
    CodeInfo(
        "OD2035",
        "unattended-scenario",
        "a plan that moves the contact centre does not run unattended",
        "`apply --unattended` is for pipelines. It runs plans of the scenario `steady`, which change settings and "
        "leave every role where it is. Whatever moves a role has people who decide, look and can turn back.",
        "oceana-dr apply plan.json --unattended, with a planned switchover",
        "a person, at a terminal: oceana-dr apply plan.json",
    ),
    CodeInfo(
        "OD2036",
        "unattended-person",
        "a step needs a person, and nobody is there",
        "Half of the consoles have no API: a person does those steps, or confirms them. A pipeline would begin the "
        "plan and stop half-way, so it does not begin.",
        "oceana-dr apply plan.json --unattended, with a step at a console",
        "a person, at a terminal: oceana-dr apply plan.json; or plan without it: --target ADDRESS",
    ),
    CodeInfo(
        "OD2037",
        "unattended-state",
        "the state is not a team's",
        "A pipeline's machine is thrown away after its job. With state in a folder of it the journal would be lost, "
        "the site's lock would bind nobody, and an interrupted run could never be resumed. `--local-state` does not "
        "help here.",
        "oceana-dr apply plan.json --unattended, with no `state` in oceana-dr.yaml",
        "oceana-dr.yaml: state: {backend: postgres, url: env:OCEANA_DR_STATE_URL}",
    ),
    CodeInfo(
        "OD2038",
        "unattended-files",
        "the site's files are not those of the plan",
        "A plan that was reviewed belongs to the files that were reviewed with it. Where they have changed since, by "
        "another pull request most often, the plan would undo or leave out what the newer files say. A person may "
        "know that it is right all the same; a pipeline does not.",
        "a plan of Monday's pull request, after Tuesday's was merged",
        "oceana-dr plan SITE -o plan.json, and have the new plan reviewed",
    ),
)
