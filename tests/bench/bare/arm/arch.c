/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The CPU in Hyp mode. Source: Arm DDI 0406C, B3.17 and B4.1. */
#include "boot.h"

/* 32 bits; write-back, inner shareable walks from level 1 on */
#define VTCR_VALUE (1U << 31 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6)

#define HCR_VM	(1U << 0)
#define HCR_FMO (1U << 3)
#define HCR_IMO (1U << 4)
#define HCR_TWI (1U << 13)
#define HCR_TSC (1U << 19)

#define SCTLR_RESET  0x00c50878
#define CNTHCTL_OPEN 3

#define HSR_EC	26
#define EC_WFX	0x01
#define EC_HVC	0x12
#define EC_SMC	0x13
#define HSR_IMM 0xffff

#define SRE_ALL	 0xf
#define PFR1_GIC 28

/* opc1, CRn, CRm, opc2 */
#define MIDR	 0, c0, c0, 0
#define MPIDR	 0, c0, c0, 5
#define ID_PFR1	 0, c0, c1, 1
#define SCTLR	 0, c1, c0, 0
#define CPACR	 0, c1, c0, 2
#define ICC_SRE	 0, c12, c12, 5
#define VPIDR	 4, c0, c0, 0
#define VMPIDR	 4, c0, c0, 5
#define HCR	 4, c1, c1, 0
#define HCPTR	 4, c1, c1, 2
#define VTCR	 4, c2, c1, 2
#define HSR	 4, c5, c2, 0
#define HDFAR	 4, c6, c0, 0
#define HPFAR	 4, c6, c0, 4
#define ICC_HSRE 4, c12, c9, 5
#define CNTHCTL	 4, c14, c1, 0
#define TLBIALLNSNHIS 4, c8, c3, 4

#define read_cp15(...) read_cp15_(__VA_ARGS__)
#define read_cp15_(opc1, crn, crm, opc2)                                                       \
	({                                                                                     \
		__u32 value_;                                                                  \
		__asm__ volatile("mrc p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2          \
				 : "=r"(value_) : : "memory");                                 \
		value_;                                                                        \
	})
#define write_cp15(value, ...) write_cp15_(value, __VA_ARGS__)
#define write_cp15_(value, opc1, crn, crm, opc2)                                               \
	__asm__ volatile("mcr p15, " #opc1 ", %0, " #crn ", " #crm ", " #opc2                  \
			 : : "r"((__u32)(value)) : "memory")
#define isb() __asm__ volatile("isb" : : : "memory")

static __u32 return_address(void)
{
	__u32 value;

	__asm__ volatile(".arch_extension virt\n\tmrs %0, ELR_hyp" : "=r"(value));
	return value;
}

unsigned int arch_cpu_index(void)
{
	return read_cp15(MPIDR) & (MAX_CPUS - 1);
}

_Bool arch_has_gicv3(void)
{
	return read_cp15(ID_PFR1) >> PFR1_GIC;
}

void arch_enable_gicv3(void)
{
	write_cp15(SRE_ALL, ICC_HSRE);
	isb();
	write_cp15(SRE_ALL, ICC_SRE);
	isb();
}

void arch_init_cpu(const void *stage2, _Bool direct_idle)
{
	/* VTTBR, CNTVOFF */
	__asm__ volatile("mcrr p15, 6, %0, %1, c2" : : "r"(stage2), "r"(0) : "memory");
	__asm__ volatile("mcrr p15, 4, %0, %0, c14" : : "r"(0) : "memory");
	write_cp15(VTCR_VALUE, VTCR);
	write_cp15(HCR_VM | HCR_TSC | (direct_idle ? 0 : HCR_TWI), HCR);
	write_cp15(0, HCPTR);
	write_cp15(CNTHCTL_OPEN, CNTHCTL);
	write_cp15(read_cp15(MIDR), VPIDR);
	write_cp15(read_cp15(MPIDR), VMPIDR);
	write_cp15(SCTLR_RESET, SCTLR);
	write_cp15(0, CPACR);
	isb();
	write_cp15(0, TLBIALLNSNHIS);
	__asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

enum trap arch_trap(unsigned int *code)
{
	__u32 hsr = read_cp15(HSR);

	*code = hsr & HSR_IMM;
	switch (hsr >> HSR_EC) {
	case EC_WFX:
		return TRAP_WAIT;
	case EC_SMC:
		return TRAP_SMC;
	case EC_HVC:
		return TRAP_HVC;
	default:
		return TRAP_OTHER;
	}
}

/* Inmates do not use Thumb code, in which WFI may have two bytes. */
void arch_skip_instruction(void)
{
	__asm__ volatile(".arch_extension virt\n\tmsr ELR_hyp, %0" : : "r"(return_address() + 4) : "memory");
}

void arch_put_trap(void)
{
	put_text(", HSR ");
	put_hex(read_cp15(HSR));
	put_text(" PC ");
	put_hex(return_address());
	put_text(" HDFAR ");
	put_hex(read_cp15(HDFAR));
	put_text(" HPFAR ");
	put_hex(read_cp15(HPFAR));
}

void arch_wait_for_interrupt(void)
{
	__u32 hcr = read_cp15(HCR);

	write_cp15(hcr | HCR_IMO | HCR_FMO, HCR);
	isb();
	__asm__ volatile("wfi" : : : "memory");
	write_cp15(hcr, HCR);
	isb();
}

long firmware_call(unsigned long function, unsigned long arg0, unsigned long arg1, unsigned long arg2)
{
	register unsigned long r0 __asm__("r0") = function;
	register unsigned long r1 __asm__("r1") = arg0;
	register unsigned long r2 __asm__("r2") = arg1;
	register unsigned long r3 __asm__("r3") = arg2;

	__asm__ volatile(".arch_extension sec\n\tsmc #0" : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3) : : "r12", "memory");
	return (long)r0;
}
