/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What rules about devices share. */
#ifndef LIB_CONFIG_CHECK_DEVICES_H
#define LIB_CONFIG_CHECK_DEVICES_H

#include "config/check.h"

/* Does a configuration list a line of the interrupt controller at that address? */
bool jh_has_line(const struct jailhouse_config *config, uint64_t address, uint32_t line);

/* Calls `device` for each PCI device of each configuration. */
void jh_for_each_device(struct jh_check *check, const struct jh_rule *rule,
			void (*device)(struct jh_check *check, const struct jh_rule *rule,
				       uint32_t config, uint32_t index,
				       const struct jailhouse_config_pci_device *dev));

/* "cell guest: PCI device 2 (0000:00:1f.2)" */
struct jh_device_name {
	char text[96];
};
struct jh_device_name jh_device_name(const struct jh_check *check, uint32_t config, uint32_t index,
				     const struct jailhouse_config_pci_device *dev);

static inline struct jailhouse_place jh_device_place(uint32_t config, uint32_t index)
{
	return jh_place(config, JAILHOUSE_SECTION_PCI_DEVICE, index);
}

static inline bool jh_is_ivshmem(const struct jailhouse_config_pci_device *dev)
{
	return dev->type == JAILHOUSE_PCI_TYPE_IVSHMEM;
}

static inline bool jh_same_address(const struct jailhouse_config_pci_device *a,
				   const struct jailhouse_config_pci_device *b)
{
	return a->domain == b->domain && a->bdf == b->bdf;
}

#endif /* !LIB_CONFIG_CHECK_DEVICES_H */
