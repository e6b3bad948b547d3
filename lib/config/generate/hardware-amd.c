/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* AMD64 Architecture Programmer's Manual, volume 2, chapter 15. */
#include "config/generate/checklist.h"

#define VM_CR        0xc0010114
#define VM_CR_SVMDIS (1 << 4)

static void flag_row(struct jailhouse_checklist *list, const struct jh_cpuinfo *info,
		     const char *name, const char *flag, uint32_t otherwise)
{
	jh_row(list, jh_cpu_flag(info, flag) ? JAILHOUSE_CHECKLIST_OK : otherwise, name, "", NULL);
}

void jh_hardware_amd(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		     const struct jh_cpuinfo *info)
{
	/* Read where that is possible: without SVM the flag is mostly hidden. */
	const struct jh_msr_check enabled = {.name = "AMD-V not disabled",
					     .msr = VM_CR,
					     .bits = VM_CR_SVMDIS,
					     .inverted = true,
					     .optional = true};

	list->section = "AMD-V";
	if (!jh_cpu_flag(info, "svm")) {
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, "AMD-V (SVM)", "",
		       "switch it on in the firmware's setup");
		return;
	}
	jh_row(list, JAILHOUSE_CHECKLIST_OK, "AMD-V (SVM)", "", NULL);
	jh_msr_rows(list, msrs, info, &enabled, 1);
	flag_row(list, info, "Nested paging", "npt", JAILHOUSE_CHECKLIST_MISSING);
	flag_row(list, info, "Decode assists", "decodeassists", JAILHOUSE_CHECKLIST_NOTE);
	flag_row(list, info, "AVIC", "avic", JAILHOUSE_CHECKLIST_NOTE);
	flag_row(list, info, "Flush by ASID", "flushbyasid", JAILHOUSE_CHECKLIST_NOTE);
	jh_hardware_amd_vi(list, msrs, info);
}
