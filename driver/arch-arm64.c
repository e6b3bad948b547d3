// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ARM64: what the machine must be like, and its caches.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/bits.h>
#include <linux/cpu.h>
#include <linux/irq.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/string.h>

#include <asm/barrier.h>
#include <asm/cpufeature.h>
#include <asm/sysreg.h>
#include <asm/virt.h>

#include "arch.h"
#include "arch-arm64.h"

#define CTR_DMINLINE(ctr)    ((ctr) >> 16 & 0xf)
#define ID_AA64MMFR0_PARANGE 0xf

const u8 jh_arch_architecture = JAILHOUSE_ARM64;

const char *jh_arch_image_name(void)
{
	return "jailhouse.bin";
}

const char *jh_arch_image_kind(void)
{
	return "arm64";
}

u64 jh_arch_image_feature(void)
{
	return 0;
}

static struct irq_data *root_irq_data(unsigned int irq)
{
	struct irq_data *data = irq_get_irq_data(irq);

	while (data && data->parent_data)
		data = data->parent_data;
	return data;
}

/*
 * Was Linux started at EL2? An HVC would be undefined otherwise, which nothing can catch. The
 * kernel's own variable is not for modules, and says no as soon as one CPU was started by a
 * hypervisor, later. But its GIC drivers, where they find EL2 at boot, and only there, end
 * interrupts in two steps, so that KVM can leave the second one to a guest. They have a chip for
 * that, with a function that the other one lacks. The first interrupts are the kernel's IPIs.
 */
static bool started_at_el2(void)
{
	const struct irq_data *data;
	unsigned int irq;

	for (irq = 1; irq < NR_IRQS; irq++) {
		data = root_irq_data(irq);
		if (data && data->chip && data->chip->name && !strncmp(data->chip->name, "GIC", 3))
			return data->chip->irq_set_vcpu_affinity;
	}
	return false;
}

/* While the hypervisor runs, it answers in the place of the stub. */
static int check_stub(struct jailhouse_reason *r)
{
	unsigned int cpu;
	u64 answer;
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

int jh_arch_check(struct jailhouse_reason *r)
{
	if (is_kernel_in_hyp_mode())
		return jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_KERNEL_AT_EL2,
				      JAILHOUSE_ITEM_NONE, 0);
	if (!started_at_el2())
		return jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_NO_EL2, JAILHOUSE_ITEM_NONE, 0);
	if (cpus_have_cap(ARM64_KVM_PROTECTED_MODE))
		return jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_KVM_PROTECTED,
				      JAILHOUSE_ITEM_NONE, 0);
	return check_stub(r);
}

int jh_arch_complete(struct jailhouse_system *config, struct jailhouse_image_header *header,
		     struct jailhouse_reason *r)
{
	header->tsc_khz = read_sysreg(cntfrq_el0) / 1000;
	/* The hypervisor has no other clock. It is for firmware to set this. */
	if (!header->tsc_khz)
		return jh_refuse(r, -ENODEV, JAILHOUSE_REASON_HVM_FEATURE, JAILHOUSE_ITEM_CPU,
				 raw_smp_processor_id(), jh_pack("CNTFRQ"), 0, 0, 0);
	return 0;
}

/* As far as four levels of tables with the smallest pages reach */
u64 jh_arch_phys_limit(void)
{
	u64 features = read_sanitised_ftr_reg(SYS_ID_AA64MMFR0_EL1);
	unsigned int range = features & ID_AA64MMFR0_PARANGE;

	return BIT_ULL(min(id_aa64mmfr0_parange_to_phys_shift(range), 48U)) - 1;
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
	/* The smallest line of all CPUs */
	u64 line = 4ULL << CTR_DMINLINE(read_sanitised_ftr_reg(SYS_CTR_EL0));
	u64 end = (u64)start + size;
	u64 at;

	for (at = (u64)start & ~(line - 1); at < end; at += line)
		asm volatile("dc civac, %0" : : "r" (at) : "memory");
	dsb(sy);
}

/*
 * The hypervisor's memory is first read with the MMU off, a cell may run like that for ever. All of
 * the instruction caches, because they may hold lines by other virtual addresses than ours.
 */
void jh_arch_sync_code(void *start, size_t size)
{
	jh_clean_to_memory(start, size);
	asm volatile("ic ialluis" : : : "memory");
	dsb(ish);
	isb();
}

JH_STAT(vmexits_maintenance, VMEXITS_MAINTENANCE);
JH_STAT(vmexits_virt_irq, VMEXITS_VIRQ);
JH_STAT(vmexits_virt_sgi, VMEXITS_VSGI);
JH_STAT(vmexits_psci, VMEXITS_PSCI);
JH_STAT(vmexits_smccc, VMEXITS_SMCCC);

static struct attribute *stat_attrs[] = {
	&jh_stat_vmexits_maintenance.attr.attr,
	&jh_stat_vmexits_virt_irq.attr.attr,
	&jh_stat_vmexits_virt_sgi.attr.attr,
	&jh_stat_vmexits_psci.attr.attr,
	&jh_stat_vmexits_smccc.attr.attr,
	NULL,
};

const struct attribute_group jh_arch_stat_group = { .attrs = stat_attrs };
