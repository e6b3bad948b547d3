/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a core does other than the architecture says, and what is done about it. By MIDR; see errata.c. */
#ifndef ASM_ERRATA_H
#define ASM_ERRATA_H

#include <hypervisor/machine.h>

/* May walk under a foreign VMID with the tables of its own guest. */
#define CURE_FOREIGN_WALK  1U
/* A broadcast TLBI may not be complete after the first DSB. */
#define CURE_REPEAT_TLBI   2U
/* May report a fault of stage 2 where one of stage 1 was due. */
#define CURE_DOUBTFUL_PAGE 4U
/* Not a cure: branches are not predicted by what other exception levels did. */
#define BRANCHES_SAFE	   8U

struct erratum {
	u8 cures;
	u8 branches; /* taken branches that push out the history of others, 0: not known to help */
};

/* All that is known of a core. */
struct erratum errata_of(u32 midr);

/*
 * What this CPU has to do at each exit so that its guest does not choose what the hypervisor speculates. 0: nothing, or
 * nothing is known that helps; with bit 31: the call to the firmware; else the branches that push out the history.
 */
u32 errata_branches(const struct erratum *core);

/* What this CPU needs is done from now on. on: each CPU, when it enters. */
void errata_init(struct percpu *cpu);

static inline bool errata_doubtful_page(const struct percpu *cpu)
{
	return cpu->machine->arch.cures & CURE_DOUBTFUL_PAGE;
}

#endif /* !ASM_ERRATA_H */
