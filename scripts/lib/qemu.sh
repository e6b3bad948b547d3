# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# QEMU: the installed one (Debian 12: 7.2), and version 10 from backports in the cache. Of x86 a mended copy is used.

# qemu_mend FILE: an x86 QEMU without a bug that takes CPU 0 away from under a hypervisor, in 7.2 and 10.0.
# Each time a CPU loads the state of its FPU, its thread clears a flag of CPU 0 (cpu_clear_ignne(), for FPU exceptions as
# DOS was told of them) without a lock, in a word that CPU 0 changes at each entry to a guest and each exit
# (env->hflags2). Now and then that brings an old value back: CPU 0 is in the guest with GIF clear, deaf for ever, or in
# the hypervisor with nested paging on. No system here wants FPU exceptions that way, so the function returns at once.
qemu_mend()
{
	local address section
	address=$(nm -D --defined-only "$1" | awk '$3 ~ /^cpu_clear_ignne(@|$)/ { print $1 }')
	if [ -z "$address" ]; then
		msg "this QEMU has no cpu_clear_ignne(), it is taken as it is"
		return 0
	fi
	# Address and offset in the file
	read -r -a section < <(objdump -h -j .text "$1" | awk '$2 == ".text" { print $4, $6 }')
	[ ${#section[@]} -eq 2 ] || die "$1 has no section .text"
	printf '\303' | dd of="$1" bs=1 seek=$((0x$address - 0x${section[0]} + 0x${section[1]})) conv=notrunc status=none
}

# qemu7_make PROGRAM: a copy of the installed one. What it loads stays where it is.
qemu7_make()
{
	local program=$1
	mkdir "$item/bin"
	cp "$(command -v "$program")" "$item/bin/"
	qemu_mend "$item/bin/$program"
	cat >"$item/$program" <<-EOF
		#!/bin/sh
		here=\$(dirname "\$(readlink -f "\$0")")
		export QEMU_MODULE_DIR=/usr/lib/$(uname -m)-linux-gnu/qemu
		exec "\$here/bin/$program" -L /usr/share/qemu -L /usr/share/seabios "\$@"
	EOF
	chmod 755 "$item/$program"
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
	[ "$program" != qemu-system-x86_64 ] || qemu_mend "$item/usr/bin/$program"
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
	local arch=${2:-x86} program path installed
	arch_get "$arch"
	program=qemu-system-$ARCH_QEMU
	case $1:$arch in
	7:x86)
		installed=$(command -v "$program") || die "no QEMU here: $program"
		installed=$(sha256sum "$installed" | cut -c 1-16)
		path=$(cache_get "qemu-7-x86-$installed" qemu7_make "$program")/$program
		;;
	7:*) path=$program ;;
	10:x86) path=$(cache_get qemu-10-x86 qemu10_make "$program" qemu-system-x86 qemu-system-data seabios)/$program ;;
	10:*) path=$(cache_get "qemu-10-$arch" qemu10_make "$program" qemu-system-arm qemu-system-data)/$program ;;
	*) path=$1 ;;
	esac
	command -v "$path" || die "no QEMU here: $path"
}
