# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# QEMU: the installed one (Debian 12: 7.2), and version 10 from backports in the cache.

qemu10_make()
{
	local work
	temp_dir work
	msg "looking for QEMU 10 in Debian bookworm-backports"
	apt_private_setup "$work/apt" bookworm-backports || return 1
	apt_private_unpack "$work/apt" "$item" qemu-system-x86 qemu-system-data seabios || return 1
	rm -rf "$item/usr/share/doc" "$item/usr/share/man"
	cat >"$item/qemu-system-x86_64" <<-'EOF'
		#!/bin/sh
		here=$(dirname "$(readlink -f "$0")")
		exec "$here/usr/bin/qemu-system-x86_64" -L "$here/usr/share/qemu" \
			-L "$here/usr/share/seabios" "$@"
	EOF
	chmod 755 "$item/qemu-system-x86_64"
	! ldd "$item/usr/bin/qemu-system-x86_64" | grep 'not found' ||
		die "QEMU 10 needs libraries that are not installed (run scripts/setup first)"
}

# qemu_path 7|10|PATH: print the program to run.
qemu_path()
{
	local path
	case $1 in
	7) path=qemu-system-x86_64 ;;
	10) path=$(cache_get qemu-10 qemu10_make)/qemu-system-x86_64 ;;
	*) path=$1 ;;
	esac
	command -v "$path" || die "no QEMU here: $path"
}
