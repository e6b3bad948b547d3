// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * CPUID of guests: what the processor says, but for bits that mirror a control register (the processor takes the
 * hypervisor's), the hypervisor's own leaves, and features that a cell could not use.
 * Sources: Intel SDM vol. 2; AMD APM vol. 3, appendix E.
 */
#include <hypervisor/machine.h>
#include <asm/guest.h>
#include <asm/x86.h>

#define LEAF1_ECX_VMX	     (1U << 5)
#define LEAF1_ECX_OSXSAVE    (1U << 27)
#define LEAF1_ECX_HYPERVISOR (1U << 31)

#define LEAF7_ECX_OSPKE	  (1U << 4)
#define LEAF7_ECX_CET_SS  (1U << 7)
#define LEAF7_EDX_CET_IBT (1U << 20)

#define EXT1_ECX_SVM (1U << 2)
#define EXT1_ECX_IBS (1U << 10)

#define EXT7_EBX_SCALABLE_MCA (1U << 3)

#define LEAF_SVM	0x8000000a
#define LEAF_ENCRYPTION 0x8000001f

static void set_regs(u64 *r, u32 eax, u32 ebx, u32 ecx, u32 edx)
{
	r[REG_RAX] = eax;
	r[REG_RBX] = ebx;
	r[REG_RCX] = ecx;
	r[REG_RDX] = edx;
}

static void replace_bit(u64 *value, u64 bit, bool set)
{
	*value = set ? *value | bit : *value & ~bit;
}

/* The MSRs behind what is cleared here are denied to cells, or lie where they cannot be granted. */
static void hide_from_cell(u64 *r, u32 leaf, u32 subleaf)
{
	switch (leaf) {
	case 1:
		replace_bit(&r[REG_RCX], LEAF1_ECX_VMX, false);
		replace_bit(&r[REG_RCX], LEAF1_ECX_HYPERVISOR, true);
		break;
	case 7:
		if (subleaf != 0)
			break;
		replace_bit(&r[REG_RCX], LEAF7_ECX_CET_SS, false);
		replace_bit(&r[REG_RDX], LEAF7_EDX_CET_IBT, false);
		break;
	case 0x80000001:
		replace_bit(&r[REG_RCX], EXT1_ECX_SVM | EXT1_ECX_IBS, false);
		break;
	case 0x80000007:
		replace_bit(&r[REG_RBX], EXT7_EBX_SCALABLE_MCA, false);
		break;
	case LEAF_SVM:
	case LEAF_ENCRYPTION:
		set_regs(r, 0, 0, 0, 0);
		break;
	}
}

/* Apart, so that other leaves cost next to nothing. */
static __attribute__((noinline)) void adjust(struct percpu *cpu, u64 *r, u32 leaf, u32 subleaf)
{
	if (leaf == JAILHOUSE_CPUID_SIGNATURE) {
		set_regs(r, JAILHOUSE_CPUID_FEATURES, 0x6c69614a, 0x73756f68, 0x65); /* "Jailhouse" */
		return;
	}
	if (leaf == JAILHOUSE_CPUID_FEATURES) {
		set_regs(r, 0, 0, 0, 0);
		return;
	}
	if (leaf == 1)
		replace_bit(&r[REG_RCX], LEAF1_ECX_OSXSAVE, vcpu_cr4(cpu) & X86_CR4_OSXSAVE);
	else if (leaf == 7 && subleaf == 0)
		replace_bit(&r[REG_RCX], LEAF7_ECX_OSPKE, vcpu_cr4(cpu) & X86_CR4_PKE);
	if (!cell_is_root(cpu->cell))
		hide_from_cell(r, leaf, subleaf);
}

void guest_cpuid(struct percpu *cpu)
{
	u64 *r = cpu->arch.regs->r;
	u32 leaf = (u32)r[REG_RAX], subleaf = (u32)r[REG_RCX];

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_CPUID]++;
	cpuid_regs(leaf, subleaf, &r[REG_RAX], &r[REG_RBX], &r[REG_RCX], &r[REG_RDX]);
	if (leaf > 7 ? leaf >= JAILHOUSE_CPUID_SIGNATURE : leaf == 1 || leaf == 7)
		adjust(cpu, r, leaf, subleaf);
}
