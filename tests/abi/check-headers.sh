#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: check-headers.sh INCLUDE LANGUAGE COMPILER OPTION...
# Compile each public header alone, twice in a row and with nothing else in front of it.
set -eu

include=$1
language=$2
shift 2
compiled=0
failed=0

for path in "$include"/jailhouse/*.h "$include"/arch/*/asm/*.h; do
	header=${path#"$include"/}
	compiled=$((compiled + 1))
	if ! printf '#include <%s>\n#include <%s>\nextern int not_empty;\n' "$header" "$header" |
		"$@" "-I$include" -x "$language" -Wall -Wextra -pedantic -Werror -fsyntax-only -; then
		echo "$header: does not compile by $*"
		failed=$((failed + 1))
	fi
done

echo "$compiled headers compiled by $*, $failed failed"
[ "$failed" -eq 0 ] && [ "$compiled" -gt 0 ]
