// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * x86: all CPUs into the hypervisor, and out of it.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cpumask.h>
#include <linux/stop_machine.h>

#include <asm/msr.h>
#include <asm/special_insns.h>
#include <asm/tlbflush.h>

#include "arch.h"
#include "arch-x86.h"

/*
 * The image knows nothing of Linux' shadow stacks and branch tracking. They are switched off for
 * the call; the user's settings are in another register.
 */
static u64 save_cet(void)
{
	u64 value = 0;

	if (native_read_cr4() & X86_CR4_CET && !rdmsrl_safe(MSR_IA32_S_CET, &value) && value)
		wrmsrl_safe(MSR_IA32_S_CET, 0);
	return value;
}

static void restore_cet(u64 value)
{
	if (value && wrmsrl_safe(MSR_IA32_S_CET, value))
		pr_warn_once("control-flow enforcement could not be switched on again\n");
}

/*
 * VMX shows CR4.VMXE as set to its guests, whatever they write; Linux must write back what it
 * reads, also from its copy of the register.
 */
static void sync_cr4(bool inside)
{
	if (!jailhouse_use_vmcall)
		return;
	if (inside)
		cr4_set_bits_irqsoff(X86_CR4_VMXE);
	else
		cr4_clear_bits_irqsoff(X86_CR4_VMXE);
}

/* On each CPU at the same time, with interrupts off */
static int enter_cpu(void *entry)
{
	u64 cet = save_cet();
	int err;

	err = jh_switch_enter(smp_processor_id(), *(u64 *)entry, jh_entry_cr3());
	restore_cet(cet);
	if (!err)
		sync_cr4(true);
	return err;
}

static int leave_cpu(void *unused)
{
	u64 cet = save_cet();
	int err;

	if (jailhouse_use_vmcall)
		err = jh_switch_vmcall(jh_entry_cr3());
	else
		err = jh_switch_vmmcall(jh_entry_cr3());
	restore_cet(cet);
	if (!err)
		sync_cr4(false);
	return err;
}

/*
 * stop_machine() rather than an IPI: it lets the function run only when all CPUs have arrived with
 * interrupts off, so that none waits in the hypervisor for one that Linux holds up.
 */
int jh_arch_enter(struct jailhouse_reason *r)
{
	u64 entry = jh.mem.header.link_base + jh.mem.header.entry;

	jh_entry_refresh();
	return stop_machine(enter_cpu, &entry, cpu_online_mask);
}

int jh_arch_leave(void)
{
	jh_entry_refresh();
	return stop_machine(leave_cpu, NULL, cpu_online_mask);
}
