// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Models of PCI functions, and messages that are valid if their destination is a CPU of the cell.
 */
#include <hypervisor/ivshmem.h>
#include "fake-devices.h"

#define PCI_COMMAND 0x04
#define PCI_BAR0    0x10

u32 fake_get(const struct fake_function *function, unsigned int reg, unsigned int size)
{
	u32 value = 0;

	memcpy(&value, &function->space[reg], size);
	return value;
}

void fake_put(struct fake_function *function, unsigned int reg, unsigned int size, u32 value)
{
	memcpy(&function->space[reg], &value, size);
}

struct fake_function *fake_add_function(u16 bdf)
{
	struct fake_function *function = fake.functions;

	while (function->present)
		function++;
	assert_in_range(function - fake.functions, 0, FAKE_FUNCTIONS - 1);
	function->present = true;
	function->bdf = bdf;
	fake_put(function, 0, 4, 0x12348086);
	fake_put(function, PCI_COMMAND, 2, 0x0107);
	fake_put(function, 0x08, 4, 0x02000001);
	fake_put(function, 0x0c, 4, 0x00000010);
	fake_put(function, PCI_BAR0, 4, 0xfe000000);
	fake_put(function, 0x3c, 1, 11);
	function->bar_mask[0] = 0xffff0000;
	return function;
}

u8 fake_add_cap(struct fake_function *function, u8 offset, u8 id)
{
	u8 *link = &function->space[0x34];

	while (*link)
		link = &function->space[*link + 1];
	*link = offset;
	function->space[offset] = id;
	function->space[6] |= 0x10;
	switch (id) {
	case PCI_CAP_ID_MSI:
		function->msi = offset;
		break;
	case PCI_CAP_ID_MSIX:
		function->msix = offset;
		break;
	case PCI_CAP_ID_EXP:
		function->pcie = offset;
		break;
	case PCI_CAP_ID_AF:
		function->af = offset;
		break;
	case PCI_CAP_ID_PM:
		function->pm = offset;
		break;
	}
	return offset;
}

static struct fake_function *find(u16 bdf)
{
	for (unsigned int n = 0; n < FAKE_FUNCTIONS; n++)
		if (fake.functions[n].present && fake.functions[n].bdf == bdf)
			return &fake.functions[n];
	return NULL;
}

/* What a function forgets; the masks of the MSI-X table are set again by the test's own look at
 * device_memory. */
static void reset(struct fake_function *function, u64 time)
{
	function->resets++;
	function->command_at_reset = (u16)fake_get(function, PCI_COMMAND, 2);
	function->busy_until = fake.now + time;
	fake_put(function, PCI_COMMAND, 2, 0);
	fake_put(function, 0x0c, 4, 0);
	for (unsigned int n = 0; n < 6; n++)
		fake_put(function, PCI_BAR0 + n * 4, 4,
			 fake_get(function, PCI_BAR0 + n * 4, 4) & ~function->bar_mask[n]);
	fake_put(function, 0x3c, 1, 0);
	if (function->msi)
		fake_put(function, function->msi + 2, 1, 0);
	if (function->msix)
		fake_put(function, function->msix + 3, 1, 0);
}

u32 arch_pci_read(struct machine *m, u16 bdf, u16 reg, unsigned int size)
{
	struct fake_function *function = find(bdf);
	u32 value;

	(void)m;
	assert_in_range(reg % 4 + size, 1, 4);
	if (!function)
		return size == 4 ? ~0U : (1U << size * 8) - 1;
	if (fake.now < function->busy_until)
		function->disturbed++;
	value = fake_get(function, reg, size);
	if (function->stuck && function->pcie && reg == function->pcie + 10)
		value |= 0x20;
	return value;
}

void arch_pci_write(struct machine *m, u16 bdf, u16 reg, unsigned int size, u32 value)
{
	struct fake_function *function = find(bdf);
	u32 old, mask;

	(void)m;
	assert_in_range(reg % 4 + size, 1, 4);
	assert_non_null(function);
	function->writes++;
	if (fake.now < function->busy_until)
		function->disturbed++;
	old = fake_get(function, reg, size);
	if (reg >= PCI_BAR0 && reg < 0x28) {
		assert_int_equal(size, 4);
		mask = function->bar_mask[(reg - PCI_BAR0) / 4];
		value = (value & mask) | (old & ~mask);
	}
	if (function->msi && reg == function->msi + 2)
		value = (value & 0x71) | (old & ~0x71u);
	if (function->msix && reg == function->msix + 2)
		value = (value & 0xc000) | (old & 0x3fff);
	if (function->pcie && reg == function->pcie + 8 && value & 0x8000) {
		reset(function, 100);
		value = 0;
	}
	if (function->af && reg == function->af + 4 && value & 1) {
		reset(function, 100);
		value = 0;
	}
	if (function->pm && reg == function->pm + 4) {
		if ((old & 3) == 0 && (value & 3) == 3)
			function->busy_until = fake.now + 10;
		else if ((old & 3) == 3 && (value & 3) == 0 && !(old & 8))
			reset(function, 10);
	}
	fake_put(function, reg, size, value);
}

/* Address: 0xfee in the upper bits, CPU id below. */
bool arch_msi_translate(struct cell *cell, u64 address, u32 data, u64 *hw_address, u32 *hw_data)
{
	u32 cpu = address >> 12 & 0xff;

	if (address >> 20 != 0xfee || cpu >= FAKE_CPUS || fake.cpus[cpu].cell != cell)
		return false;
	*hw_address = cell_is_root(cell) ? address :
					   address | 1; /* to tell it from what the cell wrote */
	*hw_data = data;
	return true;
}

int arch_msi_check(u64 address, u32 data)
{
	return address & 0x10 ? -EBUSY : data & 0x700 ? -EINVAL : 0;
}

/* ---- virtual functions are tested elsewhere ---- */

struct ivshmem_device *ivshmem_find(const struct cell *cell, u16 bdf)
{
	(void)cell;
	(void)bdf;
	return NULL;
}

u32 ivshmem_config_read(const struct ivshmem_device *dev, u16 reg)
{
	(void)dev;
	(void)reg;
	abort();
}

bool ivshmem_config_write(struct percpu *cpu, struct ivshmem_device *dev, u16 reg, u32 mask, u32 value)
{
	(void)cpu;
	(void)dev;
	(void)reg;
	(void)mask;
	(void)value;
	abort();
}

void ivshmem_uncover(struct percpu *cpu, struct ivshmem_device *dev)
{
	(void)cpu;
	(void)dev;
	abort();
}
