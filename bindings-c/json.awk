# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Behind headers.awk: the description of the ABI. -v values=FILE is what the program of values.awk printed,
# -v map=FILE the version map. One object a line, so that it is easily compared.

function quote(text)
{
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, " ", text)
	gsub(/\n/, "\\n", text)
	return "\"" text "\""
}

function add(list, text) { LIST[list] = LIST[list] (LIST[list] == "" ? "" : ",\n") "    " text }

function remark(text) {}
function section(title) {}
function paragraph() {}

function macro(name, value, comment)
{
	if (name in SEEN) return
	SEEN[name] = 1
	add("constants", "{\"name\": " quote(name) ", \"value\": " VALUE_OF[name] ", \"header\": " quote(HEADER) \
		", \"comment\": " quote(comment) "}")
}

function opaque(name, comment)
{
	if (("struct " name) in SEEN) return
	SEEN["struct " name] = 1
	add("opaque", quote("struct " name))
}

function structure(name, comment, n,    i, out)
{
	if (HEADER in CONSTANTS_ONLY) return
	if (!PLAIN) fail(name " has no flat form")
	out = "{\"name\": " quote("struct " name) ", \"size\": " SIZE_OF[name] ", \"alignment\": " ALIGNMENT_OF[name] \
		", \"header\": " quote(HEADER) ", \"members\": ["
	for (i = 1; i <= n; i++)
		out = out (i > 1 ? ", " : "") "{\"name\": " quote(M_NAME[i]) ", \"type\": " quote(M_TYPE[i]) \
			", \"offset\": " OFFSET_OF[name, M_NAME[i]] ", \"size\": " SIZE_OF[name, M_NAME[i]] \
			", \"array\": " (M_ARRAY[i] == "" ? "false" : "true") "}"
	add("structs", out "], \"comment\": " quote(comment) "}")
}

function parameters(n,    i, out)
{
	for (i = 1; i <= n; i++)
		out = out (i > 1 ? ", " : "") "{\"name\": " quote(P_NAME[i]) ", \"type\": " quote(P_TYPE[i]) "}"
	return "[" out "]"
}

function callback(name, type, comment, n)
{
	add("callbacks", "{\"name\": " quote(name) ", \"returns\": " quote(type) ", \"parameters\": " parameters(n) \
		", \"header\": " quote(HEADER) ", \"comment\": " quote(comment) "}")
}

function prototype(name, type, comment, n)
{
	if (!(name in SINCE)) fail(name " is not in the version map")
	add("functions", "{\"name\": " quote(name) ", \"since\": " quote(SINCE[name]) ", \"returns\": " quote(type) \
		", \"parameters\": " parameters(n) ", \"header\": " quote(HEADER) \
		", \"comment\": " quote(comment == "" ? SHARED : comment) "}")
}

BEGIN {
	while ((getline line < values) > 0) {
		split(line, word, " ")
		if (word[1] == "macro") VALUE_OF[word[2]] = word[3]
		if (word[1] == "struct") { SIZE_OF[word[2]] = word[3]; ALIGNMENT_OF[word[2]] = word[4] }
		if (word[1] == "member") { OFFSET_OF[word[2], word[3]] = word[4]; SIZE_OF[word[2], word[3]] = word[5] }
		if (word[1] == "reason")
			add("reasons", "{\"name\": " quote(word[2]) ", \"value\": " word[3] "}")
	}
	while ((getline line < map) > 0) {
		if (line ~ /^[A-Z]/) { split(line, word, " "); node = word[1] }
		if (line ~ /^\t[a-z0-9_]+;$/) { gsub(/[\t;]/, "", line); SINCE[line] = node }
	}
	n = split(constants_only, word, " ")
	for (i = 1; i <= n; i++) CONSTANTS_ONLY[word[i]] = 1
}

END {
	if (FAILED) exit 1
	print "{"
	print "  \"license\": \"SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause\","
	print "  \"soname\": \"libjailhouse.so.0\","
	print "  \"api_version\": " VALUE_OF["JAILHOUSE_API_VERSION"] ","
	print "  \"data_model\": \"LP64\","
	n = split("constants reasons opaque structs callbacks functions", word, " ")
	for (i = 1; i <= n; i++)
		print "  \"" word[i] "\": [\n" LIST[word[i]] "\n  ]" (i < n ? "," : "")
	print "}"
}
