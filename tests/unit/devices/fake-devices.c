// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fake-devices.h"
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>

#define MAX_CONFIGS 32

struct fake fake;

#include "../fake-core-calls.h"

static void *configs[MAX_CONFIGS];
static unsigned int num_configs;
static void *pool_memory;

/* ---- core ---- */

u64 deadline_ms(const struct machine *m, u64 ms)
{
	(void)m;
	return fake.now + ms;
}

bool deadline_passed(u64 deadline)
{
	return fake.now++ >= deadline;
}

/* ---- architecture ---- */

unsigned int arch_phys_bits(const struct machine *m)
{
	(void)m;
	return 40;
}

/* Weak: a test of a device with several parts has its own. */
WEAK void *arch_map_device(struct machine *m, u64 phys, unsigned long size)
{
	(void)phys;
	if (m->pool.fail_at && --m->pool.fail_at == 0)
		return NULL;
	assert_in_range(size, 1, 256UL << 20);
	fake.mapped++;
	return fake.device_memory;
}

WEAK void arch_unmap_device(struct machine *m, void *virt, unsigned long size)
{
	(void)m, (void)size;
	assert_ptr_equal(virt, fake.device_memory);
	fake.mapped--;
}

void arch_machine_reset(struct machine *m)
{
	(void)m;
	fake.num_resets++;
}

/* ---- set-up ---- */

static void copy(const void *to, const void *from, size_t size)
{
	if (size)
		memcpy((void *)to, from, size);
}

const struct jailhouse_cell_desc *fake_make_config(const char *name, u32 id,
						   const struct fake_config *parts)
{
	struct jailhouse_cell_desc head = {
		.id = id,
		.cpu_set_size = 8,
		.num_memory_regions = parts->num_mem,
		.num_irqchips = parts->num_irqchips,
		.num_pio_regions = parts->num_pio,
		.num_pci_devices = parts->num_pci,
		.num_pci_caps = parts->num_caps,
	};
	struct jailhouse_cell_desc *config = calloc(1, jailhouse_cell_config_size(&head));

	assert_non_null(config);
	assert_in_range(num_configs, 0, MAX_CONFIGS - 1);
	configs[num_configs++] = config;
	snprintf(head.name, sizeof(head.name), "%s", name);
	*config = head;
	copy(jailhouse_cell_mem_regions(config), parts->mem, parts->num_mem * sizeof(*parts->mem));
	copy(jailhouse_cell_irqchips(config), parts->irqchips,
	     parts->num_irqchips * sizeof(*parts->irqchips));
	copy(jailhouse_cell_pio(config), parts->pio, parts->num_pio * sizeof(*parts->pio));
	copy(jailhouse_cell_pci_devices(config), parts->pci, parts->num_pci * sizeof(*parts->pci));
	copy(jailhouse_cell_pci_caps(config), parts->caps, parts->num_caps * sizeof(*parts->caps));
	return config;
}

int fake_setup(void **state)
{
	struct machine *m = &fake.machine;

	(void)state;
	memset(&fake, 0, sizeof(fake));
	pool_memory = aligned_alloc(PAGE_SIZE, FAKE_POOL * PAGE_SIZE);
	fake.device_memory = aligned_alloc(PAGE_SIZE, 16 * PAGE_SIZE);
	assert_non_null(pool_memory);
	assert_non_null(fake.device_memory);
	memset(pool_memory, 0, FAKE_POOL * PAGE_SIZE);
	memset(fake.device_memory, 0, 16 * PAGE_SIZE);
	m->info = &fake.info;
	m->config = &fake.system;
	m->hv_phys = FAKE_HV_PHYS;
	m->hv_size = 0x600000;
	m->max_cpus = FAKE_CPUS;
	m->percpu_base = (u8 *)fake.cpus;
	m->percpu_size = sizeof(fake.cpus[0]);
	fake.system.platform_info.pci_mmconfig_base = FAKE_MMCONFIG;
	fake.system.platform_info.pci_mmconfig_end_bus = 1;
	fake.system.platform_info.x86.pm_timer_address = 0x608;
	assert_int_equal(page_pool_init(&m->pool, pool_memory, 0x1000000, FAKE_POOL), 0);
	m->root.machine = fake.cells[0].machine = fake.cells[1].machine = m;
	for (unsigned int n = 0; n < FAKE_CPUS; n++) {
		fake.cpus[n].machine = m;
		fake.cpus[n].id = n;
		fake.cpus[n].present = true;
		fake.cpus[n].cell = &m->root;
	}
	return 0;
}

int fake_teardown(void **state)
{
	unsigned int mapped = fake.mapped, used = (unsigned int)fake.machine.pool.used;

	(void)state;
	while (num_configs > 0)
		free(configs[--num_configs]);
	free(pool_memory);
	free(fake.device_memory);
	assert_int_equal(mapped, 0);
	assert_int_equal(used, 1);            /* its bitmap */
	assert_int_equal(fake.violations, 0); /* all have been looked for */
	return 0;
}

int fake_start_root(const struct unit *unit, const struct jailhouse_cell_desc *config)
{
	struct machine *m = &fake.machine;
	int err;

	m->root.config = config;
	err = unit->init ? unit->init(m) : 0;
	if (err)
		return err;
	err = unit->cell_check(m, config, true);
	if (!err)
		err = unit->cell_init(&m->root);
	if (!err)
		return 0;
	mmio_destroy(&m->root);
	if (unit->shutdown)
		unit->shutdown(m);
	return err;
}

void fake_stop_root(const struct unit *unit)
{
	struct machine *m = &fake.machine;

	unit->cell_exit(&m->root);
	mmio_destroy(&m->root);
	if (unit->shutdown)
		unit->shutdown(m);
}

void fake_give_cpus(struct cell *cell)
{
	fake.cpus[2].cell = cell;
	fake.cpus[3].cell = cell;
}

int fake_create(const struct unit *unit, struct cell *cell,
		const struct jailhouse_cell_desc *config)
{
	struct machine *m = &fake.machine;
	struct cell *last = &m->root;
	int err = unit->cell_check(m, config, false);

	if (err)
		return err;
	cell->machine = m;
	cell->config = config;
	err = unit->cell_init(cell);
	if (err) {
		mmio_destroy(cell);
		return err;
	}
	while (last->next)
		last = last->next;
	last->next = cell;
	fake_give_cpus(cell);
	return 0;
}

void fake_destroy(const struct unit *unit, struct cell *cell)
{
	struct cell *before = &fake.machine.root;

	while (before->next != cell)
		before = before->next;
	before->next = cell->next;
	unit->cell_exit(cell);
	mmio_destroy(cell);
	fake_give_cpus(&fake.machine.root);
	memset(cell, 0, sizeof(*cell));
}

enum mmio_result fake_mmio(struct percpu *cpu, u64 address, unsigned int size, bool write,
			   u64 *value)
{
	struct mmio_access access = {address, *value, (u8)size, write};
	enum mmio_result result = mmio_dispatch(cpu, &access);

	*value = size == 8 ? access.value : access.value & ((1ULL << size * 8) - 1);
	return result;
}
