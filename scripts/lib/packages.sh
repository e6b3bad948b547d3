# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Debian packages of scripts/packages.list: which are missing, and installing those.

# packages_listed [demo|arm64|test|bench|debug]: what that needs; each has what has no mark, debug has all. Default: test
packages_listed()
{
	sed 's/#.*//' "$JH_ROOT/scripts/packages.list" | awk -v set="${1:-test}" '
		NF == 0 { next }
		$2 == "" || set == "debug" || index("," $2 ",", "," set ",") { print $1 }' | sort -u
}

packages_installed()
{
	# shellcheck disable=SC2016 # a format of dpkg-query
	# An unknown name makes dpkg-query fail, which is no error here: it is missing.
	packages_listed debug | xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
		awk '$1 == "installed" { print $2 }' | sort -u || true
}

# packages_missing [demo|arm64|test|bench|debug]
packages_missing()
{
	comm -23 <(packages_listed "$@") <(packages_installed)
}

# as_root COMMAND...: through sudo where we are an ordinary user.
as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif have sudo; then
		sudo -- "$@"
	else
		die "root rights are needed to run: $* (no sudo here; run it yourself as root)"
	fi
}

packages_apt()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q "$@"
}

# packages_install_missing [demo|arm64|test|bench|debug]: nothing to do is the common case and touches neither apt nor network.
packages_install_missing()
{
	local missing
	have dpkg-query || die "this is not a Debian machine (no dpkg); install by hand what" \
		"scripts/packages.list names"
	mapfile -t missing < <(packages_missing "$@")
	if [ "${#missing[@]}" -eq 0 ]; then
		return 0
	fi
	msg "installing ${#missing[@]} packages: ${missing[*]}"
	packages_apt update >&2 || die "apt-get update failed (no network, or no mirror?)"
	packages_apt install -y --no-install-recommends "${missing[@]}" >&2 ||
		die "apt-get could not install: ${missing[*]}"
	mapfile -t missing < <(packages_missing "$@")
	[ "${#missing[@]}" -eq 0 ] || die "still missing after the installation: ${missing[*]}"
}
