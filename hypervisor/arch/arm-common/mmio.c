// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Trapped accesses to guest memory, which the processor has decoded already. */
#include <asm/guest.h>

static u64 result_of(const struct guest_access *access, u64 value)
{
	unsigned int unused = 64 - 8 * access->size;

	value <<= unused;
	value = access->sign_extend ? (u64)((s64)value >> unused) : value >> unused;
	return access->wide ? value : (u32)value;
}

bool guest_mmio(struct percpu *cpu, const struct guest_access *access)
{
	struct mmio_access mmio = { .address = access->address, .size = access->size, .write = access->write };
	enum mmio_result result = MMIO_UNHANDLED;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MMIO]++;
	if (access->write) {
		mmio.value = guest_reg(cpu->arch.regs, access->reg);
		if (access->size < 8)
			mmio.value &= (1ULL << (8 * access->size)) - 1;
	}
	if ((access->address & PAGE_OFFS_MASK) + access->size <= PAGE_SIZE)
		result = mmio_dispatch(cpu, &mmio);
	if (result == MMIO_ERROR)
		return false;
	if (result == MMIO_UNHANDLED) {
		if (!learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, access->write)) {
			cpu_printk(cpu, "Unhandled data %s at 0x%llx(%u)\n", access->write ? "write" : "read",
				   access->address, access->size);
			VIOLATION(cpu, access->address, MEM_ACCESS,
				  access->write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ, access->address,
				  access->size, 0);
			return false;
		}
		mmio.value = ~0ULL;
	}
	if (!access->write)
		guest_set_reg(cpu->arch.regs, access->reg, result_of(access, mmio.value));
	return true;
}
