/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reports of exceptions. */
#include <inmate.h>
#include <uart.h>

#define NUM_EXCEPTIONS 21
#define STUB_SIZE      16

extern char excp_entries[];

bool (*excp_hook)(struct excp_frame *frame);

static void report(const struct excp_frame *frame)
{
#ifdef __x86_64__
	unsigned long sp = frame->sp;
#else
	/* No stack switch within ring 0: the frame ends where the stack was. */
	unsigned long sp = (unsigned long)(frame + 1);
#endif

	printk("--- EXCEPTION %d ---\n", (int)frame->vector);
	if (frame->vector >= 10 && frame->vector <= 14)
		printk(" Error code: 0x%08lx\n", frame->error);
	printk(" CS:  0x%04lx IP: %p flags: 0x%08lx\n", frame->cs, (void *)frame->ip, frame->flags);
	printk(" SP:  %p BP:  %p\n", (void *)sp, (void *)frame->bp);
	printk(" AX:  %p BX:  %p CX:  %p\n", (void *)frame->ax, (void *)frame->bx,
	       (void *)frame->cx);
	printk(" DX:  %p SI:  %p DI:  %p\n", (void *)frame->dx, (void *)frame->si,
	       (void *)frame->di);
#ifdef __x86_64__
	printk(" R8:  %p R9:  %p R10: %p\n", (void *)frame->r8, (void *)frame->r9,
	       (void *)frame->r10);
	printk(" R11: %p R12: %p R13: %p\n", (void *)frame->r11, (void *)frame->r12,
	       (void *)frame->r13);
	printk(" R14: %p R15: %p\n", (void *)frame->r14, (void *)frame->r15);
#endif
}

/* Called by irq-entry.S. Returns only if the CPU shall go on. */
void excp_dispatch(struct excp_frame *frame);
void excp_dispatch(struct excp_frame *frame)
{
	if (excp_hook && excp_hook(frame))
		return;

	comm_region->cell_state = JAILHOUSE_CELL_FAILED;
	console_break_lock();
	report(frame);
	stop();
}

void excp_reporting_init(void)
{
	unsigned int n;

	for (n = 0; n < NUM_EXCEPTIONS; n++)
		idt_set_gate(n, (unsigned long)excp_entries + n * STUB_SIZE);
	idt_init();
}
