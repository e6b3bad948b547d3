/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* PCI: configuration space moderation, hand-over of functions between cells, MSI and MSI-X. */
#ifndef HYPERVISOR_PCI_H
#define HYPERVISOR_PCI_H

#include <hypervisor/machine.h>

struct pci_device;
struct pci_cell;

extern const struct unit pci_unit;

/*
 * Configuration space accesses of a guest: size 1, 2 or 4, inside one 32-bit word. Reads never fail: functions that the
 * cell does not hold read as all ones. The first access after a hand-over may wait up to 120 ms for the end of a reset.
 */
u32 pci_config_read(struct percpu *cpu, u16 bdf, u16 reg, unsigned int size);
/*
 * `via`: "config" or "MMCONFIG", for the report. False: forbidden; the line has been printed and violation() called, so
 * the caller only gives up. Writes of the root cell to functions that are not listed are dropped and counted.
 */
bool pci_config_write(struct percpu *cpu, const char *via, u16 bdf, u16 reg, unsigned int size, u32 value);

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

/*
 * May a message that Linux left in a device be handed over? 0; -EBUSY: its format is that of interrupt remapping;
 * -EINVAL: not a kind of interrupt that can be moderated.
 */
int arch_msi_check(u64 address, u32 data);

#endif /* !HYPERVISOR_PCI_H */
