/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* PCI functions in a configuration: masks of their base addresses, messages, and capabilities. */
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"
#include <jailhouse/pci_defs.h>

#define MAX_CAPS    192
#define RESOURCE_IO 0x100
#define RESOURCE_64 0x100000

#define CLASS_SATA   0x0106
#define CLASS_IDE    0x0101
#define CLASS_SMBUS  0x0c05
#define CLASS_USB    0x0c03
#define VENDOR_INTEL 0x8086

struct caps {
	struct jailhouse_config_pci_cap cap[MAX_CAPS];
	uint32_t count;
};

static void add_cap(struct caps *caps, uint32_t id, uint32_t start, uint32_t length, bool writable)
{
	if (caps->count == MAX_CAPS)
		return;
	caps->cap[caps->count++] =
		(struct jailhouse_config_pci_cap){(uint16_t)id, (uint16_t)start, (uint16_t)length,
						  writable ? JAILHOUSE_PCICAPS_WRITE : 0};
}

/* Bytes of a standard capability, as far as they are known. */
static uint32_t cap_length(const struct jh_bytes *config, uint32_t at)
{
	uint16_t control = jh_has(config, at, 4) ? jh_le16(config, at + 2) : 0;

	switch (config->data[at]) {
	case PCI_CAP_ID_PM:
		return 8;
	case PCI_CAP_ID_MSI:
		return 10u + (control & 0x80 ? 4 : 0) + (control & 0x100 ? 10 : 0);
	case PCI_CAP_ID_EXP:
		return (control & 0xf) >= 2 ? 60 : 20;
	case PCI_CAP_ID_MSIX:
		return 12;
	case PCI_CAP_ID_AF:
		return 6;
	default:
		return 2;
	}
}

/* Linux writes there in the life of a driver. A bridge's link is the way to what is behind it. */
static bool cap_writable(const struct jh_pci *device, uint32_t id)
{
	return id == PCI_CAP_ID_PM || id == PCI_CAP_ID_MSI || id == PCI_CAP_ID_MSIX ||
	       ((id == PCI_CAP_ID_EXP || id == PCI_CAP_ID_AF) && !jh_pci_is_bridge(device));
}

static bool add_standard(const struct jh_pci *device, const struct jh_bytes *config,
			 struct caps *caps)
{
	uint32_t at = config->data[0x34] & 0xfcu;
	bool express = false;
	uint32_t length;

	if (!(config->data[0x06] & 0x10))
		return false;
	while (at >= 64 && at < 256 && caps->count < 48) {
		length = cap_length(config, at);
		if (at + length > 256)
			length = 256 - at;
		add_cap(caps, config->data[at], at, length, cap_writable(device, config->data[at]));
		express |= config->data[at] == PCI_CAP_ID_EXP;
		at = config->data[at + 1] & 0xfcu;
	}
	return express;
}

static uint32_t extended_length(const struct jh_bytes *config, uint32_t at, uint32_t id)
{
	uint32_t vector;

	switch (id) {
	case PCI_EXT_CAP_ID_VNDR:
		/* Its own length, 12 bits, counts what follows the first header as well. */
		return jh_has(config, at, 8) ? 4 + (jh_le32(config, at + 4) >> 20) : 4;
	case PCI_EXT_CAP_ID_ACS:
		vector = jh_has(config, at, 8) ? jh_le16(config, at + 4) >> 8 : 0;
		return 8 + (vector + 7) / 8;
	case PCI_EXT_CAP_ID_VC:
	case PCI_EXT_CAP_ID_VC9:
	case PCI_EXT_CAP_ID_PWR:
	case PCI_EXT_CAP_ID_SECPCI:
		return 16;
	case PCI_EXT_CAP_ID_LTR:
	case PCI_EXT_CAP_ID_ARI:
	case PCI_EXT_CAP_ID_PASID:
		return 8;
	case PCI_EXT_CAP_ID_DSN:
	case PCI_EXT_CAP_ID_PTM:
		return 12;
	case PCI_EXT_CAP_ID_MCAST:
		return 48;
	case PCI_EXT_CAP_ID_SRIOV:
	case PCI_EXT_CAP_ID_ERR:
		return 64;
	default:
		return 4;
	}
}

static void add_extended(const struct jh_bytes *config, struct caps *caps)
{
	uint32_t at = 256, header, length, steps;

	for (steps = 0; steps < 64 && at >= 256 && jh_has(config, at, 4); steps++) {
		header = jh_le32(config, at);
		if (header == 0 || header == UINT32_MAX)
			return;
		length = extended_length(config, at, header & 0xffff);
		if (at + length > 4096)
			length = 4096 - at;
		add_cap(caps, (header & 0x7fff) | JAILHOUSE_PCI_EXT_CAP, at, length, false);
		at = header >> 20 & 0xffc;
	}
}

/*
 * Registers beside the capabilities that Linux' drivers write. More are found in learning mode.
 */
static void add_vendor_registers(const struct jh_pci *device, const struct jh_bytes *config,
				 struct caps *caps)
{
	if (jh_le16(config, 0) != VENDOR_INTEL)
		return;
	switch (jh_pci_class(device) >> 8) {
	case CLASS_SATA: /* port control and status (ahci: ahci_reset_controller()) */
		add_cap(caps, 0, 0x90, 4, true);
		break;
	case CLASS_SMBUS: /* host configuration (i2c-i801: i801_probe(), i801_remove()) */
		add_cap(caps, 0, 0x40, 4, true);
		break;
	case CLASS_IDE: /* timing (ata_piix: piix_set_timings()) */
		add_cap(caps, 0, 0x40, 0x18, true);
		break;
	case CLASS_USB:
		if ((jh_pci_class(device) & 0xff) == 0x30) /* port routing (quirks of xHCI) */
			add_cap(caps, 0, 0xd0, 16, true);
		else if ((jh_pci_class(device) & 0xff) == 0x20) /* legacy support of EHCI */
			add_cap(caps, 0, 0x68, 8, true);
		else if ((jh_pci_class(device) & 0xff) == 0x00) /* the same of UHCI */
			add_cap(caps, 0, 0xc0, 6, true);
		break;
	default:
		break;
	}
}

static void collect_caps(const struct jh_pci *device, const struct jh_bytes *config,
			 struct caps *caps)
{
	caps->count = 0;
	if (add_standard(device, config, caps))
		add_extended(config, caps);
	add_vendor_registers(device, config, caps);
}

static void set_bars(const struct jh_pci *device, struct jailhouse_config_pci_device *out)
{
	unsigned int bars = jh_pci_is_bridge(device) ? 2 : 6;
	uint64_t mask;
	unsigned int n;

	for (n = 0; n < bars; n++) {
		if (device->last[n] == 0)
			continue;
		mask = ~(device->last[n] - device->start[n]);
		out->bar_mask[n] = (uint32_t)mask;
		if (!(device->flags[n] & RESOURCE_IO) && device->flags[n] & RESOURCE_64 &&
		    n + 1 < bars)
			out->bar_mask[++n] = (uint32_t)(mask >> 32);
	}
}

static void set_messages(const struct jh_pci *device, const struct jh_bytes *config,
			 struct jailhouse_config_pci_device *out)
{
	uint32_t cap = jh_pci_find_cap(device, PCI_CAP_ID_MSI);
	uint32_t size, vectors;
	uint16_t control;

	if (cap && jh_has(config, cap, 4)) {
		control = jh_le16(config, cap + 2);
		out->num_msi_vectors = (uint8_t)jh_pci_msi_vectors(device);
		out->msi_flags = (control & 0x80 ? 1 : 0) | (control & 0x100 ? 2 : 0);
	}
	if (jh_pci_msix(device, &out->msix_address, &size, &vectors)) {
		out->msix_region_size = (uint16_t)size;
		out->num_msix_vectors = (uint16_t)vectors;
	}
}

/* Devices of the same kind have the same list; it is kept once. */
static int emit_caps(struct jailhouse_builder *builder, const struct caps *caps,
		     struct jailhouse_config_pci_cap **all, size_t *room, uint32_t *count,
		     struct jailhouse_config_pci_device *out, struct jailhouse_error *error)
{
	uint32_t n, start;
	int err = 0;

	if (caps->count == 0)
		return 0;
	for (start = 0; start + caps->count <= *count; start++)
		if (memcmp(*all + start, caps->cap, caps->count * sizeof(*caps->cap)) == 0)
			break;
	out->num_caps = (uint16_t)caps->count;
	out->caps_start = (uint16_t)start;
	if (start + caps->count <= *count)
		return 0;
	out->caps_start = (uint16_t)*count;
	for (n = 0; !err && n < caps->count; n++) {
		if (*count >= UINT16_MAX)
			return jh_error_set(error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
					    "the PCI functions have more than %u capabilities",
					    UINT16_MAX);
		if (!jh_grow(all, room, *count, sizeof(**all)))
			return jh_error_no_memory(error);
		(*all)[(*count)++] = caps->cap[n];
		err = jailhouse_builder_set_pci_cap(builder, JAILHOUSE_CONFIG_END, &caps->cap[n],
						    error);
	}
	return err;
}

static bool belongs(const struct jailhouse_machine *machine, const struct jh_pci *device)
{
	uint32_t last = machine->acpi.last_bus, n;

	if (machine->has_device_tree)
		return machine->ecam && device->domain == machine->pci_domain;
	/* The IOMMU's own function is the hypervisor's. */
	for (n = 0; n < machine->acpi.num_units; n++)
		if (machine->acpi.unit[n].type == JAILHOUSE_IOMMU_AMD &&
		    machine->acpi.unit[n].bdf == device->bdf && device->domain == 0)
			return false;
	return device->domain == 0 && (!machine->acpi.mmconfig || device->bdf >> 8 <= (int)last);
}

int jh_pci_emit(const struct jailhouse_machine *machine, struct jailhouse_builder *builder,
		struct jailhouse_error *error)
{
	struct jailhouse_config_pci_cap *all = NULL;
	struct jailhouse_config_pci_device out;
	const struct jh_pci *device;
	struct jh_bytes config;
	uint32_t num_caps = 0;
	struct caps caps;
	size_t room = 0;
	int err = 0;
	size_t n;

	for (n = 0; !err && n < machine->pci.count; n++) {
		device = &machine->pci.device[n];
		if (!belongs(machine, device))
			continue;
		config = (struct jh_bytes){device->config, device->size, device->name};
		memset(&out, 0, sizeof(out));
		out.type = jh_pci_class(device) >> 8 == 0x0604 ? JAILHOUSE_PCI_TYPE_BRIDGE
							       : JAILHOUSE_PCI_TYPE_DEVICE;
		out.domain = device->domain;
		out.bdf = device->bdf;
		out.iommu = device->iommu;
		set_bars(device, &out);
		/* On ARM messages are none of the hypervisor's business. */
		if (machine->architecture == JAILHOUSE_X86)
			set_messages(device, &config, &out);
		collect_caps(device, &config, &caps);
		err = emit_caps(builder, &caps, &all, &room, &num_caps, &out, error);
		if (!err)
			err = jailhouse_builder_set_pci_device(builder, JAILHOUSE_CONFIG_END, &out,
							       error);
	}
	free(all);
	return err;
}
