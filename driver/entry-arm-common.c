// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Both ARMs: all CPUs into the hypervisor, and out of it.
 *
 * A Linux that was started at EL2 and has gone down to EL1 has left a stub there. KVM replaces it
 * while it has a virtual machine, and puts it back afterwards.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/stop_machine.h>

#include <asm/virt.h>

#include "arch.h"
#include "arch-arm-common.h"

/* An answer to an unknown call: that of KVM, as far as it is known */
#define KVM_UNKNOWN_CALL (-1UL)

/* One attempt to enter */
struct entry {
	unsigned long address;	/* physical, of the image's entry */
	unsigned long root;
	atomic_t arrived;	/* CPUs that have asked their stub */
	atomic_t refused;	/* CPUs whose stub is not there; the first one fills in: */
	unsigned int cpu;
	unsigned long answer;
};

int jh_check_stub(unsigned int cpu, unsigned long answer, struct jailhouse_reason *r)
{
	if (answer == HVC_STUB_ERR)
		return 0;
	if (answer == KVM_UNKNOWN_CALL)
		return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_KVM_IN_USE, JAILHOUSE_ITEM_CPU,
				      cpu);
	return jh_refuse(r, -ENODEV, JAILHOUSE_REASON_EL2_STUB, JAILHOUSE_ITEM_CPU, cpu, answer, 0,
			 0, 0);
}

/*
 * A virtual machine may have been started since the check, and KVM would give its place up to
 * whoever asks. So all CPUs ask, and none goes on before all have their answers. They wait for no
 * longer than that takes, since stop_machine() lets them begin together.
 */
static bool stubs_are_there(struct entry *entry)
{
	unsigned long answer = jh_switch_probe();

	if (answer != HVC_STUB_ERR && atomic_inc_return(&entry->refused) == 1) {
		entry->cpu = smp_processor_id();
		entry->answer = answer;
	}
	/* Also orders what is written above before the count. */
	atomic_inc_return(&entry->arrived);
	while (atomic_read(&entry->arrived) < num_online_cpus())
		cpu_relax();
	return !atomic_read(&entry->refused);
}

/* On each CPU at the same time, with interrupts off */
static int enter_cpu(void *argument)
{
	struct entry *entry = argument;
	unsigned long result;

	if (!stubs_are_there(entry))
		return -EBUSY;
	result = jh_switch_enter(smp_processor_id(), entry->address, entry->root);
	return result == HVC_STUB_ERR ? -ENODEV : (int)result;
}

static int leave_cpu(void *unused)
{
	return jh_switch_leave();
}

/* stop_machine() rather than an IPI, as on x86: none waits at EL2 for one that Linux holds up. */
int jh_arch_enter(struct jailhouse_reason *r)
{
	struct entry entry = {
		.address = jh.mem.phys + jh.mem.header.entry,
		.root = jh_entry_root(),
	};
	int err = stop_machine(enter_cpu, &entry, cpu_online_mask);

	if (atomic_read(&entry.refused))
		return jh_check_stub(entry.cpu, entry.answer, r);
	return err;
}

int jh_arch_leave(void)
{
	return stop_machine(leave_cpu, NULL, cpu_online_mask);
}
