// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* libFuzzer target: the instruction decoder. The first byte chooses the mode, the rest is code. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <asm/guest.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* On the heap with its exact size, so that the sanitizer sees each byte too many. */
static bool decode_exactly(const u8 *bytes, unsigned int avail, unsigned int bits, struct mmio_insn *insn)
{
	u8 *copy = malloc(avail ? avail : 1);
	bool ok;

	CHECK(copy);
	memcpy(copy, bytes, avail);
	ok = decode_mmio(copy, avail, bits, insn);
	free(copy);
	return ok;
}

static bool is_size(unsigned int size)
{
	return size == 1 || size == 2 || size == 4 || size == 8;
}

static bool same(const struct mmio_insn *a, const struct mmio_insn *b)
{
	return a->length == b->length && a->size == b->size && a->reg == b->reg && a->high_byte == b->high_byte &&
	       a->write == b->write && a->immediate == b->immediate && a->zero_extend == b->zero_extend &&
	       a->sign_extend == b->sign_extend && a->reg_size == b->reg_size && a->value == b->value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned int modes[] = { 16, 32, 64 };
	struct mmio_insn insn, again;
	unsigned int bits, avail;

	if (size == 0 || size > 64)
		return -1;
	bits = modes[data[0] % 3];
	avail = (unsigned int)size - 1;
	if (!decode_exactly(data + 1, avail, bits, &insn))
		return 0;

	CHECK(insn.length >= 2 && insn.length <= 15 && insn.length <= avail);
	CHECK(is_size(insn.size) && is_size(insn.reg_size) && insn.reg_size >= insn.size);
	CHECK(bits == 64 || insn.reg_size <= 4);
	CHECK(insn.reg < (bits == 64 ? 16 : 8));
	CHECK(!insn.high_byte || (insn.reg < 4 && insn.reg_size == 1));
	CHECK(!insn.immediate || insn.write);
	CHECK(!(insn.zero_extend || insn.sign_extend) || !insn.write);
	CHECK(insn.write || insn.high_byte || insn.reg != REG_RSP);
	CHECK(insn.size == 8 || insn.value >> (8 * insn.size) == 0);

	/* The bytes of the instruction are needed, and no others. */
	CHECK(decode_exactly(data + 1, insn.length, bits, &again));
	CHECK(same(&insn, &again));
	CHECK(!decode_exactly(data + 1, insn.length - 1U, bits, &again));
	return 0;
}
