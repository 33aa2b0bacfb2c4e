"""`python -m oceana_dr`: the same program as the `oceana-dr` script.

In: `sys.argv`. Out: the process's exit code.
It must never do anything the installed script does not do.
"""

import sys

from oceana_dr.cli.start import main

if __name__ == "__main__":
    sys.exit(main())
