/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* PCI: configuration space moderation, hand-over of functions between cells, MSI and MSI-X. */
#ifndef HYPERVISOR_PCI_H
#define HYPERVISOR_PCI_H

#include <hypervisor/machine.h>

struct pci_device;
struct pci_cell;

extern const struct unit pci_unit;

/* Configuration space accesses of a guest, size 1, 2 or 4, inside one 32-bit word. */
u32 pci_config_read(struct percpu *cpu, u16 bdf, u16 reg, unsigned int size);
/* False: forbidden (for a root cell with its lenient rules this never happens); the caller reports and stops. */
bool pci_config_write(struct percpu *cpu, u16 bdf, u16 reg, unsigned int size, u32 value);

/* The number of windows that pci_unit adds for a configuration. */
unsigned int pci_windows(const struct machine *m, const struct jailhouse_cell_desc *config);

/* ---- contract, implemented by the architecture ---- */

/* Real configuration space; bdf of segment 0. The MMCONFIG window is used if there is one. */
u32 arch_pci_read(struct machine *m, u16 bdf, u16 reg, unsigned int size);
void arch_pci_write(struct machine *m, u16 bdf, u16 reg, unsigned int size, u32 value);

/*
 * May the cell send this message? Without interrupt remapping the hypervisor passes messages on unchanged, so address
 * and data must stay inside the cell. Writes what the hardware gets into *hw_address and *hw_data.
 * False: the vector stays masked.
 */
bool arch_msi_translate(struct cell *cell, u64 address, u32 data, u64 *hw_address, u32 *hw_data);

#endif /* !HYPERVISOR_PCI_H */
