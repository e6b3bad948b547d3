// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * ARM64: who has EL2, and its caches.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/module.h>

#include <asm/cpufeature.h>
#include <asm/sysreg.h>
#include <asm/virt.h>

#include "arch.h"
#include "arch-arm-common.h"

#define CTR_DMINLINE(ctr) ((ctr) >> 16 & 0xf)
#define ID_AA64MMFR0_PARANGE 0xf

const u8 jh_arch_architecture = JAILHOUSE_ARM64;

/* Four levels */
const struct jh_table_format jh_table_format = {
	.levels = 4,
	.address_bits = 48,
	.virt_bits = 48,
};

const char *jh_arch_image_kind(void)
{
	return "arm64";
}

int jh_arch_check(struct jailhouse_reason *r)
{
	if (is_kernel_in_hyp_mode())
		return jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_KERNEL_AT_EL2,
				      JAILHOUSE_ITEM_NONE, 0);
	if (!jh_started_at_el2())
		return jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_NO_EL2, JAILHOUSE_ITEM_NONE, 0);
	if (cpus_have_cap(ARM64_KVM_PROTECTED_MODE))
		return jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_KVM_PROTECTED,
				      JAILHOUSE_ITEM_NONE, 0);
	return jh_check_own_stub(r);
}

/* KVM puts the stub back when its last virtual machine ends. */
int jh_watch_stubs(struct jailhouse_reason *r)
{
	return 0;
}

void jh_unwatch_stubs(void)
{
}

/* As far as four levels of tables with the smallest pages reach */
u64 jh_arch_phys_limit(void)
{
	u64 features = read_sanitised_ftr_reg(SYS_ID_AA64MMFR0_EL1);
	unsigned int range = features & ID_AA64MMFR0_PARANGE;

	return BIT_ULL(min(id_aa64mmfr0_parange_to_phys_shift(range), 48U)) - 1;
}

u64 jh_read_midr(void)
{
	return read_sysreg(midr_el1);
}

u64 jh_read_pfr(void)
{
	return read_sysreg(id_aa64pfr0_el1);
}

u64 jh_read_mmfr(void)
{
	return read_sysreg(id_aa64mmfr0_el1);
}

/* The smallest line of all CPUs */
unsigned long jh_cache_line(void)
{
	return 4UL << CTR_DMINLINE(read_sanitised_ftr_reg(SYS_CTR_EL0));
}

void jh_clean_line(unsigned long address)
{
	asm volatile("dc civac, %0" : : "r" (address) : "memory");
}

void jh_drop_code(void)
{
	asm volatile("ic ialluis" : : : "memory");
}
