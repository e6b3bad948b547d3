/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdbool.h>
#include <stddef.h>

#include "failing-alloc.h"

static long fail_at;
static long allocations;
static long live;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *block);

void alloc_fail_at(long n)
{
	fail_at = n;
	allocations = 0;
}

long alloc_count(void)
{
	return allocations;
}

long alloc_live(void)
{
	return live;
}

static bool fails(void)
{
	return ++allocations == fail_at;
}

void *__wrap_malloc(size_t size)
{
	if (fails())
		return NULL;
	live++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	if (fails())
		return NULL;
	live++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	if (fails())
		return NULL;
	live += !old;
	return __real_realloc(old, size);
}

void __wrap_free(void *block)
{
	live -= block != NULL;
	__real_free(block);
}
