# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# How libabigail looks at the library: exported functions, and of the types only what the public headers show.
# For the baseline and for the comparison with it. Sources are named as in the tree, wherever that is.

# abi_dump LIBRARY HEADERS
abi_dump()
{
	abidw --exported-interfaces-only --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed \
		--no-parameter-names --no-write-default-sizes --type-id-style hash --drop-private-types \
		--headers-dir "$2" "$1" |
		sed -e "s|path='[^']*/lib/|path='lib/|" \
			-e '1a <!-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause -->'
}

# abi_compare BASELINE DUMP: fails and says what is gone or changed. What is new is not mentioned.
abi_compare()
{
	abidiff --no-added-syms "$1" "$2"
}
