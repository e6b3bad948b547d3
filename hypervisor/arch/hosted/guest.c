// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What software on a simulated CPU can do, and how the hypervisor answers where that traps. */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/pci.h>
#include "hosted-internal.h"

unsigned int vm_cpu_id(const struct hosted_cpu *cpu)
{
	return cpu->id;
}

static void count_exit(struct hosted_cpu *hc, unsigned int kind)
{
	hosted_count(hc, JAILHOUSE_CPU_STAT_VMEXITS_TOTAL);
	hosted_count(hc, kind);
}

static void unassigned(struct percpu *cpu, const struct mmio_access *access, u64 kind)
{
	cpu_printk(cpu, "FATAL: Invalid MMIO/RAM %s, addr: 0x%016llx size: %d\n", access->write ? "write" : "read",
		   access->address, access->size);
	VIOLATION(cpu, access->address, MEM_ACCESS, kind, access->address, access->size, 0);
}

/* An access that the tables do not let through. */
static void memory_exit(struct hosted_cpu *hc, struct mmio_access *access)
{
	struct percpu *cpu = hc->cpu;

	count_exit(hc, JAILHOUSE_CPU_STAT_VMEXITS_MMIO);
	if (mmio_dispatch(cpu, access) == MMIO_UNHANDLED) {
		access->value = ~0ULL;
		if (!learn_access(cpu, JAILHOUSE_LEARNED_MEM, access->address, access->size, access->write))
			unassigned(cpu, access, access->write ? JAILHOUSE_ARG_WRITE : JAILHOUSE_ARG_READ);
	}
	hosted_check_moved(hc);
}

/* A bus cannot reach over a page: such an access is two. */
static void access_bytes(struct hosted_cpu *hc, struct mmio_access *access);

static void access_memory(struct hosted_cpu *hc, struct mmio_access *access)
{
	unsigned int right = access->write ? PG_WRITE : PG_READ;
	u64 phys, last;

	vm_relax(hc);
	hc->last_address = access->address;
	hc->last_value = access->write ? access->value : 0;
	if (!hosted_translate(hc, access->address, right, &phys))
		memory_exit(hc, access);
	else if (hosted_translate(hc, access->address + access->size - 1, right, &last) &&
		 last - phys == (u64)(access->size - 1))
		hosted_device_access(hc->hw, phys, access, !hc->caches_off);
	else
		access_bytes(hc, access);
	if (access->size < 8)
		access->value &= (1ULL << 8 * access->size) - 1;
}

static void access_bytes(struct hosted_cpu *hc, struct mmio_access *access)
{
	struct mmio_access byte = { .size = 1, .write = access->write };
	u64 value = 0;

	for (unsigned int n = 0; n < access->size; n++) {
		byte.address = access->address + n;
		byte.value = access->value >> 8 * n & 0xff;
		access_memory(hc, &byte);
		value |= byte.value << 8 * n;
	}
	access->value = value;
}

__u64 vm_load(struct hosted_cpu *cpu, __u64 address, unsigned int size)
{
	struct mmio_access access = { .address = address, .size = (u8)size };

	access_memory(cpu, &access);
	return access.value;
}

void vm_store(struct hosted_cpu *cpu, __u64 address, unsigned int size, __u64 value)
{
	struct mmio_access access = { .address = address, .size = (u8)size, .write = true, .value = value };

	if (size < 8)
		access.value &= (1ULL << 8 * size) - 1;
	access_memory(cpu, &access);
}

void vm_access(struct hosted_cpu *cpu, void *arg)
{
	struct vm_access *access = arg;

	if (access->write)
		vm_store(cpu, access->address, access->size, access->value);
	else
		access->value = vm_load(cpu, access->address, access->size);
}

void vm_set_caches(struct hosted_cpu *cpu, bool on)
{
	cpu->caches_off = !on;
}

/* Code is never emulated: without the right to execute there is nothing but a violation. */
void vm_fetch(struct hosted_cpu *cpu, __u64 address)
{
	struct mmio_access access = { .address = address, .size = 1 };
	u64 phys;

	vm_relax(cpu);
	cpu->last_address = address;
	if (hosted_translate(cpu, address, PG_EXEC, &phys))
		return;
	count_exit(cpu, JAILHOUSE_CPU_STAT_VMEXITS_MMIO);
	unassigned(cpu->cpu, &access, JAILHOUSE_ARG_EXEC);
	hosted_check_moved(cpu);
}

long vm_call(struct hosted_cpu *cpu, unsigned long code, unsigned long arg1, unsigned long arg2)
{
	bool root;
	long result;

	vm_relax(cpu);
	count_exit(cpu, JAILHOUSE_CPU_STAT_VMEXITS_HYPERCALL);
	root = cell_is_root(cpu->cpu->cell);
	result = hypercall(cpu->cpu, code, arg1, arg2);
	if (code == JAILHOUSE_HC_DISABLE && root && result == 0)
		hosted_set_state(cpu, HOSTED_NATIVE);
	else
		hosted_check_moved(cpu);
	return result;
}

__u32 vm_pci_read(struct hosted_cpu *cpu, __u16 bdf, __u16 reg, unsigned int size)
{
	u32 value;

	vm_relax(cpu);
	count_exit(cpu, JAILHOUSE_CPU_STAT_VMEXITS_MMIO);
	value = pci_config_read(cpu->cpu, bdf, reg, size);
	hosted_check_moved(cpu);
	return value;
}

void vm_pci_write(struct hosted_cpu *cpu, __u16 bdf, __u16 reg, unsigned int size, __u32 value)
{
	vm_relax(cpu);
	count_exit(cpu, JAILHOUSE_CPU_STAT_VMEXITS_MMIO);
	pci_config_write(cpu->cpu, "config", bdf, reg, size, value);
	hosted_check_moved(cpu);
}

void vm_break_hypervisor(struct hosted_cpu *cpu)
{
	vm_relax(cpu);
	panic_stop(cpu->cpu, JAILHOUSE_REASON_HYPERVISOR_FAULT, 0, 0, 0, 0);
}

bool vm_wake(struct hosted_cpu *cpu, unsigned int target)
{
	struct percpu *other;

	vm_relax(cpu);
	if (target >= cpu->cpu->machine->max_cpus || !cell_has_cpu(cpu->cpu->cell, target))
		return false;
	other = machine_cpu(cpu->cpu->machine, target);
	cpu_request(other, CPU_REQ_ARCH);
	return true;
}
