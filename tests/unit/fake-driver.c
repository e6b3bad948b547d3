/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/ioctl.h>
#include <jailhouse/jailhouse.h>

#include "fake-driver.h"
#include "fake-logs.h"
#include "os.h"

#define FIRST_FD  100
#define MAX_FILES 16
#define MAX_CELLS 8
#define MAX_BYTES 32768
#define MAX_MEM	  256

struct file {
	bool open;
	int flags;
	uint32_t mode;
	uint64_t event; /* the last one that was read */
	size_t position;
};

struct cell {
	bool used;
	char name[32];
	int state;
	uint64_t cpus;
	bool deny;
	bool load_failed;
	uint32_t flags;
	uint32_t config_size;
	char config[MAX_BYTES];
	uint64_t base, size; /* its one loadable region */
	char memory[MAX_MEM];
};

static struct {
	int open_error;
	const char *root;
	const char *machine;
	bool legacy;
	bool reluctant;
	bool enabled;
	bool permissive;
	uint32_t isolation;
	struct file file[MAX_FILES];
	struct cell cell[MAX_CELLS]; /* index = id, 0 = root */
	struct jailhouse_cpu_record record[FAKE_NUM_CPUS];
	uint32_t stats[FAKE_NUM_CPUS][JAILHOUSE_IOC_MAX_STATS];
	char console[MAX_BYTES];
} fake;

void fake_reset(void)
{
	memset(&fake, 0, sizeof(fake));
	fake_logs_reset();
	fake.isolation = JAILHOUSE_ISOLATION_NO_DMA;
}

void fake_set_open_error(int error)
{
	fake.open_error = error;
}

void fake_set_host(const char *machine, const char *root)
{
	fake.machine = machine;
	fake.root = root;
}

void fake_set_legacy(bool legacy)
{
	fake.legacy = legacy;
}

void fake_deny_shutdown(uint32_t id)
{
	fake.cell[id].deny = true;
}

void fake_set_reluctant(bool reluctant)
{
	fake.reluctant = reluctant;
}

static void event(uint32_t type, const struct cell *cell, const struct jailhouse_reason *reason)
{
	fake_event(type, cell ? (uint32_t)(cell - fake.cell) : 0, cell ? cell->name : "",
		   cell ? cell->state : 0, reason);
}

void fake_set_cell_state(uint32_t id, int state)
{
	fake.cell[id].state = state;
	event(JAILHOUSE_EVENT_STATE, &fake.cell[id], NULL);
}

void fake_set_isolation(uint32_t isolation)
{
	fake.isolation = isolation;
}

static struct cell *owner(uint32_t cpu)
{
	unsigned int id;

	for (id = 0; id < MAX_CELLS; id++)
		if (fake.cell[id].used && fake.cell[id].cpus & 1ULL << cpu)
			return &fake.cell[id];
	return NULL;
}

void fake_fail_cpu(uint32_t cpu, const struct jailhouse_cpu_record *record)
{
	struct cell *cell = owner(cpu);

	fake.record[cpu] = *record;
	fake.record[cpu].cpu = cpu;
	fake.record[cpu].cell = cell - fake.cell;
	cell->state = JAILHOUSE_CELL_FAILED;
	event(JAILHOUSE_EVENT_FAILED, cell, &record->reason);
}

void fake_count(uint32_t cpu, unsigned int counter, uint32_t value)
{
	fake.stats[cpu][counter] = value;
}

void fake_print(const char *text)
{
	size_t len = strlen(fake.console);

	snprintf(fake.console + len, sizeof(fake.console) - len, "%s", text);
}

const char *fake_memory(uint32_t id, uint64_t address)
{
	const struct cell *cell = &fake.cell[id];

	if (!cell->used || address < cell->base || address - cell->base >= MAX_MEM)
		return NULL;
	return cell->memory + (address - cell->base);
}

int fake_open_files(void)
{
	int count = 0;
	int n;

	for (n = 0; n < MAX_FILES; n++)
		count += fake.file[n].open;
	return count;
}

/* ---- files ---- */

int jh_os_open(const char *path, int flags)
{
	int n;

	(void)path;
	if (fake.open_error)
		return -fake.open_error;
	for (n = 0; n < MAX_FILES; n++) {
		if (fake.file[n].open)
			continue;
		fake.file[n] = (struct file){.open = true, .flags = flags,
					     .event = fake_events_last()};
		return FIRST_FD + n;
	}
	return -EMFILE;
}

void jh_os_close(int fd)
{
	fake.file[fd - FIRST_FD].open = false;
}

const char *jh_os_root(void)
{
	return fake.root;
}

int jh_os_machine(char *buffer, size_t size)
{
	snprintf(buffer, size, "%s", fake.machine ? fake.machine : "x86_64");
	return 0;
}

int jh_os_poll(int fd, short events, int timeout_ms, short *ret_revents)
{
	struct file *file = &fake.file[fd - FIRST_FD];

	(void)timeout_ms;
	*ret_revents = 0;
	if (file->mode & JAILHOUSE_MODE_EVENTS)
		*ret_revents |= file->event != fake_events_last() ? events & POLLIN : 0;
	else if (fake.console[file->position])
		*ret_revents |= events & POLLIN;
	else if (events & POLLIN && !fake.enabled)
		*ret_revents |= POLLHUP;
	return *ret_revents != 0;
}

ssize_t jh_os_read(int fd, void *buffer, size_t size)
{
	struct file *file = &fake.file[fd - FIRST_FD];
	size_t len = strlen(fake.console + file->position);

	if (len == 0) /* A follower would wait for ever here. */
		return file->flags & O_NONBLOCK ? -EAGAIN : -EIO;
	if (len > size)
		len = size;
	memcpy(buffer, fake.console + file->position, len);
	file->position += len;
	return len;
}

/* ---- refusals ---- */

static int refuse(struct jailhouse_reason *reason, int error, uint32_t code, uint32_t item,
		  uint32_t index)
{
	memset(reason, 0, sizeof(*reason));
	reason->code = code;
	reason->error = -error;
	reason->item = item;
	reason->index = index;
	return -error;
}

static int not_enabled(struct jailhouse_reason *reason)
{
	return refuse(reason, EINVAL, JAILHOUSE_REASON_NOT_ENABLED, 0, 0);
}

/* The cell that an argument names, or NULL and the reason. */
static struct cell *find(const struct jailhouse_cell_id *id, struct jailhouse_reason *reason,
			 int *ret)
{
	unsigned int n;

	if (!fake.enabled) {
		*ret = not_enabled(reason);
		return NULL;
	}
	for (n = 0; n < MAX_CELLS; n++)
		if (fake.cell[n].used && (id->id == (int)n ||
					  (id->id == -1 && strcmp(id->name, fake.cell[n].name) == 0)))
			return &fake.cell[n];
	*ret = refuse(reason, ENOENT, JAILHOUSE_REASON_CELL_UNKNOWN, JAILHOUSE_ITEM_CELL,
		      id->id < 0 ? 0 : id->id);
	return NULL;
}

static struct cell *find_target(const struct jailhouse_cell_id *id,
				struct jailhouse_reason *reason, int *ret)
{
	struct cell *cell = find(id, reason, ret);

	if (cell != &fake.cell[0])
		return cell;
	*ret = refuse(reason, EINVAL, JAILHOUSE_REASON_CELL_IS_ROOT, 0, 0);
	return NULL;
}

/* Asks the cell; forgets the failures of its CPUs. */
static int shut_down(struct cell *cell, struct jailhouse_reason *reason)
{
	unsigned int cpu;

	if (cell->deny && cell->state <= JAILHOUSE_CELL_RUNNING_LOCKED) {
		cell->deny = false;
		refuse(reason, EPERM, JAILHOUSE_REASON_CELL_DENIED, JAILHOUSE_ITEM_CELL,
		       cell - fake.cell);
		reason->arg[0] = 2;
		return -EPERM;
	}
	cell->state = JAILHOUSE_CELL_SHUT_DOWN;
	for (cpu = 0; cpu < FAKE_NUM_CPUS; cpu++)
		if (cell->cpus & 1ULL << cpu)
			memset(&fake.record[cpu], 0, sizeof(fake.record[cpu]));
	return 0;
}

/* ---- management ---- */

static int do_enable(struct jailhouse_ioc_enable *arg)
{
	const struct jailhouse_system *system = (void *)(uintptr_t)arg->config_address;
	struct cell *root = &fake.cell[0];

	if (fake.enabled)
		return refuse(&arg->reason, EBUSY, JAILHOUSE_REASON_ALREADY_ENABLED, 0, 0);
	*root = (struct cell){.used = true, .cpus = (1ULL << FAKE_NUM_CPUS) - 1};
	memcpy(root->name, system->root_cell.name, sizeof(root->name) - 1);
	root->config_size = arg->config_size < MAX_BYTES ? arg->config_size : MAX_BYTES;
	memcpy(root->config, system, root->config_size);
	fake.permissive = arg->flags & JAILHOUSE_IOC_ENABLE_PERMISSIVE;
	fake.enabled = true;
	fake_learned_reset();
	event(JAILHOUSE_EVENT_ENABLED, root, NULL);
	fake_print("Initializing hypervisor\n");
	return 0;
}

static int give_back(struct cell *cell, struct jailhouse_reason *reason)
{
	int ret = shut_down(cell, reason);

	if (ret)
		return ret;
	fake.cell[0].cpus |= cell->cpus;
	cell->used = false;
	event(JAILHOUSE_EVENT_DESTROYED, cell, NULL);
	return 0;
}

static int do_disable(struct jailhouse_ioc_disable *arg)
{
	unsigned int id;
	int ret;

	if (!fake.enabled)
		return not_enabled(&arg->reason);
	for (id = 1; id < MAX_CELLS; id++) {
		ret = fake.cell[id].used ? give_back(&fake.cell[id], &arg->reason) : 0;
		if (ret)
			return ret;
	}
	fake.cell[0].used = false;
	fake.enabled = false;
	event(JAILHOUSE_EVENT_DISABLED, NULL, NULL);
	return 0;
}

static int do_create(struct jailhouse_ioc_cell_create *arg)
{
	const struct jailhouse_cell_desc *desc = (void *)(uintptr_t)arg->config_address;
	const struct jailhouse_memory *mem;
	unsigned int id, free_id = 0;
	struct cell *cell;
	__u64 cpus;

	if (!fake.enabled)
		return not_enabled(&arg->reason);
	for (id = 0; id < MAX_CELLS; id++) {
		if (!fake.cell[id].used && !free_id)
			free_id = id;
		if (fake.cell[id].used && strcmp(fake.cell[id].name, desc->name) == 0) {
			refuse(&arg->reason, EEXIST, JAILHOUSE_REASON_CELL_NAME_USED, 0, 0);
			arg->reason.arg[0] = id;
			return -EEXIST;
		}
	}
	memcpy(&cpus, desc + 1, sizeof(cpus));
	if (cpus & 1)
		return refuse(&arg->reason, EINVAL, JAILHOUSE_REASON_CPU_IS_BOOT,
			      JAILHOUSE_ITEM_CPU, 0);
	if (cpus & ~fake.cell[0].cpus)
		return refuse(&arg->reason, EBUSY, JAILHOUSE_REASON_CPU_NOT_IN_ROOT,
			      JAILHOUSE_ITEM_CPU, __builtin_ctzll(cpus & ~fake.cell[0].cpus));

	cell = &fake.cell[free_id];
	*cell = (struct cell){.used = true, .cpus = cpus, .state = JAILHOUSE_CELL_SHUT_DOWN,
			      .flags = desc->flags, .deny = fake.reluctant};
	memcpy(cell->name, desc->name, sizeof(cell->name) - 1);
	mem = (const void *)((const char *)(desc + 1) + desc->cpu_set_size);
	cell->base = mem->virt_start;
	cell->size = mem->size;
	cell->config_size = arg->config_size < MAX_BYTES ? arg->config_size : MAX_BYTES;
	memcpy(cell->config, desc, cell->config_size);
	fake.cell[0].cpus &= ~cpus;
	event(JAILHOUSE_EVENT_CREATED, cell, NULL);
	arg->id = free_id;
	return 0;
}

static int do_load(struct jailhouse_ioc_cell_load *arg)
{
	const struct jailhouse_preload_image *image = (void *)(uintptr_t)arg->images;
	struct cell *cell;
	uint32_t n;
	int ret = 0;

	cell = find_target(&arg->cell_id, &arg->reason, &ret);
	if (!cell)
		return ret;
	ret = shut_down(cell, &arg->reason);
	if (ret)
		return ret;
	cell->load_failed = true;
	for (n = 0; n < arg->num_images; n++) {
		uint64_t offset = image[n].target_address - cell->base;

		if (offset >= cell->size || image[n].size > cell->size - offset) {
			refuse(&arg->reason, EINVAL, JAILHOUSE_REASON_LOAD_RANGE,
			       JAILHOUSE_ITEM_IMAGE, n);
			arg->reason.arg[0] = image[n].target_address;
			arg->reason.arg[1] = image[n].target_address + image[n].size - 1;
			return -EINVAL;
		}
		if (offset < MAX_MEM)
			memcpy(cell->memory + offset, (void *)(uintptr_t)image[n].source_address,
			       image[n].size < MAX_MEM - offset ? image[n].size
								: MAX_MEM - offset);
	}
	cell->load_failed = false;
	event(JAILHOUSE_EVENT_LOADED, cell, NULL);
	return 0;
}

static int do_cell(unsigned long request, struct jailhouse_ioc_cell *arg)
{
	struct cell *cell;
	int ret = 0;

	cell = find_target(&arg->cell_id, &arg->reason, &ret);
	if (!cell)
		return ret;
	if (request == JAILHOUSE_IOC_CELL_DESTROY)
		return give_back(cell, &arg->reason);
	if (request == JAILHOUSE_IOC_CELL_START && cell->load_failed)
		return refuse(&arg->reason, EINVAL, JAILHOUSE_REASON_NOT_LOADED,
			      JAILHOUSE_ITEM_CELL, cell - fake.cell);
	ret = shut_down(cell, &arg->reason);
	if (ret)
		return ret;
	if (request == JAILHOUSE_IOC_CELL_START)
		cell->state = JAILHOUSE_CELL_RUNNING;
	event(cell->state ? JAILHOUSE_EVENT_STATE : JAILHOUSE_EVENT_STARTED, cell, NULL);
	return 0;
}

/* ---- looking ---- */

static int do_info(struct jailhouse_ioc_info *arg)
{
	unsigned int id;

	arg->abi = JAILHOUSE_IOC_ABI;
	strcpy(arg->driver_version, "0.1.0-fake");
	arg->event_seq = (uint32_t)fake_events_last();
	arg->learned_total = fake_learned_total();
	arg->max_cpus = FAKE_NUM_CPUS;
	if (!fake.enabled)
		return 0;
	arg->state = JAILHOUSE_IOC_ENABLED | (fake.permissive ? JAILHOUSE_IOC_PERMISSIVE : 0);
	arg->isolation = fake.isolation;
	arg->features = 1;
	arg->build_id[0] = 0xab;
	arg->build_id[19] = 0x01;
	for (id = 0; id < MAX_CELLS; id++)
		arg->num_cells += fake.cell[id].used;
	arg->tsc_khz = 1000000;
	arg->mem_pool_size = 1500;
	arg->mem_pool_used = 100 + 15 * (arg->num_cells - 1);
	arg->core_size = 0x20000;
	arg->percpu_size = 0x4000;
	arg->stop_last = 12345;
	arg->stop_max = 987654;
	arg->denied_msrs = 3;
	return 0;
}

static int do_get_config(struct jailhouse_ioc_get_config *arg)
{
	uint32_t id = arg->cell == JAILHOUSE_IOC_SYSTEM_CONFIG ? 0 : arg->cell;

	if (!fake.enabled)
		return not_enabled(&arg->reason);
	if (id >= MAX_CELLS || !fake.cell[id].used)
		return refuse(&arg->reason, ENOENT, JAILHOUSE_REASON_CELL_UNKNOWN,
			      JAILHOUSE_ITEM_CELL, id);
	arg->config_size = fake.cell[id].config_size;
	if (arg->buffer_size < arg->config_size)
		return -ERANGE;
	memcpy((void *)(uintptr_t)arg->buffer, fake.cell[id].config, arg->config_size);
	return 0;
}

static int do_next_cell(struct jailhouse_ioc_next_cell *arg)
{
	if (!fake.enabled)
		return not_enabled(&arg->reason);
	for (; arg->cell < MAX_CELLS; arg->cell++)
		if (fake.cell[arg->cell].used)
			return 0;
	return -ENOENT;
}

static int do_cell_info(struct jailhouse_ioc_cell_info *arg)
{
	uint64_t *mask = (void *)(uintptr_t)arg->cpu_mask;
	uint64_t *failed = (void *)(uintptr_t)arg->failed_mask;
	struct cell *cell;
	unsigned int cpu;
	int ret = 0;

	cell = find(&arg->cell_id, &arg->reason, &ret);
	if (!cell)
		return ret;
	arg->cell_id.id = cell - fake.cell;
	memcpy(arg->cell_id.name, cell->name, sizeof(cell->name));
	arg->state = cell->state;
	arg->flags = cell->flags;
	arg->isolation = fake.isolation;
	if (arg->cpu_mask_words) {
		mask[0] = cell->cpus;
		failed[0] = 0;
		for (cpu = 0; cpu < FAKE_NUM_CPUS; cpu++)
			if (cell->cpus & 1ULL << cpu && fake.record[cpu].kind)
				failed[0] |= 1ULL << cpu;
	}
	arg->cpu_mask_words = 1;
	return 0;
}

static int do_cpu(unsigned long request, void *arg, uint32_t cpu, struct jailhouse_reason *reason)
{
	struct jailhouse_ioc_cpu_stats *stats = arg;

	if (!fake.enabled)
		return not_enabled(reason);
	if (cpu >= FAKE_NUM_CPUS)
		return refuse(reason, EINVAL, JAILHOUSE_REASON_CPU_NOT_IN_SYSTEM,
			      JAILHOUSE_ITEM_CPU, cpu);
	if (request == JAILHOUSE_IOC_CPU_RECORD) {
		((struct jailhouse_ioc_cpu_record *)arg)->record = fake.record[cpu];
		return 0;
	}
	stats->cell = owner(cpu) - fake.cell;
	stats->num_stats = 12;
	memcpy(stats->stats, fake.stats[cpu], sizeof(stats->stats));
	return 0;
}

int jh_os_ioctl(int fd, unsigned long request, void *arg)
{
	struct file *file = &fake.file[fd - FIRST_FD];

	if (fake.legacy)
		return -ENOTTY;
	switch (request) {
	case JAILHOUSE_IOC_GET_INFO:
		return do_info(arg);
	case JAILHOUSE_IOC_HARDWARE:
		if (fake.enabled)
			return refuse(&((struct jailhouse_ioc_hardware *)arg)->reason, EBUSY,
				      JAILHOUSE_REASON_ALREADY_ENABLED, 0, 0);
		return fake_registers_read(arg);
	case JAILHOUSE_IOC_ENABLE:
		return do_enable(arg);
	case JAILHOUSE_IOC_DISABLE:
		return do_disable(arg);
	case JAILHOUSE_IOC_CELL_CREATE:
		return do_create(arg);
	case JAILHOUSE_IOC_CELL_LOAD:
		return do_load(arg);
	case JAILHOUSE_IOC_CELL_START:
	case JAILHOUSE_IOC_CELL_SHUTDOWN:
	case JAILHOUSE_IOC_CELL_DESTROY:
		return do_cell(request, arg);
	case JAILHOUSE_IOC_GET_CONFIG:
		return do_get_config(arg);
	case JAILHOUSE_IOC_CELL_INFO:
		return do_cell_info(arg);
	case JAILHOUSE_IOC_NEXT_CELL:
		return do_next_cell(arg);
	case JAILHOUSE_IOC_CPU_STATS:
		return do_cpu(request, arg, ((struct jailhouse_ioc_cpu_stats *)arg)->cpu,
			      &((struct jailhouse_ioc_cpu_stats *)arg)->reason);
	case JAILHOUSE_IOC_CPU_RECORD:
		return do_cpu(request, arg, ((struct jailhouse_ioc_cpu_record *)arg)->cpu,
			      &((struct jailhouse_ioc_cpu_record *)arg)->reason);
	case JAILHOUSE_IOC_LEARNED:
		return fake_learned_read(arg);
	case JAILHOUSE_IOC_SET_MODE:
		file->mode = ((struct jailhouse_ioc_mode *)arg)->mode;
		return 0;
	case JAILHOUSE_IOC_ACK_EVENTS:
		file->event = fake_events_last();
		((struct jailhouse_ioc_events *)arg)->event_seq = file->event;
		return 0;
	case JAILHOUSE_IOC_READ_EVENTS:
		return fake_events_read(&file->event, arg);
	default:
		return -ENOTTY;
	}
}
