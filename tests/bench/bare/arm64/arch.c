/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The CPU at EL2. Source: Arm DDI 0487, D19. */
#include "boot.h"

/* 39 bits, 40 bits of physical addresses; write-back, inner shareable walks from level 1 on */
#define VTCR_VALUE (1UL << 31 | 2 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6 | 25)

#define HCR_VM	(1UL << 0)
#define HCR_FMO (1UL << 3)
#define HCR_IMO (1UL << 4)
#define HCR_TWI (1UL << 13)
#define HCR_TSC (1UL << 19)
#define HCR_RW	(1UL << 31)

#define SCTLR_EL1_RESET 0x30d00800
#define CPTR_NO_TRAPS	0x33ff
#define CNTHCTL_OPEN	3

#define ESR_EC	 26
#define EC_WFX	 0x01
#define EC_HVC64 0x16
#define EC_SMC64 0x17
#define ESR_IMM	 0xffff

#define ICC_SRE_EL1 S3_0_C12_C12_5
#define ICC_SRE_EL2 S3_4_C12_C9_5
#define SRE_ALL	    0xf
#define PFR0_GIC    24

#define read_sysreg(name)                                                       \
	({                                                                      \
		__u64 value_;                                                   \
		__asm__ volatile("mrs %0, " #name : "=r"(value_) : : "memory"); \
		value_;                                                         \
	})
#define write_sysreg(name, value) write_sysreg_(name, value)
#define write_sysreg_(name, value) __asm__ volatile("msr " #name ", %0" : : "r"((__u64)(value)) : "memory")
#define isb() __asm__ volatile("isb" : : : "memory")

unsigned int arch_cpu_index(void)
{
	return read_sysreg(mpidr_el1) & (MAX_CPUS - 1);
}

_Bool arch_has_gicv3(void)
{
	return read_sysreg(id_aa64pfr0_el1) >> PFR0_GIC & 0xf;
}

void arch_enable_gicv3(void)
{
	write_sysreg(ICC_SRE_EL2, SRE_ALL);
	isb();
	write_sysreg(ICC_SRE_EL1, SRE_ALL);
	isb();
}

void arch_init_cpu(const void *stage2, _Bool direct_idle)
{
	write_sysreg(vttbr_el2, (unsigned long)stage2);
	write_sysreg(vtcr_el2, VTCR_VALUE);
	write_sysreg(hcr_el2, HCR_VM | HCR_RW | HCR_TSC | (direct_idle ? 0 : HCR_TWI));
	write_sysreg(cptr_el2, CPTR_NO_TRAPS);
	write_sysreg(cnthctl_el2, CNTHCTL_OPEN);
	write_sysreg(cntvoff_el2, 0);
	write_sysreg(vpidr_el2, read_sysreg(midr_el1));
	write_sysreg(vmpidr_el2, read_sysreg(mpidr_el1));
	write_sysreg(sctlr_el1, SCTLR_EL1_RESET);
	write_sysreg(cpacr_el1, 0);
	isb();
	__asm__ volatile("tlbi vmalls12e1is\n\tdsb ish\n\tisb" : : : "memory");
}

enum trap arch_trap(unsigned int *code)
{
	__u64 esr = read_sysreg(esr_el2);

	*code = esr & ESR_IMM;
	switch (esr >> ESR_EC) {
	case EC_WFX:
		return TRAP_WAIT;
	case EC_SMC64:
		return TRAP_SMC;
	case EC_HVC64:
		return TRAP_HVC;
	default:
		return TRAP_OTHER;
	}
}

void arch_skip_instruction(void)
{
	write_sysreg(elr_el2, read_sysreg(elr_el2) + 4);
}

void arch_put_trap(void)
{
	put_text(", ESR ");
	put_hex(read_sysreg(esr_el2));
	put_text(" PC ");
	put_hex(read_sysreg(elr_el2));
	put_text(" FAR ");
	put_hex(read_sysreg(far_el2));
	put_text(" HPFAR ");
	put_hex(read_sysreg(hpfar_el2));
}

void arch_wait_for_interrupt(void)
{
	__u64 hcr = read_sysreg(hcr_el2);

	write_sysreg(hcr_el2, hcr | HCR_IMO | HCR_FMO);
	isb();
	__asm__ volatile("wfi" : : : "memory");
	write_sysreg(hcr_el2, hcr);
	isb();
}

long firmware_call(unsigned long function, unsigned long arg0, unsigned long arg1, unsigned long arg2)
{
	register unsigned long x0 __asm__("x0") = function;
	register unsigned long x1 __asm__("x1") = arg0;
	register unsigned long x2 __asm__("x2") = arg1;
	register unsigned long x3 __asm__("x3") = arg2;

	__asm__ volatile("smc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
			 :
			 : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",
			   "x17", "memory");
	return (long)x0;
}
