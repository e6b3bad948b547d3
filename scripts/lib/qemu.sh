# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# QEMU: the installed one (Debian 12: 7.2), and version 10 from backports in the cache. Machines with a thread for each CPU
# need both mended, see tests/system/mend-qemu.c.

qemu_mend_make()
{
	cc -O2 -Wall -Wextra -shared -fPIC -o "$item/mend-qemu.so" "$JH_ROOT/tests/system/mend-qemu.c" -ldl -pthread
}

# qemu_mend: print what to preload into QEMU.
qemu_mend()
{
	local path
	if [ "$(uname -m)" != x86_64 ]; then
		warn "QEMU is taken as it is: there is no mending it on this machine"
		return 0
	fi
	path=$(sha256sum "$JH_ROOT/tests/system/mend-qemu.c" | cut -c 1-16)
	path=$(cache_get "mend-qemu-$path" qemu_mend_make)/mend-qemu.so
	case $path in
	*[[:space:]:]*) die "LIBJAILHOUSE_CACHE must have no blank or colon in its path, since LD_PRELOAD cannot: $path" ;;
	esac
	printf '%s\n' "$path"
}

# qemu10_make PROGRAM PACKAGE...
qemu10_make()
{
	local work program=$1
	shift
	temp_dir work
	msg "looking for QEMU 10 in Debian bookworm-backports"
	apt_private_setup "$work/apt" bookworm-backports || return 1
	apt_private_unpack "$work/apt" "$item" "$@" || return 1
	rm -rf "$item/usr/share/doc" "$item/usr/share/man"
	cat >"$item/$program" <<-EOF
		#!/bin/sh
		here=\$(dirname "\$(readlink -f "\$0")")
		exec "\$here/usr/bin/$program" -L "\$here/usr/share/qemu" -L "\$here/usr/share/seabios" "\$@"
	EOF
	chmod 755 "$item/$program"
	! ldd "$item/usr/bin/$program" | grep 'not found' ||
		die "QEMU 10 needs libraries that are not installed (run scripts/setup first)"
}

# qemu_path 7|10|PATH [ARCH]: print the program to run.
qemu_path()
{
	local arch=${2:-x86} program path
	arch_get "$arch"
	program=qemu-system-$ARCH_QEMU
	case $1:$arch in
	7:*) path=$program ;;
	10:x86) path=$(cache_get qemu-10 qemu10_make "$program" qemu-system-x86 qemu-system-data seabios)/$program ;;
	10:*) path=$(cache_get "qemu-10-$arch" qemu10_make "$program" qemu-system-arm qemu-system-data)/$program ;;
	*) path=$1 ;;
	esac
	command -v "$path" || die "no QEMU here: $path"
}
