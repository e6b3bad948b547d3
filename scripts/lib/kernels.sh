# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Stock Debian kernels for the emulated machines, and what is needed to build modules for them. They are unpacked into
# the cache, nothing is installed. A kernel's name is VERSION for x86, else ARCH-VERSION. In place of the version,
# "debug" and "nmi" are kernels that are built of Debian's source on demand, as tests/system/*.config says.

# kernel_arch NAME: print its architecture.
kernel_arch()
{
	case $1 in
	*-*) printf '%s\n' "${1%%-*}" ;;
	*) printf 'x86\n' ;;
	esac
}

# kernel_of_arch VERSION ARCH: print the name of a kernel.
kernel_of_arch()
{
	case $2 in
	x86) printf '%s\n' "$1" ;;
	*) printf '%s-%s\n' "$2" "$1" ;;
	esac
}

# kernel_suites NAME: the suites that may have that kernel, best first. Build tools of trixie need
# a newer libc than Debian 12 has, so they come last.
kernel_suites()
{
	case $1 in
	6.1 | arm64-6.1 | arm-6.1 | debug) echo bookworm ;;
	6.12 | arm64-6.12 | arm-6.12 | arm64-nmi) echo bookworm-backports trixie ;;
	*) die "no such kernel: $1 (known: 6.1 6.12 debug arm64-6.1 arm64-6.12 arm64-nmi arm-6.1 arm-6.12)" ;;
	esac
}

# kernel_make NAME: fill the cache item $item. Build tools are always those that run here.
kernel_make()
{
	local version=${1##*-} work suite image='' headers common kbuild release
	temp_dir work
	arch_get "$(kernel_arch "$1")"
	for suite in $(kernel_suites "$1"); do
		msg "looking for Linux $version ($ARCH_DEBIAN) in Debian $suite"
		rm -rf "${work:?}/apt"
		apt_private_setup "$work/apt" "$suite" "$ARCH_DEBIAN" || continue
		image=$(apt_private_depends "linux-image-$ARCH_FLAVOUR")
		case $image in
		linux-image-"$version".*) break ;;
		esac
		image=
	done
	[ -n "$image" ] || die "no Debian suite has Linux $version"

	release=${image#linux-image-}
	headers=linux-headers-$release
	common=${headers%-"$ARCH_FLAVOUR"}-common
	kbuild=$(apt-cache "${APT_PRIVATE[@]}" show --no-all-versions "$headers" |
		grep -om 1 'linux-kbuild-[^ ,]*')
	apt_private_unpack "$work/apt" "$item" "$image" "$headers" "$common" "$kbuild:amd64" || return 1
	kernel_relocate "$item" "$headers" "$common"
	printf '%s\n' "$release" >"$item/RELEASE"
}

# The flavour's Makefile includes the common one by its installed path: make that a relative one.
# Without vmlinux no type information is made for modules, which would take one more tool (pahole).
kernel_relocate()
{
	local top=${1:?} src=$1/usr/src
	grep -qx "include /usr/src/$3/Makefile" "$src/$2/Makefile" ||
		die "unexpected contents: $src/$2/Makefile"
	# shellcheck disable=SC2016 # written for make
	printf 'include $(dir $(lastword $(MAKEFILE_LIST)))../%s/Makefile\n' "$3" >"$src/$2/Makefile"
	rm -rf "$src/$2/vmlinux" "$top/lib/modules/"*/{source,build}
	rm -rf "${top:?}/usr/share"
}

# kernel_config NAME: the configuration of a kernel that we build of Debian's source; there is none for stock ones.
kernel_config()
{
	printf '%s\n' "$JH_ROOT/tests/system/${1##*-}.config"
}

# kernel_source NAME VERSION: install what a build needs, unpack and configure Debian's source in $work, and set $source
# and the array $make, which is the command for it. Options that the configuration does not name are off.
kernel_source()
{
	local config suite deb
	config=$(kernel_config "$1")
	arch_get "$(kernel_arch "$1")"
	packages_install_missing debug
	for suite in $(kernel_suites "$1"); do
		rm -rf "${work:?}/apt"
		apt_private_setup "$work/apt" "$suite" &&
			apt_private_unpack "$work/apt" "$work/deb" "linux-source-$2" && break
	done
	deb=$work/deb/usr/src/linux-source-$2.tar.xz
	[ -f "$deb" ] || die "no Debian suite has the source of Linux $2"
	source=$work/linux-source-$2
	make=(make -C "$source" "ARCH=$ARCH_KERNEL")
	[ "$ARCH_DEBIAN" = amd64 ] || make+=("CROSS_COMPILE=$ARCH_TRIPLET-")
	msg "unpacking and building the kernel $1 (10 to 30 minutes)"
	tar -xf "$deb" -C "$work" || return 1
	rm -rf "$work/deb"
	"${make[@]}" -s KCONFIG_ALLCONFIG="$config" allnoconfig || return 1
	kernel_check_config "$config" "$source/.config"
}

# Make the item of the debug kernel: Debian's source with KASAN, lockdep and other checks, and little else.
kernel_make_debug()
{
	local work source make
	temp_dir work
	kernel_source debug 6.1 || return 1
	logged "$work/build.log" nice "${make[@]}" -j2 bindeb-pkg || return 1
	dpkg-deb -x "$work"/linux-image-*_amd64.deb "$item" || return 1
	dpkg-deb -x "$work"/linux-headers-*_amd64.deb "$item" || return 1
	rm -rf "${item:?}/usr/share" "$item"/lib/modules/*/{source,build}
	"${make[@]}" -s kernelrelease >"$item/RELEASE"
}

# Make the item of the kernel for ARM64 that masks interrupts by priority. Packages of it would have build tools for that
# machine, so its files are put where packages have them; tools are those that run here.
kernel_make_nmi()
{
	local work source make release
	temp_dir work
	kernel_source arm64-nmi 6.12 || return 1
	logged "$work/build.log" nice "${make[@]}" -j2 Image modules || return 1
	release=$("${make[@]}" -s kernelrelease) || return 1
	mkdir -p "$item/boot"
	cp "$source/arch/arm64/boot/Image" "$item/boot/vmlinuz-$release" || return 1
	"${make[@]}" -s INSTALL_MOD_PATH="$item" INSTALL_MOD_STRIP=1 modules_install || return 1
	(cd "$source" && env srctree=. SRCARCH=arm64 CC=gcc HOSTCC=gcc \
		scripts/package/install-extmod-build "$item/usr/src/linux-headers-$release") || return 1
	rm -f "$item"/lib/modules/*/{source,build}
	printf '%s\n' "$release" >"$item/RELEASE"
}

# kernel_check_config WANTED FILE: an option that Kconfig dropped for want of another would go unnoticed.
kernel_check_config()
{
	local option bad=0
	while read -r option; do
		grep -qxF "$option" "$2" || { warn "Kconfig did not take $option"; bad=1; }
	done < <(grep '^CONFIG' "$1")
	return "$bad"
}

# kernel_get NAME: set KERNEL_RELEASE, KERNEL_IMAGE, KERNEL_BUILD (for make -C), KERNEL_MODULES (directory with its
# .ko files), KERNEL_DTBS (with device trees) and the array KERNEL_MAKE (variables for make; some of Debian's kernels take these, some those).
kernel_get()
{
	local path arch
	arch=$(kernel_arch "$1")
	kernel_suites "$1" >/dev/null
	if [ -f "$(kernel_config "$1")" ]; then
		# With another configuration it is another kernel.
		path=kernel-$1-$(sha256sum <"$(kernel_config "$1")" | cut -c 1-8)
		path=$(cache_get "$path" "kernel_make_${1##*-}")
	else
		path=$(cache_get "kernel-$1" kernel_make "$1")
	fi
	KERNEL_RELEASE=$(cat "$path/RELEASE")
	KERNEL_IMAGE=$path/boot/vmlinuz-$KERNEL_RELEASE
	KERNEL_BUILD=$path/usr/src/linux-headers-$KERNEL_RELEASE
	KERNEL_MODULES=$path/lib/modules/$KERNEL_RELEASE
	KERNEL_DTBS=$path/usr/lib/linux-image-$KERNEL_RELEASE
	KERNEL_MAKE=()
	if [ "$arch" != x86 ]; then
		arch_get "$arch"
		KERNEL_MAKE=("ARCH=$ARCH_KERNEL" "CROSS_COMPILE=$ARCH_TRIPLET-" DEB_BUILD_ARCH=amd64
			"DEB_HOST_ARCH=$ARCH_DEBIAN" "DEB_HOST_GNU_TYPE=$ARCH_TRIPLET")
	fi
}
