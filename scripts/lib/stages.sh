# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# Stages of scripts/test that need no emulated machine. They run with errexit on, in the root of the
# tree, and report through results.sh.

# Files of the project with these suffixes, NUL-separated; also those not committed yet.
tree_files()
{
	git -C "$JH_ROOT" ls-files -z --cached --others --exclude-standard -- "$@" |
		while IFS= read -r -d '' file; do
			[ ! -f "$file" ] || printf '%s\0' "$file"
		done
}

# Each file names its licence at the top and keeps to the size that fits in one head. (Data that a test
# compares byte by byte, and the header that is a manual, are let off.)
stage_house()
{
	# shellcheck disable=SC2016 # a program for awk
	tree_files | grep -zvE '^LICENSES/|\.cell$|\.sha256$|\.gitignore$|^tests/.*/(corpus|fixtures|data)/' |
		xargs -0 awk '
	function close_file() {
		if (name == "") return
		if (!licence) { print name ": no licence line"; bad = 1 }
		if (name ~ /\.[chS]$/ && name !~ /jailhouse\/jailhouse\.h$|-ffi\.h$/ && lines > 600) {
			print name ": " lines " lines, at most 600"; bad = 1
		}
		if (name ~ /^examples\/apps\/.*\.c$/ && lines > 99) {
			print name ": " lines " lines, an example has less than 100"; bad = 1
		}
	}
	FNR == 1 { close_file(); name = FILENAME; licence = 0 }
	FNR <= 3 && /SPDX-License-Identifier: GPL-2\.0-only OR BSD-2-Clause/ { licence = 1 }
	/TODO|FIXME|XXX:/ && name !~ /stages\.sh$/ { print name ":" FNR ": unfinished: " $0; bad = 1 }
	{ lines = FNR }
	END { close_file(); exit bad }'
}

stage_shellcheck()
{
	local file scripts=()
	while IFS= read -r -d '' file; do
		case $(head -n 1 "$file" | tr -d '\0') in
		'#!/bin/sh' | '#!/bin/bash') scripts+=("$file") ;;
		*)
			case $file in
			*.sh) scripts+=("$file") ;;
			esac
			;;
		esac
	done < <(tree_files)
	# It uses one CPU.
	printf '%s\0' "${scripts[@]}" | xargs -0 -P "$(nproc)" -n 6 shellcheck
}

# What a formatter cannot argue about: tabs, no blanks at the end of a line, lines that can be read.
stage_format()
{
	# shellcheck disable=SC2016 # a program for awk
	tree_files '*.c' '*.h' '*.S' | xargs -0 awk '
	{ text = $0; gsub(/\t/, "        ", text) }
	length(text) > 120 { print FILENAME ":" FNR ": more than 120 columns"; bad = 1 }
	/[ \t\r]$/ { print FILENAME ":" FNR ": blanks at the end"; bad = 1 }
	/^ {8}/ { print FILENAME ":" FNR ": indented with blanks"; bad = 1 }
	END { exit bad }'
}

# stage_build gcc|clang|arm64|arm [MESON OPTIONS]: with that compiler or for that architecture; a warning is an error.
stage_build()
{
	local how=--cc name=$1
	shift
	[ ! -f "scripts/cross/$name.ini" ] || how=--cross
	scripts/build "$how" "$name" "build/$name" -Dwerror=true --prefix=/usr --libdir=lib "$@"
}

# stage_build_cross MACHINE NAME: the same for a machine of another architecture, NAME as readelf has it
stage_build_cross()
{
	stage_build "$1"
	readelf -h "build/$1/lib/libjailhouse.so" "build/$1/tools/jailhouse" | awk -v name="$2" '
	/Machine:/ { n++; if ($2 != name) bad = 1 } END { exit bad || n != 2 }'
	# As in the demo: without tests, nothing wants cmocka.
	scripts/build --cross "$1" --target lib/libjailhouse-reader.a "build/$1-plain" -Dtests=disabled
	if ninja -C "build/$1-plain" -t targets all | grep '^tests/bits32\|^tests/system'; then
		warn "a build without tests has these"
		return 1
	fi
}

# meson_tests BUILD [MESON TEST OPTIONS]: run and count its tests.
meson_tests()
{
	local build=$1 rc=0 result name cases line
	shift
	rm -f "$build/meson-logs/testlog.json"
	meson test -C "$build" --no-rebuild --num-processes 2 --print-errorlogs "$@" || rc=$?
	while IFS= read -r line; do
		name=$(sed -n 's/^{"name": "\([^"]*\)".*/\1/p' <<<"$line")
		result=$(sed -n 's/.*"result": "\([A-Z]*\)".*/\1/p' <<<"$line")
		# A cmocka program has a line for each of its cases.
		cases=$(grep -o '\[       OK \] [A-Za-z0-9_]*' <<<"$line" | sed 's/.* //' || true)
		case $result in
		OK | EXPECTEDFAIL)
			for case in ${cases:-main}; do
				pass "$build: $name: $case"
			done
			;;
		SKIP) skip "$build: $name" ;;
		*) fail "$build: $name: $result" ;;
		esac
	done <"$build/meson-logs/testlog.json"
	return "$rc"
}

# stage_unit BUILD [MESON TEST OPTIONS]
stage_unit()
{
	local build=build/$1
	shift
	meson_tests "$build" "$@"
}

# Code that runs on the host only, so the freestanding parts are left out. By the other compiler: so the tests are seen
# by both, and undefined behaviour that one of them happens to make harmless is not.
stage_sanitizers()
{
	scripts/build --cc clang build/sanitizers -Dwerror=true -Db_sanitize=address,undefined \
		-Db_lundef=false -Dhypervisor=disabled -Dinmates=disabled
	ASAN_OPTIONS=detect_leaks=1:abort_on_error=1 \
	UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_stacktrace=1 \
		meson_tests build/sanitizers --no-suite abi --no-suite shells --timeout-multiplier 5
}

# Simulated machines and the tests of the hypervisor's core, whose CPUs are threads, under ThreadSanitizer. What it
# finds goes to files: the output of a server in the background is nowhere, and its exit code either.
stage_threads()
{
	local build=$JH_ROOT/build/threads rc=0 report reports
	scripts/build --cc clang --target threads-tests "$build" -Dwerror=true -Db_sanitize=thread -Db_lundef=false \
		-Dhypervisor=disabled -Dinmates=disabled -Dcli=disabled -Dexamples=disabled
	rm -f "$build"/race.*
	TSAN_OPTIONS=exitcode=66:second_deadlock_stack=1:log_path=$build/race \
		meson_tests build/threads --suite sim --suite hypervisor-threads --timeout-multiplier 5 || rc=$?
	reports=$(find "$build" -maxdepth 1 -name 'race.*')
	for report in $reports; do
		cat "$report"
		fail "a race" "$report"
		rc=1
	done
	return "$rc"
}

# fuzz_target PROGRAM SECONDS
fuzz_target()
{
	local name work log
	name=$(basename "$1")
	work=build/fuzz/corpus-$name
	log=build/fuzz/$name.log
	mkdir -p "$work"
	if "$1" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="build/fuzz/$name-" "$work" "tests/fuzz/corpus/${name#fuzz-}" >"$log" 2>&1; then
		pass "$name"
	else
		tail -n 50 "$log"
		fail "$name" "input saved as build/fuzz/$name-*"
	fi
}

# stage_fuzz SECONDS: each target for that long, starting with its corpus in the tree.
stage_fuzz()
{
	local seconds=$1 target
	scripts/build --cc clang --target fuzz-targets build/fuzz -Dfuzz=enabled -Dhypervisor=disabled -Dinmates=disabled \
		-Db_lundef=false
	for target in build/fuzz/tests/fuzz/fuzz-*; do
		if [ ! -f "$target" ] || [ ! -x "$target" ]; then
			continue
		fi
		# As many at once as there are CPUs.
		while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
			wait -n
		done
		fuzz_target "$target" "$seconds" &
	done
	wait
}

# stage_driver KERNEL: its modules build without warnings, sparse is content, and each symbol that they need is
# exported by the stock kernel.
stage_driver()
{
	local module symbol name
	module=$(scripts/build-module -o "build/driver-$1" -s "$1")
	pass "driver for $1: builds, and sparse is content"
	kernel_get "$1"
	awk '{ print $2 }' "$KERNEL_BUILD/Module.symvers" | sort >"build/driver-$1/exported"
	for name in jailhouse uio_ivshmem ivshmem_net; do
		nm -u "${module%/*}/$name.ko" | awk '{ print $2 }' | sort >"build/driver-$1/needed"
		[ -s "build/driver-$1/needed" ]
		symbol=$(comm -23 "build/driver-$1/needed" "build/driver-$1/exported" | tr '\n' ' ')
		if [ -n "${symbol// /}" ]; then
			fail "$name for $1: exported symbols" "$symbol"
		else
			pass "$name for $1: exported symbols"
		fi
	done
}

# The README's C example, as printed, against the installed library.
stage_readme()
{
	local root=$JH_ROOT/build/readme
	rm -rf "$root"
	mkdir -p "$root"
	scripts/build "$JH_ROOT/build/gcc" -Dwerror=true --prefix=/usr --libdir=lib
	meson install -C build/gcc --no-rebuild --quiet --destdir "$root"
	# shellcheck disable=SC2016 # backquotes of the text
	sed -n '/^```c$/,/^```$/{/^```/d;p}' README.md >"$root/example.c"
	[ -s "$root/example.c" ]
	# shellcheck disable=SC2046 # flags are words
	gcc -Wall -Wextra -Werror -o "$root/example" "$root/example.c" \
		$(PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_PATH=$root/usr/lib/pkgconfig \
			pkg-config --cflags --libs jailhouse)
	# Without driver it must say so and fail, not crash.
	local rc=0
	LD_LIBRARY_PATH=$root/usr/lib "$root/example" || rc=$?
	[ "$rc" -eq 1 ]
}

# With the hypervisor missing the demo must fail, and say why.
stage_demo_without_image()
{
	local log=$JH_ROOT/build/test/demo-without-image.log
	if scripts/demo --without-image >"$log" 2>&1; then
		cat "$log"
		return 1
	fi
	cat "$log"
	grep -q 'jailhouse-amd\.bin' "$log"
	grep -q "^FAILED: 'jailhouse enable" "$log"
}

# stage_mutants [OPTIONS OF tests/mutants/run]
stage_mutants()
{
	tests/mutants/run "$@" | while read -r verdict name rest; do
		case $verdict in
		killed | fresh) pass "mutant $name" ;;
		*) fail "mutant $name" "$verdict $rest" ;;
		esac
	done
}
