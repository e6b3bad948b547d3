// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/unit.h>
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>

#ifndef JAILHOUSE_VERSION
#define JAILHOUSE_VERSION "unknown"
#endif

void print_pool_usage(struct machine *m, const char *when)
{
	printk(m, "Page pool usage %s: mem %lu/%lu, remap 0/0\n", when, m->pool.used, m->pool.pages);
}

static void init_info(struct machine *m)
{
	struct jailhouse_info *info = m->info;

	memcpy(info->signature, JAILHOUSE_INFO_SIGNATURE, sizeof(info->signature));
	info->abi = JAILHOUSE_IMAGE_ABI;
	info->tsc_khz = m->tsc_khz;
	info->num_records = m->max_cpus;
	info->records = m->header->core_size;
	info->record_stride = m->header->percpu_size;
}

static int init_pool(struct machine *m)
{
	u64 used = m->header->core_size + (u64)m->max_cpus * m->header->percpu_size + PAGES(m->config_size) * PAGE_SIZE;

	if (used + PAGE_SIZE >= m->hv_size ||
	    page_pool_init(&m->pool, m->hv_base + used, m->hv_phys + used, (m->hv_size - used) >> PAGE_SHIFT))
		return REFUSE2(m, -ENOMEM, HYPERVISOR_MEMORY_SMALL, JAILHOUSE_ITEM_NONE, 0, m->hv_size, used);
	return 0;
}

static int init_console(struct machine *m)
{
	const struct jailhouse_console *config = &m->config->debug_console;
	void *base = NULL;

	if (config->type != JAILHOUSE_CON_TYPE_NONE && CON_IS_MMIO(config->flags)) {
		base = arch_map_device(m, config->address, config->size ? config->size : PAGE_SIZE);
		if (!base)
			return refuse_no_memory(m, 1);
	}
	console_init(m, config, base);
	return 0;
}

static void init_root_cell(struct machine *m)
{
	struct cell *root = &m->root;

	root->machine = m;
	root->config = &m->config->root_cell;
	root->config_size = m->config_size - (u32)__builtin_offsetof(struct jailhouse_system, root_cell);
	m->num_cells = 1;
	for (unsigned int id = 0; id < m->max_cpus && id < root->config->cpu_set_size * 8; id++) {
		struct percpu *cpu;

		if (!test_bit(id, jailhouse_cell_cpu_set(root->config)))
			continue;
		cpu = machine_cpu(m, id);
		cpu->machine = m;
		cpu->id = id;
		cpu->present = true;
		cpu->cell = root;
		root->num_cpus++;
	}
	rate_limit_init(&root->lines, 64, 20);
	rate_limit_init(&root->chars, 4096, 20000);
}

int machine_init_early(struct machine *m)
{
	int err;

	m->tsc_khz = m->header->tsc_khz;
	m->max_cpus = m->header->max_cpus;
	m->permissive = m->header->enable_flags & JAILHOUSE_ENABLE_PERMISSIVE;
	m->request.code = ~0U;
	init_info(m);

	/* Every wait and every limit is counted in it. */
	if (!m->tsc_khz)
		return REFUSE2(m, -EINVAL, IMAGE_HEADER, JAILHOUSE_ITEM_NONE, 0,
			       __builtin_offsetof(struct jailhouse_image_header, tsc_khz), m->tsc_khz);
	err = system_config_check(m, m->config, m->config_size);
	if (err)
		return err;
	err = init_pool(m);
	if (err)
		return err;
	init_root_cell(m);
	err = arch_machine_init(m);
	if (err)
		return err;
	err = init_console(m);
	if (err)
		return err;
	printk(m, "\nInitializing Jailhouse hypervisor " JAILHOUSE_VERSION " on CPU %u\nCode location: %p\n",
	       m->bringup.ready, (void *)m->hv_base);

	m->zero_page = page_alloc(&m->pool, 1);
	m->root.comm = page_alloc(&m->pool, 1);
	if (!m->zero_page || !m->root.comm)
		return refuse_no_memory(m, 2);
	m->root.comm_phys = page_pool_phys(&m->pool, m->root.comm);
	err = arch_cell_init(&m->root);
	if (err)
		return err;
	print_pool_usage(m, "after early setup");
	return 0;
}

int machine_init_late(struct machine *m)
{
	int err;

	err = arch_machine_init_late(m);
	if (!err)
		err = units_init(m);
	if (!err)
		err = cell_config_check(m, m->root.config, m->root.config_size, NULL);
	if (err)
		return err;
	/* As for any cell, regions first: a unit may map what belongs to it, as GICv2 does with its CPU interface. */
	err = regions_map_root(m);
	if (!err)
		err = units_cell_init(&m->root);
	if (err)
		return err;
	scrub_start(&m->root, SCRUB_SHARED);
	scrub_work(m->request.holder);
	print_pool_usage(m, "after late setup");
	m->enabled = true;
	return 0;
}

void machine_exit(struct machine *m)
{
	if (m->enabled)
		units_cell_exit(&m->root);
	m->enabled = false;
	units_shutdown(m);
	arch_machine_exit(m);
}
