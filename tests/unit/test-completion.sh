#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Usage: test-completion.sh COMPLETIONS JAILHOUSE
# What bash, zsh and fish offer for a line. JAILHOUSE runs on the model of the driver, with the cell "guest".
set -eu

completions=$(readlink -f "$1")
program=$(readlink -f "$2")
# shellcheck disable=SC2034 # read by the completion
_jailhouse_program=$program
# shellcheck source=/dev/null
. "$completions/jailhouse"

passed=0
failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir sub
touch a.cell a.bin

result()
{
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1: \"$2\" instead of \"$3\""
	fi
}

sorted()
{
	LC_ALL=C sort -u | paste -sd' '
}

# expect EXPECTED WORD... : the last word is the one being typed
expect()
{
	local expected=$1
	shift
	COMP_WORDS=(jailhouse "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_jailhouse || true
	result "bash \"jailhouse $*\"" "$(printf '%s\n' "${COMPREPLY[@]}" | sorted)" "$expected"
}

expect "cell config console" c
expect "disable doctor" d
expect "--backend --help --version" --
expect "enable" en
expect "--help --no-check --permissive a.cell sub" enable ""
expect "--help --no-check --permissive" enable -
expect "--follow --help -f" console ""
expect "--count --help --json -n" monitor ""
expect "--help --json" info ""
expect "create" cell cr
expect "show shutdown start stats" cell s
expect "a.cell" cell create a
expect "--help --json" cell list ""
expect "--help --name 1 guest" cell start ""
expect "guest" cell start g
expect "1 guest" cell start --name ""
expect "" cell start guest t
expect "" cell start --name guest g
expect "--help --json --name 0 1 guest machine" cell show ""
expect "--address --help --name --string -a -s 1 guest" cell load ""
expect "--address --help --name --string -a -s a.bin a.cell sub" cell load guest ""
expect "" cell load guest a.bin -a ""
expect "1 guest" --backend device : x cell start --name ""
expect "check" config ch
expect "c dts json" config dump --format ""
expect "c cell dts json" config create -f ""
expect "a.bin a.cell sub" config build -o ""
expect "a.bin a.cell sub" config check --iomem ""
expect "" frobnicate ""
expect "" --backend ""

# Each command and each option that help tells about is offered.
groups=$("$program" --help | awk '/^   [a-z]/ { if ($2 ~ /^[a-z]/) print $1 }' | sort -u)
commands=$("$program" --help | awk '/^   [a-z]/ { print $1 ($2 ~ /^[a-z]+$/ ? " " $2 : "") }')
[ "$(wc -l <<<"$commands")" -ge 17 ]
while read -r first second; do
	result "$first" "$("$program" --complete "" | cut -f 1 | grep -cx -- "$first")" 1
	if [ -n "$second" ]; then
		grep -qx -- "$first" <<<"$groups"
		result "$first $second" "$("$program" --complete "$first" "" | cut -f 1 | grep -cx -- "$second")" 1
	fi
	# shellcheck disable=SC2086 # one or two words
	options=$("$program" $first $second --help | sed -n '/^Options:/,$p' | grep -oE '^ +(-[a-zA-Z], )? *--[a-z-]+' |
		tr -d ', ' | sed 's/^\(-[a-zA-Z]\)--/\1 --/' | tr ' ' '\n' | grep -vx -- -h | sorted)
	# shellcheck disable=SC2086
	result "options of $first $second" "$("$program" --complete $first $second - | cut -f 1 | sorted)" "$options"
done <<<"$commands"

# zsh_offers WORD...: what its completion gets from the tool
zsh_offers()
{
	zsh -f -c '. "$0"; _jailhouse_program=$1; shift; _jailhouse_candidates "$@"' \
		"$completions/_jailhouse" "$program" "$@" | cut -f 1 | sorted
}
result "zsh cell" "$(zsh_offers cell "")" "$("$program" --complete cell "" | cut -f 1 | sorted)"
result "zsh cell start" "$(zsh_offers cell start "")" "--help --name 1 guest"
result "zsh syntax" "$(zsh -n "$completions/_jailhouse" 2>&1)" ""

# fish_offers LINE
fish_offers()
{
	HOME=$dir fish --no-config -c "set -g _jailhouse_program '$program'; source '$completions/jailhouse.fish'
		complete -C '$1'" | cut -f 1 | sorted
}
result "fish cell s" "$(fish_offers 'jailhouse cell s')" "show shutdown start stats"
result "fish cell start" "$(fish_offers 'jailhouse cell start ')" "--help --name 1 guest"
result "fish enable" "$(fish_offers 'jailhouse enable --p')" "--permissive"
# Its own function puts files with the suffix first and offers the others as well.
result "fish config check" "$(fish_offers 'jailhouse config check a')" "a.bin a.cell"

# A name is text, whatever it looks like.
cat > hostile <<'END'
#!/bin/sh
printf '$(touch expanded) x\tcell\n'
END
chmod +x hostile
# shellcheck disable=SC2034
_jailhouse_program=$dir/hostile
# shellcheck disable=SC2016
expect '\$\(touch\ expanded\)\ x' cell start '$'
if [ -e expanded ]; then
	failed=$((failed + 1))
	echo "FAIL the name of a cell was executed"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
