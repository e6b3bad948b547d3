/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What only instructions of this architecture can do, and reports of exceptions. */
#include <uart.h>

bool (*excp_hook)(struct excp_frame *frame);

unsigned long arch_irq_save(void)
{
	unsigned long flags;

	asm volatile("mrs %0, daif\n\tmsr daifset, #2" : "=r"(flags) : : "memory");
	return flags;
}

void arch_irq_restore(unsigned long flags)
{
	asm volatile("msr daif, %0" : : "r"(flags) : "memory");
}

void arch_flush_tlb(void)
{
	asm volatile("tlbi vmalle1is\n\tdsb ish\n\tisb" : : : "memory");
}

/* SMC Calling Convention (ARM DEN 0028): what is not a result may be destroyed. */
long arch_psci_call(bool hvc, unsigned long function, unsigned long arg0, unsigned long arg1,
		    unsigned long arg2)
{
	register unsigned long x0 asm("x0") = function;
	register unsigned long x1 asm("x1") = arg0;
	register unsigned long x2 asm("x2") = arg1;
	register unsigned long x3 asm("x3") = arg2;

	if (hvc)
		asm volatile("hvc #0"
			     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
			     :
			     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
			       "x14", "x15", "x16", "x17", "memory");
	else
		asm volatile("smc #0"
			     : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
			     :
			     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
			       "x14", "x15", "x16", "x17", "memory");
	/* Errors have 32 bits in some implementations. */
	return (int)x0;
}

static void report(unsigned int vector, const struct excp_frame *frame)
{
	unsigned int n;

	printk("--- EXCEPTION at vector 0x%03x ---\n", vector * VECTOR_SIZE);
	printk(" ESR: 0x%08llx FAR: 0x%016llx\n", frame->esr, frame->far);
	printk(" PC:  0x%016llx SP:  0x%016llx PSTATE: 0x%08llx\n", frame->elr, frame->sp,
	       frame->spsr);
	for (n = 0; n + 1 < ARRAY_SIZE(frame->x); n += 2)
		printk(" X%02u: 0x%016llx X%02u: 0x%016llx\n", n, frame->x[n], n + 1,
		       frame->x[n + 1]);
	printk(" X30: 0x%016llx\n", frame->x[30]);
}

/* Called by the start code. Returns only if the CPU shall go on. */
void excp_dispatch(unsigned int vector, struct excp_frame *frame);
void excp_dispatch(unsigned int vector, struct excp_frame *frame)
{
	static volatile bool reporting;

	if (excp_hook && excp_hook(frame))
		return;

	/* The report itself may fail, or the write to a page that is for reading only. */
	if (reporting)
		stop();
	reporting = true;
	console_break_lock();
	report(vector, frame);
	cell_fail();
}
