// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A cache in front of RAM, as far as software can tell: accesses with caches off go past it, and nobody reconciles the
 * two but who cleans. The machine's `ram` is what accesses through the cache see, `memory` what lies behind.
 *
 * Nothing tells when the hypervisor stores through a pointer. So a line counts as dirty when both differ, unless an
 * access that went past the cache is known to be the reason.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "hosted-internal.h"

#define LINE	64UL
#define PRESENT 1 /* it may be in the cache: somebody could have fetched it */
#define DIRTY	2 /* certainly, and the memory behind has changed since */
#define STALE	4 /* fetched, not written, and the memory behind has changed since */

bool hosted_cache_init(struct hosted_machine *hw)
{
	u64 size = hw->setup.ram_size;
	void *memory;

	pthread_mutex_init(&hw->cache.lock, NULL);
	if (!hw->setup.caches)
		return true;
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	hw->cache.memory = memory;
	hw->cache.lines = calloc(size / LINE, 1);
	return hw->cache.lines;
}

void hosted_cache_free(struct hosted_machine *hw)
{
	if (hw->cache.memory)
		munmap(hw->cache.memory, hw->setup.ram_size);
	free(hw->cache.lines);
	pthread_mutex_destroy(&hw->cache.lock);
}

/* The lines of a range, without what is not RAM. */
static void find_lines(const struct hosted_machine *hw, const u8 *start, unsigned long size, u64 *first, u64 *end)
{
	const u8 *ram_end = hw->ram + hw->setup.ram_size, *stop = start + size;

	start = MAX(start, (const u8 *)hw->ram);
	stop = MIN(stop, ram_end);
	*first = start < stop ? (u64)(start - hw->ram) / LINE : 0;
	*end = start < stop ? ((u64)(stop - hw->ram) + LINE - 1) / LINE : 0;
}

#define for_each_line(n, hw, start, size)                                              \
	for (u64 n, end_, once_ = (find_lines(hw, start, size, &n, &end_), 1); once_; once_ = 0) \
		for (; n < end_; n++)

static void evict(struct hosted_machine *hw, u64 line)
{
	u8 *cached = hw->ram + line * LINE, *memory = hw->cache.memory + line * LINE;

	if (hw->cache.lines[line] & STALE)
		memcpy(cached, memory, LINE);
	else if (memcmp(cached, memory, LINE) != 0) /* pages of the host that nobody uses stay away */
		memcpy(memory, cached, LINE);
	hw->cache.lines[line] = 0;
}

void hosted_cache_touch(struct hosted_machine *hw, const u8 *ram, unsigned long size)
{
	if (!hw->cache.memory)
		return;
	pthread_mutex_lock(&hw->cache.lock);
	for_each_line(n, hw, ram, size) {
		/* What is done to it now is not seen. It must not be taken for older than what lies behind. */
		if (hw->cache.lines[n] & STALE)
			evict(hw, n);
		hw->cache.lines[n] |= PRESENT;
	}
	pthread_mutex_unlock(&hw->cache.lock);
}

void hosted_cache_clean(struct hosted_machine *hw, const u8 *ram, unsigned long size)
{
	if (!hw->cache.memory)
		return;
	pthread_mutex_lock(&hw->cache.lock);
	for_each_line(n, hw, ram, size)
		evict(hw, n);
	pthread_mutex_unlock(&hw->cache.lock);
}

void hosted_evict(struct hosted_machine *hw)
{
	hosted_cache_clean(hw, hw->ram, hw->setup.ram_size);
}

void *hosted_behind_caches(const struct hosted_machine *hw, __u64 phys, __u64 size)
{
	return hosted_ram(hw, phys, size) ? hw->cache.memory + (phys - hw->setup.ram_start) : NULL;
}

/* The hypervisor has all of its memory mapped: there each line may be in the cache. */
static bool is_present(const struct hosted_machine *hw, u64 line)
{
	u64 phys = hw->setup.ram_start + line * LINE;

	return (hw->cache.lines[line] & PRESENT) || range_contains(hw->core.hv_phys, hw->core.hv_size, phys, LINE);
}

/* A line keeps what it holds while the memory behind it changes. */
static void note_change(struct hosted_machine *hw, u64 line)
{
	u8 *state = &hw->cache.lines[line];

	if (*state & STALE)
		return;
	if ((*state & DIRTY) || memcmp(hw->ram + line * LINE, hw->cache.memory + line * LINE, LINE) != 0)
		*state |= DIRTY;
	else if (is_present(hw, line))
		*state |= STALE;
}

static void past_the_cache(struct hosted_machine *hw, u8 *ram, struct mmio_access *access)
{
	u8 *memory = hw->cache.memory + (ram - hw->ram);

	if (!access->write) {
		hosted_memory_access(memory, access);
		return;
	}
	for_each_line(n, hw, ram, access->size)
		note_change(hw, n);
	hosted_memory_access(memory, access);
	for_each_line(n, hw, ram, access->size)
		if (!(hw->cache.lines[n] & (DIRTY | STALE)))
			memcpy(hw->ram + n * LINE, hw->cache.memory + n * LINE, LINE);
}

static void through_the_cache(struct hosted_machine *hw, u8 *ram, struct mmio_access *access)
{
	for_each_line(n, hw, ram, access->size) {
		hw->cache.lines[n] |= PRESENT;
		/* The whole line is written back one day, with all that is old in it. */
		if (access->write && (hw->cache.lines[n] & STALE))
			hw->cache.lines[n] = PRESENT | DIRTY;
	}
	hosted_memory_access(ram, access);
}

void hosted_cache_access(struct hosted_machine *hw, u8 *ram, struct mmio_access *access, bool cached)
{
	if (!hw->cache.memory) {
		hosted_memory_access(ram, access);
		return;
	}
	pthread_mutex_lock(&hw->cache.lock);
	if (cached)
		through_the_cache(hw, ram, access);
	else
		past_the_cache(hw, ram, access);
	pthread_mutex_unlock(&hw->cache.lock);
}
