// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/machine.h>

#define WINDOWS_PER_PAGE (PAGE_SIZE / sizeof(struct mmio_window))

/* Index of the last window that starts at or below the address, or -1. */
static int find_window(const struct mmio_map *map, u64 address)
{
	int low = 0, high = (int)map->count - 1, mid;

	while (low <= high) {
		mid = (low + high) / 2;
		if (map->windows[mid].start <= address)
			low = mid + 1;
		else
			high = mid - 1;
	}
	return high;
}

int mmio_reserve(struct cell *cell, unsigned int n)
{
	struct mmio_map *map = &cell->mmio;
	struct page_pool *pool = &cell->machine->pool;
	struct mmio_window *windows;
	unsigned int pages;

	n += map->promised;
	if (map->count + n <= map->capacity)
		return 0;
	pages = (unsigned int)PAGES((map->count + n) * sizeof(*windows));
	windows = page_alloc(pool, pages);
	if (!windows)
		return refuse_no_memory(cell->machine, pages);
	if (map->count > 0)
		memcpy(windows, map->windows, map->count * sizeof(*windows));
	page_free(pool, map->windows, map->pages);
	map->windows = windows;
	map->pages = pages;
	map->capacity = pages * (unsigned int)WINDOWS_PER_PAGE;
	return 0;
}

/* Who looks at the same time, sees that the version changes. */
static void change_begin(struct mmio_map *map)
{
	__atomic_store_n(&map->version, map->version + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static void change_end(struct mmio_map *map)
{
	__atomic_store_n(&map->version, map->version + 1, __ATOMIC_RELEASE);
}

static bool insert(struct mmio_map *map, u64 start, u64 size, mmio_handler handler, void *arg)
{
	int pos = find_window(map, start + (size - 1));
	struct mmio_window *window;

	if (pos >= 0 && ranges_overlap(map->windows[pos].start, map->windows[pos].size, start, size))
		return false;

	pos++;
	change_begin(map);
	for (unsigned int n = map->count; n > (unsigned int)pos; n--)
		map->windows[n] = map->windows[n - 1];
	window = &map->windows[pos];
	window->start = start;
	window->size = size;
	window->handler = handler;
	window->arg = arg;
	map->count++;
	change_end(map);
	return true;
}

int mmio_add(struct cell *cell, u64 start, u64 size, mmio_handler handler, void *arg)
{
	int err = mmio_reserve(cell, 1);

	if (err)
		return err;
	return insert(&cell->mmio, start, size, handler, arg) ? 0 : -EINVAL;
}

void mmio_remove(struct cell *cell, u64 start)
{
	struct mmio_map *map = &cell->mmio;
	int pos = find_window(map, start);

	if (pos < 0 || map->windows[pos].start != start)
		return;
	change_begin(map);
	map->count--;
	for (unsigned int n = (unsigned int)pos; n < map->count; n++)
		map->windows[n] = map->windows[n + 1];
	change_end(map);
}

int mmio_promise(struct cell *cell, unsigned int n)
{
	int err = mmio_reserve(cell, n);

	if (!err)
		cell->mmio.promised += n;
	return err;
}

bool mmio_show(struct cell *cell, u64 start, u64 size, mmio_handler handler, void *arg)
{
	struct mmio_map *map = &cell->mmio;
	bool shown;

	spin_lock(&map->lock);
	shown = insert(map, start, size, handler, arg);
	map->promised -= shown;
	spin_unlock(&map->lock);
	return shown;
}

void mmio_hide(struct cell *cell, u64 start)
{
	spin_lock(&cell->mmio.lock);
	mmio_remove(cell, start);
	cell->mmio.promised++;
	spin_unlock(&cell->mmio.lock);
}

void mmio_destroy(struct cell *cell)
{
	page_free(&cell->machine->pool, cell->mmio.windows, cell->mmio.pages);
	memset(&cell->mmio, 0, sizeof(cell->mmio));
}

static inline bool covers(const struct mmio_window *window, const struct mmio_access *access)
{
	u64 offset = access->address - window->start;

	return offset < window->size && access->size <= window->size - offset;
}

/* Mostly the same window as last time, whoever of the cell's CPUs that was. */
static inline const struct mmio_window *look_up(struct mmio_map *map, const struct mmio_access *access)
{
	unsigned int last = __atomic_load_n(&map->last, __ATOMIC_RELAXED);
	int pos;

	/* Only then: a map without windows has no array either. */
	if (likely(last < map->count) && likely(covers(&map->windows[last], access)))
		return &map->windows[last];
	pos = find_window(map, access->address);
	if (pos < 0 || !covers(&map->windows[pos], access))
		return NULL;
	__atomic_store_n(&map->last, (unsigned int)pos, __ATOMIC_RELAXED);
	return &map->windows[pos];
}

enum mmio_result mmio_dispatch(struct percpu *cpu, struct mmio_access *access)
{
	struct mmio_map *map = &cpu->cell->mmio;
	u32 version = __atomic_load_n(&map->version, __ATOMIC_ACQUIRE);
	const struct mmio_window *window = look_up(map, access);
	mmio_handler handler = window ? window->handler : NULL;
	void *arg = window ? window->arg : NULL;

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (unlikely(version & 1 || __atomic_load_n(&map->version, __ATOMIC_RELAXED) != version)) {
		/* Another CPU of the cell has moved windows meanwhile. */
		spin_lock(&map->lock);
		window = look_up(map, access);
		handler = window ? window->handler : NULL;
		arg = window ? window->arg : NULL;
		spin_unlock(&map->lock);
	}
	return handler ? handler(cpu, arg, access) : MMIO_UNHANDLED;
}
