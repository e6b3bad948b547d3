/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What only instructions of this architecture can do, and reports of exceptions. */
#include <uart.h>

#define CPSR_THUMB (1 << 5)

bool (*excp_hook)(struct excp_frame *frame);

unsigned long arch_irq_save(void)
{
	unsigned long flags;

	asm volatile("mrs %0, cpsr\n\tcpsid i" : "=r"(flags) : : "memory");
	return flags;
}

void arch_irq_restore(unsigned long flags)
{
	asm volatile("msr cpsr_c, %0" : : "r"(flags) : "memory");
}

void arch_flush_tlb(void)
{
	arm_write_sysreg(TLBIALLIS, 0);
	dsb(ish);
	instruction_barrier();
}

/* SMC Calling Convention (ARM DEN 0028): what is not a result may be destroyed. */
long arch_psci_call(bool hvc, unsigned long function, unsigned long arg0, unsigned long arg1,
		    unsigned long arg2)
{
	register unsigned long r0 asm("r0") = function;
	register unsigned long r1 asm("r1") = arg0;
	register unsigned long r2 asm("r2") = arg1;
	register unsigned long r3 asm("r3") = arg2;

	if (hvc)
		asm volatile(".arch_extension virt\n\thvc #0"
			     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
			     :
			     : "r12", "memory");
	else
		asm volatile(".arch_extension sec\n\tsmc #0"
			     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
			     :
			     : "r12", "memory");
	return r0;
}

/*
 * What the compiler calls for divisions of 64-bit numbers (ARM IHI 0043, 4.3.1). The cross compiler's library is for
 * programs that pass floating-point numbers in registers, so it does not fit.
 */
u64 divide_u64(u64 numerator, u64 denominator, u64 *ret_remainder);
u64 divide_u64(u64 numerator, u64 denominator, u64 *ret_remainder)
{
	u64 quotient = 0, rest = 0;
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		rest = rest << 1 | numerator >> 63;
		numerator <<= 1;
		quotient <<= 1;
		if (rest >= denominator) {
			rest -= denominator;
			quotient |= 1;
		}
	}
	*ret_remainder = rest;
	return quotient;
}

/* The instruction that caused it; what the CPU has saved is somewhere behind, in a way of its own each time. */
static u32 cause_of(u32 vector, const struct excp_frame *frame)
{
	switch (vector) {
	case VECTOR_UNDEFINED:
	case VECTOR_SVC:
		return frame->pc - (frame->cpsr & CPSR_THUMB ? 2 : 4);
	case VECTOR_DATA_ABORT:
		return frame->pc - 8;
	default:
		return frame->pc - 4;
	}
}

static void report(const struct excp_frame *frame)
{
	unsigned int n;

	printk("--- EXCEPTION at vector 0x%02x ---\n", frame->vector * 4);
	printk(" DFSR: 0x%08x DFAR: 0x%08x IFSR: 0x%08x IFAR: 0x%08x\n", frame->dfsr, frame->dfar, frame->ifsr,
	       frame->ifar);
	printk(" PC:  0x%08x CPSR: 0x%08x SP: 0x%08x LR: 0x%08x\n", frame->pc, frame->cpsr, frame->sp, frame->lr);
	for (n = 0; n < ARRAY_SIZE(frame->r); n++)
		printk(" R%02u: 0x%08x%s", n, frame->r[n], n % 4 == 3 || n + 1 == ARRAY_SIZE(frame->r) ? "\n" : "");
}

/* Called by the start code. Returns only if the CPU shall go on. */
void excp_dispatch(u32 vector, struct excp_frame *frame);
void excp_dispatch(u32 vector, struct excp_frame *frame)
{
	static volatile bool reporting;

	frame->vector = vector;
	frame->pc = cause_of(vector, frame);
	arm_read_sysreg(DFSR, frame->dfsr);
	arm_read_sysreg(DFAR, frame->dfar);
	arm_read_sysreg(IFSR, frame->ifsr);
	arm_read_sysreg(IFAR, frame->ifar);
	if (excp_hook && excp_hook(frame))
		return;

	/* The report itself may fail, or the write to a page that is for reading only. */
	if (reporting)
		stop();
	reporting = true;
	console_break_lock();
	report(frame);
	cell_fail();
}
