/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trapped windows of guest-physical memory: an ordered table per cell, looked up by bisection. */
#ifndef HYPERVISOR_MMIO_H
#define HYPERVISOR_MMIO_H

#include <hypervisor/base.h>

struct percpu;
struct cell;

struct mmio_access {
	u64 address;	/* guest-physical */
	u64 value;	/* written, or read result; only the low `size` bytes count */
	u8 size;	/* 1, 2, 4 or 8 */
	bool write;
};

enum mmio_result {
	MMIO_UNHANDLED,	/* nobody is responsible: a violation */
	MMIO_HANDLED,
	MMIO_ERROR,	/* refused; the handler has printed why and called violation() */
};

typedef enum mmio_result (*mmio_handler)(struct percpu *cpu, void *arg, struct mmio_access *access);

struct mmio_window {
	u64 start;
	u64 size;
	mmio_handler handler;
	void *arg;
};

#define MMIO_GUESSES 4

struct mmio_map {
	struct mmio_window *windows; /* sorted by start, not overlapping */
	unsigned int count;
	unsigned int capacity;
	unsigned int pages;
	unsigned int promised; /* of mmio_show(), not shown now */
	spinlock_t lock; /* of changes while CPUs of the cell run */
	u32 version;	/* odd during one; atomic */
	/* By the number of the page, modulo: index of the window that was accessed there last. Guesses, atomic */
	unsigned int last[MMIO_GUESSES];
};

/*
 * Adds a window. The CPUs of the cell are stopped or do not run yet. -ENOMEM; -EINVAL if it overlaps another one.
 */
int mmio_add(struct cell *cell, u64 start, u64 size, mmio_handler handler, void *arg);
/* Removes the window that starts there, if any. */
void mmio_remove(struct cell *cell, u64 start);
/* Makes sure that `n` more windows can be added without allocation. */
int mmio_reserve(struct cell *cell, unsigned int n);
/*
 * The same while CPUs of the cell run, from any of them. There has to be a promise for each window that can be shown at
 * a time: -ENOMEM; it holds until the cell's end. False: the window overlaps another one.
 */
int mmio_promise(struct cell *cell, unsigned int n);
bool mmio_show(struct cell *cell, u64 start, u64 size, mmio_handler handler, void *arg);
void mmio_hide(struct cell *cell, u64 start);
void mmio_destroy(struct cell *cell);
/* The whole access must lie inside one window. */
enum mmio_result mmio_dispatch(struct percpu *cpu, struct mmio_access *access);
/* Does a window cover this byte? From any CPU of the cell. */
bool mmio_is_trapped(struct cell *cell, u64 address);

/* mmio-subpage.c: windows for regions that are not page aligned */
bool subpage_region(const struct jailhouse_memory *mem);
int subpage_map(struct cell *cell, const struct jailhouse_memory *mem);
/* Is there a window to cut? Each cut makes at most one window more. */
bool subpage_overlaps(const struct cell *cell, u64 start, u64 size);
void subpage_cut(struct cell *cell, u64 start, u64 size);
void subpage_restore(struct cell *cell, const struct jailhouse_memory *mem, u64 start, u64 size);

#endif /* !HYPERVISOR_MMIO_H */
