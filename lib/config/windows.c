/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <jailhouse/cell-config.h>

#include "config/windows.h"

typedef void (*window_func)(void *user, const struct jh_window *window);

static void add(window_func window, void *user, enum jh_window_kind kind, uint64_t base,
		uint64_t size, const char *what)
{
	const struct jh_window one = {kind, base, size, what};

	if (base && size)
		window(user, &one);
}

static void add_iommus(const struct jailhouse_config *config, window_func window, void *user)
{
	struct jailhouse_config_iommu unit;
	uint32_t n;

	for (n = 0; jailhouse_config_get_iommu(config, n, &unit) == 0 && unit.base; n++) {
		add(window, user, JH_WINDOW_IOMMU, unit.base, unit.size,
		    "the registers of an IOMMU");
		add(window, user, JH_WINDOW_IOMMU, unit.tlb_base, unit.tlb_size,
		    "the TLB window of an IOMMU");
	}
}

static void add_gic(const struct jailhouse_config *config,
		    const struct jailhouse_config_system *system, window_func window, void *user)
{
	uint64_t cpus = 0;
	int32_t n;

	if (system->gic_version == 3) {
		for (n = jailhouse_config_next_cpu(config, 0); n >= 0;
		     n = jailhouse_config_next_cpu(config, n + 1))
			cpus++;
		add(window, user, JH_WINDOW_IRQCHIP, system->gicd_base, 0x10000,
		    "the GIC's distributor");
		/* One after another: 128 KiB for each CPU. Only GICv4 has more. */
		add(window, user, JH_WINDOW_IRQCHIP, system->gicr_base, cpus * 0x20000,
		    "the GIC's redistributors");
		return;
	}
	add(window, user, JH_WINDOW_IRQCHIP, system->gicd_base, 0x1000, "the GIC's distributor");
	add(window, user, JH_WINDOW_IRQCHIP, system->gicc_base, 0x2000,
	    "the GIC's CPU interface");
	add(window, user, JH_WINDOW_IRQCHIP, system->gich_base, 0x2000,
	    "the GIC's hypervisor interface");
	add(window, user, JH_WINDOW_IRQCHIP, system->gicv_base, 0x2000,
	    "the GIC's virtual CPU interface");
}

void jh_for_each_window(const struct jailhouse_config *config, window_func window, void *user)
{
	struct jailhouse_config_system system;
	struct jailhouse_config_irqchip chip;
	uint32_t n;

	if (jailhouse_config_get_system(config, &system) != 0)
		return;
	add(window, user, JH_WINDOW_MMCONFIG, system.pci_mmconfig_base,
	    (system.pci_mmconfig_end_bus + 1ull) << 20, "the PCI configuration window");
	add_iommus(config, window, user);
	if (config->architecture != JAILHOUSE_X86) {
		add_gic(config, &system, window, user);
		return;
	}
	add(window, user, JH_WINDOW_IRQCHIP, 0xfee00000, 0x1000, "the registers of the APIC");
	for (n = 0; jailhouse_config_get_irqchip(config, n, &chip) == 0; n++)
		add(window, user, JH_WINDOW_IRQCHIP, chip.address, 0x1000, "an IOAPIC");
}
