/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers, UARTs and PCI of a device tree. */
#include <stdio.h>
#include <string.h>

#include "config/generate/tree.h"

#define MAX_REGS    64
#define FW_CFG_SAFE 0x10 /* selector and data; what follows starts a DMA to anywhere */

static const char *const iommus[] = {"arm,smmu-v3", "arm,mmu-500", "arm,smmu-v2", "arm,smmu-v1",
				     "arm,mmu-400", "arm,mmu-401", NULL};
static const char *const ecam[] = {"pci-host-ecam-generic", NULL};
static const char *const fw_cfg[] = {"qemu,fw-cfg-mmio", NULL};

static const struct {
	const char *compatible;
	uint16_t type;
	uint16_t regdist; /* 1 or 4; 0: by reg-shift */
} kinds[] = {
	{"arm,pl011", JAILHOUSE_CON_TYPE_PL011, 4},
	{"arm,sbsa-uart", JAILHOUSE_CON_TYPE_PL011, 4},
	{"ns16550a", JAILHOUSE_CON_TYPE_8250, 0},
	{"ns16550", JAILHOUSE_CON_TYPE_8250, 0},
	{"snps,dw-apb-uart", JAILHOUSE_CON_TYPE_8250, 0},
	{"ti,omap3-uart", JAILHOUSE_CON_TYPE_8250, 4},
	{"ti,am654-uart", JAILHOUSE_CON_TYPE_8250, 4},
	{"brcm,bcm2835-aux-uart", JAILHOUSE_CON_TYPE_8250, 4},
	{"nvidia,tegra20-uart", JAILHOUSE_CON_TYPE_8250, 4},
	{"cdns,uart-r1p12", JAILHOUSE_CON_TYPE_XUARTPS, 4},
	{"xlnx,xuartps", JAILHOUSE_CON_TYPE_XUARTPS, 4},
	{"marvell,armada-3700-uart", JAILHOUSE_CON_TYPE_MVEBU, 4},
	{"renesas,hscif", JAILHOUSE_CON_TYPE_HSCIF, 4},
	{"renesas,scifa", JAILHOUSE_CON_TYPE_SCIFA, 4},
	{"renesas,scif", JAILHOUSE_CON_TYPE_SCIF, 4},
	{"fsl,imx7ulp-lpuart", JAILHOUSE_CON_TYPE_IMX_LPUART, 4},
	{"fsl,imx6q-uart", JAILHOUSE_CON_TYPE_IMX, 4},
	{"fsl,imx21-uart", JAILHOUSE_CON_TYPE_IMX, 4},
};

/* The first SPI of a node below the GIC, 0: none */
static uint32_t first_spi(const struct jh_dt *dt)
{
	const fdt32_t *cells;
	uint32_t count = jh_dt_cells(dt, "interrupts", &cells);

	if (count < 3 || fdt32_to_cpu(cells[0]) != 0 || fdt32_to_cpu(cells[1]) >= 988)
		return 0;
	return 32 + fdt32_to_cpu(cells[1]);
}

static int add_uart(struct jailhouse_machine *machine, const struct jh_dt *dt, size_t kind)
{
	struct jh_uarts *uarts = &machine->uarts;
	struct jh_dt_range range;
	struct jh_uart *uart;
	uint32_t regdist = kinds[kind].regdist;
	int found = jh_dt_reg(dt, 0, &range);

	if (found <= 0)
		return found;
	if (!jh_grow(&uarts->uart, &uarts->room, uarts->count, sizeof(*uarts->uart)))
		return jh_error_no_memory(dt->error);
	uart = &uarts->uart[uarts->count];
	memset(uart, 0, sizeof(*uart));
	if (fdt_get_path(dt->fdt, dt->node, uart->name, sizeof(uart->name)) != 0)
		return 0;
	if (regdist == 0)
		regdist = 1u << (jh_dt_cell(dt, "reg-shift", 0) & 31);
	if (regdist != 1 && regdist != 4)
		return 0;
	uart->mmio = true;
	uart->console.type = kinds[kind].type;
	uart->console.address = range.start;
	uart->console.size =
		(uint32_t)((range.size > JH_MIB ? JH_PAGE : range.size) + JH_PAGE - 1) &
		~(uint32_t)(JH_PAGE - 1);
	uart->console.flags = JAILHOUSE_CON_ACCESS_MMIO |
			      (regdist == 4 ? JAILHOUSE_CON_REGDIST_4 : JAILHOUSE_CON_REGDIST_1);
	uart->irq = first_spi(dt);
	uarts->count++;
	return 0;
}

static int find_uart(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	size_t n;

	for (n = 0; n < JH_ARRAY_SIZE(kinds); n++)
		if (fdt_node_check_compatible(dt->fdt, dt->node, kinds[n].compatible) == 0)
			return add_uart(machine, dt, n);
	return 0;
}

/* ---- PCI ---- */

/* The windows of a host: 3 cells of PCI, an address, a size. */
static int add_windows(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	const struct jh_dt_level *host = &dt->level[dt->depth], *parent = jh_dt_parent(dt);
	uint32_t entry = host->address_cells + parent->address_cells + host->size_cells;
	struct jh_dt_range range;
	const fdt32_t *cells;
	uint32_t count = jh_dt_cells(dt, "ranges", &cells), n;
	int found;

	if (host->address_cells != 3 || count % entry)
		return jh_dt_malformed(dt, "ranges of a PCI host have %u cells", count);
	for (n = 0; n < count / entry; n++, cells += entry) {
		if (!jh_dt_number(cells + 3, parent->address_cells, &range.start) ||
		    !jh_dt_number(cells + 3 + parent->address_cells, host->size_cells, &range.size))
			continue;
		found = jh_dt_translate(dt, dt->depth - 1, &range);
		if (found < 0)
			return found;
		if (found)
			jh_regions_add(&machine->devices, range.start & ~(JH_PAGE - 1),
				       (range.start + range.size - 1) | (JH_PAGE - 1), JH_MMIO);
	}
	return 0;
}

static int add_ecam(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	struct jh_dt_range range;
	const fdt32_t *bus;
	int found = jh_dt_reg(dt, 0, &range);

	if (found < 0)
		return found;
	if (found == 0 || range.start % JH_MIB || range.size % JH_MIB || range.size > 256 * JH_MIB)
		return jh_dt_malformed(dt, "the PCI configuration window is not some whole MiB");
	if (machine->ecam) {
		jh_note(machine,
			"the PCI host at 0x%llx is Linux' own: a configuration can name one",
			(unsigned long long)range.start);
		jh_regions_add(&machine->devices, range.start, range.start + range.size - 1,
			       JH_MMIO);
		return add_windows(machine, dt);
	}
	if (jh_dt_cells(dt, "bus-range", &bus) == 2 && fdt32_to_cpu(bus[0]) != 0)
		return jh_error_set(dt->error, JAILHOUSE_ERR_NOT_SUPPORTED, 0,
				    JH_DT_NAME ": the PCI host at 0x%llx starts with bus %u",
				    (unsigned long long)range.start, fdt32_to_cpu(bus[0]));
	machine->ecam = range.start;
	machine->ecam_size = range.size;
	machine->pci_domain = (uint16_t)jh_dt_cell(dt, "linux,pci-domain", 0);
	jh_regions_add(&machine->forbidden, range.start, range.start + range.size - 1, 0);
	return add_windows(machine, dt);
}

/* ---- others ---- */

static void add_registers(struct jailhouse_machine *machine, const struct jh_dt *dt,
			  const struct jh_dt_range *range)
{
	uint64_t widths = JAILHOUSE_MEM_IO_8 | JAILHOUSE_MEM_IO_16 | JAILHOUSE_MEM_IO_32 |
			  JAILHOUSE_MEM_IO_64;

	if (jh_dt_compatible(dt, fw_cfg)) {
		jh_regions_add(&machine->devices, range->start, range->start + FW_CFG_SAFE - 1,
			       JH_MMIO | widths);
		return;
	}
	jh_regions_add(&machine->devices, range->start & ~(JH_PAGE - 1),
		       (range->start + range->size - 1) | (JH_PAGE - 1), JH_MMIO);
}

static int add_all_registers(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	struct jh_dt_range range;
	uint32_t n;
	int found = 1;

	for (n = 0; n < MAX_REGS && found > 0; n++) {
		found = jh_dt_reg(dt, n, &range);
		if (found > 0)
			add_registers(machine, dt, &range);
	}
	return found < 0 ? found : 0;
}

static int forbid_iommu(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	struct jh_dt_range range;
	int found = jh_dt_reg(dt, 0, &range);

	if (found > 0)
		jh_note(machine,
			"the IOMMU at 0x%llx is not described, as its streams need a decision; it "
			"is kept from all cells, so boot Linux without it",
			(unsigned long long)range.start);
	if (found > 0)
		jh_regions_add(&machine->forbidden, range.start & ~(JH_PAGE - 1),
			       (range.start + range.size - 1) | (JH_PAGE - 1), 0);
	return found < 0 ? found : 0;
}

int jh_tree_device(struct jailhouse_machine *machine, const struct jh_dt *dt)
{
	int err;

	if (jh_dt_compatible(dt, iommus))
		return forbid_iommu(machine, dt);
	if (jh_dt_compatible(dt, ecam))
		return add_ecam(machine, dt);
	err = find_uart(machine, dt);
	if (!err)
		err = add_all_registers(machine, dt);
	if (!err && jh_dt_cell(dt, "#interrupt-cells", 0) == 1 && jh_dt_parent(dt) &&
	    dt->level[dt->depth].address_cells == 3)
		err = add_windows(machine, dt);
	return err;
}
