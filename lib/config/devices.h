/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Devices by name: what they bring along. */
#ifndef LIB_CONFIG_DEVICES_H
#define LIB_CONFIG_DEVICES_H

#include "config/tree.h"

#define JH_DEVICE_UNSET    0xffffu
#define JH_DEVICE_NUM_BARS 6

struct jh_device {
	int node;
	uint64_t flags; /* of its regions, beside read, write, io */
	uint64_t bar_start[JH_DEVICE_NUM_BARS];
	int num_bar_starts; /* 0: not said */
	uint16_t domain;
	uint16_t bdf; /* JH_DEVICE_UNSET: not on PCI */
};

extern const struct jh_schema jh_schema_device;

/* ---- tree-devices.c ---- */

/* Adds registers, lines and stream ids to the cell, and to the root cell what it lacks. */
void jh_device_add_memory(struct jh_reading *r, const struct jh_device *device, uint64_t start,
			  uint64_t size);
void jh_device_add_ports(struct jh_reading *r, uint32_t base, uint32_t length);
void jh_device_add_line(struct jh_reading *r, uint64_t address, uint32_t line);
void jh_device_add_stream_id(struct jh_reading *r, uint32_t id);

/* ---- machine-tree.c: the machine's device tree ---- */

/* A node by path, alias, "&label", or phandle; -1 after a complaint. */
int jh_machine_find(struct jh_reading *r, const struct jh_device *device, const void *data,
		    int size);
void jh_machine_add_device(struct jh_reading *r, const struct jh_device *device, int machine_node);
/* Stream id and line of a PCI function, if the tree has its host. */
void jh_machine_add_function(struct jh_reading *r, const struct jh_device *device, uint32_t pin);

/* ---- pci-devices.c ---- */

void jh_pci_add_function(struct jh_reading *r, const struct jh_device *device);

#endif /* !LIB_CONFIG_DEVICES_H */
