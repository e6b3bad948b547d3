// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What only the kernel can read of the hardware, for `jailhouse hardware check`. Which registers that are is fixed:
 * nobody can choose one whose read has an effect.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/slab.h>
#include <linux/uaccess.h>

#include "arch.h"

void jh_register(struct jh_registers *list, u32 kind, u32 unit, u64 number, u64 value)
{
	if (list->count < JH_MAX_REGISTERS)
		list->reg[list->count++] = (struct jailhouse_ioc_register){
			.kind = kind, .unit = unit, .number = number, .value = value,
		};
}

/* Called with jh.state, so that the hypervisor can't come in between. */
static int read_registers(struct jh_registers *list, u32 cpu, struct jailhouse_reason *r)
{
	if (jh.enabled)
		return jh_refuse_item(r, -EBUSY, JAILHOUSE_REASON_ALREADY_ENABLED, JAILHOUSE_ITEM_NONE, 0);
	if (cpu == JAILHOUSE_IOC_MACHINE)
		jh_arch_machine_registers(list);
	else if (cpu >= nr_cpu_ids || jh_arch_cpu_registers(list, cpu))
		return jh_refuse_item(r, -ENXIO, JAILHOUSE_REASON_CPU_OFFLINE, JAILHOUSE_ITEM_CPU, cpu);
	return 0;
}

int jh_query_hardware(struct jailhouse_ioc_hardware *q)
{
	u32 room = min_t(u32, q->count, JH_MAX_REGISTERS);
	struct jh_registers *list;
	int err;

	q->verdict = (struct jailhouse_reason){ 0 };
	q->count = 0;
	list = kzalloc(sizeof(*list), GFP_KERNEL);
	if (!list)
		return jh_refuse_args(&q->reason, -ENOMEM, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	/* It looks whether the hypervisor runs by itself. */
	if (!jh_arch_check(&q->verdict))
		q->verdict = (struct jailhouse_reason){ 0 };
	down_read(&jh.state);
	err = read_registers(list, q->cpu, &q->reason);
	up_read(&jh.state);
	if (!err && copy_to_user(u64_to_user_ptr(q->buffer), list->reg,
				 min(room, list->count) * sizeof(*list->reg)))
		err = jh_refuse_args(&q->reason, -EFAULT, JAILHOUSE_REASON_FAULT, q->buffer, 0);
	if (!err)
		q->count = list->count;
	kfree(list);
	return err;
}
