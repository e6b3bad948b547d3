/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* PCI functions as sysfs shows them: configuration space, and resources. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define DIRECTORY   "sys/bus/pci/devices"
#define HEADER_SIZE 64
#define MAX_PCI     16384

#define VENDOR      0x00
#define STATUS      0x06
#define STATUS_CAPS 0x10
#define CLASS       0x08
#define HEADER_TYPE 0x0e
#define CAP_POINTER 0x34

#define CAP_ID_MSI  0x05
#define CAP_ID_MSIX 0x11

static struct jh_bytes config_of(const struct jh_pci *device)
{
	return (struct jh_bytes){device->config, device->size, device->name};
}

uint32_t jh_pci_class(const struct jh_pci *device)
{
	const struct jh_bytes config = config_of(device);

	return jh_le32(&config, CLASS) >> 8;
}

bool jh_pci_is_bridge(const struct jh_pci *device)
{
	return (device->config[HEADER_TYPE] & 0x7f) == 1;
}

uint32_t jh_pci_find_cap(const struct jh_pci *device, uint8_t id)
{
	uint32_t at = device->config[CAP_POINTER] & 0xfcu;
	unsigned int steps;

	if (!(device->config[STATUS] & STATUS_CAPS))
		return 0;
	for (steps = 0; at >= HEADER_SIZE && at + 2 <= device->size && at < 256 && steps < 48;
	     steps++) {
		if (device->config[at] == id)
			return at;
		at = device->config[at + 1] & 0xfcu;
	}
	return 0;
}

uint32_t jh_pci_msi_vectors(const struct jh_pci *device)
{
	const struct jh_bytes config = config_of(device);
	uint32_t cap = jh_pci_find_cap(device, CAP_ID_MSI);
	uint32_t power;

	if (cap == 0 || !jh_has(&config, cap, 4))
		return 0;
	power = jh_le16(&config, cap + 2) >> 1 & 7;
	return 1u << (power > 5 ? 5 : power);
}

bool jh_pci_msix(const struct jh_pci *device, uint64_t *ret_address, uint32_t *ret_size,
		 uint32_t *ret_vectors)
{
	const struct jh_bytes config = config_of(device);
	uint32_t cap = jh_pci_find_cap(device, CAP_ID_MSIX);
	uint32_t table, vectors;
	unsigned int bar;

	if (cap == 0 || !jh_has(&config, cap, 12) || jh_pci_is_bridge(device))
		return false;
	vectors = (jh_le16(&config, cap + 2) & 0x7ffu) + 1;
	table = jh_le32(&config, cap + 4);
	bar = table & 7;
	if (bar > 5 || device->last[bar] == 0 || device->start[bar] > UINT64_MAX - table)
		return false;
	*ret_address = (device->start[bar] + (table & ~7u)) & ~(JH_PAGE - 1);
	*ret_size = (vectors * 16 + 0xfff) & 0xf000;
	*ret_vectors = vectors;
	return true;
}

/* "0x00000000febff000 0x00000000febfffff 0x0000000000040200" */
int jh_pci_parse_resource(const char *text, const char *name, struct jh_pci *device,
			  struct jailhouse_error *error)
{
	unsigned long long value[3];
	const char *at = text;
	unsigned int n, i;
	char *end;

	for (n = 0; n < JH_ARRAY_SIZE(device->start) && *at; n++) {
		for (i = 0; i < 3; i++) {
			errno = 0;
			value[i] = strtoull(at, &end, 16);
			if (end == at || errno || (*end != ' ' && *end != '\n' && *end))
				return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
						    "%s: line %u: not three numbers", name, n + 1);
			at = *end ? end + 1 : end;
		}
		if (value[0] > value[1])
			return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
					    "%s: line %u: ends before it starts", name, n + 1);
		device->start[n] = value[0];
		device->last[n] = value[1];
		device->flags[n] = value[2];
	}
	return 0;
}

/* "0000:00:1f.2" */
static bool parse_address(const char *name, uint32_t *domain, uint16_t *bdf)
{
	unsigned int bus, slot, function;
	int length = 0;

	if (strlen(name) > 13 ||
	    sscanf(name, "%8x:%2x:%2x.%1x%n", domain, &bus, &slot, &function, &length) != 4 ||
	    name[length] || bus > 255 || slot > 31 || function > 7)
		return false;
	*bdf = (uint16_t)(bus << 8 | slot << 3 | function);
	return true;
}

static int read_config(const char *root, const char *name, struct jh_pci *device,
		       struct jailhouse_error *error)
{
	char path[96];
	struct jh_blob blob;
	int err;

	snprintf(path, sizeof(path), DIRECTORY "/%s/config", name);
	err = jh_file_read(root, path, false, &blob, error);
	if (err)
		return err;
	device->config = blob.data;
	device->size = blob.size < 4096 ? blob.size : 4096;
	if (device->size == HEADER_SIZE)
		return jh_error_set(error, JAILHOUSE_ERR_PERMISSION, 0,
				    "%s: only the first %u bytes; more are for root", path,
				    HEADER_SIZE);
	if (device->size < 256)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "%s: %zu bytes, not 256 or 4096", path, device->size);
	return 0;
}

static int read_device(const char *root, const char *name, struct jh_pci *device,
		       struct jailhouse_error *error)
{
	char path[96];
	struct jh_blob blob;
	int err;

	snprintf(device->name, sizeof(device->name), "%s", name);
	err = read_config(root, name, device, error);
	if (err)
		return err;
	snprintf(path, sizeof(path), DIRECTORY "/%s/resource", name);
	err = jh_file_read(root, path, false, &blob, error);
	if (err)
		return err;
	err = jh_pci_parse_resource((const char *)blob.data, path, device, error);
	jh_blob_free(&blob);
	return err;
}

/* Can it be described? If not there is a note. */
static bool is_usable(const struct jh_pci *device, uint32_t domain,
		      struct jailhouse_machine *machine)
{
	const struct jh_bytes config = config_of(device);

	if (jh_le32(&config, VENDOR) == UINT32_MAX) {
		jh_note(machine, "PCI function %s is disabled, and left out", device->name);
		return false;
	}
	if (domain > UINT16_MAX) {
		jh_note(machine, "PCI function %s is in a domain that is no segment, and left out",
			device->name);
		return false;
	}
	return true;
}

static int add_device(const char *root, const char *name, struct jh_pci_list *list,
		      struct jailhouse_machine *machine, struct jailhouse_error *error)
{
	struct jh_pci *device;
	uint32_t domain;
	uint16_t bdf;
	int err;

	if (!parse_address(name, &domain, &bdf) || list->count >= MAX_PCI)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    DIRECTORY "/%.32s: not an address", name);
	if (!jh_grow(&list->device, &list->room, list->count, sizeof(*list->device)))
		return jh_error_no_memory(error);
	device = &list->device[list->count];
	memset(device, 0, sizeof(*device));
	device->domain = (uint16_t)domain;
	device->bdf = bdf;
	err = read_device(root, name, device, error);
	if (!err && is_usable(device, domain, machine))
		list->count++;
	else
		free(device->config);
	return err;
}

int jh_pci_read(const char *root, struct jh_pci_list *ret_list, struct jailhouse_machine *machine,
		struct jailhouse_error *error)
{
	struct jh_pci_list list = {NULL, 0, 0};
	struct jh_file_names names = {NULL, 0, 0};
	size_t n;
	int err;

	err = jh_directory_read(root, DIRECTORY, &names, error);
	if (err == JAILHOUSE_ERR_NOT_FOUND)
		return 0;
	for (n = 0; !err && n < names.count; n++)
		err = add_device(root, names.name[n], &list, machine, error);
	jh_file_names_free(&names);
	if (err)
		jh_pci_free(&list);
	else
		*ret_list = list;
	return err;
}

void jh_pci_free(struct jh_pci_list *list)
{
	size_t n;

	for (n = 0; n < list->count; n++)
		free(list->device[n].config);
	free(list->device);
	memset(list, 0, sizeof(*list));
}

const struct jh_pci *jh_pci_find(const struct jh_pci_list *list, uint32_t domain, uint32_t bdf)
{
	size_t n;

	for (n = 0; n < list->count; n++)
		if (list->device[n].domain == domain && list->device[n].bdf == bdf)
			return &list->device[n];
	return NULL;
}
