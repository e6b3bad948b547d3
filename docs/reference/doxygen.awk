# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Behind headers.awk: a header as Doxygen wants it, with a comment of its own at each declaration. Comments of
# the form "name() - what" with "@parameter: text" become \brief and \param.

# No text of ours is meant as a command or markup. References "@name" become code.
function plain(text)
{
	gsub(/\\/, "\\\\", text)
	gsub(/#/, "\\#", text)
	gsub(/</, "\\<", text)
	gsub(/>/, "\\>", text)
	gsub(/%/, "\\%", text)
	gsub(/"/, "\\\"", text)
	gsub(/&/, "\\&", text)
	while (match(text, /@[a-z_0-9]+/))
		text = substr(text, 1, RSTART - 1) "\\p " substr(text, RSTART + 1, RLENGTH - 1) substr(text, RSTART + RLENGTH)
	gsub(/@/, "\\@", text)
	return text
}

# The comment of a declaration. Members' texts go to DOC_OF.
function document(comment, is_struct,    lines, n, i, name, out, line)
{
	for (name in DOC_OF) delete DOC_OF[name]
	out = ""
	name = ""
	n = split(comment, lines, "\n")
	for (i = 1; i <= n; i++) {
		line = lines[i]
		if (i == 1 && KERNEL_DOC && match(line, / - /)) {
			line = substr(line, RSTART + 3)
			out = "\\brief " plain(line) (line ~ /[.]$/ ? "" : ".") "\n"
			continue
		}
		if (match(line, /^@[a-z0-9_]+: */)) {
			name = substr(line, 2, index(line, ":") - 2)
			line = plain(substr(line, RSTART + RLENGTH))
			if (is_struct) DOC_OF[name] = line
			else out = out "\\param " name " " line "\n"
			continue
		}
		if (name != "" && line ~ /^[ \t]/) {
			if (is_struct) DOC_OF[name] = DOC_OF[name] " " plain(trim(line))
			else out = out plain(trim(line)) "\n"
			continue
		}
		name = ""
		if (line ~ /^Returns?/ && !is_struct)
			out = out "\\return " plain(substr(line, index(line, " ") + 1)) "\n"
		else
			out = out plain(line) "\n"
	}
	if (out != "") print "/** " out " */"
}

function section(title)
{
	if (title == "") print "/** \\file " HEADER " */"
}

function paragraph() {}

# The first one is about the whole header.
function remark(text)
{
	if (HEADER in HAS_REMARK) return
	HAS_REMARK[HEADER] = 1
	print "/** \\file " HEADER "\n" plain(text) "\n */"
}

function own_or_shared(comment)
{
	if (comment != "") return comment
	KERNEL_DOC = 0
	return SHARED
}

function macro(name, value, comment)
{
	document(own_or_shared(comment), 0)
	print "#define " name " " value
}

function opaque(name, comment)
{
	document(comment, 0)
	print "struct " name ";"
}

function structure(name, comment, n,    i, text)
{
	document(comment, 1)
	print "struct " name " {"
	for (i = 1; i <= n; i++) {
		text = M_NAME[i] in DOC_OF ? DOC_OF[M_NAME[i]] : plain(M_COMMENT[i])
		# Of the fields of configurations there is a manual.
		if (text == "" && name ~ /^jailhouse_config_/) text = "See docs/config-format.md."
		if (text != "") print "\t/** " text " */"
		print "\t" M_TYPE[i] " " M_NAME[i] (M_ARRAY[i] == "" ? "" : "[" M_ARRAY[i] "]") ";"
	}
	print "};"
}

function callback(name, type, comment, n)
{
	document(comment, 0)
	print SOURCE
}

function prototype(name, type, comment, n)
{
	document(own_or_shared(comment), 0)
	print SOURCE
}
