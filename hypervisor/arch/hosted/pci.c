// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Configuration space of simulated PCI functions, and messages as on x86. */
#include <stdlib.h>
#include <string.h>
#include <hypervisor/pci.h>
#include "hosted-internal.h"

#define MSI_BASE       0xfee00000ULL
#define MSI_REMAPPED   0x10
#define FIRST_VECTOR   0x10

static u8 *pci_space(const struct machine *m, u16 bdf)
{
	const struct hosted_machine *hw = machine_hw(m);

	for (unsigned int n = 0; n < hw->num_pci; n++)
		if (hw->pci[n].bdf == bdf)
			return hw->pci[n].space;
	return NULL;
}

u32 arch_pci_read(struct machine *m, u16 bdf, u16 reg, unsigned int size)
{
	const u8 *space = pci_space(m, bdf);
	u32 value = ~0U;

	if (space && reg + size <= PCI_SPACE)
		memcpy(&value, space + reg, size);
	return size == 4 ? value : value & ((1U << 8 * size) - 1);
}

static bool read_only(unsigned int reg)
{
	return reg < 4 || (reg >= 8 && reg < 12) || reg == 14;
}

void arch_pci_write(struct machine *m, u16 bdf, u16 reg, unsigned int size, u32 value)
{
	u8 *space = pci_space(m, bdf);

	for (unsigned int n = 0; space && n < size && reg + n < PCI_SPACE; n++)
		if (!read_only(reg + n))
			space[reg + n] = (u8)(value >> 8 * n);
}

bool arch_msi_translate(struct cell *cell, u64 address, u32 data, u64 *hw_address, u32 *hw_data)
{
	unsigned int target = address >> 12 & 0xff;

	if ((address & ~0xfffffULL) != MSI_BASE || address & MSI_REMAPPED || (data & 0xff) < FIRST_VECTOR)
		return false;
	if (target >= cell->machine->max_cpus || !cell_has_cpu(cell, target))
		return false;
	*hw_address = address;
	*hw_data = data;
	return true;
}

int arch_msi_check(u64 address, u32 data)
{
	(void)data;
	if ((address & ~0xfffffULL) != MSI_BASE)
		return -EINVAL;
	return address & MSI_REMAPPED ? -EBUSY : 0;
}

__u8 *hosted_add_pci(struct hosted_machine *hw, __u16 bdf, const void *config, unsigned int size)
{
	u8 *space;

	if (hw->num_pci == HOSTED_MAX_PCI || size > PCI_SPACE)
		return NULL;
	space = calloc(1, PCI_SPACE);
	if (!space)
		return NULL;
	memcpy(space, config, size);
	hw->pci[hw->num_pci].bdf = bdf;
	hw->pci[hw->num_pci++].space = space;
	return space;
}
