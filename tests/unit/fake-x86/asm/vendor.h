/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A processor vendor for unit tests: the guest's state is plain data. */
#ifndef ASM_VENDOR_H
#define ASM_VENDOR_H

#include <jailhouse/types.h>

struct vendor_percpu {
	u64 rip, rsp, rflags, cr0, cr3, cr4, efer, pat;
	u64 cs_base;
	u16 cs_selector, cs_rights;
	unsigned int skipped;	  /* bytes, by vcpu_skip() */
	unsigned int exception;	  /* vector injected last, 0: none */
	unsigned int parks, resets, inits; /* calls of vcpu_park() and vcpu_reset(), and those for INIT */
	u32 reset_selector;
	u64 reset_base, reset_rip;
};

struct vendor_cell {
	int unused;
};

#endif /* !ASM_VENDOR_H */
