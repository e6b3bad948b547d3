/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The real names of bits, and registers that are data; each CPU has its own. */
#ifndef FAKE_SYSREGS_H
#define FAKE_SYSREGS_H

#include "../../../../hypervisor/arch/arm64/include/asm/sysregs.h"
#undef ID_AA64ISAR2_EL1

#undef read_sysreg
#undef write_sysreg
#define read_sysreg(name)	  (el2()->name)
#define write_sysreg(name, value) (el2()->name = (u64)(value))

struct el2 {
	/* the hypervisor's, and the exit */
	u64 hcr_el2, vtcr_el2, vttbr_el2, cptr_el2, ttbr0_el2, elr_el2, spsr_el2, esr_el2, far_el2, hpfar_el2;
	u64 vbar_el2, tpidr_el2, fpexc32_el2, dacr32_el2, ifsr32_el2;
	/* the CPU */
	u64 midr_el1, mpidr_el1, id_aa64pfr0_el1, id_aa64mmfr1_el1, ID_AA64ISAR2_EL1, id_aa64mmfr0_el1;
	u64 id_aa64dfr0_el1, ctr_el0, cntpct_el0, actlr_el1;
	/* the guest's, which are wiped */
	u64 afsr0_el1, afsr1_el1, amair_el1, contextidr_el1, csselr_el1, esr_el1, far_el1, mair_el1, par_el1, tcr_el1;
	u64 tpidr_el0, tpidr_el1, tpidrro_el0, ttbr0_el1, ttbr1_el1, vbar_el1, elr_el1, spsr_el1, sp_el0, sp_el1;
	u64 sctlr_el1, cpacr_el1;
	u64 pmcr_el0, pmselr_el0, pmxevtyper_el0, pmcntenclr_el0, pmintenclr_el1, pmovsclr_el0, pmuserenr_el0,
		pmccfiltr_el0;
	u64 cntv_ctl_el0, cntv_cval_el0, cntp_ctl_el0, cntp_cval_el0, cntkctl_el1;
};

/* Of the CPU that runs. */
struct el2 *el2(void);

#endif /* !FAKE_SYSREGS_H */
