/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A PCI function with all that a cell needs of it. */
#ifndef LIB_CONFIG_FUNCTION_H
#define LIB_CONFIG_FUNCTION_H

#include "config/devices.h"

#define JH_FUNCTION_MAX_CAPS 192

struct jh_function {
	struct jailhouse_config_pci_device entry;
	struct jailhouse_config_pci_cap cap[JH_FUNCTION_MAX_CAPS];
	uint32_t num_caps;
	uint64_t start[JH_DEVICE_NUM_BARS];
	uint64_t size[JH_DEVICE_NUM_BARS]; /* 0: there is none */
	bool is_port[JH_DEVICE_NUM_BARS];
	uint32_t pin; /* 1 INTA, ...; 0: has none */
};

/* From the sysfs below options->root. False after a complaint. */
bool jh_function_read(struct jh_reading *r, const struct jh_device *device,
		      struct jh_function *function);

#endif /* !LIB_CONFIG_FUNCTION_H */
