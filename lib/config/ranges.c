/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdlib.h>
#include <string.h>

#include "config/ranges.h"

static void add_range(struct jh_ranges *ranges, uint64_t start, uint64_t last)
{
	size_t room = ranges->room ? 2 * ranges->room : 16;
	struct jh_range *range;

	if (ranges->count == ranges->room) {
		range = realloc(ranges->range, room * sizeof(*range));
		if (!range) {
			ranges->no_memory = true;
			return;
		}
		ranges->range = range;
		ranges->room = room;
	}
	ranges->range[ranges->count++] = (struct jh_range){start, last};
}

void jh_ranges_add(struct jh_ranges *ranges, uint64_t start, uint64_t size)
{
	if (size > 0)
		add_range(ranges, start,
			  size - 1 > UINT64_MAX - start ? UINT64_MAX : start + (size - 1));
}

static int by_start(const void *left, const void *right)
{
	const struct jh_range *a = left, *b = right;

	return a->start < b->start ? -1 : a->start > b->start;
}

void jh_ranges_sort(struct jh_ranges *ranges)
{
	struct jh_range *last = ranges->range;
	size_t n;

	if (ranges->count < 2)
		return;
	qsort(ranges->range, ranges->count, sizeof(*ranges->range), by_start);
	for (n = 1; n < ranges->count; n++) {
		if (last->last != UINT64_MAX && ranges->range[n].start > last->last + 1)
			*++last = ranges->range[n];
		else if (ranges->range[n].last > last->last)
			last->last = ranges->range[n].last;
	}
	ranges->count = (size_t)(last - ranges->range) + 1;
}

bool jh_ranges_contain(const struct jh_ranges *ranges, uint64_t start, uint64_t last)
{
	size_t n;

	for (n = 0; n < ranges->count && ranges->range[n].start <= start; n++)
		if (ranges->range[n].last >= last)
			return true;
	return false;
}

/* One range of `a` with those of `b` from index n on; returns the first that may matter for the
 * next one. */
static size_t select_of(struct jh_ranges *result, struct jh_range range, const struct jh_ranges *b,
			size_t n, bool inside)
{
	struct jh_range other;

	while (n < b->count && b->range[n].last < range.start)
		n++;
	for (; n < b->count && b->range[n].start <= range.last; n++) {
		other = b->range[n];
		if (!inside && other.start > range.start)
			add_range(result, range.start, other.start - 1);
		if (inside)
			add_range(result, other.start > range.start ? other.start : range.start,
				  other.last < range.last ? other.last : range.last);
		if (other.last >= range.last)
			return n;
		range.start = other.last + 1;
	}
	if (!inside)
		add_range(result, range.start, range.last);
	return n;
}

void jh_ranges_select(struct jh_ranges *result, const struct jh_ranges *a,
		      const struct jh_ranges *b, bool inside)
{
	size_t n, at = 0;

	for (n = 0; n < a->count; n++)
		at = select_of(result, a->range[n], b, at, inside);
	result->no_memory |= a->no_memory || b->no_memory;
}

/* Cuts [start, last] out of the range with that index, which contains it. */
static void cut(struct jh_ranges *ranges, size_t n, uint64_t start, uint64_t last)
{
	struct jh_range *range = &ranges->range[n];
	struct jh_range old = *range;

	if (old.start < start) {
		range->last = start - 1;
		if (old.last == last)
			return;
		add_range(ranges, last + 1, old.last);
		if (ranges->no_memory)
			return;
		range = ranges->range + n + 1;
		memmove(range + 1, range, (ranges->count - n - 2) * sizeof(*range));
		*range = (struct jh_range){last + 1, old.last};
	} else if (old.last > last) {
		range->start = last + 1;
	} else {
		memmove(range, range + 1, (--ranges->count - n) * sizeof(*range));
	}
}

bool jh_ranges_take(struct jh_ranges *ranges, uint64_t size, uint64_t alignment,
		    uint64_t *ret_start)
{
	uint64_t start;
	size_t n;

	for (n = 0; n < ranges->count; n++) {
		start = (ranges->range[n].start + alignment - 1) & ~(alignment - 1);
		if (start < ranges->range[n].start || start > ranges->range[n].last ||
		    size - 1 > ranges->range[n].last - start)
			continue;
		cut(ranges, n, start, start + (size - 1));
		*ret_start = start;
		return true;
	}
	return false;
}

void jh_ranges_free(struct jh_ranges *ranges)
{
	free(ranges->range);
	memset(ranges, 0, sizeof(*ranges));
}
