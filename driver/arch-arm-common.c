// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Both ARMs: what the machine must be like.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cpu.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/arch_timer.h>
#include <asm/barrier.h>

#include "arch.h"
#include "arch-arm-common.h"

const char *jh_arch_image_name(void)
{
	return "jailhouse.bin";
}

u64 jh_arch_image_feature(void)
{
	return 0;
}

/* NR_IRQS is but the least number where descriptors are made as needed. */
#define FIRST_IRQS 1024

static struct irq_data *root_irq_data(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	while (data && data->parent_data)
		data = data->parent_data;
	return data;
}

/* Of an interrupt that the GIC serves. The first interrupts are the kernel's IPIs. */
const struct irq_data *jh_gic_irq_data(void)
{
	const struct irq_data *data;
	unsigned int irq;

	for (irq = 1; irq < FIRST_IRQS; irq++) {
		data = root_irq_data(irq);
		if (data && data->chip && data->chip->name && !strncmp(data->chip->name, "GIC", 3))
			return data;
	}
	return NULL;
}

/*
 * Was Linux started at EL2, or in Hyp mode? An HVC would be undefined otherwise, which nothing can catch. The
 * kernel's own variable is not for modules, and says no as soon as one CPU was started by a
 * hypervisor, later. But its GIC drivers, where they find EL2 at boot, and only there, end
 * interrupts in two steps, so that KVM can leave the second one to a guest. They have a chip for
 * that, with a function that the other one lacks.
 */
bool jh_started_at_el2(void)
{
	const struct irq_data *data = jh_gic_irq_data();

	return data && data->chip->irq_set_vcpu_affinity;
}

/* While the hypervisor runs, it answers in the place of the stub. */
int jh_check_own_stub(struct jailhouse_reason *r)
{
	unsigned int cpu;
	unsigned long answer;
	int err = 0;

	down_read(&jh.state);
	if (!jh.enabled) {
		cpu = get_cpu();
		answer = jh_switch_probe();
		put_cpu();
		err = jh_check_stub(cpu, answer, r);
	}
	up_read(&jh.state);
	return err;
}

int jh_arch_complete(struct jailhouse_system *config, struct jailhouse_image_header *header,
		     struct jailhouse_reason *r)
{
	header->tsc_khz = arch_timer_get_cntfrq() / 1000;
	/* The hypervisor has no other clock. It is for firmware to set this. */
	if (!header->tsc_khz)
		return jh_refuse(r, -ENODEV, JAILHOUSE_REASON_HVM_FEATURE, JAILHOUSE_ITEM_CPU,
				 raw_smp_processor_id(), jh_pack("CNTFRQ"), 0, 0, 0);
	return 0;
}

const char *jh_arch_hint_reserve(u64 start, u64 size)
{
	pr_err("boot with a mem= that ends below, or with a reserved-memory node (no-map) for "
	       "0x%llx-0x%llx in the device tree\n",
	       start, start + size - 1);
	return "mem=";
}

void jh_arch_hint(const struct jailhouse_reason *r)
{
}

/* Firmware holds it (PSCI), and is asked by way of the hypervisor to start it. */
bool jh_arch_cpu_was_online(u32 cpu)
{
	return false;
}

/* Any CPU, also the first one, unless it is one that firmware needs (or cannot stop). */
int jh_arch_check_cell_cpu(u32 cpu, struct jailhouse_reason *r)
{
	if (!cpu_is_hotpluggable(cpu))
		return jh_refuse(r, -EOPNOTSUPP, JAILHOUSE_REASON_CPU_HOTPLUG, JAILHOUSE_ITEM_CPU,
				 cpu, EOPNOTSUPP, 0, 0, 0);
	return 0;
}

void jh_clean_to_memory(const void *start, size_t size)
{
	unsigned long line = jh_cache_line();
	unsigned long end = (unsigned long)start + size;
	unsigned long at;

	for (at = (unsigned long)start & ~(line - 1); at < end; at += line)
		jh_clean_line(at);
	dsb(sy);
}

/*
 * The hypervisor's memory is first read with the MMU off, a cell may run like that for ever. All of
 * the instruction caches, because they may hold lines by other virtual addresses than ours.
 */
void jh_arch_sync_code(void *start, size_t size)
{
	jh_clean_to_memory(start, size);
	jh_drop_code();
	dsb(ish);
	isb();
}

JH_STAT(vmexits_maintenance, VMEXITS_MAINTENANCE);
JH_STAT(vmexits_virt_irq, VMEXITS_VIRQ);
JH_STAT(vmexits_virt_sgi, VMEXITS_VSGI);
JH_STAT(vmexits_psci, VMEXITS_PSCI);
JH_STAT(vmexits_smccc, VMEXITS_SMCCC);

/* ARMv7 only, and the last one there */
static struct jh_stat_attribute jh_stat_vmexits_cp15 = {
	.attr = __ATTR(vmexits_cp15, 0444, jh_stat_show, NULL),
	.stat = JAILHOUSE_CPU_STAT_VMEXITS_SMCCC + 1,
};

static struct attribute *stat_attrs[] = {
	&jh_stat_vmexits_maintenance.attr.attr,
	&jh_stat_vmexits_virt_irq.attr.attr,
	&jh_stat_vmexits_virt_sgi.attr.attr,
	&jh_stat_vmexits_psci.attr.attr,
	&jh_stat_vmexits_smccc.attr.attr,
	&jh_stat_vmexits_cp15.attr.attr,
	NULL,
};

static umode_t stat_mode(struct kobject *kobj, struct attribute *attr, int n)
{
	u32 stat = container_of(attr, struct jh_stat_attribute, attr.attr)->stat;

	return stat < JAILHOUSE_NUM_CPU_STATS ? attr->mode : 0;
}

const struct attribute_group jh_arch_stat_group = {
	.attrs = stat_attrs,
	.is_visible = stat_mode,
};
