// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The ways to the configuration space of the machine, the guest's ports for it, and messages. */
#include <asm/guest.h>
#include <asm/interrupt.h>
#include <asm/io.h>
#include <hypervisor/pci.h>
#include <hypervisor/arch/memory.h>

#define PORT_ADDRESS   0xcf8
#define PORT_DATA      0xcfc
#define ADDRESS_ENABLE 0x80000000U

/* Intel SDM vol. 3, 11.11 */
#define MSI_ADDRESS_BASE  0xfee
#define MSI_REMAPPED      0x10 /* "interrupt format" of VT-d */
#define MSI_DEST_SHIFT    12
#define MSI_ADDRESS_FIXED 0x00000fe0U /* bits that must be 0, with MSI_REMAPPED */

int x86_pci_init(struct machine *m)
{
	const struct jailhouse_platform_info *info = &m->config->platform_info;

	if (!info->pci_mmconfig_base || info->pci_is_virtual)
		return 0;
	m->arch.mmconfig = arch_map_device(m, info->pci_mmconfig_base,
					   (info->pci_mmconfig_end_bus + 1UL) << 20);
	return m->arch.mmconfig ? 0 : refuse_no_memory(m, 1);
}

static u8 *mmconfig(const struct machine *m, u16 bdf, u16 reg)
{
	if (!m->arch.mmconfig || bdf >> 8 > m->config->platform_info.pci_mmconfig_end_bus)
		return NULL;
	return m->arch.mmconfig + ((unsigned long)bdf << 12) + reg;
}

/* Firmware may be between its own two accesses when it interrupts, hence the address port is put
 * back. */
static u32 select_address(struct machine *m, u16 bdf, u16 reg)
{
	u32 saved;

	spin_lock(&m->arch.pci_lock);
	saved = io_in(PORT_ADDRESS, 4);
	io_out(PORT_ADDRESS, 4, ADDRESS_ENABLE | (u32)bdf << 8 | (reg & 0xfc));
	return saved;
}

static void restore_address(struct machine *m, u32 saved)
{
	io_out(PORT_ADDRESS, 4, saved);
	spin_unlock(&m->arch.pci_lock);
}

u32 arch_pci_read(struct machine *m, u16 bdf, u16 reg, unsigned int size)
{
	u8 *address = mmconfig(m, bdf, reg);
	u32 saved, value;

	if (address)
		return reg_read(address, size);
	if (reg > 0xff)
		return ~0U;
	saved = select_address(m, bdf, reg);
	value = io_in(PORT_DATA + (reg & 3), size);
	restore_address(m, saved);
	return value;
}

void arch_pci_write(struct machine *m, u16 bdf, u16 reg, unsigned int size, u32 value)
{
	u8 *address = mmconfig(m, bdf, reg);
	u32 saved;

	if (address) {
		reg_write(address, size, value);
	} else if (reg <= 0xff) {
		saved = select_address(m, bdf, reg);
		io_out(PORT_DATA + (reg & 3), size, value);
		restore_address(m, saved);
	}
}

bool guest_pci_port(struct percpu *cpu, u16 port, unsigned int size, bool in, u32 *value)
{
	u32 address = cpu->arch.cf8;
	u16 bdf = (u16)(address >> 8), reg = (address & 0xfc) | (port & 3);

	if (port == PORT_ADDRESS && size == 4) {
		if (in)
			*value = address;
		else
			cpu->arch.cf8 = *value;
		return true;
	}
	if (port < PORT_DATA || port + size > PORT_DATA + 4) {
		*value = ~0U;
		if (learn_access(cpu, JAILHOUSE_LEARNED_PIO, port, size, !in))
			return true;
		cpu_printk(cpu, "FATAL: Invalid PCI config %s, port: 0x%x, size: %u\n",
			   in ? "read" : "write", port, size);
		VIOLATION(cpu, port, PIO_ACCESS, access_arg(!in), port, size, 0);
		return false;
	}
	if (!in)
		return pci_config_write(cpu, "config", bdf, reg, size, *value);
	*value = pci_config_read(cpu, bdf, reg, size);
	return true;
}

/* ---- interrupt messages ---- */

/* Shared with the IOAPIC: the low half of an entry has the same fields as the data of a message. */
bool filter_interrupt(const struct cell *cell, u32 data, bool logical, u32 *destination)
{
	u32 allowed = 0;

	if ((data & INTERRUPT_MODE) > INTERRUPT_LOWEST ||
	    (data & INTERRUPT_VECTOR) < INTERRUPT_FIRST)
		return false;
	if (cell_owns_destination(cell, *destination, logical))
		return true;
	if (!logical || !cell_is_root(cell))
		return false;
	/* Linux may name all CPUs that it once had: flat logical mode, one bit for each. */
	for (u32 bit = 1; bit < 0x100; bit <<= 1)
		if (*destination & bit && cell_owns_destination(cell, bit, true))
			allowed |= bit;
	*destination = allowed;
	return allowed;
}

bool arch_msi_translate(struct cell *cell, u64 address, u32 data, u64 *hw_address, u32 *hw_data)
{
	u32 destination = (u32)address >> MSI_DEST_SHIFT & 0xff;

	if (address >> 20 != MSI_ADDRESS_BASE || address & (MSI_ADDRESS_FIXED | MSI_REMAPPED) ||
	    !filter_interrupt(cell, data, address & MSI_LOGICAL, &destination))
		return false;
	*hw_address = (address & ~(0xffULL << MSI_DEST_SHIFT)) | (u64)destination << MSI_DEST_SHIFT;
	*hw_data = data & 0xffff;
	return true;
}

int arch_msi_check(u64 address, u32 data)
{
	if (address >> 20 == MSI_ADDRESS_BASE && address & MSI_REMAPPED)
		return -EBUSY;
	return (data & INTERRUPT_MODE) > INTERRUPT_LOWEST ? -EINVAL : 0;
}
