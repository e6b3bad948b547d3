// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What the rest of the kernel does while the hypervisor runs: reboot, suspend, CPU hotplug.
 *
 * kexec: no hook lets a module refuse it. An ordered one (kexec -e, systemctl kexec) calls the
 * reboot notifiers, so the hypervisor is gone before the new kernel starts - unless a cell refuses,
 * which can't stop the kexec; then the new kernel starts as the root cell's guest and ends with its
 * first access to the hypervisor's memory. A crash kernel is started without notifiers and has the
 * same fate: the hypervisor resets the machine when no root CPU is left.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cpuhotplug.h>
#include <linux/notifier.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

#include "driver.h"

static int hotplug_state;

/* Goes on after a failure: whoever switches the machine off means it. */
static int reboot_notify(struct notifier_block *block, unsigned long action, void *command)
{
	struct jailhouse_reason r = { 0 };
	int err = 0;

	mutex_lock(&jh.lock);
	if (jh.enabled)
		err = jh_disable_locked(&r);
	mutex_unlock(&jh.lock);
	if (!err)
		return NOTIFY_DONE;
	jh_log_reason("disable", &r);
	pr_emerg("ordered shutdown failed!\n");
	/* Linux would wait for that CPU for ever on its way down. */
	if (action == SYS_RESTART && r.code == JAILHOUSE_REASON_ROOT_CPU_FAILED)
		emergency_restart();
	return NOTIFY_DONE;
}

static struct notifier_block reboot_block = { .notifier_call = reboot_notify };

/* CPUs would come back outside the hypervisor, and cells don't stop. */
static int pm_notify(struct notifier_block *block, unsigned long action, void *unused)
{
	struct jailhouse_reason r;
	int result = NOTIFY_OK;

	switch (action) {
	case PM_HIBERNATION_PREPARE:
	case PM_SUSPEND_PREPARE:
	case PM_RESTORE_PREPARE:
		mutex_lock(&jh.lock);
		if (jh.enabled) {
			jh_refuse_item(&r, -EBUSY, JAILHOUSE_REASON_PM_REFUSED, JAILHOUSE_ITEM_NONE,
				       0);
			jh_log_reason("suspend", &r);
			result = notifier_from_errno(-EBUSY);
		} else {
			jh.suspending = true;
		}
		mutex_unlock(&jh.lock);
		break;
	case PM_POST_HIBERNATION:
	case PM_POST_SUSPEND:
	case PM_POST_RESTORE:
		mutex_lock(&jh.lock);
		jh.suspending = false;
		mutex_unlock(&jh.lock);
		break;
	}
	return result;
}

static struct notifier_block pm_block = { .notifier_call = pm_notify };

/*
 * Before Linux brings a CPU up. One that belongs to a cell, or that the hypervisor does not know,
 * would not answer, and Linux would wait for it for seconds.
 *
 * Takes no lock, as the driver itself brings CPUs up with its locks held. That is no race: a CPU
 * changes its owner only while it is offline, and it is taken from Linux before it goes offline.
 */
static int cpu_prepare(unsigned int cpu)
{
	if (!READ_ONCE(jh.enabled) || cpumask_test_cpu(cpu, &jh.owned))
		return 0;
	if (cpumask_test_cpu(cpu, &jh.system))
		pr_err("CPU %u belongs to a cell\n", cpu);
	else
		pr_err("CPU %u is not in the system configuration\n", cpu);
	return -EBUSY;
}

int jh_notify_init(void)
{
	int err;

	hotplug_state = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "jailhouse:prepare",
						  cpu_prepare, NULL);
	if (hotplug_state < 0)
		return hotplug_state;
	err = register_pm_notifier(&pm_block);
	if (err)
		goto err_hotplug;
	err = register_reboot_notifier(&reboot_block);
	if (err)
		goto err_pm;
	return 0;

err_pm:
	unregister_pm_notifier(&pm_block);
err_hotplug:
	cpuhp_remove_state_nocalls(hotplug_state);
	return err;
}

void jh_notify_exit(void)
{
	unregister_reboot_notifier(&reboot_block);
	unregister_pm_notifier(&pm_block);
	cpuhp_remove_state_nocalls(hotplug_state);
}
