/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lists of ranges. Sizes are those of a machine, so they are walked from end to end. */
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

bool jh_grow(void *array, size_t *room, size_t count, size_t element)
{
	size_t bigger = *room ? *room * 2 : 16;
	void *data;

	if (count < *room)
		return true;
	memcpy(&data, array, sizeof(data));
	data = realloc(data, bigger * element);
	if (!data)
		return false;
	memcpy(array, &data, sizeof(data));
	*room = bigger;
	return true;
}

void jh_regions_add(struct jh_regions *regions, uint64_t start, uint64_t last, uint64_t flags)
{
	if (start > last)
		return;
	if (!jh_grow(&regions->region, &regions->room, regions->count, sizeof(*regions->region))) {
		regions->no_memory = true;
		return;
	}
	regions->region[regions->count++] = (struct jh_region){start, last, flags};
}

void jh_regions_cut(struct jh_regions *regions, uint64_t start, uint64_t last)
{
	size_t count = regions->count;
	struct jh_region *region;
	struct jh_region old;
	size_t n, kept = 0;

	/* Pieces behind the range go to the end, and can't be hit again. */
	for (n = 0; n < count; n++) {
		old = regions->region[n];
		if (old.last >= start && old.start <= last && old.last > last)
			jh_regions_add(regions, last + 1, old.last, old.flags);
		region = &regions->region[n];
		if (old.last < start || old.start > last)
			continue;
		/* Empty ones have their start behind the end. */
		if (old.start < start) {
			region->last = start - 1;
		} else {
			region->start = 1;
			region->last = 0;
		}
	}
	for (n = 0; n < regions->count; n++)
		if (regions->region[n].start <= regions->region[n].last)
			regions->region[kept++] = regions->region[n];
	regions->count = kept;
}

/* Makes room for one at that place. */
static struct jh_region *insert(struct jh_regions *regions, size_t at)
{
	struct jh_region *region;

	if (!jh_grow(&regions->region, &regions->room, regions->count, sizeof(*regions->region))) {
		regions->no_memory = true;
		return NULL;
	}
	region = &regions->region[at];
	memmove(region + 1, region, (regions->count - at) * sizeof(*region));
	regions->count++;
	return region;
}

/* Of one in front of `start` */
static bool continues(const struct jh_region *region, uint64_t start, uint64_t flags)
{
	return region->flags == flags && region->last + 1 == start;
}

void jh_regions_fill(struct jh_regions *regions, uint64_t start, uint64_t last, uint64_t flags)
{
	struct jh_region *region;
	size_t at = 0;
	uint64_t end;

	while (at < regions->count && regions->region[at].last < start)
		at++;
	for (;;) {
		region = at < regions->count ? &regions->region[at] : NULL;
		if (region && region->start <= start) {
			if (region->last >= last)
				return;
			start = region->last + 1;
			at++;
			continue;
		}
		end = region && region->start <= last ? region->start - 1 : last;
		/* Joined at once, so that many of one kind stay few. */
		if (at > 0 && continues(&regions->region[at - 1], start, flags)) {
			regions->region[at - 1].last = end;
		} else {
			region = insert(regions, at);
			if (!region)
				return;
			*region = (struct jh_region){start, end, flags};
			at++;
		}
		if (end == last)
			return;
		start = end + 1;
	}
}

static int by_start(const void *left, const void *right)
{
	const struct jh_region *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->last < b->last ? -1 : a->last > b->last;
}

void jh_regions_merge(struct jh_regions *regions)
{
	struct jh_region *region = regions->region;
	size_t n, kept = 0;

	if (regions->count < 2)
		return;
	qsort(region, regions->count, sizeof(*region), by_start);
	for (n = 1; n < regions->count; n++) {
		if (region[n].flags == region[kept].flags &&
		    (region[kept].last == UINT64_MAX || region[n].start <= region[kept].last + 1)) {
			if (region[n].last > region[kept].last)
				region[kept].last = region[n].last;
		} else {
			region[++kept] = region[n];
		}
	}
	regions->count = kept + 1;
}

bool jh_regions_cover(const struct jh_regions *regions, uint64_t start, uint64_t last)
{
	size_t n;

	for (n = 0; n < regions->count; n++)
		if (start >= regions->region[n].start && last <= regions->region[n].last)
			return true;
	return false;
}

bool jh_regions_touch(const struct jh_regions *regions, uint64_t start, uint64_t last)
{
	size_t n;

	for (n = 0; n < regions->count; n++)
		if (start <= regions->region[n].last && last >= regions->region[n].start)
			return true;
	return false;
}

void jh_regions_free(struct jh_regions *regions)
{
	free(regions->region);
	memset(regions, 0, sizeof(*regions));
}
