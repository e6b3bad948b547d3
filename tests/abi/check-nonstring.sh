#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-nonstring.sh INCLUDE COMPILER...
# Signatures fill their arrays without a NUL. GCC 15 complains about the initialiser of such an array unless it is marked;
# an older one knows the mark by complaining about strlen() of it.
set -eu
include=$1
shift

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
number=0
while read -r header type; do
	cat >"$dir/test.c" <<EOT
#include <string.h>
#include <jailhouse/$header>
size_t length(const $type *p);
size_t length(const $type *p)
{
	return strlen(p->signature);
}
EOT
	"$@" -I"$include" -O2 -fsyntax-only "$dir/test.c" 2>/dev/null || { echo "FAIL $header does not compile"; exit 1; }
	if "$@" -I"$include" -O2 -Wall -Wextra -Werror -S -o /dev/null "$dir/test.c" 2>"$dir/err" ||
		! grep -q nonstring "$dir/err"; then
		echo "FAIL $type: its signature is not marked JAILHOUSE_NONSTRING"
		exit 1
	fi
	number=$((number + 1))
done <<EOT
cell-config.h struct jailhouse_cell_desc
cell-config.h struct jailhouse_system
hypercall.h struct jailhouse_comm_region
image.h struct jailhouse_image_header
info.h struct jailhouse_info
EOT
echo "$number signatures"
