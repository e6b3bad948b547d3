// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Messages of IVSHMEM devices, sent as interprocessor interrupts. One CPU gets each, also if a guest asks for several:
 * an interrupt of lowest priority would go to one of them, too.
 */
#include <asm/guest.h>
#include <asm/interrupt.h>
#include <hypervisor/pci.h>
#include <hypervisor/arch/ivshmem.h>

#define IRQ_VALID	0x80000000U
#define IRQ_CPU_SHIFT	8 /* above the vector */
#define MSI_DESTINATION 12

static u32 make_irq(const struct percpu *target, u32 data)
{
	return IRQ_VALID | target->id << IRQ_CPU_SHIFT | (data & INTERRUPT_VECTOR);
}

u32 arch_ivshmem_message(struct cell *cell, u64 address, u32 data)
{
	u32 destination;

	if (!arch_msi_translate(cell, address, data, &address, &data))
		return IVSHMEM_IRQ_INVALID;
	destination = (u32)address >> MSI_DESTINATION & 0xff;
	for_each_cell_cpu(id, cell) {
		const struct percpu *cpu = machine_cpu(cell->machine, id);

		if (address & MSI_LOGICAL ? cell_logical_bit(cell, cpu) & destination :
					    cpu->arch.apic_id == destination)
			return make_irq(cpu, data);
	}
	return IVSHMEM_IRQ_NONE;
}

u32 arch_ivshmem_intx(struct cell *cell, unsigned int pin)
{
	(void)cell;
	(void)pin;
	return IVSHMEM_IRQ_NONE;
}

/* The root cell may have lost the CPU; it gets it back, and then the message is good again. */
void arch_ivshmem_raise(struct percpu *cpu, struct cell *cell, u32 irq)
{
	const struct percpu *target = machine_cpu(cell->machine, (irq & ~IRQ_VALID) >> IRQ_CPU_SHIFT);

	if (target->cell == cell)
		apic_send_fixed(cpu, target->arch.apic_id, (u8)irq);
}
