#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-cli-output.sh JAILHOUSE
# Files that the tool writes: a plain one is replaced as a whole or not at all; what is no plain file stays what it is.
set -euo pipefail

jailhouse=$(readlink -f "$1")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
failed=0

fail()
{
	failed=$((failed + 1))
	echo "FAIL $*"
	cat err
}

build()
{
	timeout 30 "$jailhouse" config build --output "$1" cell.dts 2>err
}

cat >cell.dts <<'END'
/dts-v1/;
/ { cell { architecture = "x86"; cpus = <1>; }; };
END
build good.cell || fail "a new file"

echo old >old.cell
build old.cell || fail "a file that is there"
cmp -s good.cell old.cell || fail "a file that is there has other bytes"

# As long as a name may be
long=$(printf '%0251d' 0)
build "$long.bin" || fail "a name of 255 bytes"
cmp -s good.cell "$long.bin" || fail "a name of 255 bytes has other bytes"

mkfifo fifo
timeout 30 cat fifo >from-fifo &
reader=$!
build fifo || fail "a FIFO"
[ -p fifo ] || fail "a FIFO is none any more"
# Whoever reads it would wait for ever.
[ -p fifo ] || kill "$reader"
wait "$reader" || true
cmp -s good.cell from-fifo || fail "a FIFO gave other bytes"

# As /dev/stdout is one
ln -s /proc/self/fd/1 stdout
build stdout | cat >piped || fail "a link to a pipe"
[ -L stdout ] || fail "a link to a pipe is none any more"
cmp -s good.cell piped || fail "a pipe got other bytes"

mkdir there
ln -s there/real.cell link
build link || fail "a link to nothing"
[ -L link ] || fail "a link to nothing is none any more"
cmp -s good.cell there/real.cell || fail "what a link leads to has other bytes"
echo old >there/real.cell
build link || fail "a link to a file"
[ -L link ] || fail "a link to a file is none any more"
cmp -s good.cell there/real.cell || fail "a file behind a link has other bytes"

# Both of them are kept: a device, by its link only, which is ours to lose.
ln -s /dev/full full
if build full; then fail "/dev/full"; fi
grep -q 'full: No space left on device' err || fail "/dev/full: no reason"
[ -L full ] || fail "a link to a device is none any more"
if build there; then fail "a directory"; fi
grep -q 'there: Is a directory' err || fail "a directory: no reason"

rm -f there/real.cell
[ -z "$(find . -name '.?*')" ] || fail "left behind: $(find .)"
[ "$failed" -eq 0 ] && echo "passed"
