// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Trapped accesses to guest memory, which the processor has decoded already. */
#include <asm/exit.h>
#include <asm/guest.h>

static u64 result_of(u64 esr, u64 value)
{
	unsigned int unused = 64 - 8 * ISS_SIZE(esr);

	if (likely((esr & (ISS_SIZE_MASK | ISS_SIGN | ISS_WIDE)) == ISS_WORD))
		return (u32)value;
	value <<= unused;
	value = esr & ISS_SIGN ? (u64)((s64)value >> unused) : value >> unused;
	return esr & ISS_WIDE ? value : (u32)value;
}

/* What a store writes of its register. Most are of 32 bits, and shifts of 64 bits are long on ARMv7. */
static u64 stored(u64 esr, u64 value)
{
	if (likely((esr & ISS_SIZE_MASK) == ISS_WORD))
		return (u32)value;
	return value & (~0ULL >> (64 - 8 * ISS_SIZE(esr)));
}

/* False: it must not be. */
static __attribute__((noinline, cold)) bool unhandled(struct percpu *cpu, struct mmio_access *access)
{
	if (learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, access->write)) {
		access->value = ~0ULL;
		return true;
	}
	cpu_printk(cpu, "Unhandled data %s at 0x%llx(%u)\n", access->write ? "write" : "read", access->address,
		   access->size);
	VIOLATION(cpu, access->address, MEM_ACCESS, access->write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ,
		  access->address, access->size, 0);
	return false;
}

bool guest_mmio(struct percpu *cpu, u64 address, u64 esr)
{
	struct mmio_access mmio = { .address = address, .size = (u8)ISS_SIZE(esr), .write = esr & ISS_WRITE };
	enum mmio_result result = MMIO_UNHANDLED;

	exit_count(cpu, JAILHOUSE_CPU_STAT_VMEXITS_MMIO);
	if (esr & ISS_WRITE)
		mmio.value = stored(esr, guest_reg(cpu->arch.regs, ISS_REG(esr)));
	if (likely(((u32)address & PAGE_OFFS_MASK) + ISS_SIZE(esr) <= PAGE_SIZE))
		result = mmio_dispatch(cpu, &mmio);
	if (unlikely(result != MMIO_HANDLED) && (result == MMIO_ERROR || !unhandled(cpu, &mmio)))
		return false;
	if (!(esr & ISS_WRITE))
		guest_set_reg(cpu->arch.regs, ISS_REG(esr), result_of(esr, mmio.value));
	return true;
}
