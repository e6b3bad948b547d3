/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Instructions of a guest that access trapped memory, and where their bytes were read. */
#ifndef ASM_INSN_H
#define ASM_INSN_H

#include <hypervisor/base.h>

struct mmio_insn {
	u8 length;	/* bytes of the instruction */
	u8 size;	/* bytes of the memory access */
	u8 reg;		/* register number, if !immediate */
	bool high_byte;	/* AH, CH, DH, BH */
	bool write;
	bool immediate;
	bool zero_extend; /* MOVZX */
	bool sign_extend; /* MOVSX */
	u8 reg_size;	/* bytes of the register that change; 4 clears the upper half */
	u64 value;	/* the immediate, extended to `size` */
	u64 mask;	/* of the bytes of the memory access */
};

#define MAX_INSN_BYTES 15

/* decode.c. Decodes one of the supported forms. False: not supported, or `avail` bytes too few. bits: 16, 32, 64. */
bool decode_mmio(const u8 *bytes, unsigned int avail, unsigned int bits, struct mmio_insn *insn);

/* How a linear address was translated: entries of the guest's tables, where they are mapped, and what was in them. */
#define MAX_WALK_LEVELS 5
struct guest_trail {
	unsigned int count;	/* 0: nothing is known */
	const u8 *code;		/* the byte at the address */
	const u64 *entry[MAX_WALK_LEVELS];
	u64 value[MAX_WALK_LEVELS];
};

/* An instruction that was decoded, with all that its bytes depended on. See insn.c. */
#define X86_KNOWN_INSNS 4
#define KNOWN_NOTHING	(~0ULL) /* as cr3: no guest can have it, as the upper bits are reserved */
struct known_insn {
	u64 rip, cr3, cr4;
	u64 bytes[2];
	struct guest_trail trail;
	struct mmio_insn insn;
};

/* Where an instruction is kept, and also the page with its code */
static inline unsigned int insn_place(u64 rip)
{
	return rip / 16 % X86_KNOWN_INSNS;
}

#endif /* !ASM_INSN_H */
