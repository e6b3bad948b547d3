# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Reads the public headers of the library. Goes before a second program file, which has what is called for
# each thing that is declared:
#
#   section(title)			"---- title ----" in a comment; "" at the start of a header
#   macro(name, value, comment)		object-like ones that have a value
#   opaque(name, comment)		struct without a body
#   structure(name, comment, n)		members M_TYPE, M_NAME, M_ARRAY (what stands in [], else ""), M_COMMENT [1..n];
#					PLAIN is 0 if there are bit-fields or others that are not understood
#   callback(name, type, comment, n)	typedef of a pointer to function, parameters as below
#   prototype(name, type, comment, n)	parameters P_TYPE, P_NAME [1..n]; SOURCE is the declaration
#   paragraph()				an empty line between declarations
#   remark(text)				a comment that belongs to no declaration
#
# HEADER is the file's name. A comment is its text without the marks, lines separated by "\n"; KERNEL_DOC tells
# whether it began with two asterisks. SHARED is the last plain comment of the paragraph, which stands for those
# below it that have none. Only what is written as in this project is understood; anything else stops with an error.

function fail(text) { print FILENAME ":" FNR ": " text > "/dev/stderr"; FAILED = 1; exit 1 }

function trim(text) { sub(/^[ \t\n]+/, "", text); sub(/[ \t\n]+$/, "", text); return text }

# The inside of a comment that begins at the start of `text`; reads on until its end. Sets REST to what follows.
function read_comment(text,    more, out, lines, n, i)
{
	while (!(i = index(text, "*/"))) {
		if ((getline more) <= 0) fail("comment without an end")
		text = text "\n" more
	}
	REST = substr(text, i + 2)
	text = substr(text, 1, i - 1)
	KERNEL_DOC = text ~ /^\/\*\*/
	sub(/^\/\*\*?/, "", text)
	n = split(text, lines, "\n")
	out = ""
	for (i = 1; i <= n; i++) {
		# Continuations are indented by a tab behind the asterisk, which is kept.
		sub(/^[ \t]*\*?/, "", lines[i])
		sub(/^ /, "", lines[i])
		sub(/[ \t]+$/, "", lines[i])
		out = out (i > 1 ? "\n" : "") lines[i]
	}
	return trim(out)
}

# Splits "TYPE NAME", "TYPE *NAME", "TYPE NAME[SIZE]", "TYPE (*NAME)(...)" into TYPE, NAME, ARRAY.
function split_declarator(text,    i)
{
	ARRAY = ""
	text = trim(text)
	gsub(/[ \t\n]+/, " ", text)
	if (match(text, /\(\*[a-z0-9_]+\)/)) {
		NAME = substr(text, RSTART + 2, RLENGTH - 3)
		TYPE = substr(text, 1, RSTART + 1) substr(text, RSTART + RLENGTH - 1)
		return
	}
	if ((i = index(text, "["))) {
		ARRAY = substr(text, i + 1)
		sub(/\] *$/, "", ARRAY)
		# One without a length has no size.
		if (ARRAY == "") ARRAY = "[]"
		text = trim(substr(text, 1, i - 1))
	}
	if (!match(text, /[A-Za-z_][A-Za-z0-9_]*$/)) fail("no name in \"" text "\"")
	NAME = substr(text, RSTART)
	TYPE = trim(substr(text, 1, RSTART - 1))
}

# Parameters between the parentheses of `text` to P_TYPE, P_NAME; returns how many.
function split_parameters(text,    n, i, c, depth, one)
{
	n = 0
	text = trim(text)
	if (text == "void" || text == "") return 0
	one = ""
	depth = 0
	for (i = 1; i <= length(text) + 1; i++) {
		c = i <= length(text) ? substr(text, i, 1) : ","
		if (c == "," && depth == 0) {
			split_declarator(one)
			if (ARRAY != "") fail("array as a parameter: " one)
			P_TYPE[++n] = TYPE
			P_NAME[n] = NAME
			one = ""
			continue
		}
		depth += (c == "(") - (c == ")")
		one = one c
	}
	return n
}

# Reads a declaration up to its semicolon, comments dropped.
function read_declaration(text,    more)
{
	while (text !~ /;/) {
		if ((getline more) <= 0) fail("declaration without an end")
		text = text " " more
	}
	gsub(/\/\*[^*]*\*\//, "", text)
	gsub(/[ \t]+/, " ", text)
	return text
}

function take_comment(    text)
{
	text = PENDING
	KERNEL_DOC = PENDING_KERNEL_DOC
	PENDING = ""
	PENDING_KERNEL_DOC = 0
	return text
}

# The line is "struct NAME {"; reads up to its end.
function read_structure(name,    n, line, text, comment)
{
	n = 0
	text = ""
	comment = ""
	PLAIN = 1
	for (;;) {
		if ((getline line) <= 0) fail("structure without an end")
		if (line ~ /^}/) break
		line = trim(line)
		if (line == "") { comment = ""; continue }
		if (line ~ /^\/\*/) { comment = read_comment(line); continue }
		text = text " " line
		if (text !~ /;/) continue
		if (index(text, "/*")) {
			comment = read_comment(substr(text, index(text, "/*")))
			text = substr(text, 1, index(text, "/*") - 1)
		}
		gsub(/ JAILHOUSE_[A-Z]+;/, ";", text)
		sub(/;[ \t]*$/, "", text)
		if (text ~ /[:{}]/) PLAIN = 0
		if (!PLAIN) { text = ""; continue }
		split_declarator(text)
		M_TYPE[++n] = TYPE
		M_NAME[n] = NAME
		M_ARRAY[n] = ARRAY
		M_COMMENT[n] = comment
		text = ""
		comment = ""
	}
	return n
}

FNR == 1 {
	HEADER = FILENAME
	sub(/.*\//, "", HEADER)
	take_comment()
	SHARED = ""
	section("")
}

/^\/\*/ {
	PENDING = read_comment($0)
	PENDING_KERNEL_DOC = KERNEL_DOC
	SHARED = KERNEL_DOC ? "" : PENDING
	if (PENDING ~ /^---- .* ----$/) {
		sub(/^---- /, "", PENDING)
		sub(/ ----$/, "", PENDING)
		section(take_comment())
		SHARED = ""
	}
	next
}

/^[ \t]*$/ {
	TEXT = take_comment()
	if (TEXT != "") remark(TEXT)
	SHARED = ""
	paragraph()
	next
}

/^#[ \t]*define [A-Z]/ {
	while ($0 ~ /\\$/) {
		if ((getline MORE) <= 0) fail("macro without an end")
		$0 = substr($0, 1, length($0) - 1) " " MORE
	}
	NAME = $2
	if (NAME ~ /\(/) { take_comment(); next }
	VALUE = substr($0, index($0, NAME) + length(NAME))
	TEXT = take_comment()
	if (index(VALUE, "/*")) {
		TEXT = read_comment(substr(VALUE, index(VALUE, "/*")))
		VALUE = substr(VALUE, 1, index(VALUE, "/*") - 1)
	}
	VALUE = trim(VALUE)
	# Guards, marks of functions, initialisers and strings are no constants.
	if (VALUE != "" && VALUE !~ /[{"]|__|^[a-z]/ || VALUE ~ /^\(\(__u64\)/)
		macro(NAME, VALUE, TEXT)
	else if (TEXT != "")
		remark(TEXT)
	next
}

/^(__extension__ )?struct [a-z0-9_]+ \{/ {
	sub(/^__extension__ /, "")
	TEXT = take_comment()
	KERNEL_DOC_OF_STRUCT = KERNEL_DOC
	NAME_OF_STRUCT = $2
	N = read_structure($2)
	KERNEL_DOC = KERNEL_DOC_OF_STRUCT
	structure(NAME_OF_STRUCT, TEXT, N)
	next
}

/^struct [a-z0-9_]+;/ {
	TEXT = take_comment()
	if (index($0, "/*")) TEXT = read_comment(substr($0, index($0, "/*")))
	NAME = $2
	sub(/;.*/, "", NAME)
	opaque(NAME, TEXT)
	next
}

/^typedef .*\(\*[a-z0-9_]+\)\(/ {
	SOURCE = read_declaration($0)
	match(SOURCE, /\(\*[a-z0-9_]+\)\(/)
	NAME_OF_TYPE = substr(SOURCE, RSTART + 2, RLENGTH - 4)
	RESULT = trim(substr(SOURCE, 9, RSTART - 9))
	TEXT = substr(SOURCE, RSTART + RLENGTH)
	sub(/\)[ ]*;.*/, "", TEXT)
	N = split_parameters(TEXT)
	callback(NAME_OF_TYPE, RESULT, take_comment(), N)
	next
}

/^JAILHOUSE_API / {
	SOURCE = read_declaration($0)
	sub(/^JAILHOUSE_API /, "", SOURCE)
	if (!match(SOURCE, /jailhouse_[a-z0-9_]+ ?\(/)) fail("no function: " SOURCE)
	NAME_OF_FUNCTION = substr(SOURCE, RSTART, RLENGTH - 1)
	sub(/ $/, "", NAME_OF_FUNCTION)
	RESULT = trim(substr(SOURCE, 1, RSTART - 1))
	TEXT = substr(SOURCE, RSTART + RLENGTH)
	if (!match(TEXT, /\)[^)]*;/)) fail("no end: " SOURCE)
	N = split_parameters(substr(TEXT, 1, RSTART - 1))
	prototype(NAME_OF_FUNCTION, RESULT, take_comment(), N)
	next
}
