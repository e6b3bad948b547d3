// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/machine.h>

#define WINDOWS_PER_PAGE (PAGE_SIZE / sizeof(struct mmio_window))

/*
 * Windows and their number change while other CPUs look at them. Both sides take each member as a whole: what is read
 * is at worst of two states, which the version gives away, and it is not read again behind that.
 */
#define LOAD(member)	     __atomic_load_n(&(member), __ATOMIC_RELAXED)
#define STORE(member, value) __atomic_store_n(&(member), value, __ATOMIC_RELAXED)

/* Index of the last window that starts at or below the address, or -1. */
static int find_window(const struct mmio_map *map, u64 address)
{
	int low = 0, high = (int)LOAD(map->count) - 1, mid;

	while (low <= high) {
		mid = (low + high) / 2;
		if (LOAD(map->windows[mid].start) <= address)
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
	STORE(map->version, map->version + 1);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static void change_end(struct mmio_map *map)
{
	__atomic_store_n(&map->version, map->version + 1, __ATOMIC_RELEASE);
}

static void put_window(struct mmio_window *to, const struct mmio_window *from)
{
	STORE(to->start, from->start);
	STORE(to->size, from->size);
	STORE(to->handler, from->handler);
	STORE(to->arg, from->arg);
}

static bool insert(struct mmio_map *map, u64 start, u64 size, mmio_handler handler, void *arg)
{
	const struct mmio_window window = { .start = start, .size = size, .handler = handler, .arg = arg };
	int pos = find_window(map, start + (size - 1));

	if (pos >= 0 && ranges_overlap(map->windows[pos].start, map->windows[pos].size, start, size))
		return false;

	pos++;
	change_begin(map);
	for (unsigned int n = map->count; n > (unsigned int)pos; n--)
		put_window(&map->windows[n], &map->windows[n - 1]);
	put_window(&map->windows[pos], &window);
	STORE(map->count, map->count + 1);
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
	STORE(map->count, map->count - 1);
	for (unsigned int n = (unsigned int)pos; n < map->count; n++)
		put_window(&map->windows[n], &map->windows[n + 1]);
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
	u64 offset = access->address - LOAD(window->start);
	u64 size = LOAD(window->size);

	return offset < size && access->size <= size - offset;
}

static inline unsigned int guess_of(u64 address)
{
	return (unsigned int)(address >> PAGE_SHIFT) % MMIO_GUESSES;
}

static mmio_handler search(struct mmio_map *map, const struct mmio_access *access, void **ret_arg)
{
	int pos = find_window(map, access->address);

	if (pos < 0 || !covers(&map->windows[pos], access))
		return NULL;
	STORE(map->last[guess_of(access->address)], (unsigned int)pos);
	*ret_arg = LOAD(map->windows[pos].arg);
	return LOAD(map->windows[pos].handler);
}

static inline bool unchanged(const struct mmio_map *map, u32 version)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return likely(!(version & 1)) && likely(LOAD(map->version) == version);
}

/* NULL: there is none. */
static __attribute__((noinline)) mmio_handler find_handler(struct mmio_map *map, const struct mmio_access *access,
							   void **ret_arg)
{
	u32 version = __atomic_load_n(&map->version, __ATOMIC_ACQUIRE);
	mmio_handler handler = search(map, access, ret_arg);

	if (!unchanged(map, version)) {
		/* Another CPU of the cell has moved windows meanwhile. */
		spin_lock(&map->lock);
		handler = search(map, access, ret_arg);
		spin_unlock(&map->lock);
	}
	return handler;
}

bool mmio_is_trapped(struct cell *cell, u64 address)
{
	const struct mmio_access access = { .address = address, .size = 1 };
	void *arg;

	return find_handler(&cell->mmio, &access, &arg) != NULL;
}

static __attribute__((noinline)) enum mmio_result dispatch_elsewhere(struct percpu *cpu, struct mmio_access *access)
{
	void *arg = NULL;
	mmio_handler handler = find_handler(&cpu->cell->mmio, access, &arg);

	return handler ? handler(cpu, arg, access) : MMIO_UNHANDLED;
}

/*
 * Mostly the same window as last time, whoever of the cell's CPUs that was. Drivers touch several ones in turn, which
 * lie beside each other, like the pages of an interrupt controller.
 */
enum mmio_result mmio_dispatch(struct percpu *cpu, struct mmio_access *access)
{
	const struct mmio_map *map = &cpu->cell->mmio;
	u32 version = __atomic_load_n(&map->version, __ATOMIC_ACQUIRE);
	unsigned int last = LOAD(map->last[guess_of(access->address)]);
	const struct mmio_window *window;
	mmio_handler handler;
	void *arg;

	if (unlikely(last >= LOAD(map->count)))
		return dispatch_elsewhere(cpu, access);
	/* Only now: a map without windows has no array either. */
	window = &map->windows[last];
	if (unlikely(!covers(window, access)))
		return dispatch_elsewhere(cpu, access);
	handler = LOAD(window->handler);
	arg = LOAD(window->arg);
	if (unlikely(!unchanged(map, version)))
		return dispatch_elsewhere(cpu, access);
	return handler(cpu, arg, access);
}
