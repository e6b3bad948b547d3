// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The part of x86_wipe_registers() that is in MSRs. */
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/msr-rules.h>
#include <asm/x86.h>

#define CPUID_7_ECX_SHSTK (1U << 7)
#define CPUID_7_EDX_IBT	  (1U << 20)

#define MSR_U_CET	      0x6a0
#define MSR_S_CET	      0x6a2
#define MSR_PL0_SSP	      0x6a4
#define MSR_INT_SSP_TABLE     0x6a8
#define MSR_PERF_STATUS	      0xc0000300
#define MSR_PERF_STATUS_CLEAR 0xc0000302

/* No instruction of a cell writes these, but XRSTORS does. */
static void wipe_cet(struct percpu *cpu)
{
	if (!(cpuid_ecx(7, 0) & CPUID_7_ECX_SHSTK) && !(cpuid_edx(7, 0) & CPUID_7_EDX_IBT))
		return;
	write_msr_safe(cpu, MSR_U_CET, 0);
	write_msr_safe(cpu, MSR_S_CET, 0);
	for (u32 msr = MSR_PL0_SSP; msr <= MSR_INT_SSP_TABLE; msr++)
		write_msr_safe(cpu, msr, 0);
}

/*
 * All that a cell may write, whether this CPU has it or not. In commands 0 does nothing; what the
 * control block switches has the hypervisor's value at this moment, which it does not use.
 */
void x86_wipe_msrs(struct percpu *cpu)
{
	u64 status;

	for (unsigned int n = 0; n < msr_num_rules; n++)
		for (u32 msr = msr_rules[n].first; msr_rules[n].cell_write == MSR_DIRECT; msr++) {
			write_msr_safe(cpu, msr, 0);
			if (msr == msr_rules[n].last)
				break;
		}
	if (read_msr_safe(cpu, MSR_PERF_STATUS, &status))
		write_msr_safe(cpu, MSR_PERF_STATUS_CLEAR, status);
	wipe_cet(cpu);
}
