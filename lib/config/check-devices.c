/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What rules about devices share. */
#include <stdio.h>

#include "config/check-devices.h"

bool jh_has_line(const struct jailhouse_config *config, uint64_t address, uint32_t line)
{
	struct jailhouse_config_irqchip chip;
	uint32_t n;

	for (n = 0; jailhouse_config_get_irqchip(config, n, &chip) == 0; n++)
		if (chip.address == address && line >= chip.pin_base &&
		    line - chip.pin_base < 128 &&
		    chip.pin_bitmap[(line - chip.pin_base) / 32] >> ((line - chip.pin_base) % 32) &
			    1)
			return true;
	return false;
}

void jh_for_each_device(struct jh_check *check, const struct jh_rule *rule,
			void (*device)(struct jh_check *check, const struct jh_rule *rule,
				       uint32_t config, uint32_t index,
				       const struct jailhouse_config_pci_device *dev))
{
	struct jailhouse_config_pci_device dev;
	uint32_t c, n;

	for (c = 0; c < check->count; c++)
		for (n = 0; jailhouse_config_get_pci_device(&check->config[c], n, &dev) == 0; n++)
			device(check, rule, c, n, &dev);
}

struct jh_device_name jh_device_name(const struct jh_check *check, uint32_t config, uint32_t index,
				     const struct jailhouse_config_pci_device *dev)
{
	struct jh_device_name name;

	snprintf(name.text, sizeof(name.text), "%s: PCI device %u (%04x:%02x:%02x.%x)",
		 jh_cell_name(check, config).text, index, dev->domain, dev->bdf >> 8,
		 dev->bdf >> 3 & 0x1f, dev->bdf & 7);
	return name;
}
