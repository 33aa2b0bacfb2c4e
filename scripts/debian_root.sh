#!/bin/sh
# Unpacks Debian packages, with all they need that this machine lacks, below a folder: real servers and a browser for
# the tests, without root and without a change of the system. apt proves each package by Debian's signature.
#   debian_root.sh FOLDER PACKAGE...
# Where that cannot be done (another system, no connection) it says so and ends well; the tests that need a program
# which is nowhere are skipped, each with its reason.
set -eu

folder=$1
shift
apt="$folder/apt"

rm -rf "$folder"
mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$folder/root"

give_up() {
	echo "== no servers for the tests: $1; tests that need $2 are skipped where the machine has none" >&2
	exit 0 # and no .done: the next time it is tried again
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || give_up "this is not Debian" "$*"

private_apt() {
	apt-get -qq -y --no-install-recommends -o Dir::State::lists="$apt/lists" -o Dir::Cache="$apt" \
		-o Dir::Cache::archives="$apt/archives" -o Debug::NoLocking=1 -o APT::Sandbox::User= \
		-o Acquire::Languages=none -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 "$@"
}

said=$(private_apt update 2>&1 && private_apt --download-only install "$@" 2>&1) || give_up "$said" "$*"

find "$apt/archives" -name '*.deb' -print0 | xargs -0 -r -n 1 -P 2 sh -c 'dpkg-deb -x "$1" "$0"' "$folder/root"
rm -rf "$apt"
touch "$folder/.done"
