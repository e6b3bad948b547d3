/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sets of addresses, as lists of ranges. */
#ifndef LIB_CONFIG_RANGES_H
#define LIB_CONFIG_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jh_range {
	uint64_t start;
	uint64_t last;
};

struct jh_ranges {
	struct jh_range *range;
	size_t count;
	size_t room;
	bool no_memory; /* what was added since is lost */
};

/* Adds [start, start + size), cut at the end of the address space; in any order, and overlapping if
 * it has to be. */
void jh_ranges_add(struct jh_ranges *ranges, uint64_t start, uint64_t size);

/* Sorted, and without overlaps or neighbours. What follows wants this of all that it is given. */
void jh_ranges_sort(struct jh_ranges *ranges);

/* Is all of [start, last] in the set? */
bool jh_ranges_contain(const struct jh_ranges *ranges, uint64_t start, uint64_t last);

/* Adds what is in `a` and, `inside` says, in `b` or not. The result is sorted if it was empty. */
void jh_ranges_select(struct jh_ranges *result, const struct jh_ranges *a,
		      const struct jh_ranges *b, bool inside);

/* Takes the lowest piece of that size and alignment (a power of two) out of the set. Returns false
 * if there is none. */
bool jh_ranges_take(struct jh_ranges *ranges, uint64_t size, uint64_t alignment,
		    uint64_t *ret_start);

void jh_ranges_free(struct jh_ranges *ranges);

#endif /* !LIB_CONFIG_RANGES_H */
