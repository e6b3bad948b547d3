// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Trapped accesses to guest memory: from the fault to the window that answers it. */
#include <asm/guest.h>
#include <asm/x86.h>

#define INSN_BYTES 15

struct code {
	unsigned int bits;
	unsigned int avail;
	u64 rip;
	u8 bytes[INSN_BYTES];
};

/* Prints what is wrong with the instruction. */
static bool report_code(struct percpu *cpu, const struct code *code)
{
	const u8 *b = code->bytes;

	if (code->avail == 0)
		cpu_printk(cpu, "FATAL: unable to get MMIO instruction\n");
	else
		cpu_printk(cpu, "FATAL: unsupported instruction (0x%02x 0x%02x 0x%02x 0x%02x)\n", b[0],
			   code->avail > 1 ? b[1] : 0, code->avail > 2 ? b[2] : 0,
			   code->avail > 3 ? b[3] : 0);
	return false;
}

/* Fetches and decodes the instruction that accesses memory. */
static bool get_insn(struct percpu *cpu, bool write, struct code *code, struct mmio_insn *insn)
{
	struct guest_segment cs;
	u64 linear;

	vcpu_segment(cpu, SEG_CS, &cs);
	code->rip = vcpu_rip(cpu);
	code->bits = segment_code_bits(&cs, vcpu_efer(cpu));
	linear = code->bits == 64 ? code->rip : (u32)(cs.base + code->rip);
	code->avail = guest_fetch(cpu, linear, code->bytes, INSN_BYTES);
	if (!decode_mmio(code->bytes, code->avail, code->bits, insn))
		return report_code(cpu, code);
	if (insn->write == write)
		return true;
	cpu_printk(cpu, "FATAL: inconsistent access, expected %s instruction\n", write ? "write" : "read");
	return false;
}

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

static void bad_instruction(struct percpu *cpu, u64 guest_phys, bool write, const struct code *code)
{
	u64 bytes = 0;

	for (unsigned int n = 0; n < code->avail && n < sizeof(bytes); n++)
		bytes = bytes << 8 | code->bytes[n];
	report_access(cpu, guest_phys, write, 0);
	VIOLATION(cpu, guest_phys, INSTRUCTION, bytes, code->avail, code->rip, guest_phys);
}

bool guest_mmio_decode(struct percpu *cpu, u64 guest_phys, bool write, struct mmio_insn *insn)
{
	struct code code;

	if (!get_insn(cpu, write, &code, insn)) {
		bad_instruction(cpu, guest_phys, write, &code);
		return false;
	}
	if ((guest_phys & PAGE_OFFS_MASK) + insn->size > PAGE_SIZE) {
		unassigned(cpu, guest_phys, write, insn->size);
		return false;
	}
	return true;
}

u64 guest_mmio_value(struct percpu *cpu, const struct mmio_insn *insn)
{
	u64 value;

	if (insn->immediate)
		return insn->value;
	value = insn->reg == REG_RSP ? vcpu_rsp(cpu) : cpu->arch.regs->r[insn->reg];
	if (insn->high_byte)
		value >>= 8;
	return insn->size == 8 ? value : value & (BIT(8 * insn->size) - 1);
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
static bool undecodable(struct percpu *cpu, u64 guest_phys, bool write, const struct code *code)
{
	if (mmio_is_trapped(cpu->cell, guest_phys)) {
		bad_instruction(cpu, guest_phys, write, code);
	} else {
		/* Unknown length, so even learning mode has to stop here; but it can tell why. */
		learn_access(cpu, JAILHOUSE_LEARNED_MEM, guest_phys, 0, write);
		unassigned(cpu, guest_phys, write, 0);
	}
	return false;
}

bool guest_mmio(struct percpu *cpu, u64 guest_phys, bool write)
{
	struct mmio_access access = { .address = guest_phys, .write = write };
	enum mmio_result result = MMIO_UNHANDLED;
	struct mmio_insn insn;
	struct code code;

	cpu->stats[JAILHOUSE_CPU_STAT_VMEXITS_MMIO]++;
	if (!get_insn(cpu, write, &code, &insn))
		return undecodable(cpu, guest_phys, write, &code);

	access.size = insn.size;
	if (write)
		access.value = guest_mmio_value(cpu, &insn);
	if ((guest_phys & PAGE_OFFS_MASK) + insn.size <= PAGE_SIZE)
		result = mmio_dispatch(cpu, &access);
	if (result == MMIO_ERROR)
		return false;
	if (result == MMIO_UNHANDLED) {
		if (!learn_access(cpu, JAILHOUSE_LEARNED_MEM, guest_phys, insn.size, write)) {
			unassigned(cpu, guest_phys, write, insn.size);
			return false;
		}
		access.value = ~0ULL;
	}
	if (!write)
		guest_mmio_result(cpu, &insn, access.value);
	vcpu_skip(cpu, insn.length);
	return true;
}
