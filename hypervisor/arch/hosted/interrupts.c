// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Interrupts of virtual devices: messages as on x86 or ids as on ARM, pending at a CPU until it takes them. */
#include <string.h>
#include <hypervisor/pci.h>
#include <hypervisor/arch/ivshmem.h>
#include "hosted-internal.h"

#define IRQ_VALID     0x80000000U
#define IRQ_CPU_SHIFT 16
#define FIRST_CPU     0x7fffU /* in place of a number: the first of the cell */
#define FIRST_SPI     32

static bool is_x86(const struct cell *cell)
{
	return machine_hw(cell->machine)->setup.architecture == JAILHOUSE_X86;
}

static bool cell_lists(const struct cell *cell, u32 number)
{
	const struct jailhouse_irqchip *chips = jailhouse_cell_irqchips(cell->config);

	for (u32 n = 0; n < cell->config->num_irqchips; n++)
		if (number - chips[n].pin_base < 8 * sizeof(chips[n].pin_bitmap) &&
		    test_bit(number - chips[n].pin_base, chips[n].pin_bitmap))
			return number < HOSTED_INTERRUPTS;
	return false;
}

u32 arch_ivshmem_message(struct cell *cell, u64 address, u32 data)
{
	if (!is_x86(cell))
		return data >= FIRST_SPI && cell_lists(cell, data) ? IRQ_VALID | FIRST_CPU << IRQ_CPU_SHIFT | data :
								     IVSHMEM_IRQ_INVALID;
	if (!arch_msi_translate(cell, address, data, &address, &data))
		return IVSHMEM_IRQ_INVALID;
	return IRQ_VALID | ((u32)address >> 12 & 0xff) << IRQ_CPU_SHIFT | (data & 0xff);
}

u32 arch_ivshmem_intx(struct cell *cell, unsigned int pin)
{
	u32 number = FIRST_SPI + cell->config->vpci_irq_base + pin - 1;

	if (is_x86(cell) || !cell_lists(cell, number))
		return IVSHMEM_IRQ_NONE;
	return IRQ_VALID | FIRST_CPU << IRQ_CPU_SHIFT | number;
}

static struct hosted_cpu *find_target(struct cell *cell, u32 irq)
{
	unsigned int target = (irq & ~IRQ_VALID) >> IRQ_CPU_SHIFT;

	for_each_cell_cpu(id, cell)
		if (target == FIRST_CPU || target == id)
			return machine_cpu(cell->machine, id)->arch.hw;
	return NULL;
}

void arch_ivshmem_raise(struct percpu *cpu, struct cell *cell, u32 irq)
{
	struct hosted_machine *hw = machine_hw(cell->machine);
	struct hosted_cpu *hc = find_target(cell, irq);
	u32 number = irq & 0xffff;

	(void)cpu;
	if (!hc)
		return;
	pthread_mutex_lock(&hw->lock);
	hc->num_raised++;
	if (!test_bit(number, hc->pending)) {
		set_bit(number, hc->pending);
		hc->num_pending++;
	}
	pthread_cond_signal(&hc->wake);
	pthread_cond_broadcast(&hw->changed);
	pthread_mutex_unlock(&hw->lock);
	if (hw->setup.interrupt)
		hw->setup.interrupt(hw->setup.interrupt_arg, hc->id, number);
}

void hosted_clear_interrupts(struct hosted_cpu *hc)
{
	pthread_mutex_lock(&hc->hw->lock);
	memset(hc->pending, 0, sizeof(hc->pending));
	hc->num_pending = 0;
	pthread_mutex_unlock(&hc->hw->lock);
}

int hosted_take_interrupt(struct hosted_machine *hw, unsigned int cpu)
{
	struct hosted_cpu *hc = &hw->cpus[cpu];
	int number = -1;

	pthread_mutex_lock(&hw->lock);
	for (unsigned int n = 0; hc->num_pending && n < HOSTED_INTERRUPTS && number < 0; n++)
		if (test_bit(n, hc->pending))
			number = (int)n;
	if (number >= 0) {
		clear_bit((unsigned int)number, hc->pending);
		hc->num_pending--;
	}
	pthread_mutex_unlock(&hw->lock);
	return number;
}

unsigned int hosted_interrupts(struct hosted_machine *hw, unsigned int cpu)
{
	unsigned int count;

	pthread_mutex_lock(&hw->lock);
	count = hw->cpus[cpu].num_raised;
	pthread_mutex_unlock(&hw->lock);
	return count;
}

int vm_take_interrupt(struct hosted_cpu *cpu)
{
	vm_relax(cpu);
	return hosted_take_interrupt(cpu->hw, cpu->id);
}
