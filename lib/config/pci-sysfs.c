/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* PCI functions as the machine's sysfs shows them, described by what generates configurations. */
#include <stdlib.h>

#include "config/function.h"
#include "config/generate/machine.h"
#include "config/sections.h"

#define RESOURCE_IO   0x100
#define INTERRUPT_PIN 0x3d

/* The entry and its capabilities, out of a configuration of all functions. */
static bool take_entry(const struct jailhouse_builder *all, const struct jh_device *device,
		       struct jh_function *function)
{
	const struct jh_tree_config config = {
		.builder = (struct jailhouse_builder *)all,
		.kind = JAILHOUSE_CONFIG_SYSTEM,
	};
	uint32_t n;

	for (n = 0; jh_tree_get(&config, JAILHOUSE_SECTION_PCI_DEVICE, n, &function->entry); n++)
		if (function->entry.domain == device->domain && function->entry.bdf == device->bdf)
			break;
	if (n == jh_builder_count(all, JAILHOUSE_SECTION_PCI_DEVICE))
		return false;
	for (n = 0; n < function->entry.num_caps && n < JH_FUNCTION_MAX_CAPS; n++)
		jh_tree_get(&config, JAILHOUSE_SECTION_PCI_CAP,
			    (uint32_t)function->entry.caps_start + n, &function->cap[n]);
	function->num_caps = n;
	return true;
}

static void take_resources(const struct jh_pci *pci, struct jh_function *function)
{
	unsigned int n;

	for (n = 0; n < JH_DEVICE_NUM_BARS; n++) {
		if (pci->last[n] == 0)
			continue;
		function->start[n] = pci->start[n];
		function->size[n] = pci->last[n] - pci->start[n] + 1;
		function->is_port[n] = pci->flags[n] & RESOURCE_IO;
	}
	function->pin = pci->config[INTERRUPT_PIN];
}

static int describe(struct jh_reading *r, const struct jh_device *device,
		    struct jailhouse_machine *machine, struct jh_function *function,
		    struct jailhouse_error *error)
{
	struct jailhouse_builder *all = NULL;
	const struct jh_pci *pci;
	int err;

	machine->architecture = r->architecture;
	/* ARM: the host that is asked for, instead of the one that was found. */
	machine->has_device_tree = r->architecture != JAILHOUSE_X86;
	machine->ecam = machine->has_device_tree;
	machine->pci_domain = device->domain;
	err = jh_pci_read(r->options->root, &machine->pci, machine, error);
	if (err)
		return err;
	pci = jh_pci_find(&machine->pci, device->domain, device->bdf);
	if (!pci)
		return jh_error_set(error, JAILHOUSE_ERR_NOT_FOUND, 0, "there is no such function");
	if (jh_pci_is_bridge(pci))
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "a bridge stays with the root cell");
	err = jailhouse_builder_new(JAILHOUSE_CONFIG_SYSTEM, r->architecture, &all, error);
	if (!err)
		err = jh_pci_emit(machine, all, error);
	if (!err && !take_entry(all, device, function))
		err = jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0, "it can't be handed over");
	if (!err)
		take_resources(pci, function);
	jailhouse_builder_free(all);
	return err;
}

bool jh_function_read(struct jh_reading *r, const struct jh_device *device,
		      struct jh_function *function)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_machine *machine = calloc(1, sizeof(*machine));
	int err;

	err = machine ? describe(r, device, machine, function, &error) : JAILHOUSE_ERR_NO_MEMORY;
	jailhouse_machine_free(machine);
	if (err == JAILHOUSE_ERR_NO_MEMORY)
		r->check.no_memory = true;
	else if (err)
		jh_tree_complain(r, device->node, "tree-device",
				 "PCI device %04x:%02x:%02x.%x below %.60s: %.100s", device->domain,
				 device->bdf >> 8, device->bdf >> 3 & 0x1f, device->bdf & 7,
				 r->options->root, error.text);
	return err == 0;
}
