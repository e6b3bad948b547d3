/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Instructions that the interrupt controller's files need: registers of the GICv3 CPU interface, and waiting. At EL2
 * they are the physical ones, whatever HCR_EL2 says. Source: Arm IHI 0069, chapter 12.
 */
#ifndef ASM_GIC_SYSREGS_H
#define ASM_GIC_SYSREGS_H

#include <asm/barrier.h>
#include <asm/sysregs.h>

/* An FIQ that comes while a guest runs ends in guest_exit() as EXIT_FIQ. */
#define ICC_FIQ_TO_HYP 1

#define DEFINE_ICC(name, reg)                        \
	static inline u64 icc_read_##name(void)      \
	{                                            \
		return read_sysreg(reg);             \
	}                                            \
	static inline void icc_write_##name(u64 value) \
	{                                            \
		write_sysreg(reg, value);            \
	}
DEFINE_ICC(pmr, icc_pmr_el1)
DEFINE_ICC(ctlr, icc_ctlr_el1)
DEFINE_ICC(bpr0, icc_bpr0_el1)
DEFINE_ICC(bpr1, icc_bpr1_el1)
DEFINE_ICC(igrpen0, icc_igrpen0_el1)
DEFINE_ICC(igrpen1, icc_igrpen1_el1)
DEFINE_ICC(sre_el1, icc_sre_el1)
DEFINE_ICC(sre_el2, icc_sre_el2)
DEFINE_ICC(ich_hcr, ich_hcr_el2)
#undef DEFINE_ICC

/* Is there a GICv3 CPU interface at all? */
static inline bool icc_exists(void)
{
	return read_sysreg(id_aa64pfr0_el1) >> 24 & 0xf;
}

static inline u64 icc_read_rpr(void)
{
	return read_sysreg(icc_rpr_el1);
}

static inline void icc_write_dir(u64 value)
{
	write_sysreg(icc_dir_el1, value);
}

static inline void icc_write_sgi1r(u64 value)
{
	write_sysreg(icc_sgi1r_el1, value);
}

/* Active priorities of group 1. Registers that are not implemented are undefined. */
static inline u64 icc_read_ap1r(unsigned int n)
{
	switch (n) {
	case 0:
		return read_sysreg(icc_ap1r0_el1);
	case 1:
		return read_sysreg(icc_ap1r1_el1);
	case 2:
		return read_sysreg(icc_ap1r2_el1);
	default:
		return read_sysreg(icc_ap1r3_el1);
	}
}

static inline void icc_write_ap1r(unsigned int n, u64 value)
{
	switch (n) {
	case 0:
		write_sysreg(icc_ap1r0_el1, value);
		break;
	case 1:
		write_sysreg(icc_ap1r1_el1, value);
		break;
	case 2:
		write_sysreg(icc_ap1r2_el1, value);
		break;
	default:
		write_sysreg(icc_ap1r3_el1, value);
		break;
	}
}

/*
 * WFI until an interrupt is signalled that is enabled in the CPU interface. Only one that goes to this exception level
 * is sure to end it; it is not taken, since interrupts are masked here.
 */
static inline void gic_wfi(void)
{
	u64 hcr = read_sysreg(hcr_el2);

	write_sysreg(hcr_el2, hcr | HCR_IMO | HCR_FMO);
	arch_isb();
	arch_dsb();
	arch_wfi();
	write_sysreg(hcr_el2, hcr);
	arch_isb();
}

#endif /* !ASM_GIC_SYSREGS_H */
