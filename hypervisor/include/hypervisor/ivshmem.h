/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* IVSHMEM: the virtual PCI function through which cells share memory and ring doorbells. docs/ivshmem-device.md */
#ifndef HYPERVISOR_IVSHMEM_H
#define HYPERVISOR_IVSHMEM_H

#include <hypervisor/machine.h>

extern const struct unit ivshmem_unit;

/*
 * Configuration space of a virtual function of the cell, as pci_config_read() and pci_config_write(). NULL: it has none
 * of this bdf.
 */
struct ivshmem_device;
struct ivshmem_device *ivshmem_find(const struct cell *cell, u16 bdf);
u32 ivshmem_config_read(const struct ivshmem_device *dev, u16 reg);
/* `value` and `mask`: of the word at `reg`. False: an interrupt leaves the cell, violation() has been called. */
bool ivshmem_config_write(struct percpu *cpu, struct ivshmem_device *dev, u16 reg, u32 mask, u32 value);
/*
 * After such a write to the command register, with nothing locked: a region of the root cell that lies over the
 * device's windows, and is no RAM, gives way to them. The CPU may wait for a request that is under way, and may belong
 * to another cell afterwards.
 */
void ivshmem_uncover(struct percpu *cpu, struct ivshmem_device *dev);

/* Is this region shared memory that has to be zeroed: the cell's own output section, or all of a new link? */
bool ivshmem_scrubs(const struct cell *cell, unsigned int region);
/* The cell has come to its end by itself. on: the last of its CPUs. */
void ivshmem_cell_failed(struct percpu *cpu);

#endif /* !HYPERVISOR_IVSHMEM_H */
