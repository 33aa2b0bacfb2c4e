"""Public names in a file that a name server reads: a driver of another package, for `oceana-dr driver-test name-file`.

In: nothing. Out: `DRIVER`, its declaration; the parts are imported when a site uses it.
"""

from oceana_dr.drivers.declaration import Driver

DRIVER = Driver(
    name="name-file",
    title="public names in a JSON file that a name server reads",
    reads=("shared/dns/*",),
    writes=("shared/dns/*",),
    verifies=("shared/dns/*",),
    options="name_file.parts:Options",
    reader="name_file.parts:open_reader",
    writer="name_file.parts:open_writer",
    doctor="name_file.parts:ask",
    trial="name_file.testing:open_trial",
)
