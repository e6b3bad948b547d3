/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A CPU in a guest: each thing it does can be its last one. */
#include <errno.h>
#include <string.h>
#include <time.h>

#include <hypervisor/arch/cpu.h>
#include <hypervisor/machine.h>

#include "guests.h"
#include "hosted-internal.h"

/* A request to a cell ends its wait. Messages that come otherwise are seen after that time. */
#define POLL_NS 50000000ULL

#define NO_COMM UINT64_MAX

struct jailhouse_sim_cpu {
	struct jh_sim_cpu_head head;
	struct hosted_cpu *hc;
	const struct cell *cell;
	uint64_t comm; /* address of the region, or NO_COMM */
	int interrupt; /* taken while waiting, or -1 */
	struct sim_program program;
};

/* ---- what the hypervisor may end ---- */

static int cpu_access(struct jailhouse_sim_cpu *cpu, bool write, uint64_t address, uint32_t width,
		      uint64_t *value)
{
	struct vm_access access = {
		.address = address, .value = write ? *value : 0, .size = width, .write = write
	};

	if (!vm_try(cpu->hc, vm_access, &access))
		return JAILHOUSE_ERR_STOPPED;
	*value = access.value;
	return 0;
}

struct call {
	unsigned long code, arg1, arg2;
	long result;
};

static void do_call(struct hosted_cpu *hc, void *arg)
{
	struct call *call = arg;

	call->result = vm_call(hc, call->code, call->arg1, call->arg2);
}

static int cpu_call(struct jailhouse_sim_cpu *cpu, uint32_t code, uint64_t arg1, uint64_t arg2,
		    int64_t *ret_result)
{
	struct call call = {code, arg1, arg2, 0};

	if (!vm_try(cpu->hc, do_call, &call))
		return JAILHOUSE_ERR_STOPPED;
	*ret_result = call.result;
	return 0;
}

struct pci {
	bool write;
	uint16_t bdf, reg;
	uint32_t width, value;
};

static void do_pci(struct hosted_cpu *hc, void *arg)
{
	struct pci *pci = arg;

	if (pci->write)
		vm_pci_write(hc, pci->bdf, pci->reg, pci->width, pci->value);
	else
		pci->value = vm_pci_read(hc, pci->bdf, pci->reg, pci->width);
}

static int cpu_pci(struct jailhouse_sim_cpu *cpu, bool write, uint16_t bdf, uint16_t reg,
		   uint32_t width, uint32_t *value)
{
	struct pci pci = {write, bdf, reg, width, write ? *value : 0};

	if (!vm_try(cpu->hc, do_pci, &pci))
		return JAILHOUSE_ERR_STOPPED;
	*value = pci.value;
	return 0;
}

static void do_wait(struct hosted_cpu *hc, void *arg)
{
	vm_wait(hc, *(uint64_t *)arg);
}

static void do_take_interrupt(struct hosted_cpu *hc, void *arg)
{
	*(int *)arg = vm_take_interrupt(hc);
}

/* Remembers one, if there is any. False: the CPU was stopped. */
static bool look_for_interrupt(struct jailhouse_sim_cpu *cpu)
{
	return cpu->interrupt >= 0 || vm_try(cpu->hc, do_take_interrupt, &cpu->interrupt);
}

static int cpu_take_interrupt(struct jailhouse_sim_cpu *cpu)
{
	int number = look_for_interrupt(cpu) ? cpu->interrupt : -1;

	cpu->interrupt = -1;
	return number;
}

static const struct jailhouse_memory *region_at(const struct jailhouse_cell_desc *config,
						uint64_t address)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(config);
	uint32_t n;

	for (n = 0; n < config->num_memory_regions; n++)
		if (address >= mem[n].virt_start && address - mem[n].virt_start < mem[n].size &&
		    !(mem[n].flags & (JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION)))
			return &mem[n];
	return NULL;
}

static void *cpu_map(struct jailhouse_sim_cpu *cpu, uint64_t address, uint64_t size)
{
	const struct jailhouse_memory *mem = region_at(cpu->cell->config, address);
	uint64_t phys, at = address, end = address + size;

	if (!mem || !size || end < address)
		return NULL;
	phys = mem->phys_start + (address - mem->virt_start);
	while (mem && mem->virt_start + mem->size < end) {
		at = mem->virt_start + mem->size;
		mem = region_at(cpu->cell->config, at);
		if (mem && mem->phys_start + (at - mem->virt_start) != phys + (at - address))
			return NULL;
	}
	return mem ? hosted_ram(cpu->hc->hw, phys, size) : NULL;
}

/* ---- made of these ---- */

static uint64_t cpu_get_time(const struct jailhouse_sim_cpu *cpu)
{
	struct timespec now;

	(void)cpu;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int comm_access(struct jailhouse_sim_cpu *cpu, bool write, size_t offset, uint32_t *value)
{
	uint64_t wide = *value;
	int err;

	if (cpu->comm == NO_COMM)
		return JAILHOUSE_ERR_NOT_FOUND;
	err = cpu_access(cpu, write, cpu->comm + offset, 4, &wide);
	*value = (uint32_t)wide;
	return err;
}

#define COMM(member) offsetof(struct jailhouse_comm_region, member)

static int get_message(struct jailhouse_sim_cpu *cpu)
{
	uint32_t message = JAILHOUSE_MSG_NONE;
	int err;

	if (cpu->comm == NO_COMM)
		return 0;
	err = comm_access(cpu, false, COMM(msg_to_cell), &message);
	return err ? err : (int)(message & INT32_MAX);
}

static int cpu_wait(struct jailhouse_sim_cpu *cpu, uint64_t timeout_ns)
{
	uint64_t start = cpu_get_time(cpu), gone, slice;
	int ret;

	for (;;) {
		ret = get_message(cpu);
		gone = cpu_get_time(cpu) - start;
		if (!look_for_interrupt(cpu))
			return JAILHOUSE_ERR_STOPPED;
		if (ret || gone >= timeout_ns || cpu->interrupt >= 0)
			return ret;
		slice = timeout_ns - gone;
		if (slice > POLL_NS)
			slice = POLL_NS;
		if (!vm_try(cpu->hc, do_wait, &slice))
			return JAILHOUSE_ERR_STOPPED;
	}
}

static int cpu_reply(struct jailhouse_sim_cpu *cpu, uint32_t reply)
{
	uint32_t none = JAILHOUSE_MSG_NONE;
	int err = comm_access(cpu, true, COMM(msg_to_cell), &none);

	/* The message must be gone before the answer arrives: the next one may follow. */
	return err ? err : comm_access(cpu, true, COMM(reply_from_cell), &reply);
}

static int cpu_set_state(struct jailhouse_sim_cpu *cpu, uint32_t state)
{
	return comm_access(cpu, true, COMM(cell_state), &state);
}

static int cpu_print(struct jailhouse_sim_cpu *cpu, const char *text)
{
	int64_t result = 0;
	int err = 0;

	for (; *text && !err && !result; text++)
		err = cpu_call(cpu, JAILHOUSE_HC_DEBUG_CONSOLE_PUTC, (unsigned char)*text, 0,
			       &result);
	if (err)
		return err;
	return result ? JAILHOUSE_ERR_DENIED : 0;
}

static int cpu_get_comm(const struct jailhouse_sim_cpu *cpu, uint64_t *ret_address)
{
	if (cpu->comm == NO_COMM)
		return JAILHOUSE_ERR_NOT_FOUND;
	*ret_address = cpu->comm;
	return 0;
}

static uint32_t cpu_get_id(const struct jailhouse_sim_cpu *cpu)
{
	return cpu->hc->id;
}

static uint32_t cpu_get_index(const struct jailhouse_sim_cpu *cpu)
{
	uint32_t below = sim_config_cpus(cpu->cell->config) & ((1U << cpu->hc->id) - 1);

	return (uint32_t)__builtin_popcount(below);
}

static uint32_t cpu_get_cell(const struct jailhouse_sim_cpu *cpu)
{
	return cpu->cell->config->id;
}

static const char *cpu_get_arguments(const struct jailhouse_sim_cpu *cpu)
{
	return cpu->program.arguments;
}

static const struct jh_sim_cpu_ops ops = {
	.get_id = cpu_get_id,
	.get_index = cpu_get_index,
	.get_cell = cpu_get_cell,
	.get_arguments = cpu_get_arguments,
	.get_time = cpu_get_time,
	.access = cpu_access,
	.call = cpu_call,
	.print = cpu_print,
	.get_comm = cpu_get_comm,
	.wait = cpu_wait,
	.reply = cpu_reply,
	.set_state = cpu_set_state,
	.pci = cpu_pci,
	.map = cpu_map,
	.take_interrupt = cpu_take_interrupt,
};

/* ---- from start to end ---- */

static uint64_t find_comm(const struct jailhouse_cell_desc *config)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(config);
	uint32_t n;

	for (n = 0; n < config->num_memory_regions; n++)
		if (mem[n].flags & JAILHOUSE_MEM_COMM_REGION)
			return mem[n].virt_start;
	return NO_COMM;
}

void sim_slot_set(struct sim_slot *slot, const struct sim_program *program)
{
	pthread_mutex_lock(&sim_guests_lock);
	sim_program_put_locked(&slot->program);
	slot->program = *program;
	if (program->guest)
		program->guest->refs++;
	pthread_mutex_unlock(&sim_guests_lock);
}

/* The slot may get another program while this one still runs. */
static void take_program(struct sim_slot *slot, struct sim_program *program)
{
	pthread_mutex_lock(&sim_guests_lock);
	*program = slot->program;
	if (program->guest)
		program->guest->refs++;
	pthread_mutex_unlock(&sim_guests_lock);
}

void sim_slot_run(struct hosted_cpu *hc, void *arg)
{
	struct jailhouse_sim_cpu cpu = {.head.ops = &ops, .hc = hc, .cell = hc->cpu->cell};

	cpu.interrupt = -1;
	cpu.comm = find_comm(cpu.cell->config);
	take_program(arg, &cpu.program);
	if (cpu.program.guest)
		cpu.program.guest->function(&cpu, cpu.program.guest->user);
	else if (cpu.program.name[0])
		cpu_printk(hc->cpu, "simulation: there is no guest \"%s\"\n", cpu.program.name);
	else
		cpu_printk(hc->cpu, "simulation: the cell has no image of the simulation, so it "
				    "does nothing\n");
	sim_program_put(&cpu.program);
}
