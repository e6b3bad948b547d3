// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* MSR accesses on behalf of guests: whether a model has a register is known only by trying. */
#include <asm/guest.h>

bool read_msr_safe(struct percpu *cpu, u32 msr, u64 *value)
{
	u32 low = 0, high = 0;
	u64 scratch;
	bool ok = false;

	__asm__ volatile("lea 1f(%%rip), %[scratch]\n\t"
			 "mov %[scratch], %[fixup]\n\t"
			 "rdmsr\n\t"
			 "movb $1, %[ok]\n"
			 "1:\n\t"
			 "movq $0, %[fixup]"
			 : [scratch] "=&r"(scratch), [fixup] "=m"(cpu->arch.msr_fixup), [ok] "+r"(ok),
			   "+a"(low), "+d"(high)
			 : "c"(msr)
			 : "memory");
	*value = low | (u64)high << 32;
	return ok;
}

bool write_msr_safe(struct percpu *cpu, u32 msr, u64 value)
{
	u64 scratch;
	bool ok = false;

	__asm__ volatile("lea 1f(%%rip), %[scratch]\n\t"
			 "mov %[scratch], %[fixup]\n\t"
			 "wrmsr\n\t"
			 "movb $1, %[ok]\n"
			 "1:\n\t"
			 "movq $0, %[fixup]"
			 : [scratch] "=&r"(scratch), [fixup] "=m"(cpu->arch.msr_fixup), [ok] "+r"(ok)
			 : "c"(msr), "a"((u32)value), "d"((u32)(value >> 32))
			 : "memory");
	return ok;
}
