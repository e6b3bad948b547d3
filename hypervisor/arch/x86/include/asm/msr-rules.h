/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who may do what with which MSR: one table per vendor (msr-amd.c), chosen by the link. */
#ifndef ASM_MSR_RULES_H
#define ASM_MSR_RULES_H

#include <jailhouse/types.h>

enum msr_action {
	MSR_DIRECT,  /* not trapped; trapped all the same (the bitmap does not reach it): tried on the guest's behalf */
	MSR_DENY,    /* #GP, counted */
	MSR_DROP,    /* a write that a Linux guest does for good reasons: no effect */
	MSR_STOP,    /* violation */
	MSR_EMULATE, /* see msr.c */
};

struct msr_rule {
	u32 first, last;
	u8 cell_read, cell_write; /* enum msr_action */
	u8 root_read, root_write;
};

/* Sorted, not overlapping. MSRs without a rule: all may read, only the root may write. */
extern const struct msr_rule msr_rules[];
extern const unsigned int msr_num_rules;

#endif /* !ASM_MSR_RULES_H */
