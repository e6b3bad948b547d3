# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Behind headers.awk: man pages of section 3, one for each section of a header, and links to it by the names of
# the functions. -v pages=FILE is pages.list, -v to=DIRECTORY, -v version=VERSION.

function escape(text)
{
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	gsub(/"/, "\\(dq", text)
	while (match(text, /@[a-z0-9_]+/))
		text = substr(text, 1, RSTART - 1) "\\fI" substr(text, RSTART + 1, RLENGTH - 1) "\\fR" \
			substr(text, RSTART + RLENGTH)
	if (text ~ /^[.']/) text = "\\&" text
	return text
}

# A comment as paragraphs. Parameters become a list; the title line of the kernel's form is the first sentence.
function comment_text(comment,    lines, n, i, line, out, in_list)
{
	out = ""
	in_list = 0
	n = split(comment, lines, "\n")
	for (i = 1; i <= n; i++) {
		line = lines[i]
		if (i == 1 && match(line, /^(struct )?[a-z0-9_]+(\(\))? - /))
			line = toupper(substr(line, RLENGTH + 1, 1)) substr(line, RLENGTH + 2) "."
		if (match(line, /^@[a-z0-9_]+: */)) {
			out = out ".TP\n.I " substr(line, 2, index(line, ":") - 2) "\n" escape(substr(line, RLENGTH + 1)) "\n"
			in_list = 1
		} else if (line ~ /^[ \t]*$/) {
			out = out ".PP\n"
			in_list = 0
		} else if (in_list && line !~ /^[ \t]/) {
			out = out ".PP\n" escape(line) "\n"
			in_list = 0
		} else {
			out = out escape(trim(line)) "\n"
		}
	}
	return out
}

# The words of a declaration in bold, its parameters' names in italics.
function synopsis(text)
{
	gsub(/\\/, "\\\\", text)
	gsub(/[ \t]+/, " ", text)
	gsub(/ \*/, "\\ *", text)
	return ".nh\n.ad l\n.HP\n.B " text "\n.ad\n.hy\n"
}

function page_name(title,    name)
{
	if ((HEADER, title) in PAGE) return PAGE[HEADER, title]
	name = HEADER
	sub(/\.h$/, "", name)
	name = "jailhouse_" name (title == "-" ? "" : "_" title)
	gsub(/[^a-z0-9_]+/, "_", name)
	PAGE[HEADER, title] = name
	ABOUT[name] = title == "-" ? HEADER : title
	return name
}

function section(title)
{
	CURRENT = page_name(title == "" ? "-" : title)
	HEADER_OF[CURRENT] = HEADER
}

function paragraph() {}

function remark(text)
{
	# What opens a page is the text of the header, or of the section.
	if (!(CURRENT in REMARK)) REMARK[CURRENT] = comment_text(text)
}

function add_constant(name, value, comment)
{
	CONSTANTS[CURRENT] = CONSTANTS[CURRENT] ".TP\n\\fB" name "\\fR" \
		(length(value) > 20 ? "" : " (" escape(value) ")") "\n" comment_text(comment)
	if (comment == "") CONSTANTS[CURRENT] = CONSTANTS[CURRENT] "\\&\n"
}

function macro(name, value, comment)
{
	add_constant(name, value, comment == "" ? SHARED : comment)
}

function opaque(name, comment) {}

function structure(name, comment, n,    i, out)
{
	out = ".SS struct " name "\n.nf\nstruct " name " {\n"
	for (i = 1; i <= n; i++)
		out = out "    " M_TYPE[i] (M_TYPE[i] ~ /\*$/ ? "" : " ") M_NAME[i] (M_ARRAY[i] == "" ? "" : "[" M_ARRAY[i] "]") ";\n"
	STRUCTURES[CURRENT] = STRUCTURES[CURRENT] out "};\n.fi\n.PP\n" comment_text(comment)
}

function callback(name, type, comment, n)
{
	SYNOPSIS[CURRENT] = SYNOPSIS[CURRENT] synopsis(SOURCE)
	FUNCTIONS[CURRENT] = FUNCTIONS[CURRENT] ".SS " name "\n" comment_text(comment)
}

function prototype(name, type, comment, n)
{
	SYNOPSIS[CURRENT] = SYNOPSIS[CURRENT] synopsis(SOURCE)
	FUNCTIONS[CURRENT] = FUNCTIONS[CURRENT] ".SS " name "()\n" comment_text(comment == "" ? SHARED : comment)
	NAMES[CURRENT] = NAMES[CURRENT] (NAMES[CURRENT] == "" ? "" : ", ") name
	if (name != CURRENT) {
		print ".so man3/" CURRENT ".3" > (to "/" name ".3")
		close(to "/" name ".3")
	}
}

function write_page(page,    file, other)
{
	file = to "/" page ".3"
	printf ".\\\" SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause\n" > file
	printf ".TH %s 3 \"\" \"libjailhouse %s\" \"Library Functions Manual\"\n", toupper(page), version > file
	printf ".SH NAME\n%s%s \\- %s\n", NAMES[page] ~ ("(^|, )" page "(,|$)") ? "" : page (NAMES[page] == "" ? "" : ", "),
		NAMES[page], ABOUT[page] > file
	printf ".SH SYNOPSIS\n.nf\n.B #include <jailhouse/%s>\n.fi\n%s.PP\nLink with \\fB\\-ljailhouse\\fR, " \
		"or by \\fBpkg\\-config \\-\\-cflags \\-\\-libs jailhouse\\fR.\n", HEADER_OF[page], SYNOPSIS[page] > file
	printf ".SH DESCRIPTION\n%sResults, errors, ownership and threads are as described in\n.BR jailhouse (3).\n%s",
		REMARK[page] == "" ? "" : REMARK[page] ".PP\n", FUNCTIONS[page] > file
	if (page in STRUCTURES) printf ".SH STRUCTURES\n%s", STRUCTURES[page] > file
	if (page in CONSTANTS) printf ".SH CONSTANTS\n%s", CONSTANTS[page] > file
	printf ".SH SEE ALSO\n.BR jailhouse (3)" > file
	for (other in HEADER_OF)
		if (HEADER_OF[other] == HEADER_OF[page] && other != page && NAMES[other] != "") SEE[other] = 1
	see_also(file)
	close(file)
}

# The other pages of the header, sorted.
function see_also(file,    name, least)
{
	for (;;) {
		least = ""
		for (name in SEE) if (least == "" || name < least) least = name
		if (least == "") break
		delete SEE[least]
		printf ",\n.BR %s (3)", least > file
	}
	print "" > file
}

BEGIN {
	while ((getline line < pages) > 0) {
		if (line ~ /^#/ || line ~ /^[ \t]*$/) continue
		split(line, part, / *\| */)
		PAGE[part[1], part[2]] = part[3]
		ABOUT[part[3]] = part[4]
	}
}

END {
	if (FAILED) exit 1
	for (page in HEADER_OF)
		if (NAMES[page] != "") write_page(page)
}
