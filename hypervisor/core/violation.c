// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/arch/cpu.h>
#include <hypervisor/ivshmem.h>

static void write_record(struct percpu *cpu, u32 kind, u64 address, u32 code, const u64 arg[4])
{
	struct jailhouse_cpu_record *record = &cpu->record;

	__atomic_store_n(&record->seq, record->seq | 1, __ATOMIC_SEQ_CST);
	record->kind = kind;
	record->cpu = cpu->id;
	record->cell = cpu->cell ? cpu->cell->config->id : 0;
	record->address = address;
	record->reason.code = code;
	record->reason.error = 0;
	record->reason.item = JAILHOUSE_ITEM_CPU;
	record->reason.index = cpu->id;
	for (unsigned int n = 0; n < 4; n++)
		record->reason.arg[n] = arg[n];
	/* Before that there is no guest to read from. */
	if (cpu->machine->enabled)
		arch_cpu_record(cpu, record);
	__atomic_store_n(&record->seq, record->seq + 1, __ATOMIC_SEQ_CST);
}

static bool all_cpus_failed(const struct cell *cell)
{
	for_each_cell_cpu(id, cell)
		if (!__atomic_load_n(&machine_cpu(cell->machine, id)->failed, __ATOMIC_ACQUIRE))
			return false;
	return true;
}

void violation(struct percpu *cpu, u64 address, u32 code, u64 a0, u64 a1, u64 a2, u64 a3)
{
	const u64 arg[4] = { a0, a1, a2, a3 };
	struct cell *cell = cpu->cell;

	console_panic_begin(cpu);
	arch_cpu_print_registers(cpu);
	cpu_printk(cpu, "Parking CPU %u (Cell: \"%s\")\n", cpu->id, cell->config->name);
	write_record(cpu, JAILHOUSE_RECORD_VIOLATION, address, code, arg);
	console_panic_end(cpu);

	arch_cpu_park(cpu);
	__atomic_store_n(&cpu->failed, true, __ATOMIC_SEQ_CST);
	count_event(cpu->machine);
	if (!all_cpus_failed(cell))
		return;
	cell_set_state(cell, JAILHOUSE_CELL_FAILED);
	ivshmem_cell_failed(cpu);
	/* Nobody is left to react: an unattended machine has to come back by itself. */
	if (cell_is_root(cell) && cpu->machine->enabled) {
		cpu_printk(cpu, "All CPUs of the root cell have failed, resetting the machine\n");
		arch_machine_reset(cpu->machine);
	}
}

void __noreturn panic_stop(struct percpu *cpu, u32 code, u64 a0, u64 a1, u64 a2, u64 a3)
{
	const u64 arg[4] = { a0, a1, a2, a3 };

	console_panic_begin(cpu);
	cpu_printk(cpu, "Stopping CPU %u (Cell: \"%s\")\n", cpu->id, cpu->cell ? cpu->cell->config->name : "<UNSET>");
	write_record(cpu, JAILHOUSE_RECORD_PANIC, 0, code, arg);
	console_panic_end(cpu);
	console_abandon(cpu);
	__atomic_store_n(&cpu->failed, true, __ATOMIC_SEQ_CST);
	count_event(cpu->machine);
	arch_cpu_stop();
}
