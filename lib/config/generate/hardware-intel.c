/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Intel SDM, volume 3, appendix A: what a VMX control may be set to stands in the upper half of its
 * MSR. */
#include "config/generate/checklist.h"

#define MAY_BE_1(bit) (1ull << (32 + (bit)))

static const struct jh_msr_check checks[] = {
	{.name = "VMX outside SMX", .msr = 0x3a, .bits = 1 << 2},
	{.name = "VMX inside SMX", .msr = 0x3a, .bits = 1 << 1, .optional = true},
	{.name = "IA32_TRUE_*_CTLS", .msr = 0x480, .bits = 1ull << 55},
	{.name = "NMI exiting", .msr = 0x481, .bits = MAY_BE_1(3)},
	{.name = "Preemption timer", .msr = 0x481, .bits = MAY_BE_1(6)},
	{.name = "I/O bitmap", .msr = 0x482, .bits = MAY_BE_1(25)},
	{.name = "MSR bitmap", .msr = 0x482, .bits = MAY_BE_1(28)},
	{.name = "Secondary controls", .msr = 0x482, .bits = MAY_BE_1(31)},
	{.name = "Optional CR3 interception", .msr = 0x48e, .bits = 3 << 15, .inverted = true},
	{.name = "Virtualize APIC access", .msr = 0x48b, .bits = MAY_BE_1(0)},
	{.name = "RDTSCP", .msr = 0x48b, .bits = MAY_BE_1(3), .if_flag = "rdtscp"},
	{.name = "Unrestricted guest", .msr = 0x48b, .bits = MAY_BE_1(7)},
	{.name = "INVPCID", .msr = 0x48b, .bits = MAY_BE_1(12), .if_flag = "invpcid"},
	{.name = "XSAVES", .msr = 0x48b, .bits = MAY_BE_1(20), .if_flag = "xsaves"},
	{.name = "EPT", .msr = 0x48b, .bits = MAY_BE_1(1)},
	{.name = "  4-level page walk", .msr = 0x48c, .bits = 1 << 6},
	{.name = "  EPTP write-back", .msr = 0x48c, .bits = 1 << 14},
	{.name = "  2M pages", .msr = 0x48c, .bits = 1 << 16, .optional = true},
	{.name = "  1G pages", .msr = 0x48c, .bits = 1 << 17, .optional = true},
	{.name = "  INVEPT", .msr = 0x48c, .bits = 1 << 20},
	{.name = "  INVEPT of all contexts", .msr = 0x48c, .bits = 1 << 26},
	{.name = "VM-exit save IA32_PAT", .msr = 0x483, .bits = MAY_BE_1(18)},
	{.name = "VM-exit load IA32_PAT", .msr = 0x483, .bits = MAY_BE_1(19)},
	{.name = "VM-exit save IA32_EFER", .msr = 0x483, .bits = MAY_BE_1(20)},
	{.name = "VM-exit load IA32_EFER", .msr = 0x483, .bits = MAY_BE_1(21)},
	{.name = "VM-entry load IA32_PAT", .msr = 0x484, .bits = MAY_BE_1(14)},
	{.name = "VM-entry load IA32_EFER", .msr = 0x484, .bits = MAY_BE_1(15)},
	{.name = "Activity state HLT", .msr = 0x485, .bits = 1 << 6},
};

void jh_hardware_intel(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		       const struct jh_cpuinfo *info)
{
	jh_row(list,
	       jh_cpu_flag(info, "x2apic") ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_NOTE,
	       "x2APIC", "", NULL);
	list->section = "VT-x";
	if (!jh_cpu_flag(info, "vmx")) {
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, "VT-x (VMX)", "",
		       "switch it on in the firmware's setup");
		return;
	}
	jh_row(list, JAILHOUSE_CHECKLIST_OK, "VT-x (VMX)", "", NULL);
	jh_msr_rows(list, msrs, info, checks, JH_ARRAY_SIZE(checks));
	jh_hardware_vtd(list, msrs, info);
}
