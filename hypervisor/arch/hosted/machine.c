// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Building a simulated machine, and the driver's part: entering and leaving the hypervisor, jobs for Linux. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/mman.h>
#include <hypervisor/arch/memory.h>
#include "hosted-internal.h"

#define MARGIN (ARCH_TEMP_PAGES * PAGE_SIZE)

/* The image: header, console page, info page. */
#define CONSOLE_OFFSET PAGE_SIZE
#define INFO_OFFSET    (CONSOLE_OFFSET + PAGE_SIZE)
#define CORE_SIZE      (INFO_OFFSET + ALIGN_UP(sizeof(struct jailhouse_info), PAGE_SIZE))
#define PERCPU_SIZE    ALIGN_UP(sizeof(struct percpu), PAGE_SIZE)

static bool setup_is_sane(const struct hosted_setup *setup)
{
	return setup->cpus > 0 && setup->cpus <= HOSTED_MAX_CPUS && setup->levels >= 4 && setup->levels <= 5 &&
	       setup->max_leaf <= 2 && setup->phys_bits >= 32 && setup->phys_bits <= 52 && setup->tsc_khz > 0 &&
	       setup->ram_start >= MARGIN && setup->ram_size > 0 &&
	       IS_ALIGNED(setup->ram_start | setup->ram_size, PAGE_SIZE) &&
	       range_contains(0, 1ULL << setup->phys_bits, setup->ram_start, setup->ram_size);
}

static bool allocate_memory(struct hosted_machine *hw)
{
	u64 size = hw->setup.ram_size + 2 * MARGIN;

	hw->ram_mapping = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (hw->ram_mapping == MAP_FAILED) {
		hw->ram_mapping = NULL;
		return false;
	}
	/* Where memory is zeroed, most of the time goes into the first touch of each page of the host. */
	madvise(hw->ram_mapping, size, MADV_HUGEPAGE);
	hw->ram = hw->ram_mapping + MARGIN;
	hw->nowhere = calloc(1, MARGIN);
	return hw->nowhere && hosted_cache_init(hw);
}

struct hosted_machine *hosted_new(const struct hosted_setup *setup)
{
	pthread_condattr_t attr;
	struct hosted_machine *hw;

	if (!setup_is_sane(setup))
		return NULL;
	hw = calloc(1, sizeof(*hw));
	if (!hw)
		return NULL;
	hw->setup = *setup;
	hw->faults.absent = setup->missing;
	pthread_mutex_init(&hw->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&hw->changed, &attr);
	for (unsigned int id = 0; id < HOSTED_MAX_CPUS; id++)
		pthread_cond_init(&hw->cpus[id].wake, &attr);
	pthread_condattr_destroy(&attr);
	if (!allocate_memory(hw))
		goto fail;
	for (unsigned int id = 0; id < setup->cpus; id++) {
		struct hosted_cpu *hc = &hw->cpus[id];

		hc->hw = hw;
		hc->id = id;
		if (setup->missing & 1U << id)
			continue;
		hc->nowhere = calloc(1, MARGIN);
		if (!hc->nowhere || hosted_start_cpu(hc))
			goto fail;
	}
	return hw;
fail:
	hosted_free(hw);
	return NULL;
}

void hosted_free(struct hosted_machine *hw)
{
	if (!hw)
		return;
	pthread_mutex_lock(&hw->lock);
	__atomic_store_n(&hw->quit, 1, __ATOMIC_RELEASE);
	for (unsigned int id = 0; id < hw->setup.cpus; id++)
		pthread_cond_signal(&hw->cpus[id].wake);
	pthread_mutex_unlock(&hw->lock);
	for (unsigned int id = 0; id < hw->setup.cpus; id++) {
		if (hw->cpus[id].has_thread)
			pthread_join(hw->cpus[id].thread, NULL);
		free(hw->cpus[id].nowhere);
	}
	for (unsigned int n = 0; n < hw->num_devices; n++)
		free(hw->devices[n].memory);
	for (unsigned int n = 0; n < hw->num_pci; n++)
		free(hw->pci[n].space);
	for (unsigned int n = 0; n < hw->num_shared; n++)
		close(hw->shared[n]);
	if (hw->ram_mapping)
		munmap(hw->ram_mapping, hw->setup.ram_size + 2 * MARGIN);
	hosted_cache_free(hw);
	free(hw->nowhere);
	free(hw->text);
	pthread_cond_destroy(&hw->changed);
	for (unsigned int id = 0; id < HOSTED_MAX_CPUS; id++)
		pthread_cond_destroy(&hw->cpus[id].wake);
	pthread_mutex_destroy(&hw->lock);
	free(hw);
}

int hosted_share_ram(struct hosted_machine *hw, u64 phys, u64 size)
{
	u8 *ram = hosted_ram(hw, phys, size);
	int fd;

	if (!ram || !IS_ALIGNED(phys | size, PAGE_SIZE) || hw->cache.memory || hw->num_shared == HOSTED_MAX_SHARED)
		return -1;
	fd = memfd_create("jailhouse-link", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	if (ftruncate(fd, (off_t)size) < 0 ||
	    mmap(ram, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
		close(fd);
		return -1;
	}
	hw->shared_start[hw->num_shared] = phys;
	hw->shared[hw->num_shared++] = fd;
	return fd;
}

struct hosted_faults *hosted_faults(struct hosted_machine *hw)
{
	return &hw->faults;
}

const struct hosted_counters *hosted_counters(const struct hosted_machine *hw)
{
	return &hw->counters;
}

static struct hosted_io *add_device(struct hosted_machine *hw, u64 phys, u64 size)
{
	struct hosted_io *io = &hw->devices[hw->num_devices];

	if (hw->num_devices == HOSTED_MAX_DEVICES || size == 0)
		return NULL;
	io->start = phys;
	io->size = size;
	return io;
}

int hosted_add_device(struct hosted_machine *hw, __u64 phys, __u64 size, hosted_device device, void *arg)
{
	struct hosted_io *io = add_device(hw, phys, size);

	if (!io)
		return -1;
	io->device = device;
	io->arg = arg;
	hw->num_devices++;
	return 0;
}

void *hosted_add_registers(struct hosted_machine *hw, __u64 phys, __u64 size)
{
	struct hosted_io *io = add_device(hw, phys, size);

	if (!io)
		return NULL;
	io->memory = calloc(1, size);
	if (io->memory)
		hw->num_devices++;
	return io->memory;
}

/* ---- enable and disable ---- */

static unsigned int max_cpus(const struct hosted_machine *hw, const struct jailhouse_system *config)
{
	unsigned int max = hw->setup.cpus;

	for (unsigned int id = max; id < HOSTED_MAX_CPUS && id < config->root_cell.cpu_set_size * 8; id++)
		if (test_bit(id, jailhouse_cell_cpu_set(&config->root_cell)))
			max = id + 1;
	return max;
}

__u64 hosted_memory_needed(const struct hosted_machine *hw, const struct jailhouse_system *config, __u32 size)
{
	return CORE_SIZE + max_cpus(hw, config) * PERCPU_SIZE + size;
}

/* The image as the driver leaves it in the hypervisor memory. False: it does not fit. */
static bool load_image(struct hosted_machine *hw, const struct jailhouse_system *config, u32 size)
{
	const struct jailhouse_memory *memory = &config->hypervisor_memory;
	unsigned int cpus = max_cpus(hw, config);
	u64 config_offset = CORE_SIZE + cpus * PERCPU_SIZE;
	u8 *base = hosted_ram(hw, memory->phys_start, memory->size);
	struct jailhouse_image_header header = {
		.signature = JAILHOUSE_IMAGE_SIGNATURE,
		.abi = JAILHOUSE_IMAGE_ABI,
		.header_size = sizeof(header),
		.architecture = hw->setup.architecture,
		.core_size = CORE_SIZE,
		.percpu_size = PERCPU_SIZE,
		.console_page = CONSOLE_OFFSET,
		.info_page = INFO_OFFSET,
		.max_cpus = cpus,
		.online_cpus = hw->setup.cpus - (u32)__builtin_popcount(hw->setup.missing),
		.config_size = size,
		.enable_flags = hw->setup.permissive ? JAILHOUSE_ENABLE_PERMISSIVE : 0,
		.tsc_khz = hw->faults.no_tsc_khz ? 0 : hw->setup.tsc_khz,
		.hypervisor_phys = memory->phys_start,
		.hypervisor_size = memory->size,
	};
	struct machine *m = &hw->core;

	if (!base || hosted_memory_needed(hw, config, size) > memory->size)
		return false;
	/* New pages are zero; that is faster than to write them all. */
	if (madvise(base, memory->size, MADV_DONTNEED))
		return false;
	memcpy(base, &header, sizeof(header));
	memcpy(base + config_offset, config, size);

	memset(m, 0, sizeof(*m));
	memset(hw->mapped, 0, sizeof(hw->mapped));
	hw->counters.mapped_devices = 0;
	m->arch.hw = hw;
	m->header = (struct jailhouse_image_header *)base;
	m->info = (struct jailhouse_info *)(base + INFO_OFFSET);
	m->console.ring = (struct jailhouse_virt_console *)(base + CONSOLE_OFFSET);
	m->hv_base = base;
	m->percpu_base = m->hv_base + CORE_SIZE;
	m->percpu_size = PERCPU_SIZE;
	m->hv_phys = memory->phys_start;
	m->hv_size = memory->size;
	m->config = (const struct jailhouse_system *)(base + config_offset);
	m->config_size = size;
	return true;
}

int hosted_enable(struct hosted_machine *hw, const struct jailhouse_system *config, __u32 size)
{
	int err = 0;

	if (!load_image(hw, config, size))
		return -ENOMEM;
	pthread_mutex_lock(&hw->lock);
	for (unsigned int id = 0; id < hw->setup.cpus; id++) {
		struct hosted_cpu *hc = &hw->cpus[id];

		hc->inside = hc->enter = !(hw->faults.absent & 1U << id);
		hc->kicked = 0;
		hc->job_phase = JOB_NONE;
		pthread_cond_signal(&hc->wake);
	}
	for (unsigned int id = 0; id < hw->setup.cpus; id++) {
		while (hw->cpus[id].inside)
			pthread_cond_wait(&hw->changed, &hw->lock);
		if (!err && !(hw->faults.absent & 1U << id))
			err = hw->cpus[id].result;
	}
	pthread_mutex_unlock(&hw->lock);
	return err;
}

struct call {
	unsigned long code, arg1, arg2;
	long result;
};

static void call_job(struct hosted_cpu *cpu, void *arg)
{
	struct call *call = arg;

	call->result = vm_call(cpu, call->code, call->arg1, call->arg2);
}

long hosted_call(struct hosted_machine *hw, unsigned int cpu, unsigned long code, unsigned long arg1,
		 unsigned long arg2)
{
	struct call call = { code, arg1, arg2, 0 };

	return hosted_run(hw, cpu, call_job, &call) ? call.result : -EIO;
}

int hosted_disable(struct hosted_machine *hw)
{
	struct call calls[HOSTED_MAX_CPUS];
	bool begun[HOSTED_MAX_CPUS] = { false };
	int err = 0;

	for (unsigned int id = 0; id < hw->setup.cpus; id++) {
		calls[id] = (struct call){ .code = JAILHOUSE_HC_DISABLE };
		begun[id] = hosted_begin(hw, id, call_job, &calls[id]);
	}
	for (unsigned int id = 0; id < hw->setup.cpus; id++) {
		if (begun[id] && !hosted_finish(hw, id))
			calls[id].result = -EIO;
		if (begun[id] && !err)
			err = (int)calls[id].result;
	}
	return err;
}

struct machine *hosted_core(struct hosted_machine *hw)
{
	return &hw->core;
}

const struct jailhouse_info *hosted_info(const struct hosted_machine *hw)
{
	return hw->core.info;
}

const struct jailhouse_cpu_record *hosted_record(const struct hosted_machine *hw, unsigned int cpu)
{
	return &machine_cpu(&hw->core, cpu)->record;
}

/* ---- CPUs ---- */

void hosted_set_program(struct hosted_machine *hw, unsigned int cpu, hosted_program program, void *arg)
{
	pthread_mutex_lock(&hw->lock);
	hw->cpus[cpu].program = program;
	hw->cpus[cpu].program_arg = arg;
	pthread_mutex_unlock(&hw->lock);
}

enum hosted_cpu_state hosted_cpu_state(struct hosted_machine *hw, unsigned int cpu)
{
	enum hosted_cpu_state state;

	pthread_mutex_lock(&hw->lock);
	state = hw->cpus[cpu].state;
	pthread_mutex_unlock(&hw->lock);
	return state;
}

void hosted_deadline(u64 ns, struct timespec *ret_time)
{
	clock_gettime(CLOCK_MONOTONIC, ret_time);
	ns += (u64)ret_time->tv_nsec;
	ret_time->tv_sec += (time_t)(ns / 1000000000);
	ret_time->tv_nsec = (long)(ns % 1000000000);
}

/* Without a state: any in which it waits, with no kick on its way to it. */
static bool has_reached(const struct hosted_cpu *hc, const enum hosted_cpu_state *state)
{
	return state ? hc->state == *state : hc->waiting && !__atomic_load_n(&hc->kicked, __ATOMIC_ACQUIRE);
}

static bool wait_reached(struct hosted_cpu *hc, const enum hosted_cpu_state *state, unsigned int ms)
{
	struct hosted_machine *hw = hc->hw;
	struct timespec until;
	bool reached;
	int err = 0;

	hosted_deadline((u64)ms * 1000000, &until);
	pthread_mutex_lock(&hw->lock);
	while (!has_reached(hc, state) && !err)
		err = pthread_cond_timedwait(&hw->changed, &hw->lock, &until);
	reached = has_reached(hc, state);
	pthread_mutex_unlock(&hw->lock);
	return reached;
}

bool hosted_wait_state(struct hosted_machine *hw, unsigned int cpu, enum hosted_cpu_state state, unsigned int ms)
{
	return wait_reached(&hw->cpus[cpu], &state, ms);
}

bool hosted_wait_idle(struct hosted_machine *hw, unsigned int cpu, unsigned int ms)
{
	return wait_reached(&hw->cpus[cpu], NULL, ms);
}

bool hosted_begin(struct hosted_machine *hw, unsigned int cpu, hosted_program job, void *arg)
{
	struct hosted_cpu *hc = &hw->cpus[cpu];
	bool possible;

	pthread_mutex_lock(&hw->lock);
	possible = hc->state == HOSTED_LINUX && hc->job_phase == JOB_NONE;
	if (possible) {
		hc->job = job;
		hc->job_arg = arg;
		hc->job_phase = JOB_WAITING;
		pthread_cond_signal(&hc->wake);
	}
	pthread_mutex_unlock(&hw->lock);
	return possible;
}

bool hosted_finish(struct hosted_machine *hw, unsigned int cpu)
{
	struct hosted_cpu *hc = &hw->cpus[cpu];
	bool done;

	pthread_mutex_lock(&hw->lock);
	while (hc->job_phase == JOB_WAITING || hc->job_phase == JOB_RUNNING)
		pthread_cond_wait(&hw->changed, &hw->lock);
	done = hc->job_phase == JOB_DONE;
	hc->job_phase = JOB_NONE;
	pthread_mutex_unlock(&hw->lock);
	return done;
}

bool hosted_run(struct hosted_machine *hw, unsigned int cpu, hosted_program job, void *arg)
{
	return hosted_begin(hw, cpu, job, arg) && hosted_finish(hw, cpu);
}

struct online {
	unsigned int cpu;
	bool woken;
};

static void online_job(struct hosted_cpu *cpu, void *arg)
{
	struct online *online = arg;

	online->woken = vm_wake(cpu, online->cpu);
}

bool hosted_online(struct hosted_machine *hw, unsigned int by, unsigned int cpu)
{
	struct online online = { cpu, false };

	return hosted_run(hw, by, online_job, &online) && online.woken &&
	       hosted_wait_state(hw, cpu, HOSTED_LINUX, 10000);
}
