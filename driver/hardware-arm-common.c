// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Both ARMs: what the CPUs can do, and who was started how. */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/irq.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/arch_timer.h>

#include "arch.h"
#include "arch-arm-common.h"

static void read_own(void *context)
{
	struct jh_registers *list = context;
	u32 cpu = smp_processor_id();

	jh_register(list, JAILHOUSE_HARDWARE_ARM, cpu, JAILHOUSE_ARM_MIDR, jh_read_midr());
	jh_register(list, JAILHOUSE_HARDWARE_ARM, cpu, JAILHOUSE_ARM_PFR, jh_read_pfr());
	jh_register(list, JAILHOUSE_HARDWARE_ARM, cpu, JAILHOUSE_ARM_MMFR, jh_read_mmfr());
	jh_register(list, JAILHOUSE_HARDWARE_ARM, cpu, JAILHOUSE_ARM_CNTFRQ, arch_timer_get_cntfrq());
}

int jh_arch_cpu_registers(struct jh_registers *list, u32 cpu)
{
	return smp_call_function_single(cpu, read_own, list, true);
}

/* Names of Linux' chips are "GICv3", "GICv2", "GIC-0". */
static u32 gic_version(void)
{
	const struct irq_data *data = jh_gic_irq_data();

	if (!data)
		return 0;
	return strncmp(data->chip->name, "GICv3", 5) ? 2 : 3;
}

void jh_arch_machine_registers(struct jh_registers *list)
{
	jh_register(list, JAILHOUSE_HARDWARE_ARM, 0, JAILHOUSE_ARM_AT_EL2, jh_started_at_el2());
	jh_register(list, JAILHOUSE_HARDWARE_ARM, 0, JAILHOUSE_ARM_GIC, gic_version());
}
