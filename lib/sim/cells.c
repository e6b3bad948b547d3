/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The life of cells, as the driver leads it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <hypervisor/machine.h>

#include "config/parse.h"
#include "sim.h"

/* A configuration lies in memory of the root cell while a cell is created. */
#define BUFFER_ALIGN 4096ULL

uint32_t sim_config_cpus(const struct jailhouse_cell_desc *config)
{
	const uint8_t *set = jailhouse_cell_cpu_set(config);
	uint32_t cpus = 0, n;

	for (n = 0; n < 4 && n < config->cpu_set_size; n++)
		cpus |= (uint32_t)set[n] << 8 * n;
	return cpus;
}

/* With .lock or .state. */
static struct sim_cell *by_id(struct sim_machine *m, uint32_t id)
{
	struct sim_cell *cell;

	for (cell = m->cells; cell; cell = cell->next)
		if (cell->id == id)
			return cell;
	return NULL;
}

static struct sim_cell *by_name(struct sim_machine *m, const char *name)
{
	struct sim_cell *cell;

	for (cell = m->cells; cell; cell = cell->next)
		if (strcmp(cell->name, name) == 0)
			return cell;
	return NULL;
}

struct sim_cell *sim_cell_find(struct sim_machine *m, const struct jailhouse_cell_id *id)
{
	char name[JAILHOUSE_CELL_ID_NAMELEN + 1];

	if (id->id != JAILHOUSE_CELL_ID_UNUSED)
		return id->id >= 0 ? by_id(m, (uint32_t)id->id) : NULL;
	memcpy(name, id->name, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	return by_name(m, name);
}

int sim_cell_unknown(const struct jailhouse_cell_id *id, struct jailhouse_reason *r)
{
	/* A reason has no room for a name. */
	if (id->id == JAILHOUSE_CELL_ID_UNUSED)
		return SIM_REFUSE(r, -ENOENT, CELL_UNKNOWN, NONE, 0);
	return SIM_REFUSE(r, -ENOENT, CELL_UNKNOWN, CELL, (uint32_t)id->id);
}

/* The configuration of the root cell belongs to the system's. */
void sim_cell_free(struct sim_cell *cell)
{
	if (cell->id)
		free(cell->config);
	free(cell);
}

int sim_cell_state(struct sim_machine *m, const struct sim_cell *cell)
{
	return (int)sim_call(m, 0, JAILHOUSE_HC_CELL_GET_STATE, cell->id, 0);
}

bool sim_cpu_failed(struct sim_machine *m, uint32_t cpu)
{
	return sim_call(m, 0, JAILHOUSE_HC_CPU_GET_INFO, cpu, JAILHOUSE_CPU_INFO_STATE) ==
	       JAILHOUSE_CPU_FAILED;
}

uint32_t sim_cell_failed_cpus(struct sim_machine *m, const struct sim_cell *cell)
{
	uint32_t failed = 0, cpu;

	for (cpu = 0; cpu < m->num_cpus; cpu++)
		if (cell->cpus & 1U << cpu && sim_cpu_failed(m, cpu))
			failed |= 1U << cpu;
	return failed;
}

/* ---- create ---- */

static struct sim_cell *new_cell(const void *config, uint32_t size, struct jailhouse_reason *r)
{
	struct jh_config parsed;
	struct sim_cell *cell;

	if (jh_config_parse(config, size, JH_CONFIG_CELL, &parsed, r))
		return NULL;
	if (parsed.size > SIM_MAX_CELL_CONFIG) {
		sim_refuse(r, -E2BIG, JAILHOUSE_REASON_CONFIG_TOO_LARGE, JAILHOUSE_ITEM_NONE, 0,
			   parsed.size, SIM_MAX_CELL_CONFIG, 0, 0);
		return NULL;
	}
	cell = calloc(1, sizeof(*cell));
	if (cell)
		cell->config = malloc(parsed.size);
	if (!cell || !cell->config) {
		free(cell);
		sim_refuse_no_memory(r);
		return NULL;
	}
	cell->config_size = parsed.size;
	memcpy(cell->config, config, parsed.size);
	cell->config->name[JAILHOUSE_CELL_NAME_MAXLEN] = '\0';
	memcpy(cell->name, cell->config->name, sizeof(cell->name));
	if (CELL_FLAGS_VIRTUAL_CONSOLE_ACTIVE(cell->config->flags))
		cell->config->flags |= JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED;
	cell->last_state = JAILHOUSE_CELL_SHUT_DOWN;
	return cell;
}

/* All of the cell's CPUs must be the root cell's now. */
static int check_cpus(struct sim_machine *m, struct sim_cell *cell, struct jailhouse_reason *r)
{
	const uint8_t *set = jailhouse_cell_cpu_set(cell->config);
	uint32_t cpu;

	for (cpu = 0; cpu < cell->config->cpu_set_size * 8; cpu++) {
		if (!(set[cpu / 8] & 1 << cpu % 8))
			continue;
		if (cpu >= m->num_cpus || !(m->cpus & 1U << cpu))
			return SIM_REFUSE(r, -EBUSY, CPU_NOT_IN_SYSTEM, CPU, cpu);
		if (!(m->cells->cpus & 1U << cpu))
			return SIM_REFUSE(r, -EBUSY, CPU_NOT_IN_ROOT, CPU, cpu);
		cell->cpus |= 1U << cpu;
	}
	if (!cell->cpus)
		return SIM_REFUSE(r, -EINVAL, CPU_SET_EMPTY, NONE, 0);
	/* One has to make the request. */
	if (!(m->cells->cpus & ~cell->cpus))
		return SIM_REFUSE(r, -EBUSY, CPU_IS_CALLER, CPU,
				  (uint32_t)__builtin_ctz(cell->cpus));
	return 0;
}

/* Does a range touch memory of a cell, by its configuration? */
static bool touches(const struct jailhouse_cell_desc *config, uint64_t start, uint64_t size)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(config);
	uint32_t n;

	for (n = 0; n < config->num_memory_regions; n++)
		if (!(mem[n].flags & JAILHOUSE_MEM_COMM_REGION) && mem[n].size &&
		    ranges_overlap(mem[n].phys_start, mem[n].size, start, size))
			return true;
	return false;
}

/* Where Linux would have such a buffer: in memory that it keeps, not in that of links. Returns host memory, or NULL. */
static void *try_buffer(struct sim_machine *m, const struct sim_cell *cell,
			const struct jailhouse_memory *region, uint64_t phys)
{
	const struct sim_cell *other;
	uint64_t size = cell->config_size;

	phys = ALIGN_UP(phys, BUFFER_ALIGN);
	if (region_may_be_device(region) || !(region->flags & JAILHOUSE_MEM_READ) ||
	    region->flags &
		    (JAILHOUSE_MEM_IO | JAILHOUSE_MEM_COMM_REGION | JAILHOUSE_MEM_ROOTSHARED) ||
	    !range_contains(region->phys_start, region->size, phys, size) ||
	    touches(cell->config, phys, size))
		return NULL;
	for (other = m->cells->next; other; other = other->next)
		if (touches(other->config, phys, size))
			return NULL;
	return hosted_ram(m->hw, phys, size);
}

/*
 * The start of each region of the root cell, and what follows a region of a cell, are candidates:
 * if there is room anywhere, there is some behind one of these.
 */
static void *find_buffer(struct sim_machine *m, const struct sim_cell *cell,
			 const struct jailhouse_memory *region, uint64_t *ret_phys)
{
	const struct sim_cell *other;
	void *buffer;
	uint32_t n;

	*ret_phys = region->phys_start;
	buffer = try_buffer(m, cell, region, *ret_phys);
	for (other = cell; !buffer && other; other = other == cell ? m->cells->next : other->next) {
		const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(other->config);

		for (n = 0; !buffer && n < other->config->num_memory_regions; n++) {
			*ret_phys = mem[n].phys_start + mem[n].size;
			buffer = try_buffer(m, cell, region, *ret_phys);
		}
	}
	*ret_phys = ALIGN_UP(*ret_phys, BUFFER_ALIGN);
	return buffer;
}

/* Puts the configuration where the hypervisor can read it. Returns the address as the root cell has
 * it. */
static int put_config(struct sim_machine *m, const struct sim_cell *cell, uint64_t *ret_address,
		      struct jailhouse_reason *r)
{
	const struct jailhouse_cell_desc *root = m->cells->config;
	const struct jailhouse_memory *regions = jailhouse_cell_mem_regions(root);
	uint64_t phys;
	void *buffer;
	uint32_t n;

	for (n = 0; n < root->num_memory_regions; n++) {
		buffer = find_buffer(m, cell, &regions[n], &phys);
		if (!buffer)
			continue;
		memcpy(buffer, cell->config, cell->config_size);
		*ret_address = phys - regions[n].phys_start + regions[n].virt_start;
		return 0;
	}
	return sim_refuse_no_memory(r);
}

static void append(struct sim_machine *m, struct sim_cell *cell)
{
	struct sim_cell *last = m->cells;

	pthread_mutex_lock(&m->state);
	while (last->next)
		last = last->next;
	last->next = cell;
	m->cells->cpus &= ~cell->cpus;
	pthread_mutex_unlock(&m->state);
}

static void set_program(struct sim_machine *m, const struct sim_cell *cell,
			const struct sim_program *program)
{
	uint32_t cpu;

	for (cpu = 0; cpu < m->num_cpus; cpu++)
		if (cell->cpus & 1U << cpu)
			sim_slot_set(&m->slots[cpu], program);
}

static int create_locked(struct sim_machine *m, struct sim_cell *cell, struct jailhouse_reason *r)
{
	const struct sim_program none = {.guest = NULL};
	struct sim_cell *other;
	uint64_t address = 0;
	int err;

	if (!m->enabled)
		return sim_refuse_not_enabled(r);
	other = by_name(m, cell->name);
	if (other)
		return sim_refuse(r, -EEXIST, JAILHOUSE_REASON_CELL_NAME_USED, JAILHOUSE_ITEM_NONE,
				  0, other->id, 0, 0, 0);
	for (cell->id = 1; by_id(m, cell->id); cell->id++)
		;
	cell->config->id = cell->id;
	err = check_cpus(m, cell, r);
	if (!err)
		err = put_config(m, cell, &address, r);
	if (!err)
		err = sim_request(m, cell->cpus, JAILHOUSE_HC_CELL_CREATE, address, r);
	if (err)
		return err;
	set_program(m, cell, &none);
	append(m, cell);
	sim_event(m, JAILHOUSE_EVENT_CREATED, cell, JAILHOUSE_CELL_SHUT_DOWN, NULL);
	return 0;
}

int sim_ioc_create(struct sim_machine *m, struct jailhouse_ioc_cell_create *q)
{
	struct sim_cell *cell =
		new_cell((void *)(uintptr_t)q->config_address, q->config_size, &q->reason);
	int err;

	if (!cell)
		return q->reason.error;
	/* For sim_cell_free() to know it from the root cell */
	cell->id = UINT32_MAX;
	pthread_mutex_lock(&m->lock);
	err = create_locked(m, cell, &q->reason);
	q->id = cell->id;
	pthread_mutex_unlock(&m->lock);
	if (err)
		sim_cell_free(cell);
	sim_tell_files(m);
	return err;
}

/* ---- load ---- */

static int bad_range(struct jailhouse_reason *r, uint32_t index,
		     const struct jailhouse_preload_image *image)
{
	return sim_refuse(r, -EINVAL, JAILHOUSE_REASON_LOAD_RANGE, JAILHOUSE_ITEM_IMAGE, index,
			  image->target_address, image->target_address + image->size - 1, 0, 0);
}

/* The first region with the start of the image must hold all of it. */
static int load_image(struct sim_machine *m, const struct sim_cell *cell, uint32_t index,
		      const struct jailhouse_preload_image *image, struct jailhouse_reason *r)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(cell->config);
	const uint64_t needed = JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_LOADABLE;
	uint64_t offset;
	uint32_t n;
	void *target;

	if (!image->size)
		return 0;
	for (n = 0; n < cell->config->num_memory_regions; n++, mem++) {
		offset = image->target_address - mem->virt_start;
		if (image->target_address < mem->virt_start || offset >= mem->size)
			continue;
		if (image->size > mem->size - offset || (mem->flags & needed) != needed ||
		    mem->flags & JAILHOUSE_MEM_COMM_REGION)
			break;
		target = hosted_ram(m->hw, mem->phys_start + offset, image->size);
		if (!target)
			return sim_refuse(r, -EBUSY, JAILHOUSE_REASON_MEMORY_MAP,
					  JAILHOUSE_ITEM_NONE, 0, mem->phys_start + offset,
					  mem->phys_start + offset + image->size - 1, 0, 0);
		memcpy(target, (void *)(uintptr_t)image->source_address, image->size);
		return 0;
	}
	return bad_range(r, index, image);
}

static int load_images(struct sim_machine *m, const struct sim_cell *cell,
		       const struct jailhouse_preload_image *images, uint32_t count,
		       struct jailhouse_reason *r)
{
	struct sim_program program = {.guest = NULL};
	uint32_t n;
	int err = 0;

	for (n = 0; n < count && !err; n++) {
		err = load_image(m, cell, n, &images[n], r);
		/* The first image that names one. */
		if (!err && !program.name[0])
			sim_program_get(&program, (void *)(uintptr_t)images[n].source_address,
					images[n].size);
	}
	set_program(m, cell, &program);
	sim_program_put(&program);
	return err;
}

/* What all requests for a cell but the root begin with. */
static int find_locked(struct sim_machine *m, const struct jailhouse_cell_id *id,
		       struct sim_cell **cell, struct jailhouse_reason *r)
{
	if (!m->enabled)
		return sim_refuse_not_enabled(r);
	*cell = sim_cell_find(m, id);
	if (!*cell)
		return sim_cell_unknown(id, r);
	if (*cell == m->cells)
		return SIM_REFUSE(r, -EINVAL, CELL_IS_ROOT, CELL, 0);
	return 0;
}

/* A request that stops a cell, if it runs and agrees. What follows has to report the change. */
static int stop(struct sim_machine *m, struct sim_cell *cell, unsigned long code,
		struct jailhouse_reason *r)
{
	int err;

	sim_event_begin(m, cell);
	err = sim_request(m, 0, code, cell->id, r);
	if (err)
		sim_event_cancel(m, cell);
	return err;
}

static int load_locked(struct sim_machine *m, struct jailhouse_ioc_cell_load *q)
{
	struct sim_cell *cell;
	int err = find_locked(m, &q->cell_id, &cell, &q->reason);

	if (!err)
		err = stop(m, cell, JAILHOUSE_HC_CELL_SET_LOADABLE, &q->reason);
	if (err)
		return err;
	if (q->num_images) {
		err = load_images(m, cell, (void *)(uintptr_t)q->images, q->num_images, &q->reason);
		/* Until the next load succeeds the memory holds something that must not run. */
		cell->load_failed = err != 0;
	}
	sim_event(m, q->num_images && !err ? JAILHOUSE_EVENT_LOADED : JAILHOUSE_EVENT_STATE, cell,
		  JAILHOUSE_CELL_SHUT_DOWN, err ? &q->reason : NULL);
	return err;
}

int sim_ioc_load(struct sim_machine *m, struct jailhouse_ioc_cell_load *q)
{
	int err;

	if (q->num_images > JAILHOUSE_IOC_MAX_IMAGES)
		return sim_refuse(
			&q->reason, -EINVAL, JAILHOUSE_REASON_BAD_ARGUMENT, JAILHOUSE_ITEM_NONE, 0,
			offsetof(struct jailhouse_ioc_cell_load, num_images), q->num_images, 0, 0);
	pthread_mutex_lock(&m->lock);
	err = load_locked(m, q);
	pthread_mutex_unlock(&m->lock);
	sim_tell_files(m);
	return err;
}

int sim_ioc_shutdown(struct sim_machine *m, struct jailhouse_ioc_cell *q)
{
	struct jailhouse_ioc_cell_load load = {.size = sizeof(load), .cell_id = q->cell_id};
	int err = sim_ioc_load(m, &load);

	q->reason = load.reason;
	return err;
}

/* ---- start and destroy ---- */

static int start_locked(struct sim_machine *m, struct jailhouse_ioc_cell *q)
{
	struct sim_cell *cell;
	int err = find_locked(m, &q->cell_id, &cell, &q->reason);

	if (err)
		return err;
	if (cell->load_failed)
		return SIM_REFUSE(&q->reason, -EINVAL, NOT_LOADED, CELL, cell->id);
	err = stop(m, cell, JAILHOUSE_HC_CELL_START, &q->reason);
	if (!err)
		sim_event(m, JAILHOUSE_EVENT_STARTED, cell, JAILHOUSE_CELL_RUNNING, NULL);
	return err;
}

int sim_ioc_start(struct sim_machine *m, struct jailhouse_ioc_cell *q)
{
	int err;

	pthread_mutex_lock(&m->lock);
	err = start_locked(m, q);
	pthread_mutex_unlock(&m->lock);
	sim_tell_files(m);
	return err;
}

/* Linux brings the CPUs online again. */
static void return_cpus(struct sim_machine *m, uint32_t cpus)
{
	uint32_t by, cpu;

	pthread_mutex_lock(&m->calls);
	for (by = 0; by < m->num_cpus; by++)
		if (hosted_cpu_state(m->hw, by) == HOSTED_LINUX)
			break;
	for (cpu = 0; by < m->num_cpus && cpu < m->num_cpus; cpu++)
		if (cpus & 1U << cpu)
			hosted_online(m->hw, by, cpu);
	pthread_mutex_unlock(&m->calls);
}

int sim_cell_destroy(struct sim_machine *m, struct sim_cell *cell, struct jailhouse_reason *r)
{
	const struct sim_program none = {.guest = NULL};
	struct sim_cell **link;
	int err = stop(m, cell, JAILHOUSE_HC_CELL_DESTROY, r);

	if (err)
		return err;
	return_cpus(m, cell->cpus);
	set_program(m, cell, &none);
	pthread_mutex_lock(&m->state);
	for (link = &m->cells; *link != cell; link = &(*link)->next)
		;
	*link = cell->next;
	m->cells->cpus |= cell->cpus;
	pthread_mutex_unlock(&m->state);
	sim_event(m, JAILHOUSE_EVENT_DESTROYED, cell, JAILHOUSE_CELL_SHUT_DOWN, NULL);
	sim_cell_free(cell);
	return 0;
}

int sim_ioc_destroy(struct sim_machine *m, struct jailhouse_ioc_cell *q)
{
	struct sim_cell *cell;
	int err;

	pthread_mutex_lock(&m->lock);
	err = find_locked(m, &q->cell_id, &cell, &q->reason);
	if (!err)
		err = sim_cell_destroy(m, cell, &q->reason);
	pthread_mutex_unlock(&m->lock);
	sim_tell_files(m);
	return err;
}
