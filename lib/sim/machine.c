/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The machine that a system configuration describes, and putting the hypervisor below its Linux. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hypervisor/machine.h>

#include "config/parse.h"
#include "event-ring.h"
#include "hosted-internal.h"
#include "sim.h"

/* Address space that the RAM may be spread over; what is not touched costs nothing. */
#define MAX_SPAN (1ULL << 42)

/* Where the page windows of the hosted architecture need room below the first page of RAM */
#define FIRST_RAM (16 * PAGE_SIZE)

/* Times of the hypervisor are real ones, in nanoseconds. */
#define KHZ 1000000

/* A request is repeated after 20 us at first, a few ms at most. */
#define FIRST_PAUSE_NS 20000L
#define LAST_PAUSE_NS  2000000L

#define COPY_RETRIES 10000

/* ---- refusals ---- */

int sim_refuse(struct jailhouse_reason *r, int error, uint32_t code, uint32_t item, uint32_t index,
	       uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	*r = (struct jailhouse_reason){
		.code = code,
		.error = error,
		.item = item,
		.index = index,
		.arg = {a, b, c, d},
	};
	return error;
}

int sim_refuse_no_memory(struct jailhouse_reason *r)
{
	return SIM_REFUSE(r, -ENOMEM, NO_KERNEL_MEMORY, NONE, 0);
}

int sim_refuse_not_enabled(struct jailhouse_reason *r)
{
	return SIM_REFUSE(r, -EINVAL, NOT_ENABLED, NONE, 0);
}

/* ---- a machine that is switched on ---- */

struct sim_machine *sim_machine_new(void)
{
	struct sim_machine *m = calloc(1, sizeof(*m));
	pthread_condattr_t attr;

	if (m)
		m->events = calloc(1, sizeof(*m->events));
	if (!m || !m->events) {
		free(m);
		return NULL;
	}
	pthread_mutex_init(&m->lock, NULL);
	pthread_mutex_init(&m->calls, NULL);
	pthread_mutex_init(&m->state, NULL);
	pthread_mutex_init(&m->link_lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&m->wake, &attr);
	pthread_condattr_destroy(&attr);
	return m;
}

static void free_cells(struct sim_machine *m)
{
	struct sim_cell *cell;

	while ((cell = m->cells) != NULL) {
		m->cells = cell->next;
		sim_cell_free(cell);
	}
}

/* After the hosted machine has ended: nothing runs in the slots. */
static void empty_slots(struct sim_machine *m)
{
	const struct sim_program none = {.guest = NULL};
	unsigned int n;

	for (n = 0; n < HOSTED_MAX_CPUS; n++)
		sim_slot_set(&m->slots[n], &none);
}

void sim_machine_free(struct sim_machine *m)
{
	sim_unwatch(m);
	hosted_free(m->hw);
	empty_slots(m);
	free_cells(m);
	free(m->config);
	free(m->events);
	pthread_cond_destroy(&m->wake);
	pthread_mutex_destroy(&m->link_lock);
	pthread_mutex_destroy(&m->state);
	pthread_mutex_destroy(&m->calls);
	pthread_mutex_destroy(&m->lock);
	free(m);
}

/* ---- what the configuration describes ---- */

static bool is_ram(const struct jailhouse_memory *mem)
{
	return mem->size && !(mem->flags & (JAILHOUSE_MEM_COMM_REGION | JAILHOUSE_MEM_IO)) &&
	       !region_may_be_device(mem);
}

/* From the first byte of RAM to the last one. Ranges in between that are not RAM behave as if they
 * were. */
static int find_ram(const struct jailhouse_system *config, struct hosted_setup *setup,
		    struct jailhouse_reason *r)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(&config->root_cell);
	const struct jailhouse_memory *hv = &config->hypervisor_memory;
	uint64_t first = hv->phys_start, last = hv->phys_start + (hv->size - 1);
	uint32_t n;

	if (!hv->size || last < first || hv->phys_start % PAGE_SIZE || hv->size % PAGE_SIZE)
		return sim_refuse(r, -EINVAL, JAILHOUSE_REASON_HYPERVISOR_MEMORY,
				  JAILHOUSE_ITEM_NONE, 0, first, last, MAX_SPAN - 1, 0);
	for (n = 0; n < config->root_cell.num_memory_regions; n++) {
		if (!is_ram(&mem[n]))
			continue;
		if (mem[n].phys_start + (mem[n].size - 1) < mem[n].phys_start)
			return sim_refuse(r, -EINVAL, JAILHOUSE_REASON_MEM_OVERFLOW,
					  JAILHOUSE_ITEM_MEM_REGION, n, mem[n].phys_start,
					  mem[n].size, 64, 0);
		first = MIN(first, (uint64_t)mem[n].phys_start);
		last = MAX(last, (uint64_t)(mem[n].phys_start + (mem[n].size - 1)));
	}
	first = MAX(first & PAGE_MASK, FIRST_RAM);
	last |= PAGE_OFFS_MASK;
	if (last >> 52 || last - first >= MAX_SPAN)
		return sim_refuse(r, -ENOMEM, JAILHOUSE_REASON_MEMORY_MAP, JAILHOUSE_ITEM_NONE, 0,
				  first, last, 0, 0);
	setup->ram_start = first;
	setup->ram_size = last - first + 1;
	return 0;
}

static int find_cpus(const struct jailhouse_cell_desc *root, struct hosted_setup *setup,
		     struct jailhouse_reason *r)
{
	const uint8_t *set = jailhouse_cell_cpu_set(root);
	uint32_t id, cpus;

	for (id = HOSTED_MAX_CPUS; id < root->cpu_set_size * 8; id++)
		if (set[id / 8] & 1 << id % 8)
			return SIM_REFUSE(r, -EINVAL, CPU_MISSING, CPU, id);
	cpus = sim_config_cpus(root);
	if (!cpus)
		return SIM_REFUSE(r, -EINVAL, CPU_SET_EMPTY, NONE, 0);
	setup->cpus = 32 - (unsigned int)__builtin_clz(cpus);
	setup->missing = (uint32_t)((1ULL << setup->cpus) - 1) & ~cpus;
	return 0;
}

static struct hosted_machine *build(struct sim_machine *m, const struct jailhouse_system *config,
				    bool permissive, struct jailhouse_reason *r)
{
	struct hosted_setup setup = {
		.levels = 4,
		.max_leaf = 2,
		.phys_bits = 52,
		.architecture = config->architecture,
		.tsc_khz = KHZ,
		.permissive = permissive,
		.any_iommu = true,
		.no_text = true,
		.interrupt = sim_links_interrupt,
		.interrupt_arg = m,
	};
	struct hosted_machine *hw;
	sigset_t all, before;

	if (find_ram(config, &setup, r) || find_cpus(&config->root_cell, &setup, r))
		return NULL;
	/* The signals of the application are not for the threads of the machine. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	hw = hosted_new(&setup);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (hw)
		sim_links_share(hw, &config->root_cell);
	else
		sim_refuse_no_memory(r);
	return hw;
}

/* ---- reading what the hypervisor writes ---- */

/* By hand, since it is a race that the caller knows of: it looks at a sequence number before and
 * after. */
__attribute__((no_sanitize("thread"))) void sim_copy(void *to, const void *from, size_t size)
{
	const volatile unsigned char *source = from;
	volatile unsigned char *target = to;
	size_t n;

	for (n = 0; n < size; n++)
		target[n] = source[n];
}

static uint32_t load(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* A copy between two looks at an even sequence number. */
static bool copy_part(void *to, const void *from, size_t size, const uint32_t *seq)
{
	int retries;
	uint32_t before;

	for (retries = 0; retries < COPY_RETRIES; retries++) {
		before = load(seq);
		sim_copy(to, from, size);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (!(before & 1) && load(seq) == before)
			return true;
	}
	return false;
}

/* The hypervisor's reason for a refusal, if it is one of this error. */
static void take_reason(struct hosted_machine *hw, struct jailhouse_reason *r, int error)
{
	const struct jailhouse_info *info = hosted_info(hw);

	if (!copy_part(r, &info->reason, sizeof(*r), &info->reason_seq) || r->error != error)
		SIM_REFUSE(r, error, NONE, NONE, 0);
}

static int live_record(struct hosted_machine *hw, uint32_t cpu, struct jailhouse_cpu_record *record)
{
	const struct jailhouse_cpu_record *live = hosted_record(hw, cpu);

	return copy_part(record, live, sizeof(*record), &live->seq) ? 0 : -EAGAIN;
}

int sim_record(struct sim_machine *m, uint32_t cpu, struct jailhouse_cpu_record *record)
{
	if (m->enabled)
		return cpu < m->num_cpus ? live_record(m->hw, cpu, record) : -EINVAL;
	if (!m->snapshot.has_info || cpu >= m->snapshot.num_records)
		return -EINVAL;
	*record = m->snapshot.record[cpu];
	return 0;
}

/* Keeps what the hypervisor has left, for those who look later. With .state. */
static void take_snapshot(struct sim_machine *m, struct hosted_machine *hw,
			  const struct jailhouse_system *config, uint32_t num_cpus)
{
	struct sim_snapshot *snapshot = &m->snapshot;
	uint32_t cpu;

	memset(snapshot, 0, sizeof(*snapshot));
	if (SYS_FLAGS_VIRTUAL_DEBUG_CONSOLE(config->flags)) {
		sim_console_copy(&snapshot->console, hosted_core(hw)->console.ring);
		snapshot->has_console = true;
	}
	sim_copy(&snapshot->info, hosted_info(hw), sizeof(snapshot->info));
	snapshot->num_records = num_cpus;
	for (cpu = 0; cpu < num_cpus; cpu++)
		if (live_record(hw, cpu, &snapshot->record[cpu]))
			memset(&snapshot->record[cpu], 0, sizeof(snapshot->record[cpu]));
	snapshot->has_info = true;
}

/* ---- enable ---- */

static struct jailhouse_system *copy_config(const void *config, uint32_t size, uint32_t *ret_size,
					    struct jailhouse_reason *r)
{
	struct jailhouse_system *copy;
	struct jh_config parsed;

	if (jh_config_parse(config, size, JH_CONFIG_SYSTEM, &parsed, r) ||
	    jh_config_check_architecture(&parsed, r))
		return NULL;
	if (parsed.size > SIM_MAX_SYSTEM_CONFIG) {
		sim_refuse(r, -EINVAL, JAILHOUSE_REASON_CONFIG_TOO_LARGE, JAILHOUSE_ITEM_NONE, 0,
			   parsed.size, SIM_MAX_SYSTEM_CONFIG, 0, 0);
		return NULL;
	}
	copy = malloc(parsed.size);
	if (!copy) {
		sim_refuse_no_memory(r);
		return NULL;
	}
	memcpy(copy, config, parsed.size);
	copy->root_cell.name[JAILHOUSE_CELL_NAME_MAXLEN] = '\0';
	*ret_size = parsed.size;
	return copy;
}

static struct sim_cell *new_root(struct jailhouse_system *config)
{
	struct sim_cell *root = calloc(1, sizeof(*root));

	if (!root)
		return NULL;
	memcpy(root->name, config->root_cell.name, sizeof(root->name));
	root->config = &config->root_cell;
	root->cpus = sim_config_cpus(root->config);
	return root;
}

/* Runs the hypervisor's entry. All of the machine that is needed to look at it is there before. */
static int enter(struct sim_machine *m, struct hosted_machine *hw, struct jailhouse_system *config,
		 uint32_t size, struct sim_cell *root, bool permissive, struct jailhouse_reason *r)
{
	uint32_t num_cpus = 32 - (uint32_t)__builtin_clz(root->cpus), cpu;
	int err;

	for (cpu = 0; cpu < num_cpus; cpu++)
		hosted_set_program(hw, cpu, sim_slot_run, &m->slots[cpu]);
	err = hosted_enable(hw, config, size);
	if (err && !hosted_info(hw))
		return sim_refuse(r, err, JAILHOUSE_REASON_HYPERVISOR_MEMORY_SMALL,
				  JAILHOUSE_ITEM_NONE, 0, config->hypervisor_memory.size,
				  hosted_memory_needed(hw, config, size), 0, 0);
	if (err)
		take_reason(hw, r, err);

	pthread_mutex_lock(&m->state);
	m->session++;
	if (err) {
		take_snapshot(m, hw, config, num_cpus);
		m->event_base += m->snapshot.info.event_seq;
	} else {
		memset(&m->snapshot, 0, sizeof(m->snapshot));
		m->hw = hw;
		m->config = config;
		m->config_size = size;
		m->num_cpus = num_cpus;
		m->cpus = root->cpus;
		m->cells = root;
		m->permissive = permissive;
		m->enabled = true;
		pthread_cond_broadcast(&m->wake);
	}
	pthread_mutex_unlock(&m->state);
	return err;
}

/* With .lock. */
static int enable_locked(struct sim_machine *m, struct jailhouse_system *config, uint32_t size,
			 bool permissive, struct jailhouse_reason *r)
{
	struct hosted_machine *hw;
	struct sim_cell *root;
	int err;

	if (m->enabled)
		return SIM_REFUSE(r, -EBUSY, ALREADY_ENABLED, NONE, 0);
	hw = build(m, config, permissive, r);
	if (!hw)
		return r->error;
	root = new_root(config);
	err = root ? enter(m, hw, config, size, root, permissive, r) : sim_refuse_no_memory(r);
	if (err) {
		free(root);
		hosted_free(hw);
	}
	return err;
}

int sim_enable(struct sim_machine *m, const void *config, uint32_t size, bool permissive,
	       struct jailhouse_reason *r)
{
	struct jailhouse_system *copy = copy_config(config, size, &size, r);
	int err;

	if (!copy)
		return r->error;
	pthread_mutex_lock(&m->lock);
	err = enable_locked(m, copy, size, permissive, r);
	if (!err)
		sim_event(m, JAILHOUSE_EVENT_ENABLED, m->cells, JAILHOUSE_CELL_RUNNING, NULL);
	pthread_mutex_unlock(&m->lock);
	if (err)
		free(copy);
	sim_tell_files(m);
	return err;
}

/* ---- calls ---- */

long sim_call(struct sim_machine *m, uint32_t avoid, unsigned long code, unsigned long arg1,
	      unsigned long arg2)
{
	long result = -EIO;
	uint32_t cpu;

	pthread_mutex_lock(&m->calls);
	for (cpu = 0; cpu < m->num_cpus; cpu++)
		if (!(avoid & 1U << cpu) && hosted_cpu_state(m->hw, cpu) == HOSTED_LINUX)
			break;
	if (cpu < m->num_cpus)
		result = hosted_call(m->hw, cpu, code, arg1, arg2);
	pthread_mutex_unlock(&m->calls);
	return result;
}

int sim_request(struct sim_machine *m, uint32_t avoid, unsigned long code, unsigned long arg,
		struct jailhouse_reason *r)
{
	struct timespec pause = {0, FIRST_PAUSE_NS};
	int result;

	while ((result = (int)sim_call(m, avoid, code, arg, 0)) == -EAGAIN) {
		hosted_nudge(m->hw);
		nanosleep(&pause, NULL);
		pause.tv_nsec = MIN(2 * pause.tv_nsec, LAST_PAUSE_NS);
		sim_tell_files(m);
	}
	hosted_nudge(m->hw);
	if (result < 0)
		take_reason(m->hw, r, result);
	return result < 0 ? result : 0;
}

/* ---- disable ---- */

/* All that can be known to fail, before the first cell is asked */
static int check_disable(struct sim_machine *m, struct jailhouse_reason *r)
{
	struct sim_cell *cell;
	uint32_t cpu;

	for (cpu = 0; cpu < m->num_cpus; cpu++)
		if (m->cells->cpus & 1U << cpu && sim_cpu_failed(m, cpu))
			return SIM_REFUSE(r, -EBUSY, ROOT_CPU_FAILED, CPU, cpu);
	/* A locked cell vetoes the destruction of those that come before it, but not its own. */
	for (cell = m->cells->next ? m->cells->next->next : NULL; cell; cell = cell->next)
		if (sim_cell_state(m, cell) == JAILHOUSE_CELL_RUNNING_LOCKED)
			return SIM_REFUSE(r, -EPERM, CELL_LOCKED, CELL, cell->id);
	return 0;
}

static int leave(struct sim_machine *m, struct jailhouse_reason *r)
{
	struct jailhouse_system *config = m->config;
	struct hosted_machine *hw = m->hw;
	int err;

	pthread_mutex_lock(&m->calls);
	err = hosted_disable(hw);
	pthread_mutex_unlock(&m->calls);
	if (err) {
		take_reason(hw, r, err);
		return err;
	}
	pthread_mutex_lock(&m->state);
	take_snapshot(m, hw, config, m->num_cpus);
	m->event_base += m->snapshot.info.event_seq;
	m->enabled = false;
	m->permissive = false;
	m->hw = NULL;
	m->config = NULL;
	m->config_size = 0;
	free_cells(m);
	pthread_mutex_unlock(&m->state);
	hosted_free(hw);
	empty_slots(m);
	free(config);
	return 0;
}

static int disable_locked(struct sim_machine *m, struct jailhouse_reason *r)
{
	int err;

	if (!m->enabled)
		return sim_refuse_not_enabled(r);
	err = check_disable(m, r);
	while (!err && m->cells->next)
		err = sim_cell_destroy(m, m->cells->next, r);
	return err ? err : leave(m, r);
}

int sim_disable(struct sim_machine *m, struct jailhouse_reason *r)
{
	int err;

	pthread_mutex_lock(&m->lock);
	err = disable_locked(m, r);
	if (!err)
		sim_event(m, JAILHOUSE_EVENT_DISABLED, NULL, 0, NULL);
	pthread_mutex_unlock(&m->lock);
	sim_tell_files(m);
	return err;
}
