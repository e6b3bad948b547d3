// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The instruction that has accessed trapped memory. Reading it through the guest's tables and decoding it is the
 * longest part of such an exit, and drivers use few instructions for all their registers. So some decoded ones are kept
 * together with everything that they were made from: if RIP, the tables' root, each entry of the tables on the way and
 * the bytes themselves are the same as then, all else is, too. Nothing has to be told of changes that a guest makes.
 *
 * In 64-bit code only, where the segment's base does not count, and while what walk.c has mapped stays where it is.
 */
#include <asm/guest.h>

static inline u64 load64(const u8 *bytes)
{
	u64 value;

	__builtin_memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline bool still_true(const struct percpu *cpu, const struct known_insn *known)
{
	const struct guest_trail *trail = &known->trail;
	u64 changed = (vcpu_rip(cpu) ^ known->rip) | (vcpu_cr3(cpu) ^ known->cr3) | (vcpu_cr4(cpu) ^ known->cr4);

	if (unlikely(changed) || unlikely(guest_code_bits(cpu) != 64))
		return false;
#pragma GCC unroll 5
	for (unsigned int n = 0; n < MAX_WALK_LEVELS; n++)
		changed |= __atomic_load_n(trail->entry[n], __ATOMIC_RELAXED) ^ trail->value[n];
	changed |= load64(trail->code) ^ known->bytes[0];
	changed |= load64(trail->code + sizeof(u64)) ^ known->bytes[1];
	return !changed;
}

static unsigned int read_code(struct percpu *cpu, u8 *bytes, unsigned int size, struct guest_trail *trail)
{
	struct guest_segment cs;
	u64 linear = vcpu_rip(cpu);

	if (guest_code_bits(cpu) != 64) {
		vcpu_segment(cpu, SEG_CS, &cs);
		linear = (u32)(linear + cs.base);
	}
	return guest_fetch(cpu, linear, bytes, size, trail);
}

unsigned int guest_code(struct percpu *cpu, u8 *bytes, unsigned int size)
{
	struct guest_trail trail;

	return read_code(cpu, bytes, size, &trail);
}

/* Prints what is wrong with the instruction. */
static void report_code(struct percpu *cpu, const u8 *b, unsigned int avail)
{
	if (avail == 0)
		cpu_printk(cpu, "FATAL: unable to get MMIO instruction\n");
	else
		cpu_printk(cpu, "FATAL: unsupported instruction (0x%02x 0x%02x 0x%02x 0x%02x)\n", b[0],
			   avail > 1 ? b[1] : 0, avail > 2 ? b[2] : 0, avail > 3 ? b[3] : 0);
}

/* What was decoded is kept only if it was read in one piece. */
static __attribute__((noinline)) const struct mmio_insn *read_insn(struct percpu *cpu, struct known_insn *known,
								   bool write)
{
	unsigned int bits = guest_code_bits(cpu), avail;

	known->cr3 = KNOWN_NOTHING;
	avail = read_code(cpu, (u8 *)known->bytes, sizeof(known->bytes), &known->trail);
	if (!decode_mmio((const u8 *)known->bytes, avail, bits, &known->insn)) {
		report_code(cpu, (const u8 *)known->bytes, avail);
		return NULL;
	}
	if (known->insn.write != write) {
		cpu_printk(cpu, "FATAL: inconsistent access, expected %s instruction\n", write ? "write" : "read");
		return NULL;
	}
	if (bits == 64 && known->trail.count > 0) {
		/* Always as many entries, so that none needs to be counted */
		for (unsigned int n = known->trail.count; n < MAX_WALK_LEVELS; n++) {
			known->trail.entry[n] = known->trail.entry[0];
			known->trail.value[n] = known->trail.value[0];
		}
		known->rip = vcpu_rip(cpu);
		known->cr3 = vcpu_cr3(cpu);
		known->cr4 = vcpu_cr4(cpu);
	}
	return &known->insn;
}

const struct mmio_insn *guest_insn(struct percpu *cpu, bool write)
{
	struct known_insn *known = &cpu->arch.insns[insn_place(vcpu_rip(cpu))];

	/* Else the compiler calculates the place again for each field. */
	__asm__("" : "+r"(known));
	/* Another CPU may have changed the code since the access, so even known code may go the other way. */
	if (likely(still_true(cpu, known)) && likely(known->insn.write == write))
		return &known->insn;
	return read_insn(cpu, known, write);
}
