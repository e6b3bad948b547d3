/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Rows of badconfig-cells.c for ARM64 alone */
	/* Devices that the hypervisor keeps */
	{ "memory_of_the_distributor", { DEVICE(2, IRQCHIP_BASE, 0x1000) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, IRQCHIP_BASE, IRQCHIP_BASE + 0xfff, IRQCHIP_BASE,
		 IRQCHIP_BASE + 0xffff) },
	{ "memory_one_register_of_the_distributor", { DEVICE(2, IRQCHIP_BASE + 0x104, 4) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, IRQCHIP_BASE + 0x104, IRQCHIP_BASE + 0x107,
		 IRQCHIP_BASE, IRQCHIP_BASE + 0xffff) },
	{ "memory_of_a_redistributor", { DEVICE(2, 0x080c0000, 0x10000) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, 0x080c0000, 0x080cffff, 0x080a0000, ANY) },
	{ "memory_pci_configuration", { DEVICE(2, 0x4010018000, 0x1000) },
	  REASON(MEM_INTERCEPTED, -EINVAL, MEM_REGION, 2, 0x4010018000, 0x4010018fff, 0x4010000000,
		 0x401fffffff) },

	/* Interrupts */
	{ "pin_of_another_cell", { IRQCHIP(0, pin_bitmap[0], 7 << 20) },
	  REASON(IRQ_OTHER_CELL, -EBUSY, IRQCHIP, 0, 52, 1) },
	{ "pin_beyond_the_last", { IRQCHIP(0, pin_base, 960) },
	  REASON(IRQ_RANGE, -EINVAL, IRQCHIP, 0, 981, ANY) },
	{ "pins_of_cpus", { IRQCHIP(0, pin_base, 0) },
	  REASON(IRQCHIP_PIN_BASE, -EINVAL, IRQCHIP, 0, 0) },
