/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The list of attacks as text, for programs that judge them: one line each, fields separated by
 * tabs. The build takes the section out of the object file; it is no part of the inmate.
 */

asm(".section .expected, \"a\"\n"
    ".ascii \"# name\\toutcome\\talive\\tline\\tneeds\\ttext\\n\"\n"

#define HOSTILE(name, fn, outcome, alive, line, needs, text) \
	".ascii \"" name "\\t" #outcome "\\t" alive "\\t" line "\\t" needs "\\t" text "\\n\"\n"
#include "tests.def"
#undef HOSTILE
);
