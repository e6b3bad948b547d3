/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An allocator that fails on demand; the linker puts it in between (--wrap=malloc and so on). */
#ifndef TESTS_FAILING_ALLOC_H
#define TESTS_FAILING_ALLOC_H

/* From now on the n-th allocation fails, 0: none. */
void alloc_fail_at(long n);
/* Allocations since then, the one that failed included. */
long alloc_count(void);
/* Blocks that were allocated and not freed, ever. */
long alloc_live(void);

#endif /* !TESTS_FAILING_ALLOC_H */
