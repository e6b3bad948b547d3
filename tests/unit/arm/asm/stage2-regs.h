/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The real one, but for the instructions. */
#ifndef FAKE_STAGE2_REGS_H
#define FAKE_STAGE2_REGS_H

#define stage2_flush_all_cpus real_stage2_flush_all_cpus
#define stage2_flush_this_cpu real_stage2_flush_this_cpu
#define stage2_forget_code    real_stage2_forget_code
#define stage2_publish	      real_stage2_publish
#include "../../../../hypervisor/arch/arm64/include/asm/stage2-regs.h"
#undef stage2_flush_all_cpus
#undef stage2_flush_this_cpu
#undef stage2_forget_code
#undef stage2_publish

void stage2_flush_all_cpus(u64 vttbr, unsigned int cures);
void stage2_flush_this_cpu(void);
void stage2_forget_code(void);
void stage2_publish(void);

#endif /* !FAKE_STAGE2_REGS_H */
