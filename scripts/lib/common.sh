# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Messages and small helpers. Progress goes to stderr, results to stdout.

msg() { printf '==> %s\n' "$*" >&2; }
warn() { printf 'warning: %s\n' "$*" >&2; }

die()
{
	printf 'error: %s\n' "$*" >&2
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# usage_of SCRIPT: print the comment block below the licence line, up to the first blank line.
usage_of()
{
	sed -n '3,/^$/{s/^# \{0,1\}//p}' "$1"
}

# need_value OPTION COUNT: an option that takes a value must be followed by one.
need_value()
{
	[ "$2" -ge 2 ] || die "$1 needs a value"
}

# temp_dir VARIABLE: make a directory that goes away when this shell (or subshell) ends.
temp_dir()
{
	local dir
	dir=$(mktemp -d "${TMPDIR:-/tmp}/libjailhouse.XXXXXX")
	[ "${JH_TEMP_OWNER:-}" = "$BASHPID" ] || JH_TEMP_DIRS=()
	JH_TEMP_OWNER=$BASHPID
	JH_TEMP_DIRS+=("$dir")
	trap remove_temp_dirs EXIT
	printf -v "$1" '%s' "$dir"
}

remove_temp_dirs()
{
	[ "${JH_TEMP_OWNER:-}" != "$BASHPID" ] || rm -rf -- "${JH_TEMP_DIRS[@]}"
}

# logged LOG COMMAND...: run quietly; on failure show the end of what it printed.
logged()
{
	local log=$1 rc=0
	shift
	"$@" >"$log" 2>&1 || rc=$?
	if [ "$rc" -ne 0 ]; then
		tail -n 40 "$log" >&2
		warn "failed with code $rc: $* (all of its output: $log)"
	fi
	return "$rc"
}
