/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The functions behind fake-core.h: to be included once, by the file that has `fake`. */
#include <stdio.h>

#define WEAK __attribute__((weak))

#define DEFINE_PRINT(name, type)                                                   \
	WEAK void name(type *from, const char *format, ...)                        \
	{                                                                          \
		size_t used = strlen(fake.log);                                    \
		va_list args;                                                      \
                                                                                   \
		(void)from;                                                        \
		va_start(args, format);                                            \
		vsnprintf(fake.log + used, sizeof(fake.log) - used, format, args); \
		va_end(args);                                                      \
	}
DEFINE_PRINT(printk, struct machine)
DEFINE_PRINT(cpu_printk, struct percpu)
DEFINE_PRINT(guest_printk, struct percpu)
#undef DEFINE_PRINT

WEAK void violation(struct percpu *cpu, u64 address, u32 code, u64 a0, u64 a1, u64 a2, u64 a3)
{
	(void)cpu;
	fake.violations++;
	fake.violation_address = address;
	fake.violation = (struct jailhouse_reason){ .code = code, .arg = { a0, a1, a2, a3 } };
}

WEAK int refuse(struct machine *m, int error, u32 code, u32 item, u32 index, u64 a0, u64 a1, u64 a2, u64 a3)
{
	(void)m;
	fake.refusal = (struct jailhouse_reason){ code, error, item, index, { a0, a1, a2, a3 } };
	return error;
}

WEAK int refuse_no_memory(struct machine *m, unsigned int pages)
{
	return REFUSE1(m, -ENOMEM, NO_MEMORY, JAILHOUSE_ITEM_NONE, 0, pages);
}

WEAK u64 reason_text(const char *text)
{
	u64 arg = 0;

	memcpy(&arg, text, strnlen(text, sizeof(arg)));
	return arg;
}

WEAK bool learn_access(struct percpu *cpu, u32 kind, u64 address, unsigned int size, bool write)
{
	if (!fake.learning || !cell_is_root(cpu->cell))
		return false;
	fake.learned = (struct jailhouse_learned){ kind, (u16)size, write ? 1 : 2, address, fake.learned.count + 1 };
	return true;
}
