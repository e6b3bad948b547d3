// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* decode.c: one line per encoding; lengths and operands as in the processor manuals, checked with objdump. */
#include <stdlib.h>

#include "fake-x86/fake.h"

enum { R = 0x1, W = 0x2, HIGH = 0x4, IMM = 0x8, ZX = 0x10, SX = 0x20 };

struct encoding {
	const char *text;
	u8 bits;
	u8 length;
	u8 bytes[16];
	/* expected */
	u8 size, flags, reg, reg_size;
	u64 value;
};

static const struct encoding encodings[] = {
	/* 88, 89: register to memory */
	{ "mov %al,(%rdi)", 64, 2, { 0x88, 0x07 }, 1, W, 0, 1, 0 },
	{ "mov %ah,(%rdi)", 64, 2, { 0x88, 0x27 }, 1, W | HIGH, 0, 1, 0 },
	{ "mov %bh,(%rdi)", 64, 2, { 0x88, 0x3f }, 1, W | HIGH, 3, 1, 0 },
	{ "mov %dil,(%rdi)", 64, 3, { 0x40, 0x88, 0x3f }, 1, W, 7, 1, 0 },
	{ "mov %spl,(%rdi)", 64, 3, { 0x40, 0x88, 0x27 }, 1, W, 4, 1, 0 },
	{ "mov %r12b,(%rdi)", 64, 3, { 0x44, 0x88, 0x27 }, 1, W, 12, 1, 0 },
	{ "mov %eax,(%rdi)", 64, 2, { 0x89, 0x07 }, 4, W, 0, 4, 0 },
	{ "mov %esp,(%rdi)", 64, 2, { 0x89, 0x27 }, 4, W, 4, 4, 0 },
	{ "mov %r15d,(%rdi)", 64, 3, { 0x44, 0x89, 0x3f }, 4, W, 15, 4, 0 },
	{ "mov %rax,(%rdi)", 64, 3, { 0x48, 0x89, 0x07 }, 8, W, 0, 8, 0 },
	{ "mov %r9,(%r8)", 64, 3, { 0x4d, 0x89, 0x08 }, 8, W, 9, 8, 0 },
	{ "mov %ax,(%rdi)", 64, 3, { 0x66, 0x89, 0x07 }, 2, W, 0, 2, 0 },
	{ "mov %rax,(%rdi), 66 without effect", 64, 4, { 0x66, 0x48, 0x89, 0x07 }, 8, W, 0, 8, 0 },
	{ "mov %ax,(%rdi), REX void", 64, 4, { 0x48, 0x66, 0x89, 0x07 }, 2, W, 0, 2, 0 },
	{ "mov %eax,(%edi)", 64, 3, { 0x67, 0x89, 0x07 }, 4, W, 0, 4, 0 },
	{ "mov %eax,%fs:(%rdi)", 64, 3, { 0x64, 0x89, 0x07 }, 4, W, 0, 4, 0 },
	{ "mov %eax,%es:(%rdi) and more", 64, 7, { 0x26, 0x2e, 0x36, 0x3e, 0x65, 0x89, 0x07 }, 4, W, 0, 4, 0 },
	/* addressing forms of 32- and 64-bit code */
	{ "mov %eax,0x80(%rip)", 64, 6, { 0x89, 0x05, 0x80, 0, 0, 0 }, 4, W, 0, 4, 0 },
	{ "mov %eax,0x10(%rbp)", 64, 3, { 0x89, 0x45, 0x10 }, 4, W, 0, 4, 0 },
	{ "mov %eax,0x1000(%rbx)", 64, 6, { 0x89, 0x83, 0, 0x10, 0, 0 }, 4, W, 0, 4, 0 },
	{ "mov %eax,(%rsp)", 64, 3, { 0x89, 0x04, 0x24 }, 4, W, 0, 4, 0 },
	{ "mov %eax,(%rax,%rcx,4)", 64, 3, { 0x89, 0x04, 0x88 }, 4, W, 0, 4, 0 },
	{ "mov %eax,0xfee00080", 64, 7, { 0x89, 0x04, 0x25, 0x80, 0, 0xe0, 0xfe }, 4, W, 0, 4, 0 },
	{ "mov %eax,(,%r9,8)", 64, 8, { 0x42, 0x89, 0x04, 0xcd, 0, 0, 0, 0 }, 4, W, 0, 4, 0 },
	{ "mov %eax,0x8(%rax,%r9,8)", 64, 5, { 0x42, 0x89, 0x44, 0xc8, 0x08 }, 4, W, 0, 4, 0 },
	{ "mov %eax,0x1000(%r13,%r9,8)", 64, 8, { 0x43, 0x89, 0x84, 0xcd, 0, 0x10, 0, 0 }, 4, W, 0, 4, 0 },
	{ "mov %eax,0x0(%r13)", 64, 4, { 0x41, 0x89, 0x45, 0 }, 4, W, 0, 4, 0 },
	{ "mov %eax,(%r12)", 64, 4, { 0x41, 0x89, 0x04, 0x24 }, 4, W, 0, 4, 0 },
	{ "mov %eax,0xfee00080", 32, 6, { 0x89, 0x05, 0x80, 0, 0xe0, 0xfe }, 4, W, 0, 4, 0 },
	{ "mov %ecx,0x8(%eax,%ebx,2)", 32, 4, { 0x89, 0x4c, 0x58, 0x08 }, 4, W, 1, 4, 0 },
	{ "mov %cx,(%eax)", 32, 3, { 0x66, 0x89, 0x08 }, 2, W, 1, 2, 0 },
	{ "mov %ecx,(%bx,%si)", 32, 3, { 0x67, 0x89, 0x08 }, 4, W, 1, 4, 0 },
	{ "mov %ecx,0x1234", 32, 5, { 0x67, 0x89, 0x0e, 0x34, 0x12 }, 4, W, 1, 4, 0 },
	/* 16-bit code */
	{ "mov %ax,(%bx,%si)", 16, 2, { 0x89, 0x00 }, 2, W, 0, 2, 0 },
	{ "mov %ax,(%si), no SIB", 16, 2, { 0x89, 0x04 }, 2, W, 0, 2, 0 },
	{ "mov %ax,0x1234", 16, 4, { 0x89, 0x06, 0x34, 0x12 }, 2, W, 0, 2, 0 },
	{ "mov %ax,0x12(%bp)", 16, 3, { 0x89, 0x46, 0x12 }, 2, W, 0, 2, 0 },
	{ "mov %ax,0x1234(%bx)", 16, 4, { 0x89, 0x87, 0x34, 0x12 }, 2, W, 0, 2, 0 },
	{ "mov %eax,(%bx,%si)", 16, 3, { 0x66, 0x89, 0x00 }, 4, W, 0, 4, 0 },
	{ "mov %ax,(%eax)", 16, 3, { 0x67, 0x89, 0x00 }, 2, W, 0, 2, 0 },
	{ "mov %eax,0xfee00080", 16, 8, { 0x67, 0x66, 0x89, 0x05, 0x80, 0, 0xe0, 0xfe }, 4, W, 0, 4, 0 },
	/* 8a, 8b: memory to register */
	{ "mov (%rdi),%al", 64, 2, { 0x8a, 0x07 }, 1, R, 0, 1, 0 },
	{ "mov (%rdi),%ah", 64, 2, { 0x8a, 0x27 }, 1, R | HIGH, 0, 1, 0 },
	{ "mov (%rdi),%sil", 64, 3, { 0x40, 0x8a, 0x37 }, 1, R, 6, 1, 0 },
	{ "mov (%rdi),%ax", 64, 3, { 0x66, 0x8b, 0x07 }, 2, R, 0, 2, 0 },
	{ "mov (%rdi),%ebx", 64, 2, { 0x8b, 0x1f }, 4, R, 3, 4, 0 },
	{ "mov (%rdi),%r12", 64, 3, { 0x4c, 0x8b, 0x27 }, 8, R, 12, 8, 0 },
	{ "mov (%edi),%edx", 32, 2, { 0x8b, 0x17 }, 4, R, 2, 4, 0 },
	{ "mov (%bx),%dx", 16, 2, { 0x8b, 0x17 }, 2, R, 2, 2, 0 },
	/* a0..a3: accumulator and absolute address */
	{ "movabs 0x1122334455667788,%al", 64, 9, { 0xa0, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 },
	  1, R, 0, 1, 0 },
	{ "movabs 0x1122334455667788,%eax", 64, 9, { 0xa1, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 },
	  4, R, 0, 4, 0 },
	{ "movabs 0x1122334455667788,%rax", 64, 10, { 0x48, 0xa1, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 },
	  8, R, 0, 8, 0 },
	{ "movabs %al,0x1122334455667788", 64, 9, { 0xa2, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 },
	  1, W, 0, 1, 0 },
	{ "movabs %ax,0x1122334455667788", 64, 10, { 0x66, 0xa3, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11 },
	  2, W, 0, 2, 0 },
	{ "mov 0xfee00080,%eax by 67", 64, 6, { 0x67, 0xa1, 0x80, 0, 0xe0, 0xfe }, 4, R, 0, 4, 0 },
	{ "mov 0xfee00080,%eax", 32, 5, { 0xa1, 0x80, 0, 0xe0, 0xfe }, 4, R, 0, 4, 0 },
	{ "mov %ax,0xfee00080", 32, 6, { 0x66, 0xa3, 0x80, 0, 0xe0, 0xfe }, 2, W, 0, 2, 0 },
	{ "mov 0x1234,%eax", 32, 4, { 0x67, 0xa1, 0x34, 0x12 }, 4, R, 0, 4, 0 },
	{ "mov 0x1234,%ax", 16, 3, { 0xa1, 0x34, 0x12 }, 2, R, 0, 2, 0 },
	{ "mov 0xfee00080,%ax", 16, 6, { 0x67, 0xa1, 0x80, 0, 0xe0, 0xfe }, 2, R, 0, 2, 0 },
	/* c6, c7: immediate to memory */
	{ "movb $0x5a,(%rdi)", 64, 3, { 0xc6, 0x07, 0x5a }, 1, W | IMM, 0, 1, 0x5a },
	{ "movb $0xff,0x10(%rdi)", 64, 4, { 0xc6, 0x47, 0x10, 0xff }, 1, W | IMM, 0, 1, 0xff },
	{ "movb $1,0x0(%r13)", 64, 5, { 0x41, 0xc6, 0x45, 0, 1 }, 1, W | IMM, 0, 1, 1 },
	{ "movl $0x12345678,(%rdi)", 64, 6, { 0xc7, 0x07, 0x78, 0x56, 0x34, 0x12 }, 4, W | IMM, 0, 4, 0x12345678 },
	{ "movl $-2,(%rdi)", 64, 6, { 0xc7, 0x07, 0xfe, 0xff, 0xff, 0xff }, 4, W | IMM, 0, 4, 0xfffffffe },
	{ "movq $-2,(%rdi)", 64, 7, { 0x48, 0xc7, 0x07, 0xfe, 0xff, 0xff, 0xff }, 8, W | IMM, 0, 8, ~1ULL },
	{ "movq $0x7fffffff,(%rdi)", 64, 7, { 0x48, 0xc7, 0x07, 0xff, 0xff, 0xff, 0x7f },
	  8, W | IMM, 0, 8, 0x7fffffff },
	{ "movw $0x1234,(%rdi)", 64, 5, { 0x66, 0xc7, 0x07, 0x34, 0x12 }, 2, W | IMM, 0, 2, 0x1234 },
	{ "movl $1,0x4(%rip)", 64, 10, { 0xc7, 0x05, 4, 0, 0, 0, 1, 0, 0, 0 }, 4, W | IMM, 0, 4, 1 },
	{ "movl $1,0x11223344(%rax,%rcx,1), longest", 64, 15,
	  { 0x2e, 0x2e, 0x2e, 0x2e, 0xc7, 0x84, 0x08, 0x44, 0x33, 0x22, 0x11, 1, 0, 0, 0 }, 4, W | IMM, 0, 4, 1 },
	{ "movl $1,(%edi)", 32, 6, { 0xc7, 0x07, 1, 0, 0, 0 }, 4, W | IMM, 0, 4, 1 },
	{ "movw $1,(%bx)", 16, 4, { 0xc7, 0x07, 1, 0 }, 2, W | IMM, 0, 2, 1 },
	{ "movl $1,(%bx)", 16, 7, { 0x66, 0xc7, 0x07, 1, 0, 0, 0 }, 4, W | IMM, 0, 4, 1 },
	/* 0f b6, b7: zero extension */
	{ "movzbl (%rdi),%eax", 64, 3, { 0x0f, 0xb6, 0x07 }, 1, R | ZX, 0, 4, 0 },
	{ "movzbl (%rdi),%edi", 64, 3, { 0x0f, 0xb6, 0x3f }, 1, R | ZX, 7, 4, 0 },
	{ "movzbw (%rdi),%ax", 64, 4, { 0x66, 0x0f, 0xb6, 0x07 }, 1, R | ZX, 0, 2, 0 },
	{ "movzbq (%rdi),%r9", 64, 4, { 0x4c, 0x0f, 0xb6, 0x0f }, 1, R | ZX, 9, 8, 0 },
	{ "movzwl (%rdi),%eax", 64, 3, { 0x0f, 0xb7, 0x07 }, 2, R | ZX, 0, 4, 0 },
	{ "movzww (%rdi),%ax", 64, 4, { 0x66, 0x0f, 0xb7, 0x07 }, 2, R | ZX, 0, 2, 0 },
	{ "movzwl 0x12(%ebp),%esi", 32, 4, { 0x0f, 0xb7, 0x75, 0x12 }, 2, R | ZX, 6, 4, 0 },
	{ "movzbw (%bx),%cx", 16, 3, { 0x0f, 0xb6, 0x0f }, 1, R | ZX, 1, 2, 0 },
	/* 0f be, bf: sign extension */
	{ "movsbl (%rdi),%eax", 64, 3, { 0x0f, 0xbe, 0x07 }, 1, R | SX, 0, 4, 0 },
	{ "movsbq (%rdi),%rax", 64, 4, { 0x48, 0x0f, 0xbe, 0x07 }, 1, R | SX, 0, 8, 0 },
	{ "movswl (%rdi),%ecx", 64, 3, { 0x0f, 0xbf, 0x0f }, 2, R | SX, 1, 4, 0 },
	{ "movswq (%rdi),%r8", 64, 4, { 0x4c, 0x0f, 0xbf, 0x07 }, 2, R | SX, 8, 8, 0 },
	{ "movsbw (%rdi),%dx", 64, 4, { 0x66, 0x0f, 0xbe, 0x17 }, 1, R | SX, 2, 2, 0 },
};

/* On the heap with its exact size, so that the sanitizer sees each byte too many. */
static bool decode_exactly(const u8 *bytes, unsigned int avail, unsigned int bits, struct mmio_insn *insn)
{
	u8 *copy = malloc(avail ? avail : 1);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, bytes, avail);
	ok = decode_mmio(copy, avail, bits, insn);
	free(copy);
	return ok;
}

static void supported_encodings_are_decoded(void **state)
{
	struct mmio_insn insn;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(encodings); n++) {
		const struct encoding *e = &encodings[n];

		if (!decode_exactly(e->bytes, e->length, e->bits, &insn))
			fail_msg("%s: not decoded", e->text);
		if (insn.length != e->length || insn.size != e->size || insn.write != !!(e->flags & W) ||
		    insn.immediate != !!(e->flags & IMM) || insn.high_byte != !!(e->flags & HIGH) ||
		    insn.zero_extend != !!(e->flags & ZX) || insn.sign_extend != !!(e->flags & SX) ||
		    (!insn.immediate && insn.reg != e->reg) || insn.reg_size != e->reg_size || insn.value != e->value)
			fail_msg("%s: length %u size %u write %d reg %u (%u) value %#llx", e->text, insn.length,
				 insn.size, insn.write, insn.reg, insn.reg_size, insn.value);
	}
}

static void bytes_behind_the_instruction_do_not_matter(void **state)
{
	struct mmio_insn insn;
	u8 bytes[32];

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(encodings); n++)
		for (int fill = 0; fill < 256; fill += 17) {
			memset(bytes, fill, sizeof(bytes));
			memcpy(bytes, encodings[n].bytes, encodings[n].length);
			assert_true(decode_mmio(bytes, sizeof(bytes), encodings[n].bits, &insn));
			assert_int_equal(insn.length, encodings[n].length);
			assert_int_equal(insn.value, encodings[n].value);
		}
}

static void every_truncation_is_refused(void **state)
{
	struct mmio_insn insn;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(encodings); n++)
		for (unsigned int avail = 0; avail < encodings[n].length; avail++)
			if (decode_exactly(encodings[n].bytes, avail, encodings[n].bits, &insn))
				fail_msg("%s: decoded from %u bytes", encodings[n].text, avail);
}

static void register_operands_are_refused(void **state)
{
	const u8 opcodes[] = { 0x88, 0x89, 0x8a, 0x8b, 0xc6, 0xc7 };
	struct mmio_insn insn;
	u8 bytes[15] = { 0 };

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(opcodes); n++)
		for (unsigned int modrm = 0xc0; modrm < 0x100; modrm++) {
			bytes[0] = opcodes[n];
			bytes[1] = (u8)modrm;
			assert_false(decode_mmio(bytes, sizeof(bytes), 64, &insn));
		}
}

static void immediate_needs_the_right_extension(void **state)
{
	struct mmio_insn insn;
	u8 bytes[15] = { 0 };

	(void)state;
	for (unsigned int opcode = 0xc6; opcode <= 0xc7; opcode++)
		for (unsigned int reg = 0; reg < 8; reg++) {
			bytes[0] = (u8)opcode;
			bytes[1] = (u8)(reg << 3);
			assert_int_equal(decode_mmio(bytes, sizeof(bytes), 64, &insn), reg == 0);
		}
}

/* In each mode; the others are prefixes, not opcodes. */
static void other_opcodes_are_refused(void **state)
{
	static const u8 good[] = { 0x88, 0x89, 0x8a, 0x8b, 0xa0, 0xa1, 0xa2, 0xa3, 0xc6, 0xc7 };
	static const u8 prefixes[] = { 0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67 };
	struct mmio_insn insn;
	u8 bytes[16] = { 0 };

	(void)state;
	for (unsigned int bits = 16; bits <= 64; bits *= 2)
		for (unsigned int opcode = 0; opcode < 256; opcode++) {
			if (memchr(prefixes, (int)opcode, sizeof(prefixes)) || (bits == 64 && (opcode & 0xf0) == 0x40))
				continue;
			bytes[0] = (u8)opcode;
			assert_int_equal(decode_mmio(bytes, 15, bits, &insn),
					 memchr(good, (int)opcode, sizeof(good)) != NULL);
		}
}

static void other_two_byte_opcodes_are_refused(void **state)
{
	struct mmio_insn insn;
	u8 bytes[15] = { 0x0f };

	(void)state;
	for (unsigned int opcode = 0; opcode < 256; opcode++) {
		bytes[1] = (u8)opcode;
		assert_int_equal(decode_mmio(bytes, sizeof(bytes), 64, &insn),
				 opcode == 0xb6 || opcode == 0xb7 || opcode == 0xbe || opcode == 0xbf);
	}
}

static void lock_and_repeat_are_refused(void **state)
{
	const u8 prefixes[] = { 0xf0, 0xf2, 0xf3 };
	struct mmio_insn insn;
	u8 bytes[16];

	(void)state;
	for (size_t p = 0; p < ARRAY_LEN(prefixes); p++)
		for (size_t n = 0; n < ARRAY_LEN(encodings); n++) {
			bytes[0] = prefixes[p];
			memcpy(bytes + 1, encodings[n].bytes, 15);
			assert_false(decode_mmio(bytes, 15, encodings[n].bits, &insn));
		}
}

static void stack_pointer_is_no_target(void **state)
{
	const u8 loads[][4] = { { 0x8b, 0x27 }, { 0x48, 0x8b, 0x27 }, { 0x66, 0x8b, 0x27 }, { 0x40, 0x8a, 0x27 },
				{ 0x0f, 0xb6, 0x27 } };
	struct mmio_insn insn;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(loads); n++)
		assert_false(decode_mmio(loads[n], 4, 64, &insn));
}

static void more_than_15_bytes_are_no_instruction(void **state)
{
	const u8 bytes[16] = { 0x2e, 0x2e, 0x2e, 0x2e, 0x2e, 0xc7, 0x84, 0x08, 0x44, 0x33, 0x22, 0x11, 1, 0, 0, 0 };
	const u8 prefixes[20] = { [0 ... 19] = 0x66 };
	struct mmio_insn insn;

	(void)state;
	assert_false(decode_mmio(bytes, sizeof(bytes), 64, &insn));
	assert_false(decode_mmio(prefixes, sizeof(prefixes), 64, &insn));
}

static void rex_is_an_instruction_outside_64_bit_code(void **state)
{
	const u8 bytes[] = { 0x48, 0x89, 0x07 };
	struct mmio_insn insn;

	(void)state;
	assert_false(decode_mmio(bytes, sizeof(bytes), 32, &insn));
	assert_false(decode_mmio(bytes, sizeof(bytes), 16, &insn));
	assert_true(decode_mmio(bytes, sizeof(bytes), 64, &insn));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(supported_encodings_are_decoded),
		cmocka_unit_test(bytes_behind_the_instruction_do_not_matter),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(register_operands_are_refused),
		cmocka_unit_test(immediate_needs_the_right_extension),
		cmocka_unit_test(other_opcodes_are_refused),
		cmocka_unit_test(other_two_byte_opcodes_are_refused),
		cmocka_unit_test(lock_and_repeat_are_refused),
		cmocka_unit_test(stack_pointer_is_no_target),
		cmocka_unit_test(more_than_15_bytes_are_no_instruction),
		cmocka_unit_test(rex_is_an_instruction_outside_64_bit_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
