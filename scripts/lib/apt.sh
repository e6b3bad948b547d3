# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Packages of another Debian suite or architecture, without touching the system: a private apt directory with the
# machine's own mirror and keyring. apt checks signatures and hashes as always.

# Print "URI KEYRING" of the machine's Debian mirror: the first source that has the main archive.
apt_mirror()
{
	local files=() file
	for file in /etc/apt/sources.list.d/*.sources; do
		[ ! -f "$file" ] || files+=("$file")
	done
	if [ "${#files[@]}" -gt 0 ]; then
		awk '
		BEGIN { RS = ""; FS = "\n" }
		{
			uri = key = ""; on = 1
			for (i = 1; i <= NF; i++) {
				n = split($i, word, /[ \t]+/)
				if (word[1] == "URIs:" && n > 1) uri = word[2]
				if (word[1] == "Signed-By:" && n > 1) key = word[2]
				if (tolower($i) ~ /^enabled:[ \t]*no/) on = 0
			}
			if (on && uri ~ /\/debian\/?$/) { print uri, key; exit }
		}' "${files[@]}"
	fi
	files=()
	for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ ! -f "$file" ] || files+=("$file")
	done
	if [ "${#files[@]}" -gt 0 ]; then
		awk '
		$1 == "deb" {
			key = ""; uri = $2
			if (match($0, /\[[^]]*\]/)) {
				options = substr($0, RSTART + 1, RLENGTH - 2)
				rest = substr($0, RSTART + RLENGTH)
				split(rest, word, " "); uri = word[1]
				if (match(options, /signed-by=[^ ]+/))
					key = substr(options, RSTART + 10, RLENGTH - 10)
			}
			if (uri ~ /\/debian\/?$/) { print uri, key; exit }
		}' "${files[@]}"
	fi
}

# apt_private_setup DIR SUITE [ARCH]: make a private apt directory and read the suite's package lists. Packages are
# those of that architecture (Debian's name of it); NAME:amd64 is one of the machine that we run on.
# Sets the array APT_PRIVATE to the options that select it.
apt_private_setup()
{
	local dir=$1 suite=$2 arch=${3:-amd64} archs=amd64 uri key
	read -r uri key < <(apt_mirror) || true
	[ -n "${uri:-}" ] || die "no Debian mirror found in /etc/apt (sources.list or *.sources)"
	if [ -z "$key" ] || [ ! -f "$key" ]; then
		key=/usr/share/keyrings/debian-archive-keyring.gpg
	fi
	[ "$arch" = amd64 ] || archs=$arch,amd64
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	printf 'deb [signed-by=%s] %s %s main\n' "$key" "$uri" "$suite" >"$dir/sources.list"
	APT_PRIVATE=(
		-o "Dir::State::lists=$dir/lists" -o "Dir::Cache::archives=$dir/archives"
		-o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=/dev/null
		-o Dir::State::status=/dev/null -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
		-o "APT::Architecture=$arch" -o "APT::Architectures=$archs"
		-o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3
	)
	apt-get "${APT_PRIVATE[@]}" -qq update
}

# apt_private_depends PACKAGE: print the first package that the newest version of PACKAGE depends on.
apt_private_depends()
{
	apt-cache "${APT_PRIVATE[@]}" show --no-all-versions "$1" 2>/dev/null |
		awk '$1 == "Depends:" { sub(/,$/, "", $2); print $2; exit }'
}

# apt_private_unpack DIR TARGET PACKAGE...: download packages and unpack them below TARGET.
apt_private_unpack()
{
	local dir=$1 target=$2 deb
	shift 2
	msg "downloading $*"
	(cd "$dir/archives" && apt-get "${APT_PRIVATE[@]}" -q download "$@") || return 1
	for deb in "$dir"/archives/*.deb; do
		dpkg-deb -x "$deb" "$target" || return 1
		rm -f "$deb"
	done
}
