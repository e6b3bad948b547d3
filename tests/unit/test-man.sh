#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-man.sh JAILHOUSE PAGES NAME=PAGE...
# The manual pages tell of each command and each of its options that the tool's own help knows, and of no other; the
# pages of the directory PAGES render without complaints. NAME=PAGE: a link that is installed.
set -euo pipefail

jailhouse=$(readlink -f "$1")
pages=$(readlink -f "$2")
shift 2
passed=0
failed=0
declare -A known

fail()
{
	failed=$((failed + 1))
	echo "FAIL $*"
}

# options FILE: those that stand in it, one a line
options()
{
	grep -oE '(^|[^-[:alnum:]])--?[[:alnum:]][-[:alnum:]]*' "$1" | sed 's/^[^-]//' | sort -u
}

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

mkdir "$dir/pages"
cp "$pages"/*.8 "$dir/pages"
pages=$dir/pages
for link; do
	ln -s "${link#*=}.8" "$pages/${link%%=*}.8"
done
for page in "$pages"/*.8; do
	name=$(basename "$page" .8)
	MANWIDTH=120 man --local-file --no-hyphenation --warnings -E UTF-8 "$page" 2>"$dir/warnings" | col -bx >"$dir/$name" ||
		fail "$name does not render"
	[ ! -s "$dir/warnings" ] || fail "$name: $(cat "$dir/warnings")"
	awk '/^[A-Z]/ { on = $0 == "OPTIONS" } on' "$dir/$name" > "$dir/options-$name"
	# Lines are filled with blanks.
	sed 's/  */ /g' "$dir/$name" > "$dir/words"
	mv "$dir/words" "$dir/$name"
	passed=$((passed + 1))
done

"$jailhouse" --help | awk '/^   [a-z]/ { print $1 ($2 ~ /^[a-z]+$/ ? " " $2 : "") }' > "$dir/commands"
[ "$(wc -l < "$dir/commands")" -ge 25 ]
while read -r first second; do
	if [ ! -f "$pages/jailhouse-$first.8" ]; then
		fail "$first has no page"
		continue
	fi
	# Of a link it is what it points to.
	name=$(basename "$(readlink -f "$pages/jailhouse-$first.8")" .8)
	page=$dir/$name
	grep -qE "^ *jailhouse $first${second:+ $second}( |\$)" "$page" || fail "$name: no synopsis of $first $second"
	grep -qF "$name(8)" <(sed -n '/^SEE ALSO/,$p' "$dir/jailhouse") || fail "jailhouse(8) does not point to $name(8)"
	# shellcheck disable=SC2086 # one or two words
	"$jailhouse" $first $second --help | sed -n '/^Options:/,$p' > "$dir/help"
	while read -r option; do
		known[$name]+=" $option "
		case $option in
		-h | --help) continue ;; # jailhouse(8) has it for all
		esac
		grep -qE -- "(^|[^-[:alnum:]])$option([^-[:alnum:]]|\$)" "$page" || fail "$name: no $option of $first $second"
		passed=$((passed + 1))
	done < <(grep -oE '^ +(-[a-zA-Z], )? *--[a-z-]+|^ +-[a-zA-Z],' "$dir/help" | tr -s ', ' '\n' | grep '^-')
done < "$dir/commands"
for option in --backend --help --version; do
	grep -q -- "$option" "$dir/options-jailhouse" || fail "jailhouse: no $option"
done

# Options that there are not, or no longer
for name in "${!known[@]}"; do
	grep -E '^ {7}-' "$dir/options-$name" | sed 's/^ *//; s/   .*//' > "$dir/heads" || true
	while read -r option; do
		case ${known[$name]} in
		*" $option "*) passed=$((passed + 1)) ;;
		*) fail "$name: $option, which no command takes" ;;
		esac
	done < <(options "$dir/heads")
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 60 ]
