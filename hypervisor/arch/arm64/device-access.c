// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Accesses to devices of guests. */
#include <hypervisor/image.h>
#include <hypervisor/arch/memory.h>
#include <asm/host-regs.h>

/*
 * One access to a register that may not answer. The fix-up is the instruction behind it; what was read then is all
 * ones, as a bus without device gives. Loads are as MMIO_LOAD says. The abort has taken the registers by which the
 * guest is resumed.
 */
void arch_device_access(struct percpu *cpu, u64 phys, struct mmio_access *access)
{
	u8 *reg = own_memory_window(cpu, phys & PAGE_MASK, 1, PG_DEVICE) + (phys & PAGE_OFFS_MASK);
	u64 value = access->write ? access->value : ~0ULL, pc = guest_pc(), psr = guest_psr();

#define ACCESS(insn, width)                                                                              \
	__asm__ volatile("adr x9, 1f; str x9, %2; dsb sy; " insn " %" width "0, [%1]; dsb sy; 1: str xzr, %2" \
			 : "+r"(value), "+r"(reg), "=m"(cpu->arch.fixup)                                 \
			 :                                                                               \
			 : "x9", "memory")
	switch (access->size | (unsigned int)access->write << 8) {
	case 0x001:
		ACCESS("ldarb", "w");
		break;
	case 0x002:
		ACCESS("ldarh", "w");
		break;
	case 0x004:
		ACCESS("ldar", "w");
		break;
	case 0x008:
		ACCESS("ldar", "x");
		break;
	case 0x101:
		ACCESS("strb", "w");
		break;
	case 0x102:
		ACCESS("strh", "w");
		break;
	case 0x104:
		ACCESS("str", "w");
		break;
	case 0x108:
		ACCESS("str", "x");
		break;
	}
#undef ACCESS
	guest_set_pc(pc);
	guest_set_psr(psr);
	if (!access->write)
		access->value = value;
}
