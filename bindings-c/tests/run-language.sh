#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: run-language.sh LANGUAGE PROGRAM LIBRARY HEADER DESCRIPTION URI CONFIGURATIONS
# Runs the program on a connection, with a system and a cell from the directory of configurations.
set -eu

language=$1 program=$2 library=$(readlink -f "$3") header=$4 description=$5 uri=$6
cells=("$7/qemu-q35.cell" "$7/qemu-q35-apic-demo.cell")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The distribution's interpreters and compilers, whatever else is installed.
PATH=/usr/bin:/bin:$PATH

case $language in
python) python3 -B "$program" "$library" "$header" "$uri" "${cells[@]}" ;;
luajit) luajit "$program" "$library" "$header" "$uri" "${cells[@]}" ;;
perl) perl "$program" "$library" "$description" "$uri" "${cells[@]}" ;;
rust)
	bindgen --no-prepend-enum-name --no-layout-tests "$header" >"$work/bindings.rs"
	BINDINGS=$work rustc --edition 2021 -D warnings -o "$work/life-cycle" \
		-C "link-arg=$library" -C "link-arg=-Wl,-rpath,$(dirname "$library")" "$program"
	"$work/life-cycle" "$uri" "${cells[@]}"
	;;
*)
	echo "no such language: $language"
	exit 1
	;;
esac
