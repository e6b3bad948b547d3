// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Trapped accesses to guest memory: from the fault to the window that answers it. */
#include <asm/guest.h>

static void report_access(struct percpu *cpu, u64 guest_phys, bool write, unsigned int size)
{
	cpu_printk(cpu, "FATAL: Invalid MMIO/RAM %s, addr: 0x%016llx size: %u\n",
		   write ? "write" : "read", guest_phys, size);
}

static void unassigned(struct percpu *cpu, u64 guest_phys, bool write, unsigned int size)
{
	report_access(cpu, guest_phys, write, size);
	VIOLATION(cpu, guest_phys, MEM_ACCESS, access_arg(write), guest_phys, size, 0);
}

static __attribute__((cold)) void bad_instruction(struct percpu *cpu, u64 guest_phys, bool write)
{
	u8 code[MAX_INSN_BYTES];
	unsigned int avail = guest_code(cpu, code, sizeof(code));
	u64 bytes = 0;

	for (unsigned int n = 0; n < avail && n < sizeof(bytes); n++)
		bytes = bytes << 8 | code[n];
	report_access(cpu, guest_phys, write, 0);
	VIOLATION(cpu, guest_phys, INSTRUCTION, bytes, avail, vcpu_rip(cpu), guest_phys);
}

static inline bool crosses_page(u64 guest_phys, unsigned int size)
{
	return (guest_phys & PAGE_OFFS_MASK) + size > PAGE_SIZE;
}

const struct mmio_insn *guest_mmio_decode(struct percpu *cpu, u64 guest_phys, bool write)
{
	const struct mmio_insn *insn = guest_insn(cpu, write);

	if (!insn) {
		bad_instruction(cpu, guest_phys, write);
	} else if (crosses_page(guest_phys, insn->size)) {
		unassigned(cpu, guest_phys, write, insn->size);
		insn = NULL;
	}
	return insn;
}

u64 guest_mmio_value(struct percpu *cpu, const struct mmio_insn *insn)
{
	u64 value = insn->value;

	if (!insn->immediate) {
		value = insn->reg == REG_RSP ? vcpu_rsp(cpu) : cpu->arch.regs->r[insn->reg];
		if (unlikely(insn->high_byte))
			value >>= 8;
	}
	return value & insn->mask;
}

/* As the processor does: 32-bit results clear the upper half, shorter ones leave the rest alone. */
void guest_mmio_result(struct percpu *cpu, const struct mmio_insn *insn, u64 value)
{
	u64 *reg = &cpu->arch.regs->r[insn->reg];
	unsigned int unused = 64 - 8 * insn->size;
	u64 mask;

	value <<= unused;
	if (insn->sign_extend)
		value = (u64)((s64)value >> unused);
	else
		value >>= unused;
	if (insn->reg_size >= 4) {
		*reg = insn->reg_size == 8 ? value : (u32)value;
		return;
	}
	mask = BIT(8 * insn->reg_size) - 1;
	if (insn->high_byte) {
		mask <<= 8;
		value <<= 8;
	}
	*reg = (*reg & ~mask) | (value & mask);
}

/* Whoever touches foreign memory by exotic means shall be told of the memory, not of the means. */
static __attribute__((cold)) bool undecodable(struct percpu *cpu, u64 guest_phys, bool write)
{
	if (mmio_is_trapped(cpu->cell, guest_phys)) {
		bad_instruction(cpu, guest_phys, write);
	} else {
		/* Unknown length, so even learning mode has to stop here; but it can tell why. */
		learn_access(cpu, JAILHOUSE_LEARNED_MEM, guest_phys, 0, write);
		unassigned(cpu, guest_phys, write, 0);
	}
	return false;
}

static __attribute__((cold)) bool unhandled(struct percpu *cpu, struct mmio_access *access)
{
	if (!learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, access->write)) {
		unassigned(cpu, access->address, access->write, access->size);
		return false;
	}
	access->value = ~0ULL;
	return true;
}

bool guest_mmio(struct percpu *cpu, u64 guest_phys, bool write)
{
	struct mmio_access access;
	enum mmio_result result = MMIO_UNHANDLED;
	const struct mmio_insn *insn;
	unsigned int size;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MMIO]++;
	insn = guest_insn(cpu, write);
	if (unlikely(!insn))
		return undecodable(cpu, guest_phys, write);

	size = insn->size;
	access.address = guest_phys;
	access.value = write ? guest_mmio_value(cpu, insn) : 0;
	access.size = (u8)size;
	access.write = write;
	if (likely(!crosses_page(guest_phys, size)))
		result = mmio_dispatch(cpu, &access);
	if (unlikely(result != MMIO_HANDLED) && (result == MMIO_ERROR || !unhandled(cpu, &access)))
		return false;
	if (!write)
		guest_mmio_result(cpu, insn, access.value);
	vcpu_skip(cpu, insn->length);
	return true;
}
