/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Writes of ICC_SGI1R and ICC_DIR by guests, which entry.S of each architecture handles itself if they are simple. */
#ifndef ASM_SHORT_EXIT_H
#define ASM_SHORT_EXIT_H

/* Counters, as entry.S has them: indices */
#define STAT_TOTAL	0
#define STAT_DIR	4
#define STAT_SGI	6

#ifndef __ASSEMBLER__

#include <hypervisor/machine.h>

/* What the short exits look at: where this CPU's cell may send SGIs by one write, and what it may deactivate. */
struct short_exit {
	u64 sgi_cluster; /* affinity of this CPU as in ICC_SGI1R, without the list */
	u64 sgi_list;	 /* CPUs of the cell in this cluster */
	const u32 *irqs;
	unsigned long kick;
};
JAILHOUSE_STATIC_ASSERT(JAILHOUSE_CPU_STAT_VMEXITS_TOTAL == STAT_TOTAL);
JAILHOUSE_STATIC_ASSERT(JAILHOUSE_CPU_STAT_VMEXITS_MAINTENANCE == STAT_DIR);
JAILHOUSE_STATIC_ASSERT(JAILHOUSE_CPU_STAT_VMEXITS_VSGI == STAT_SGI);

#endif /* !__ASSEMBLER__ */

#endif /* !ASM_SHORT_EXIT_H */
