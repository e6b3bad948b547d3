/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef ASM_PAGING_H
#define ASM_PAGING_H

#include <hypervisor/paging.h>

extern const struct paging_format arm_host_format;
/* For 44 and more address bits; stage2_init() makes one for fewer from it. */
extern const struct paging_format arm_stage2_format;

#endif /* !ASM_PAGING_H */
