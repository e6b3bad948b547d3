/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef GUEST_GENERATED_H
#define GUEST_GENERATED_H

/*
 * A configuration that "jailhouse config create" makes on this machine, in place of the one that
 * came with the tests, and of a cell with one CPU. It must come out the same, byte by byte, where
 * there is only what "jailhouse config collect" has packed here.
 */
void guest_generate(const char *cell, int cpu);

/* The same from text: the example of that name, its system and its cell "tiny" */
void guest_build_text(const char *example, const char *cell);

#endif /* !GUEST_GENERATED_H */
