// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * x86: which image suits this machine, and what the machine must be like.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/cc_platform.h>
#include <linux/cpumask.h>
#include <linux/ioport.h>
#include <linux/module.h>

#include <asm/cpuid.h>
#include <asm/msr.h>
#include <asm/processor.h>
#include <asm/tsc.h>

#include "arch.h"
#include "arch-x86.h"

const u8 jh_arch_architecture = JAILHOUSE_X86;

/* For the functions of <jailhouse/hypercall.h> */
bool jailhouse_use_vmcall;

#define LEAF1_ECX_VMX	    BIT(5)
#define LEAF80000001_ECX_SVM BIT(2)

const char *jh_arch_image_name(void)
{
	return jailhouse_use_vmcall ? "jailhouse-intel.bin" : "jailhouse-amd.bin";
}

const char *jh_arch_image_kind(void)
{
	return jailhouse_use_vmcall ? "intel" : "amd";
}

u64 jh_arch_image_feature(void)
{
	return jailhouse_use_vmcall ? JAILHOUSE_IMAGE_VMX : JAILHOUSE_IMAGE_SVM;
}

static int no_hvm(struct jailhouse_reason *r, const char *which)
{
	return jh_refuse(r, -ENODEV, JAILHOUSE_REASON_NO_HVM, JAILHOUSE_ITEM_CPU,
			 raw_smp_processor_id(), jh_pack(which), 0, 0, 0);
}

static int hvm_disabled(struct jailhouse_reason *r, int error, u32 msr, u64 value)
{
	return jh_refuse(r, error, JAILHOUSE_REASON_HVM_DISABLED, JAILHOUSE_ITEM_CPU,
			 raw_smp_processor_id(), msr, value, 0, 0);
}

/* From the CPU itself: Linux hides what the firmware has switched off. */
static int check_amd(struct jailhouse_reason *r)
{
	u64 value = 0;

	if (!(cpuid_ecx(0x80000001) & LEAF80000001_ECX_SVM))
		return no_hvm(r, "SVM");
	if (!rdmsrl_safe(MSR_VM_CR, &value) && value & BIT(4)) /* SVMDIS */
		return hvm_disabled(r, -EPERM, MSR_VM_CR, value);
	return 0;
}

static int check_intel(struct jailhouse_reason *r)
{
	u64 value = 0;

	if (!(cpuid_ecx(1) & LEAF1_ECX_VMX))
		return no_hvm(r, "VMX");
	if (rdmsrl_safe(MSR_IA32_FEAT_CTL, &value) || !(value & FEAT_CTL_VMX_ENABLED_OUTSIDE_SMX))
		return hvm_disabled(r, -ENODEV, MSR_IA32_FEAT_CTL, value);
	return 0;
}

int jh_arch_check(struct jailhouse_reason *r)
{
	int err;

	switch (boot_cpu_data.x86_vendor) {
	case X86_VENDOR_AMD:
		err = check_amd(r);
		break;
	case X86_VENDOR_INTEL:
		err = check_intel(r);
		break;
	default:
		return jh_refuse_args(r, -ENODEV, JAILHOUSE_REASON_VENDOR,
				      jh_pack(boot_cpu_data.x86_vendor_id), 0);
	}
	/* Addresses would carry a bit that the hypervisor's own tables lack. */
	if (!err && cc_platform_has(CC_ATTR_MEM_ENCRYPT))
		err = jh_refuse_item(r, -ENODEV, JAILHOUSE_REASON_MEMORY_ENCRYPTION,
				     JAILHOUSE_ITEM_CPU, 0);
	return err;
}

int jh_arch_complete(struct jailhouse_system *config, struct jailhouse_image_header *header,
		     struct jailhouse_reason *r)
{
	struct jailhouse_platform_x86 *x86 = &config->platform_info.x86;

	if (!x86->tsc_khz)
		x86->tsc_khz = tsc_khz;
	/* The hypervisor has no other clock. */
	if (!x86->tsc_khz)
		return jh_refuse(r, -ENODEV, JAILHOUSE_REASON_HVM_FEATURE, JAILHOUSE_ITEM_CPU, 0,
				 jh_pack("TSC"), 0, 0, 0);
	header->tsc_khz = x86->tsc_khz;
	return 0;
}

u64 jh_arch_phys_limit(void)
{
	return iomem_resource.end;
}

const char *jh_arch_hint_reserve(u64 start, u64 size)
{
	pr_err("boot with memmap=%lluK$0x%llx (in GRUB's configuration with \\$)\n", size / 1024,
	       start);
	return "memmap=";
}

void jh_arch_hint(const struct jailhouse_reason *r)
{
	if (r->code == JAILHOUSE_REASON_HVM_IN_USE)
		pr_err("unload KVM (modprobe -r %s) or load it with kvm.enable_virt_at_load=0\n",
		       jailhouse_use_vmcall ? "kvm_intel" : "kvm_amd");
}

bool jh_arch_cpu_was_online(u32 cpu)
{
	return cpu_data(cpu).initialized;
}

/* Linux can't do without its first CPU. */
int jh_arch_check_cell_cpu(u32 cpu, struct jailhouse_reason *r)
{
	if (cpu == 0)
		return jh_refuse_item(r, -EINVAL, JAILHOUSE_REASON_CPU_IS_BOOT, JAILHOUSE_ITEM_CPU,
				      cpu);
	return 0;
}

/* Instruction caches follow. */
void jh_arch_sync_code(void *start, size_t size)
{
}

JH_STAT(vmexits_pio, VMEXITS_PIO);
JH_STAT(vmexits_xapic, VMEXITS_XAPIC);
JH_STAT(vmexits_cr, VMEXITS_CR);
JH_STAT(vmexits_cpuid, VMEXITS_CPUID);
JH_STAT(vmexits_xsetbv, VMEXITS_XSETBV);
JH_STAT(vmexits_exception, VMEXITS_EXCEPTION);
JH_STAT(vmexits_msr_other, VMEXITS_MSR_OTHER);
JH_STAT(vmexits_msr_x2apic_icr, VMEXITS_MSR_X2APIC_ICR);

static struct attribute *stat_attrs[] = {
	&jh_stat_vmexits_pio.attr.attr,
	&jh_stat_vmexits_xapic.attr.attr,
	&jh_stat_vmexits_cr.attr.attr,
	&jh_stat_vmexits_cpuid.attr.attr,
	&jh_stat_vmexits_xsetbv.attr.attr,
	&jh_stat_vmexits_exception.attr.attr,
	&jh_stat_vmexits_msr_other.attr.attr,
	&jh_stat_vmexits_msr_x2apic_icr.attr.attr,
	NULL,
};

const struct attribute_group jh_arch_stat_group = { .attrs = stat_attrs };
