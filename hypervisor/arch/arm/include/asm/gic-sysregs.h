/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Instructions that the interrupt controller's files need: registers of the GICv3 CPU interface, and waiting. In Hyp
 * mode they are the physical ones, whatever HCR says. Source: Arm IHI 0069, 12.3 (AArch32).
 */
#ifndef ASM_GIC_SYSREGS_H
#define ASM_GIC_SYSREGS_H

#include <asm/barrier.h>
#include <asm/sysregs.h>

#define ICC_PMR_	p15, 0, %0, c4, c6, 0
#define ICC_BPR0_	p15, 0, %0, c12, c8, 3
#define ICC_BPR1_	p15, 0, %0, c12, c12, 3
#define ICC_CTLR_	p15, 0, %0, c12, c12, 4
#define ICC_SRE_	p15, 0, %0, c12, c12, 5
#define ICC_IGRPEN0_	p15, 0, %0, c12, c12, 6
#define ICC_IGRPEN1_	p15, 0, %0, c12, c12, 7
#define ICC_HSRE_	p15, 4, %0, c12, c9, 5
#define ICH_HCR_	p15, 4, %0, c12, c11, 0
#define ICC_DIR_	p15, 0, %0, c12, c11, 1
#define ICC_RPR_	p15, 0, %0, c12, c11, 3
#define ICC_AP1R0_	p15, 0, %0, c12, c9, 0
#define ICC_AP1R1_	p15, 0, %0, c12, c9, 1
#define ICC_AP1R2_	p15, 0, %0, c12, c9, 2
#define ICC_AP1R3_	p15, 0, %0, c12, c9, 3
#define ICC_SGI1R_	p15, 0, %Q0, %R0, c12

/* The kick stays an IRQ. */
#define ICC_FIQ_TO_HYP 0

#define DEFINE_ICC(name, NAME)                       \
	static inline u64 icc_read_##name(void)      \
	{                                            \
		return read_cp15(NAME##_);            \
	}                                            \
	static inline void icc_write_##name(u64 value) \
	{                                            \
		write_cp15(NAME##_, value);          \
	}
DEFINE_ICC(pmr, ICC_PMR)
DEFINE_ICC(ctlr, ICC_CTLR)
DEFINE_ICC(bpr0, ICC_BPR0)
DEFINE_ICC(bpr1, ICC_BPR1)
DEFINE_ICC(igrpen0, ICC_IGRPEN0)
DEFINE_ICC(igrpen1, ICC_IGRPEN1)
DEFINE_ICC(sre_el1, ICC_SRE)
DEFINE_ICC(sre_el2, ICC_HSRE)
DEFINE_ICC(ich_hcr, ICH_HCR)
#undef DEFINE_ICC

/* Is there a GICv3 CPU interface at all? */
static inline bool icc_exists(void)
{
	return read_cp15(CP15_ID_PFR1) >> 28;
}

static inline u64 icc_read_rpr(void)
{
	return read_cp15(ICC_RPR_);
}

static inline void icc_write_dir(u64 value)
{
	write_cp15(ICC_DIR_, value);
}

static inline void icc_write_sgi1r(u64 value)
{
	write_cp15_64(ICC_SGI1R_, value);
}

/* Active priorities of group 1. Registers that are not implemented are undefined. */
static inline u64 icc_read_ap1r(unsigned int n)
{
	switch (n) {
	case 0:
		return read_cp15(ICC_AP1R0_);
	case 1:
		return read_cp15(ICC_AP1R1_);
	case 2:
		return read_cp15(ICC_AP1R2_);
	default:
		return read_cp15(ICC_AP1R3_);
	}
}

static inline void icc_write_ap1r(unsigned int n, u64 value)
{
	switch (n) {
	case 0:
		write_cp15(ICC_AP1R0_, value);
		break;
	case 1:
		write_cp15(ICC_AP1R1_, value);
		break;
	case 2:
		write_cp15(ICC_AP1R2_, value);
		break;
	default:
		write_cp15(ICC_AP1R3_, value);
		break;
	}
}

/*
 * WFI until an interrupt is signalled that is enabled in the CPU interface. Only one that goes to this mode is sure to
 * end it; it is not taken, since interrupts are masked here.
 */
static inline void gic_wfi(void)
{
	u32 hcr = read_cp15(CP15_HCR);

	write_cp15(CP15_HCR, hcr | HCR_IMO | HCR_FMO);
	arch_isb();
	arch_dsb();
	arch_wfi();
	write_cp15(CP15_HCR, hcr);
	arch_isb();
}

#endif /* !ASM_GIC_SYSREGS_H */
