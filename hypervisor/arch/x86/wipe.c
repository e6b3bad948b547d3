// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * State that follows the CPU from one owner to the next, since no control block switches it. All of
 * it gets the value that it has after reset (AMD APM vol. 2, table 14-1): for the new owner nothing
 * to read, from the old one nothing left.
 */
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/x86.h>

#define CPUID_1_ECX_XSAVE (1U << 26)

/* FXSAVE image of a CPU after reset: FCW 0x40, MXCSR 0x1f80; behind it an XSAVE header that says "all initial". */
static const struct {
	u16 fcw, fsw, ftw, fop;
	u64 fip, fdp;
	u32 mxcsr, mxcsr_mask;
	u8 rest[512 - 32];
	u64 xstate_bv, xcomp_bv;
	u8 reserved[48];
} reset_fpu __attribute__((aligned(64))) = { .fcw = 0x40, .mxcsr = 0x1f80 };

static void set_xcr0(u64 value)
{
	__asm__ volatile("xsetbv" : : "a"((u32)value), "d"((u32)(value >> 32)), "c"(0));
}

static void wipe_fpu(void)
{
	u32 a, b, c, d;

	__asm__ volatile("clts; fninit");
	__asm__ volatile("fxrstor %0" : : "m"(reset_fpu));
	if (!(cpuid_ecx(1, 0) & CPUID_1_ECX_XSAVE) || !(read_cr4() & X86_CR4_OSXSAVE))
		return;
	cpuid(0xd, 0, &a, &b, &c, &d);
	set_xcr0(a | (u64)d << 32);
	__asm__ volatile("xrstor %0" : : "m"(reset_fpu), "a"(~0U), "d"(~0U));
	set_xcr0(1);
}

static void wipe_debug(void)
{
	__asm__ volatile("mov %0, %%db0; mov %0, %%db1; mov %0, %%db2; mov %0, %%db3" : : "r"(0UL));
}

void x86_wipe_registers(struct percpu *cpu)
{
	wipe_fpu();
	wipe_debug();
	x86_wipe_msrs(cpu);
	write_cr2(0);
}
