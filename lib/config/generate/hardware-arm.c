/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the device tree tells of an ARM machine. */
#include <stdio.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "config/generate/checklist.h"
#include "config/dt.h"

struct found {
	bool psci;
	bool smc;
	bool other_enable_method;
	bool hypervisor_timer;
};

static bool has_string(const struct jh_dt *dt, const char *property, const char *value)
{
	int length;
	const char *text = fdt_getprop(dt->fdt, dt->node, property, &length);

	return text && length == (int)strlen(value) + 1 && memcmp(text, value, (size_t)length) == 0;
}

static void look(const struct jh_dt *dt, struct found *found)
{
	static const char *const psci[] = {"arm,psci", "arm,psci-0.2", "arm,psci-1.0", NULL};
	static const char *const timer[] = {"arm,armv8-timer", "arm,armv7-timer", NULL};
	const fdt32_t *cells;
	int length;

	if (jh_dt_compatible(dt, psci)) {
		found->psci = true;
		found->smc = has_string(dt, "method", "smc");
	}
	if (has_string(dt, "device_type", "cpu") &&
	    fdt_getprop(dt->fdt, dt->node, "enable-method", &length) &&
	    !has_string(dt, "enable-method", "psci"))
		found->other_enable_method = true;
	/* The fourth interrupt is that of EL2. */
	if (jh_dt_compatible(dt, timer) && jh_dt_cells(dt, "interrupts", &cells) >= 12)
		found->hypervisor_timer = true;
}

static void add_gic(struct jailhouse_checklist *list, const char *root)
{
	struct jailhouse_machine_options options = JAILHOUSE_MACHINE_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_machine *machine;

	options.root = root;
	if (jailhouse_machine_read(&options, &machine, &error) != 0) {
		jh_row(list, JAILHOUSE_CHECKLIST_UNKNOWN, "GICv2 or GICv3", "", "%s", error.text);
		return;
	}
	jh_row(list, JAILHOUSE_CHECKLIST_OK, "GICv2 or GICv3",
	       machine->gic.version == 3 ? "GICv3" : "GICv2", NULL);
	jailhouse_machine_free(machine);
}

void jh_hardware_arm(struct jailhouse_checklist *list, const char *root)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct found found = {false, false, false, false};
	struct jh_blob blob;
	struct jh_dt dt;
	int err = jh_device_tree_read(root, &blob, &error);

	list->section = "EL2";
	if (err) {
		jh_row(list, JAILHOUSE_CHECKLIST_UNKNOWN, "Device tree", "", "%s",
		       err == JAILHOUSE_ERR_NOT_FOUND ? "there is none" : error.text);
		return;
	}
	err = jh_dt_start(&dt, blob.data, blob.size, &error);
	while (!err) {
		err = jh_dt_next(&dt);
		if (err <= 0)
			break;
		look(&dt, &found);
		err = 0;
	}
	jh_blob_free(&blob);
	if (err < 0) {
		jh_row(list, JAILHOUSE_CHECKLIST_UNKNOWN, "Device tree", "", "%s", error.text);
		return;
	}
	jh_row(list,
	       found.psci && !found.other_enable_method ? JAILHOUSE_CHECKLIST_OK
							: JAILHOUSE_CHECKLIST_MISSING,
	       "CPUs switched by PSCI", "", "the firmware has no PSCI, or not for all CPUs");
	/* With EL2 in the hands of another one, calls go there. */
	jh_row(list, found.smc ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING,
	       "Linux started in EL2", found.smc ? "PSCI by SMC" : "PSCI not by SMC",
	       "PSCI is not called by SMC, so something else has EL2 (or the CPU has none)");
	jh_row(list, found.hypervisor_timer ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_NOTE,
	       "Timer of EL2", "", NULL);
	list->section = "GIC";
	add_gic(list, root);
}

/* ---- what the driver tells ---- */

static bool get(const struct jh_kernel *kernel, uint32_t cpu, uint64_t number, uint64_t *ret_value)
{
	return jh_kernel_get(kernel, JAILHOUSE_HARDWARE_ARM, cpu, number, ret_value);
}

/* A field of four bits that says what a CPU has, in some register of all of them; 0: not */
static void field_row(struct jailhouse_checklist *list, const struct jh_kernel *kernel,
		      const struct jh_cpuinfo *info, const char *name, uint64_t number, unsigned int shift)
{
	uint64_t value;
	uint32_t cpu;

	for (cpu = jh_cpu_next(info, 0); cpu < JH_MAX_CPUS; cpu = jh_cpu_next(info, cpu + 1))
		if (!get(kernel, cpu, number, &value) || !(value >> shift & 0xf)) {
			jh_row(list, JAILHOUSE_CHECKLIST_MISSING, name, "", "CPU %u has it not", cpu);
			return;
		}
	jh_row(list, JAILHOUSE_CHECKLIST_OK, name, "", NULL);
}

/* The counter runs alike on all CPUs, and firmware must have told each of them how fast. */
static void clock_row(struct jailhouse_checklist *list, const struct jh_kernel *kernel,
		      const struct jh_cpuinfo *info)
{
	uint32_t boot = jh_cpu_next(info, 0);
	uint64_t value, first = 0;
	char found[32];
	uint32_t cpu;

	for (cpu = boot; cpu < JH_MAX_CPUS; cpu = jh_cpu_next(info, cpu + 1)) {
		value = 0;
		get(kernel, cpu, JAILHOUSE_ARM_CNTFRQ, &value);
		if (cpu == boot)
			first = value;
		if (value && value == first)
			continue;
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, "Frequency of the counter", "",
		       "CNTFRQ is %llu on CPU %u, and %llu on CPU %u: firmware has to set it",
		       (unsigned long long)first, boot, (unsigned long long)value, cpu);
		return;
	}
	snprintf(found, sizeof(found), "%llu Hz", (unsigned long long)first);
	jh_row(list, JAILHOUSE_CHECKLIST_OK, "Frequency of the counter", found, NULL);
}

void jh_hardware_arm_kernel(struct jailhouse_checklist *list, const struct jh_kernel *kernel,
			    const struct jh_cpuinfo *info)
{
	uint64_t value = 0;
	bool armv8, ok;

	if (!kernel)
		return;
	/* Only ARMv7's Linux tells of Thumb. */
	armv8 = !jh_cpu_flag(info, "thumb");
	list->section = "CPU by registers";
	/* ID_AA64PFR0_EL1.EL2, ID_PFR1.Virtualization */
	field_row(list, kernel, info, "EL2 in all CPUs", JAILHOUSE_ARM_PFR, armv8 ? 8 : 12);
	ok = get(kernel, 0, JAILHOUSE_ARM_AT_EL2, &value) && value;
	jh_row(list, ok ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING, "Kernel was given EL2", "",
	       "let the firmware start Linux in EL2 (Hyp mode)");
	clock_row(list, kernel, info);
	value = 0;
	ok = get(kernel, 0, JAILHOUSE_ARM_GIC, &value) && (value == 2 || value == 3);
	jh_row(list, ok ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING, "GIC that Linux drives",
	       value == 3 ? "GICv3" : value == 2 ? "GICv2" : "", "the kernel drives no GICv2 or GICv3");
	/* ID_AA64PFR0_EL1.GIC, ID_PFR1.GIC */
	if (value == 3)
		field_row(list, kernel, info, "GIC by system registers", JAILHOUSE_ARM_PFR,
			  armv8 ? 24 : 28);
}
