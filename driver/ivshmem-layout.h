/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the parts of an IVSHMEM link's memory are. All numbers come from the device, so nothing is taken for granted.
 * Free of Linux, as tests on the host use it, too.
 */
#ifndef IVSHMEM_LAYOUT_H
#define IVSHMEM_LAYOUT_H

#ifdef __KERNEL__
#include <linux/stddef.h>
#else
#include <stddef.h>
#endif

#include <jailhouse/ivshmem.h>

#define IVSHMEM_PEERS_MAX 0x10000 /* of the doorbell register */

/**
 * struct ivshmem_layout - memory of a link, as one peer sees it
 * @id: number of this peer
 * @peers: how many the link can have
 * @state_size, @rw_size, @output_size: sizes of the sections; the latter two may be 0
 * @state, @rw, @outputs: where they start
 * @end: of it all
 */
struct ivshmem_layout {
	u32 id, peers;
	u64 state_size, rw_size, output_size;
	u64 state, rw, outputs;
	u64 end;
};

/**
 * ivshmem_layout_init() - compute and check it
 * @at: numbers and sizes are filled in
 * @base: start of the memory
 * @last: last address that it may have
 * @align: what addresses and sizes must be multiples of, a power of two
 * @ret_value: what is wrong
 *
 * Return: NULL, or the name of what is wrong.
 */
static inline const char *ivshmem_layout_init(struct ivshmem_layout *at, u64 base, u64 last, u64 align, u64 *ret_value)
{
	u64 left = last - base;
	u32 n;

	/* Bytes, but for one if it is all that there can be */
	if (left != ~0ULL)
		left++;
	*ret_value = at->peers;
	if (at->peers < 2 || at->peers > IVSHMEM_PEERS_MAX)
		return "number of peers";
	*ret_value = at->id;
	if (at->id >= at->peers)
		return "own id";
	*ret_value = base;
	if (base & (align - 1) || base > last)
		return "address of the shared memory";
	*ret_value = at->state_size;
	if (at->state_size < 4 * (u64)at->peers || at->state_size & (align - 1) || at->state_size > left)
		return "size of the state table";
	left -= at->state_size;
	*ret_value = at->rw_size;
	if (at->rw_size & (align - 1) || at->rw_size > left)
		return "size of the common section";
	left -= at->rw_size;
	*ret_value = at->output_size;
	if (at->output_size & (align - 1))
		return "size of the output sections";
	for (n = 0; n < at->peers; n++) {
		if (at->output_size > left)
			return "size of the output sections";
		left -= at->output_size;
	}
	at->state = base;
	at->rw = at->state + at->state_size;
	at->outputs = at->rw + at->rw_size;
	at->end = at->outputs + at->peers * at->output_size;
	return NULL;
}

#endif /* !IVSHMEM_LAYOUT_H */
