// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a PCI function is made of, and its way into a defined state between two owners.
 *
 * A function-level reset takes 100 ms, for which nobody may stand still. So it is only started when
 * the function changes hands, and waited for when its new owner touches its configuration space.
 * Before that the function cannot be used, because all decoding is off.
 */
#include "pci-internal.h"

#define MAX_CAPS     48 /* as many as fit */
#define MAX_EXT_CAPS 480

#define PCI_STATUS_CAPS    0x10
#define PM_CONTROL         4
#define PM_STATE           0x0003
#define PM_NO_SOFT_RESET   0x0008
#define PM_STATUS          0x8000 /* cleared by writing 1 */
#define EXP_DEVICE_CAPS    4
#define EXP_CAPS_FLR       (1U << 28)
#define EXP_DEVICE_CONTROL 8
#define EXP_CONTROL_FLR    0x8000
#define EXP_DEVICE_STATUS  10
#define EXP_STATUS_PENDING 0x0020
#define AF_CAPS            3
#define AF_CAPS_FLR        0x02
#define AF_CONTROL         4
#define AF_CONTROL_FLR     0x01
#define AF_STATUS          5
#define AF_STATUS_PENDING  0x01

/* Required times (PCI Express base specification 6.6.2, PCI PM 5.4) in ms */
#define FLR_TIME     100
#define PM_TIME      10
#define PENDING_TIME 1

static void find_caps(struct machine *m, u16 bdf, struct pci_facts *hw)
{
	u16 pos = hw->header[13] & 0xfc;

	if (!(hw->header[1] >> 16 & PCI_STATUS_CAPS))
		return;
	for (unsigned int n = 0; pos >= PCI_CAPS && n < MAX_CAPS; n++) {
		u32 word = arch_pci_read(m, bdf, pos, 4);

		switch (word & 0xff) {
		case PCI_CAP_ID_PM:
			hw->pm = (u8)pos;
			break;
		case PCI_CAP_ID_MSI:
			hw->msi = (u8)pos;
			hw->msi_word = word;
			break;
		case PCI_CAP_ID_MSIX:
			hw->msix = (u8)pos;
			hw->msix_word = word;
			break;
		case PCI_CAP_ID_EXP:
			hw->pcie = (u8)pos;
			break;
		case PCI_CAP_ID_AF:
			hw->af = (u8)pos;
			break;
		}
		pos = word >> 8 & 0xfc;
	}
}

static void find_ext_caps(struct machine *m, u16 bdf, struct pci_facts *hw)
{
	u16 pos = PCI_EXT_CAPS;

	for (unsigned int n = 0; pos >= PCI_EXT_CAPS && n < MAX_EXT_CAPS; n++) {
		u32 word = arch_pci_read(m, bdf, pos, 4);

		if (word == 0 || word == ~0U)
			return;
		if ((word & 0xffff) == PCI_EXT_CAP_ID_SRIOV)
			hw->sriov = true;
		pos = word >> 20 & 0xffc;
	}
}

static void find_msix_table(struct machine *m, u16 bdf, struct pci_facts *hw)
{
	u32 word = arch_pci_read(m, bdf, hw->msix + 4, 4);
	unsigned int bar = word & 7;
	u64 address;

	if (bar >= PCI_NUM_BARS)
		return;
	address = hw->header[4 + bar] & ~0xfU;
	if ((hw->header[4 + bar] & 0x6) == 0x4 && bar + 1 < PCI_NUM_BARS)
		address |= (u64)hw->header[5 + bar] << 32;
	if (address)
		hw->msix_phys = address + (word & ~7U);
}

void pci_probe(struct machine *m, u16 bdf, struct pci_facts *hw)
{
	/* A virtual host has nothing behind it. */
	if (m->config->platform_info.pci_is_virtual ||
	    arch_pci_read(m, bdf, PCI_VENDOR, 2) == 0xffff)
		return;
	hw->present = true;
	for (u16 n = 0; n < ARRAY_LEN(hw->header); n++)
		hw->header[n] = arch_pci_read(m, bdf, n * 4, 4);
	hw->bridge = hw->header[3] >> 16 & 0x7f;
	find_caps(m, bdf, hw);
	if (hw->msix)
		find_msix_table(m, bdf, hw);
	if (hw->pcie) {
		hw->device_control = (u16)arch_pci_read(m, bdf, hw->pcie + EXP_DEVICE_CONTROL, 2);
		find_ext_caps(m, bdf, hw);
	}

	if (hw->pcie && arch_pci_read(m, bdf, hw->pcie + EXP_DEVICE_CAPS, 4) & EXP_CAPS_FLR)
		hw->reset = PCI_RESET_FLR;
	else if (hw->af && arch_pci_read(m, bdf, hw->af + AF_CAPS, 1) & AF_CAPS_FLR)
		hw->reset = PCI_RESET_AF;
	else if (hw->pm && !(arch_pci_read(m, bdf, hw->pm + PM_CONTROL, 2) & PM_NO_SOFT_RESET))
		hw->reset = PCI_RESET_PM;
}

static void set_power_state(struct pci_device *dev, u32 state)
{
	u16 reg = dev->hw.pm + PM_CONTROL;

	pci_write(dev, reg, 2, (pci_read(dev, reg, 2) & ~(u32)(PM_STATE | PM_STATUS)) | state);
}

static bool transactions_pending(struct pci_device *dev)
{
	if (dev->hw.pcie)
		return pci_read(dev, dev->hw.pcie + EXP_DEVICE_STATUS, 2) & EXP_STATUS_PENDING;
	return dev->hw.af && pci_read(dev, dev->hw.af + AF_STATUS, 1) & AF_STATUS_PENDING;
}

void pci_clear_shadows(struct pci_device *dev)
{
	pci_msi_clear(dev);
	memcpy(dev->bar, &dev->hw.header[PCI_BAR0 / 4], sizeof(dev->bar));
}

void pci_quiesce(struct pci_device *dev)
{
	struct machine *m = dev->cell->machine;

	if (dev->hw.pm && pci_read(dev, dev->hw.pm + PM_CONTROL, 2) & PM_STATE) {
		set_power_state(dev, 0);
		wait_until(deadline_ms(m, PM_TIME));
	}
	/* The MSI-X table has to be reachable. */
	pci_write(dev, PCI_COMMAND, 2, PCI_CMD_MEMORY);
	pci_msi_off(dev);
	pci_write(dev, PCI_COMMAND, 2, PCI_CMD_INTX_OFF);
	pci_clear_shadows(dev);
}

void pci_reset_begin(struct pci_device *dev)
{
	struct machine *m = dev->cell->machine;
	u64 deadline = deadline_ms(m, PENDING_TIME);
	u64 time = FLR_TIME;

	if (dev->resetting)
		return;
	pci_quiesce(dev);
	while (transactions_pending(dev)) {
		if (deadline_passed(deadline)) {
			printk(m,
			       "WARNING: PCI device " BDF_FORMAT
			       " does not finish its transactions\n",
			       BDF_ARGS(dev->config->bdf));
			break;
		}
		arch_relax();
	}

	switch (dev->hw.reset) {
	case PCI_RESET_FLR:
		pci_write(dev, dev->hw.pcie + EXP_DEVICE_CONTROL, 2,
			  dev->hw.device_control | EXP_CONTROL_FLR);
		break;
	case PCI_RESET_AF:
		pci_write(dev, dev->hw.af + AF_CONTROL, 1, AF_CONTROL_FLR);
		break;
	case PCI_RESET_PM:
		set_power_state(dev, PM_STATE);
		time = PM_TIME;
		break;
	default:
		return;
	}
	dev->ready_at = deadline_ms(m, time);
	dev->resetting = true;
}

static void restore_word(struct pci_device *dev, u16 reg)
{
	if (pci_read(dev, reg, 4) != dev->hw.header[reg / 4])
		pci_write(dev, reg, 4, dev->hw.header[reg / 4]);
}

void pci_restore_addresses(struct pci_device *dev)
{
	for (u16 reg = PCI_BAR0; reg < PCI_BAR_END; reg += 4)
		restore_word(dev, reg);
	restore_word(dev, PCI_ROM);
}

void pci_reset_end(struct pci_device *dev)
{
	spin_lock(&dev->lock);
	if (dev->resetting) {
		wait_until(dev->ready_at);
		if (dev->hw.reset == PCI_RESET_PM) {
			set_power_state(dev, 0);
			wait_until(deadline_ms(dev->cell->machine, PM_TIME));
		}
		pci_restore_addresses(dev);
		restore_word(dev, PCI_CACHE_LINE);
		restore_word(dev, PCI_INTERRUPT);
		if (dev->hw.pcie)
			pci_write(dev, dev->hw.pcie + EXP_DEVICE_CONTROL, 2,
				  dev->hw.device_control);
		pci_write(dev, PCI_COMMAND, 2, PCI_CMD_INTX_OFF);
		__atomic_store_n(&dev->resetting, false, __ATOMIC_RELEASE);
	}
	spin_unlock(&dev->lock);
}
