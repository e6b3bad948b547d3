// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ARMv7: who has Hyp mode, and its caches.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/bits.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/module.h>

#include <asm/cp15.h>
#include <asm/cputype.h>

#include "arch.h"
#include "arch-arm-common.h"

#define CTR_DMINLINE(ctr) ((ctr) >> 16 & 0xf)
#define PHYS_BITS 40

const u8 jh_arch_architecture = JAILHOUSE_ARM;

const struct jh_table_format jh_table_format = {
	.levels = 3,
	.address_bits = PHYS_BITS,
	.virt_bits = 32,
};

/*
 * Linux on ARMv7 gives its stub up for good when a CPU comes up in another mode than the first one.
 * So does one that a cell has had, under the hypervisor. CPUs that run keep their stubs; one that is
 * switched off and on by firmware later has none, and an HVC on it goes anywhere.
 */
static enum cpuhp_state watch_state;
static bool given_up;
static struct cpumask without_stub;

static int cpu_came_online(unsigned int cpu)
{
	if (!READ_ONCE(jh.enabled)) {
		if (given_up)
			cpumask_set_cpu(cpu, &without_stub);
	} else if (!given_up) {
		given_up = true;
		pr_info("CPU %u is back; the module stays until the next boot\n", cpu);
		/* Nobody could remember it in the module's place. */
		__module_get(THIS_MODULE);
	}
	return 0;
}

int jh_watch_stubs(struct jailhouse_reason *r)
{
	int state;

	if (watch_state)
		return 0;
	state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "jailhouse:online", cpu_came_online,
					  NULL);
	if (state < 0)
		return jh_refuse_args(r, state, JAILHOUSE_REASON_NO_KERNEL_MEMORY, 0, 0);
	watch_state = state;
	return 0;
}

void jh_unwatch_stubs(void)
{
	if (!watch_state || given_up)
		return;
	cpuhp_remove_state_nocalls(watch_state);
	watch_state = 0;
}

const char *jh_arch_image_kind(void)
{
	return "arm";
}

int jh_arch_check(struct jailhouse_reason *r)
{
	if (!jh_started_at_el2())
		return jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_NO_EL2, JAILHOUSE_ITEM_NONE, 0);
	if (!cpumask_empty(&without_stub))
		return jh_refuse(r, -ENODEV, JAILHOUSE_REASON_HYP_STUB_LOST, JAILHOUSE_ITEM_CPU,
				 cpumask_first(&without_stub), 0, 0, 0, 0);
	return jh_check_own_stub(r);
}

u64 jh_arch_phys_limit(void)
{
	return BIT_ULL(PHYS_BITS) - 1;
}

u64 jh_read_midr(void)
{
	return read_cpuid_id();
}

u64 jh_read_pfr(void)
{
	return read_cpuid_ext(CPUID_EXT_PFR1);
}

u64 jh_read_mmfr(void)
{
	return read_cpuid_ext(CPUID_EXT_MMFR0);
}

/* All CPUs that have Hyp mode have lines of the same size. */
unsigned long jh_cache_line(void)
{
	u32 ctr;

	asm volatile("mrc p15, 0, %0, c0, c0, 1" : "=r" (ctr));
	return 4UL << CTR_DMINLINE(ctr);
}

void jh_clean_line(unsigned long address)
{
	asm volatile("mcr p15, 0, %0, c7, c14, 1" : : "r" (address) : "memory"); /* DCCIMVAC */
}

void jh_drop_code(void)
{
	asm volatile("mcr p15, 0, %0, c7, c1, 0" : : "r" (0) : "memory"); /* ICIALLUIS */
}
