# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Downloads are kept outside the source tree. An item is a directory that appears at once, complete,
# with a manifest of its files; it is checked against that before each use and fetched anew if it
# does not match.

JH_CACHE=${LIBJAILHOUSE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/libjailhouse}

# To be raised when the layout of an item changes.
JH_CACHE_FORMAT=1

# cache_seal DIR: write the manifest of a new item.
cache_seal()
{
	(
		cd "$1" || exit 1
		# shellcheck disable=SC2094 # the manifest leaves itself out
		find . -type f ! -name MANIFEST -print0 | sort -z | xargs -0 sha256sum >MANIFEST
		find . -type l -printf '%p -> %l\n' | sort >LINKS
		{ echo "$JH_CACHE_FORMAT" && sha256sum MANIFEST LINKS; } >SEAL
	)
}

# cache_intact DIR: is the item there, and all of it as it was sealed?
cache_intact()
{
	[ -f "$1/SEAL" ] || return 1
	(
		cd "$1" || exit 1
		[ "$(head -n 1 SEAL)" = "$JH_CACHE_FORMAT" ] || exit 1
		tail -n +2 SEAL | sha256sum --check --status || exit 1
		find . -type l -printf '%p -> %l\n' | sort | cmp -s - LINKS || exit 1
		sha256sum --check --status MANIFEST
	)
}

# cache_get NAME FUNCTION ARGS...: print the path of the item; where it is missing or damaged, call
# FUNCTION ARGS... in a new directory, whose name it finds in $item, to make it.
cache_get()
{
	local name=$1 path=$JH_CACHE/$1 lock item
	shift
	mkdir -p "$JH_CACHE"
	exec {lock}>"$JH_CACHE/.$name.lock"
	flock "$lock"
	if ! cache_intact "$path"; then
		[ ! -e "$path" ] || warn "$path is damaged or outdated, fetching it again"
		rm -rf -- "$path" "$path.new"
		mkdir -p "$path.new"
		item=$path.new
		"$@" >&2 || die "could not fetch $name"
		cache_seal "$path.new"
		mv "$path.new" "$path"
	fi
	exec {lock}>&-
	printf '%s\n' "$path"
}
