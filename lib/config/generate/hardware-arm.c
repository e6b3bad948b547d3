/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the device tree tells of an ARM machine. */
#include <string.h>

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
