/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the files of the PCI unit share. Numbers are those of the PCI and PCI Express
 * specifications. */
#ifndef CORE_PCI_INTERNAL_H
#define CORE_PCI_INTERNAL_H

#include <hypervisor/pci.h>

#define PCI_VENDOR     0x00
#define PCI_COMMAND    0x04
#define PCI_CLASS      0x08
#define PCI_CACHE_LINE 0x0c
#define PCI_BAR0       0x10
#define PCI_BAR_END    0x28
#define PCI_SUBSYSTEM  0x2c
#define PCI_ROM        0x30
#define PCI_CAP_POINTER 0x34
#define PCI_INTERRUPT  0x3c
#define PCI_CAPS       0x40 /* end of the header */
#define PCI_EXT_CAPS   0x100
#define PCI_NUM_BARS   6

#define PCI_CMD_DECODE   0x0003 /* ports and memory */
#define PCI_CMD_MEMORY   0x0002
#define PCI_CMD_MASTER   0x0004
#define PCI_CMD_INTX_OFF 0x0400

/* Word 0 of both capabilities has the control register in its upper half. */
#define MSI_ENABLE      0x00010000U
#define MSI_BLOCK_SHIFT 20
#define MSI_64BIT       0x00800000U
#define MSI_WRITABLE    0x00710000U
#define MSIX_WRITABLE   0xc0000000U /* enable and function mask */
#define MSIX_ENABLE     0x80000000U
#define MSIX_MASKED     1U /* in word 3 of an entry */

#define BDF_FORMAT "%02x:%02x.%x"
#define BDF_ARGS(bdf) \
	(unsigned int)(bdf) >> 8, (unsigned int)(bdf) >> 3 & 0x1f, (unsigned int)(bdf)&7

enum pci_reset { PCI_RESET_NONE, PCI_RESET_FLR, PCI_RESET_AF, PCI_RESET_PM };

/* What was found in a function's hardware: never changes while the hypervisor runs. */
struct pci_facts {
	bool present;
	bool bridge;
	bool sriov;                 /* physical function with virtual ones */
	u8 reset;                   /* enum pci_reset */
	u8 pm, msi, msix, pcie, af; /* offsets of capabilities, 0 = none */
	u16 device_control;         /* PCI Express */
	u32 msi_word, msix_word;    /* word 0 */
	u64 msix_phys;              /* table, 0 = in a BAR without address */
	u32 header[16];
};

/* A function in the list of a cell; the cell holds it while `owned`. */
struct pci_device {
	const struct jailhouse_pci_device *config; /* first, see pci_bisect() */
	struct cell *cell;
	struct pci_facts hw;
	spinlock_t lock; /* MSI, MSI-X and the end of a reset */
	bool owned;
	bool resetting;  /* nobody has touched it since pci_reset_begin() */
	bool msix_known; /* msix[] agrees with the hardware or is stricter */
	u64 ready_at;
	u32 bar[PCI_NUM_BARS]; /* as the guest sees them */
	u32 msi[4];            /* words of the capability: control, address and data */
	u32 msix_word;         /* word 0 of the capability */
	unsigned int msix_vectors;
	unsigned int msix_offset; /* of the table in its first page */
	u8 *msix_page;            /* mapped, NULL: no table is moderated */
	u32 *msix;                /* four words for each vector */
};

struct pci_cell {
	unsigned int pages;
	unsigned int count;
	struct pci_device devices[]; /* by bdf */
};

/* pci.c */
static inline bool pci_is_ivshmem(const struct jailhouse_pci_device *config)
{
	return config->type == JAILHOUSE_PCI_TYPE_IVSHMEM;
}

/* The function with the lowest bdf behind `last` of those that are physical, or of those that are not. */
const struct jailhouse_pci_device *pci_next(const struct jailhouse_cell_desc *config, int last, bool ivshmem);
/*
 * Finds a bdf in an ordered array of structures of `size` bytes, which begin with a pointer to the
 * configuration of a device.
 */
void *pci_bisect(void *array, unsigned int count, unsigned long size, u16 bdf);
struct pci_device *pci_find(const struct cell *cell, u16 bdf);

/* pci-reset.c */
void pci_probe(struct machine *m, u16 bdf, struct pci_facts *hw);
/* What the guest sees, as after a reset. */
void pci_clear_shadows(struct pci_device *dev);
/* Decoding, bus mastering and interrupts off, shadows cleared. */
void pci_quiesce(struct pci_device *dev);
/*
 * Starts a reset and does not wait for its end: the first access of the new owner does. A second
 * call changes nothing as long as nobody has accessed the function.
 */
void pci_reset_begin(struct pci_device *dev);
void pci_reset_end(struct pci_device *dev);
/* Puts back the addresses, which guests cannot set, if a reset has taken them from the hardware. */
void pci_restore_addresses(struct pci_device *dev);

static inline void pci_ready(struct pci_device *dev)
{
	if (unlikely(__atomic_load_n(&dev->resetting, __ATOMIC_ACQUIRE)))
		pci_reset_end(dev);
}

/* pci-msi.c */
/* Takes the state of Linux over. REFUSE if that is impossible; `index` of the device in the
 * configuration. */
int pci_msi_take(struct pci_device *dev, u32 index);
void pci_msi_off(struct pci_device *dev);
void pci_msi_clear(struct pci_device *dev);
/* Validates all messages of a running device again and masks those that have become invalid. */
void pci_msi_refresh(struct pci_device *dev);
/* Bits of the configuration word at `reg` that are shadowed, and their value. 0: none. */
u32 pci_msi_shadow(const struct pci_device *dev, u16 reg, u32 *value);
/* Writes the bits in `mask` of a shadowed word. False: reported, violation() called. */
bool pci_msi_write(struct percpu *cpu, struct pci_device *dev, u16 reg, u32 mask, u32 value);
enum mmio_result pci_msix_access(struct percpu *cpu, void *arg, struct mmio_access *access);

static inline u32 pci_read(const struct pci_device *dev, u16 reg, unsigned int size)
{
	return arch_pci_read(dev->cell->machine, dev->config->bdf, reg, size);
}

static inline void pci_write(const struct pci_device *dev, u16 reg, unsigned int size, u32 value)
{
	arch_pci_write(dev->cell->machine, dev->config->bdf, reg, size, value);
}

#endif /* !CORE_PCI_INTERNAL_H */
