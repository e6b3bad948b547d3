# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Libraries and programs of another architecture, unpacked into the cache: for tests that are built for it, and
# for the user space of its emulated machines. Headers and libc to build against come with Debian's cross compiler,
# so the packages are of the same suite as this machine.

SYSROOT_PACKAGES="libc6 libgcc-s1 libfdt1 libfdt-dev libcmocka0 libcmocka-dev busybox-static"

sysroot_make()
{
	local work
	temp_dir work
	arch_get "$1"
	apt_private_setup "$work/apt" "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$ARCH_DEBIAN" || return 1
	# shellcheck disable=SC2086 # a list
	apt_private_unpack "$work/apt" "$item" $SYSROOT_PACKAGES || return 1
	rm -rf "${item:?}/usr/share"
	echo "$SYSROOT_PACKAGES" >"$item/PACKAGES"
}

# sysroot_get ARCH: print the directory; for the architecture that we run on it is /.
sysroot_get()
{
	if [ "$1" = x86 ]; then
		printf '/\n'
	else
		# One that was made for an older list is made again.
		[ "$(cat "$JH_CACHE/sysroot-$1/PACKAGES" 2>/dev/null)" = "$SYSROOT_PACKAGES" ] ||
			rm -rf "$JH_CACHE/sysroot-$1"
		cache_get "sysroot-$1" sysroot_make "$1"
	fi
}

# sysroot_meson ARCH FILE: write what Meson has to know of it (a further cross file).
sysroot_meson()
{
	local root
	root=$(sysroot_get "$1")
	arch_get "$1"
	cat >"$2" <<-EOT
		[binaries]
		pkgconfig = 'pkg-config'

		[properties]
		sys_root = '$root'
		pkg_config_libdir = '$root/usr/lib/$ARCH_TRIPLET/pkgconfig'
	EOT
}
