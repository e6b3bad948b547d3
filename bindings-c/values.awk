# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Behind headers.awk: a C program that prints what only a compiler knows of the headers. Its lines:
# "macro NAME VALUE", "struct NAME SIZE ALIGNMENT", "member STRUCT NAME OFFSET SIZE".

function remark(text) {}
function section(title) {}
function paragraph() {}
function opaque(name, comment) {}
function callback(name, type, comment, n) {}
function prototype(name, type, comment, n) {}

# A name that several headers define has the same value in all of them, or they would not compile together.
function macro(name, value, comment)
{
	if (name in SEEN) return
	SEEN[name] = 1
	BODY = BODY "\tMACRO(" name ");\n"
}

function structure(name, comment, n,    i)
{
	if (HEADER in CONSTANTS_ONLY) return
	BODY = BODY "\tprintf(\"struct " name " %zu %zu\\n\", sizeof(struct " name "), __alignof__(struct " name "));\n"
	for (i = 1; i <= n; i++)
		if (M_ARRAY[i] != "[]")
			BODY = BODY "\tprintf(\"member " name " " M_NAME[i] " %zu %zu\\n\", offsetof(struct " name ", " \
			M_NAME[i] "), sizeof(((struct " name " *)0)->" M_NAME[i] "));\n"
}

BEGIN {
	n = split(constants_only, word, " ")
	for (i = 1; i <= n; i++) CONSTANTS_ONLY[word[i]] = 1
	for (i = 1; i < ARGC; i++) {
		header = ARGV[i]
		sub(/.*\//, "", header)
		printf "#include <jailhouse/%s>\n", header
	}
	print "#include <jailhouse/reason.h>"
	print "#include <stddef.h>\n#include <stdio.h>\n"
	print "#define MACRO(name) \\"
	print "\t((name) < 0 ? printf(\"macro %s %lld\\n\", #name, (long long)(name)) \\"
	print "\t\t    : printf(\"macro %s %llu\\n\", #name, (unsigned long long)(name)))"
	print "#define REASON(name, code, text) printf(\"reason JAILHOUSE_REASON_%s %d\\n\", #name, code);"
	print "int main(void)\n{"
}

END {
	if (FAILED) exit 1
	printf "%s\tJAILHOUSE_REASONS(REASON)\n\treturn 0;\n}\n", BODY
}
