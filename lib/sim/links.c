/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The root cell's ends of IVSHMEM links: what its Linux and the driver uio_ivshmem do on a real machine. The
 * shared memory is a file of its own for each link, which programs map.
 */
#include <errno.h>
#include <unistd.h>

#include <jailhouse/ivshmem.h>

#include "hosted-internal.h"
#include "sim.h"

#define COMMAND	      0x04
#define COMMAND_ON    0x6 /* memory space, bus master */
#define BAR(n)	      (0x10 + 4 * (n))
#define MSIX_ENABLE   0x8000
#define MSI_ADDRESS   0xfee00000u
#define FIRST_VECTOR  0x40
#define WINDOW	      0x20000u /* registers, then the table, 64 KiB each at most */
#define FIRST_WINDOW  0xc0000000u
#define LAST_WINDOW   0xfe000000u

/* ---- memory ---- */

static const struct jailhouse_memory *sections(const struct jailhouse_cell_desc *root,
					       const struct jailhouse_pci_device *dev)
{
	uint32_t last = (uint32_t)dev->shmem_regions_start + 1 + dev->shmem_peers;

	if (dev->type != JAILHOUSE_PCI_TYPE_IVSHMEM || last >= root->num_memory_regions)
		return NULL;
	return jailhouse_cell_mem_regions(root) + dev->shmem_regions_start;
}

/* Bytes of all sections, if they follow each other in the machine's memory; else 0. */
static uint64_t link_size(const struct jailhouse_cell_desc *root,
			  const struct jailhouse_pci_device *dev)
{
	const struct jailhouse_memory *mem = sections(root, dev);
	uint64_t at;
	uint32_t n;

	if (!mem || !mem[0].size)
		return 0;
	at = mem[0].phys_start;
	for (n = 0; n < 2u + dev->shmem_peers; n++) {
		if (mem[n].size && mem[n].phys_start != at)
			return 0;
		at += mem[n].size;
	}
	return at - mem[0].phys_start;
}

void sim_links_share(struct hosted_machine *hw, const struct jailhouse_cell_desc *root)
{
	const struct jailhouse_pci_device *dev = jailhouse_cell_pci_devices(root);
	uint64_t size;
	uint32_t n;

	for (n = 0; n < root->num_pci_devices; n++) {
		size = link_size(root, &dev[n]);
		/* Without, the link can't be opened; all else works. */
		if (size)
			hosted_share_ram(hw, sections(root, &dev[n])->phys_start, size);
	}
}

/* The file behind the memory of a device. */
static int find_file(const struct sim_machine *m, const struct jailhouse_pci_device *device)
{
	const struct jailhouse_memory *mem = sections(&m->config->root_cell, device);
	unsigned int n;

	for (n = 0; mem && n < m->hw->num_shared; n++)
		if (m->hw->shared_start[n] == mem->phys_start)
			return m->hw->shared[n];
	return -1;
}

/* ---- interrupts ---- */

void sim_links_interrupt(void *arg, unsigned int cpu, unsigned int number)
{
	struct sim_machine *m = arg;
	unsigned int n;
	ssize_t done;
	char byte = 0;

	(void)cpu;
	(void)number;
	/* For a cell or for the root: a program that is woken for nothing looks, and sleeps again. */
	pthread_mutex_lock(&m->link_lock);
	for (n = 0; n < m->num_link_fds; n++) {
		/* Full: it is readable. */
		done = write(m->link_fds[n], &byte, 1);
		(void)done;
	}
	pthread_mutex_unlock(&m->link_lock);
}

bool sim_links_add(struct sim_machine *m, int signal_fd)
{
	bool fits;

	pthread_mutex_lock(&m->link_lock);
	fits = m->num_link_fds < SIM_MAX_LINK_FILES;
	if (fits)
		m->link_fds[m->num_link_fds++] = signal_fd;
	pthread_mutex_unlock(&m->link_lock);
	return fits;
}

void sim_links_remove(struct sim_machine *m, int signal_fd)
{
	unsigned int n;

	pthread_mutex_lock(&m->link_lock);
	for (n = 0; n < m->num_link_fds; n++)
		if (m->link_fds[n] == signal_fd)
			m->link_fds[n--] = m->link_fds[--m->num_link_fds];
	pthread_mutex_unlock(&m->link_lock);
}

/* ---- what Linux does ---- */

struct setup {
	uint16_t bdf;
	uint32_t registers, destination, vectors;
};

static void write_register(struct hosted_cpu *cpu, uint64_t address, uint32_t value)
{
	vm_store(cpu, address, 4, value);
}

/* A device that is on already has been opened before. */
static void switch_on(struct hosted_cpu *cpu, void *arg)
{
	struct setup *s = arg;
	uint32_t table = s->registers + WINDOW / 2, n;

	if (vm_pci_read(cpu, s->bdf, COMMAND, 2) & COMMAND_ON) {
		s->registers = vm_pci_read(cpu, s->bdf, BAR(0), 4) & ~0xfu;
		return;
	}
	vm_pci_write(cpu, s->bdf, BAR(0), 4, s->registers);
	vm_pci_write(cpu, s->bdf, BAR(1), 4, table);
	vm_pci_write(cpu, s->bdf, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL, 1,
		     JAILHOUSE_IVSHMEM_PRIV_ONESHOT);
	vm_pci_write(cpu, s->bdf, COMMAND, 2, COMMAND_ON);
	for (n = 0; n < s->vectors; n++) {
		write_register(cpu, table + 16 * n, MSI_ADDRESS | s->destination << 12);
		write_register(cpu, table + 16 * n + 4, 0);
		write_register(cpu, table + 16 * n + 8, FIRST_VECTOR + n);
		write_register(cpu, table + 16 * n + 12, 0);
	}
	if (s->vectors)
		vm_pci_write(cpu, s->bdf, JAILHOUSE_IVSHMEM_CFG_MSIX_CTRL, 2, MSIX_ENABLE);
}

struct reg_access {
	uint64_t address;
	uint32_t *value;
	bool write;
};

static void access_register(struct hosted_cpu *cpu, void *arg)
{
	struct reg_access *access = arg;

	/* What is pending was seen by the descriptor. */
	while (vm_take_interrupt(cpu) >= 0)
		;
	if (access->write)
		write_register(cpu, access->address, *access->value);
	else
		*access->value = (uint32_t)vm_load(cpu, access->address, 4);
}

static int on_root_cpu(struct sim_machine *m, hosted_program job, void *arg)
{
	uint32_t cpu = (uint32_t)__builtin_ctz(m->cells->cpus);
	int err = 0;

	pthread_mutex_lock(&m->calls);
	if (!hosted_begin(m->hw, cpu, job, arg))
		err = -ENOENT;
	else if (!hosted_finish(m->hw, cpu))
		err = -EIO;
	pthread_mutex_unlock(&m->calls);
	return err;
}

static bool overlaps(uint64_t start, uint64_t other, uint64_t size)
{
	return size && start < other + size && other < start + WINDOW;
}

/* Where no region of the root cell is: only there the device is seen. */
static uint32_t find_window(const struct jailhouse_system *config, uint32_t number)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(&config->root_cell);
	const uint64_t ecam = config->platform_info.pci_mmconfig_base;
	uint64_t start;
	uint32_t n;

	for (start = FIRST_WINDOW; start < LAST_WINDOW; start += WINDOW) {
		for (n = 0; n < config->root_cell.num_memory_regions; n++)
			if (overlaps(start, mem[n].virt_start, mem[n].size))
				break;
		if (n < config->root_cell.num_memory_regions ||
		    overlaps(start, config->hypervisor_memory.phys_start,
			     config->hypervisor_memory.size) ||
		    (ecam && overlaps(start, ecam, 256u << 20)))
			continue;
		if (number-- == 0)
			return (uint32_t)start;
	}
	return 0;
}

/* ---- requests ---- */

static int open_link(struct sim_machine *m, struct sim_link *link, uint32_t index,
		     struct jh_sim_link *q)
{
	const struct jailhouse_pci_device *dev =
		jailhouse_cell_pci_devices(&m->config->root_cell) + index;
	const struct jailhouse_memory *mem = sections(&m->config->root_cell, dev);
	struct setup setup = {
		.bdf = dev->bdf,
		.registers = find_window(m->config, index),
		.destination = (uint32_t)__builtin_ctz(m->cells->cpus),
		.vectors = dev->num_msix_vectors,
	};
	int fd = find_file(m, dev), err;

	if (fd < 0 || !setup.registers)
		return -EOPNOTSUPP;
	err = on_root_cpu(m, switch_on, &setup);
	if (err)
		return err;
	q->pid = (uint32_t)getpid();
	q->fd = (uint32_t)fd;
	q->max_peers = dev->shmem_peers;
	q->state_table_size = mem[0].size;
	q->rw_section_size = mem[1].size;
	q->output_section_size = mem[2].size;
	link->session = m->session;
	link->index = index;
	link->registers = setup.registers;
	return 0;
}

int sim_ioc_link(struct sim_machine *m, struct sim_link *link, struct jh_sim_link *q)
{
	const struct jailhouse_pci_device *dev;
	uint32_t n;

	if (!m->enabled)
		return -ENODEV;
	dev = jailhouse_cell_pci_devices(&m->config->root_cell);
	for (n = 0; n < m->config->root_cell.num_pci_devices; n++)
		if (dev[n].type == JAILHOUSE_PCI_TYPE_IVSHMEM && dev[n].domain == q->domain &&
		    dev[n].bdf == q->bdf)
			return open_link(m, link, n, q);
	return -ENOENT;
}

int sim_ioc_link_reg(struct sim_machine *m, const struct sim_link *link, struct jh_sim_link_reg *q)
{
	struct reg_access access = {
		.address = link->registers + q->reg,
		.value = &q->value,
		.write = q->write,
	};

	if (!m->enabled || !link->session || link->session != m->session)
		return -ENODEV;
	if (q->reg > JAILHOUSE_IVSHMEM_REG_STATE || q->reg % 4)
		return -EINVAL;
	return on_root_cpu(m, access_register, &access);
}
