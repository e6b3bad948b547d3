/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* In place of the real one: the CPU interface of the model. */
#ifndef ASM_GIC_SYSREGS_H
#define ASM_GIC_SYSREGS_H

#include <hypervisor/base.h>

/* The counters of ARM, which the header of the host's architecture does not have */
#define JAILHOUSE_CPU_STAT_VMEXITS_MAINTENANCE JAILHOUSE_GENERIC_CPU_STATS
#define JAILHOUSE_CPU_STAT_VMEXITS_VSGI	       (JAILHOUSE_GENERIC_CPU_STATS + 2)

#define ICC_FIQ_TO_HYP 1

#define DECLARE_ICC(name)         \
	u64 icc_read_##name(void); \
	void icc_write_##name(u64 value);
DECLARE_ICC(pmr)
DECLARE_ICC(ctlr)
DECLARE_ICC(bpr0)
DECLARE_ICC(bpr1)
DECLARE_ICC(igrpen0)
DECLARE_ICC(igrpen1)
DECLARE_ICC(sre_el1)
DECLARE_ICC(sre_el2)
DECLARE_ICC(ich_hcr)
#undef DECLARE_ICC

bool icc_exists(void);
u64 icc_read_rpr(void);
void icc_write_dir(u64 value);
void icc_write_sgi1r(u64 value);
u64 icc_read_ap1r(unsigned int n);
void icc_write_ap1r(unsigned int n, u64 value);
void gic_wfi(void);

#endif /* !ASM_GIC_SYSREGS_H */
