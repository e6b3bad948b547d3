/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers of coprocessor 15 on ARMv7. Source: Arm DDI 0406C, B3.17, B4.1 and B8. */
#ifndef ASM_SYSREGS_H
#define ASM_SYSREGS_H

#include <jailhouse/types.h>

/* Of loads from devices: nothing that the memory type does not do */
#define MMIO_LOAD __ATOMIC_RELAXED

#define CP15_STRING_(x...) #x
#define CP15_STRING(x...)  CP15_STRING_(x)

/* The names below are `p15, opc1, %0, CRn, CRm, opc2`; those of 64 bits are `p15, opc1, %Q0, %R0, CRm`. */
#define read_cp15(reg)                                                              \
	({                                                                          \
		u32 value_;                                                         \
		__asm__ volatile("mrc " CP15_STRING(reg) : "=r"(value_));           \
		value_;                                                             \
	})
#define write_cp15(reg, value) __asm__ volatile("mcr " CP15_STRING(reg) : : "r"((u32)(value)) : "memory")
#define read_cp15_64(reg)                                                           \
	({                                                                          \
		u64 value_;                                                         \
		__asm__ volatile("mrrc " CP15_STRING(reg) : "=r"(value_));          \
		value_;                                                             \
	})
#define write_cp15_64(reg, value) __asm__ volatile("mcrr " CP15_STRING(reg) : : "r"((u64)(value)) : "memory")

/* Banked registers and those of Hyp mode, by the name that MRS and MSR give them */
#define read_banked(name)                                                           \
	({                                                                          \
		u32 value_;                                                         \
		__asm__ volatile("mrs %0, " #name : "=r"(value_));                  \
		value_;                                                             \
	})
#define write_banked(name, value) __asm__ volatile("msr " #name ", %0" : : "r"((u32)(value)))

#define CP15_MIDR	p15, 0, %0, c0, c0, 0
#define CP15_CTR	p15, 0, %0, c0, c0, 1
#define CP15_MPIDR	p15, 0, %0, c0, c0, 5
#define CP15_ID_PFR1	p15, 0, %0, c0, c1, 1
#define CP15_ID_DFR0	p15, 0, %0, c0, c1, 2
#define CP15_CSSELR	p15, 2, %0, c0, c0, 0
#define CP15_VPIDR	p15, 4, %0, c0, c0, 0
#define CP15_VMPIDR	p15, 4, %0, c0, c0, 5
#define CP15_SCTLR	p15, 0, %0, c1, c0, 0
#define CP15_ACTLR	p15, 0, %0, c1, c0, 1
#define CP15_CPACR	p15, 0, %0, c1, c0, 2
#define CP15_HCR	p15, 4, %0, c1, c1, 0
#define CP15_HDCR	p15, 4, %0, c1, c1, 1
#define CP15_HCPTR	p15, 4, %0, c1, c1, 2
#define CP15_HSTR	p15, 4, %0, c1, c1, 3
#define CP15_TTBCR	p15, 0, %0, c2, c0, 2
#define CP15_VTCR	p15, 4, %0, c2, c1, 2
#define CP15_DACR	p15, 0, %0, c3, c0, 0
#define CP15_DFSR	p15, 0, %0, c5, c0, 0
#define CP15_IFSR	p15, 0, %0, c5, c0, 1
#define CP15_ADFSR	p15, 0, %0, c5, c1, 0
#define CP15_AIFSR	p15, 0, %0, c5, c1, 1
#define CP15_HSR	p15, 4, %0, c5, c2, 0
#define CP15_DFAR	p15, 0, %0, c6, c0, 0
#define CP15_IFAR	p15, 0, %0, c6, c0, 2
#define CP15_HDFAR	p15, 4, %0, c6, c0, 0
#define CP15_HIFAR	p15, 4, %0, c6, c0, 2
#define CP15_HPFAR	p15, 4, %0, c6, c0, 4
#define CP15_DCCIMVAC	p15, 0, %0, c7, c14, 1
#define CP15_ATS1CPR	p15, 0, %0, c7, c8, 0
#define CP15_ICIALLU	p15, 0, %0, c7, c5, 0
#define CP15_BPIALL	p15, 0, %0, c7, c5, 6
#define CP15_TLBIALLIS	p15, 0, %0, c8, c3, 0
#define CP15_TLBIALLHIS p15, 4, %0, c8, c3, 0
#define CP15_TLBIALLH	p15, 4, %0, c8, c7, 0
#define CP15_TLBIMVAH	p15, 4, %0, c8, c7, 1
#define CP15_TLBIALLNSNH p15, 4, %0, c8, c7, 4
#define CP15_L2CTLR	p15, 1, %0, c9, c0, 2
#define CP15_PMCR	p15, 0, %0, c9, c12, 0
#define CP15_PMCNTENCLR p15, 0, %0, c9, c12, 2
#define CP15_PMOVSR	p15, 0, %0, c9, c12, 3
#define CP15_PMUSERENR	p15, 0, %0, c9, c14, 0
#define CP15_PMINTENCLR p15, 0, %0, c9, c14, 2
#define CP15_MAIR0	p15, 0, %0, c10, c2, 0
#define CP15_MAIR1	p15, 0, %0, c10, c2, 1
#define CP15_AMAIR0	p15, 0, %0, c10, c3, 0
#define CP15_AMAIR1	p15, 0, %0, c10, c3, 1
#define CP15_VBAR	p15, 0, %0, c12, c0, 0
#define CP15_CONTEXTIDR p15, 0, %0, c13, c0, 1
#define CP15_HTPIDR	p15, 4, %0, c13, c0, 2
#define CP15_TPIDRURW	p15, 0, %0, c13, c0, 2
#define CP15_TPIDRURO	p15, 0, %0, c13, c0, 3
#define CP15_TPIDRPRW	p15, 0, %0, c13, c0, 4
#define CP15_CNTKCTL	p15, 0, %0, c14, c1, 0
#define CP15_CNTP_CTL	p15, 0, %0, c14, c2, 1
#define CP15_CNTV_CTL	p15, 0, %0, c14, c3, 1

#define CP15_TTBR0	p15, 0, %Q0, %R0, c2
#define CP15_TTBR1	p15, 1, %Q0, %R0, c2
#define CP15_HTTBR	p15, 4, %Q0, %R0, c2
#define CP15_VTTBR	p15, 6, %Q0, %R0, c2
#define CP15_PAR	p15, 0, %Q0, %R0, c7
#define CP15_CNTPCT	p15, 0, %Q0, %R0, c14
#define CP15_CNTP_CVAL	p15, 2, %Q0, %R0, c14
#define CP15_CNTV_CVAL	p15, 3, %Q0, %R0, c14

#define HCR_VM	  (1U << 0)
#define HCR_SWIO  (1U << 1)
#define HCR_FMO	  (1U << 3)
#define HCR_IMO	  (1U << 4)
#define HCR_TWI	  (1U << 13)
#define HCR_TSC	  (1U << 19)
#define HCR_TIDCP (1U << 20)
#define HCR_TAC	  (1U << 21)

#define HSTR_T15  (1U << 15)
#define HSTR_TTEE (1U << 16)

#define MPIDR_AFFINITY 0xffffffU

#define PSR_MODE	 0x1f
#define PSR_MODE_FIQ	 0x11
#define PSR_MODE_SVC	 0x13
#define PSR_THUMB	 0x20
#define PSTATE_SVC_MASKED 0x1d3 /* supervisor mode, all exceptions masked */

#endif /* !ASM_SYSREGS_H */
