/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A page table as what it translates, no matter by what tables. */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include <hypervisor/paging.h>

#define MAX_RUNS 512

/* Consecutive addresses with the same flags. */
struct run {
	u64 virt, phys, size;
	unsigned int flags;
};

struct translation {
	unsigned int count;
	struct run runs[MAX_RUNS];
};

typedef void (*run_function)(void *arg, const struct run *run);

/* Calls f for each run, in order of addresses. */
void for_each_run(const struct page_table *pt, run_function f, void *arg);
/* All of them; aborts if there are too many. */
void translate_all(const struct page_table *pt, struct translation *translation);

#endif /* !TRANSLATION_H */
