/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Memory from the end of the image upward, never given back. */
#include <inmate.h>

extern char stack_top[];

/* The start code sets it, too: the cell may have been started before. */
unsigned long heap_pos = (unsigned long)stack_top;

void *alloc(unsigned long size, unsigned long align)
{
	unsigned long base = (heap_pos + align - 1) & ~(align - 1);

	heap_pos = base + size;
	return (void *)base;
}

void *zalloc(unsigned long size, unsigned long align)
{
	return memset(alloc(size, align), 0, size);
}
