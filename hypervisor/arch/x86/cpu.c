// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A CPU begins a new life: with another owner, parked, or at the reset address. */
#include <hypervisor/arch/cpu.h>
#include <asm/apic.h>
#include <asm/area.h>
#include <asm/guest.h>
#include <asm/x86.h>

void arch_cpu_set_cell(struct percpu *cpu)
{
	apic_clear(cpu);
	apic_set_mode(cpu, cpu->cell->arch.x2apic);
	x86_wipe_registers(cpu);
	vendor_set_cell(cpu);
}

void arch_cpu_park(struct percpu *cpu)
{
	apic_clear(cpu);
	vcpu_park(cpu);
}

void arch_cpu_reset(struct percpu *cpu)
{
	u64 address = cpu->cell->config->cpu_reset_address;

	apic_clear(cpu);
	x86_wipe_registers(cpu);
	vcpu_reset(cpu, (u32)(address >> 4) & 0xf000, address & ~0xffffULL, address & 0xffff, false);
}
