// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Decoder for the instructions that may access trapped memory: MOV, MOVZX and MOVSX between memory
 * and a general register, MOV of an immediate. Pure: bytes in, description out.
 *
 * The hardware has told the address, so addressing forms matter for the length only. Locked and
 * repeated instructions, strings and read-modify-write forms are not supported.
 * Source: Intel SDM vol. 2, chapter 2 and appendix A.
 */
#include <asm/guest.h>

#define REX_R 0x4
#define REX_W 0x8

struct decoder {
	const u8 *bytes;
	unsigned int pos;
	unsigned int avail;
	u8 rex;		/* 0: none */
	u8 op_size;	/* of 16-, 32- and 64-bit forms */
	u8 addr_size;
};

static bool next_byte(struct decoder *d, u8 *byte)
{
	if (d->pos >= d->avail)
		return false;
	*byte = d->bytes[d->pos++];
	return true;
}

static bool skip(struct decoder *d, unsigned int bytes)
{
	d->pos += bytes;
	return d->pos <= d->avail;
}

/* Reads up to the first opcode byte. */
static bool decode_prefixes(struct decoder *d, unsigned int bits, u8 *opcode)
{
	bool other_op_size = false, other_addr_size = false;

	d->rex = 0;
	for (;;) {
		if (!next_byte(d, opcode))
			return false;
		switch (*opcode) {
		case 0x66:
			other_op_size = true;
			break;
		case 0x67:
			other_addr_size = true;
			break;
		case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65: /* segments */
			break;
		default:
			if (bits == 64 && (*opcode & 0xf0) == 0x40) {
				d->rex = *opcode;
				continue;
			}
			if (bits == 64)
				d->addr_size = other_addr_size ? 4 : 8;
			else
				d->addr_size = (bits == 32) != other_addr_size ? 4 : 2;
			if (d->rex & REX_W)
				d->op_size = 8;
			else
				d->op_size = (bits == 16) != other_op_size ? 2 : 4;
			return true;
		}
		/* REX counts only directly before the opcode. */
		d->rex = 0;
	}
}

/* Skips ModRM, SIB and displacement of a memory operand; *reg is the middle field, without REX. */
static bool decode_memory_operand(struct decoder *d, u8 *reg)
{
	u8 modrm, sib, mod, rm;

	if (!next_byte(d, &modrm))
		return false;
	mod = modrm >> 6;
	rm = modrm & 7;
	*reg = (modrm >> 3) & 7;
	if (mod == 3)
		return false;
	if (d->addr_size == 2)
		return skip(d, mod == 2 || (mod == 0 && rm == 6) ? 2 : mod);
	if (rm == 4) {
		if (!next_byte(d, &sib))
			return false;
		rm = sib & 7;
	}
	return skip(d, mod == 2 || (mod == 0 && rm == 5) ? 4 : mod);
}

static bool decode_immediate(struct decoder *d, struct mmio_insn *insn)
{
	unsigned int bytes = MIN(insn->size, 4), start = d->pos;
	u64 value = 0;

	if (!skip(d, bytes))
		return false;
	for (unsigned int n = bytes; n > 0; n--)
		value = value << 8 | d->bytes[start + n - 1];
	if (insn->size == 8)
		value = (u64)(s64)(s32)value;
	insn->value = value;
	insn->immediate = true;
	return true;
}

static bool decode_register(const struct decoder *d, struct mmio_insn *insn, u8 reg)
{
	bool byte_register = (insn->write ? insn->size : insn->reg_size) == 1;

	if (byte_register && !d->rex && reg >= 4) {
		insn->high_byte = true;
		reg -= 4;
	} else if (d->rex & REX_R) {
		reg += 8;
	}
	insn->reg = reg;
	/* No operating system loads its stack pointer from a device. */
	return insn->write || insn->high_byte || reg != REG_RSP;
}

/* Takes direction, sizes and extension from the opcode; *form tells what else there is. */
enum form { FORM_REGISTER, FORM_OFFSET, FORM_IMMEDIATE };

static bool decode_opcode(struct decoder *d, u8 opcode, struct mmio_insn *insn, enum form *form)
{
	insn->size = insn->reg_size = opcode & 1 ? d->op_size : 1;
	switch (opcode) {
	case 0x88: case 0x89: case 0x8a: case 0x8b:
		insn->write = !(opcode & 2);
		*form = FORM_REGISTER;
		return true;
	case 0xa0: case 0xa1: case 0xa2: case 0xa3:
		insn->write = opcode & 2;
		*form = FORM_OFFSET;
		return true;
	case 0xc6: case 0xc7:
		insn->write = true;
		*form = FORM_IMMEDIATE;
		return true;
	case 0x0f:
		break;
	default:
		return false;
	}
	if (!next_byte(d, &opcode) || (opcode & 0xf6) != 0xb6)
		return false;
	/* b6, b7 are MOVZX, be, bf are MOVSX */
	insn->sign_extend = opcode & 8;
	insn->zero_extend = !insn->sign_extend;
	insn->size = opcode & 1 ? 2 : 1;
	insn->reg_size = d->op_size;
	*form = FORM_REGISTER;
	return true;
}

bool decode_mmio(const u8 *bytes, unsigned int avail, unsigned int bits, struct mmio_insn *insn)
{
	struct decoder d = { .bytes = bytes, .avail = MIN(avail, MAX_INSN_BYTES) };
	enum form form = FORM_REGISTER;
	u8 opcode, reg;
	bool ok;

	*insn = (struct mmio_insn){ 0 };
	if (!decode_prefixes(&d, bits, &opcode) || !decode_opcode(&d, opcode, insn, &form))
		return false;
	if (form == FORM_OFFSET) {
		insn->reg = REG_RAX;
		ok = skip(&d, d.addr_size);
	} else if (!decode_memory_operand(&d, &reg)) {
		ok = false;
	} else if (form == FORM_IMMEDIATE) {
		ok = reg == 0 && decode_immediate(&d, insn);
	} else {
		ok = decode_register(&d, insn, reg);
	}
	insn->length = (u8)d.pos;
	insn->mask = ~0ULL >> (64 - 8 * insn->size);
	return ok;
}
