// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <unistd.h>
#include "testbed.h"

/* ---- a machine ---- */

void testbed_init(struct testbed *tb)
{
	memset(tb, 0, sizeof(*tb));
	tb->setup = (struct hosted_setup){
		.cpus = 4,
		.levels = 4,
		.max_leaf = 1,
		.phys_bits = 40,
		.architecture = JAILHOUSE_X86,
		/* Time limits are there to be met by real hardware, not by threads on a busy host. */
		.tsc_khz = 20 * 1000000,
		.ram_start = RAM_START,
		.ram_size = RAM_SIZE,
	};
	root_config(&tb->root);
}

void testbed_build(struct testbed *tb)
{
	tb->hw = hosted_new(&tb->setup);
	assert_non_null(tb->hw);
	tb->m = hosted_core(tb->hw);
	tb->registers = hosted_add_registers(tb->hw, DEVICE_PAGE, 2 * PAGE_SIZE);
	assert_non_null(tb->registers);
}

int testbed_enable(struct testbed *tb)
{
	u8 blob[MAX_BLOB];

	return hosted_enable(tb->hw, (const struct jailhouse_system *)blob, write_system(&tb->root, blob));
}

void testbed_start(struct testbed *tb)
{
	testbed_build(tb);
	assert_int_equal(testbed_enable(tb), 0);
}

void testbed_stop(struct testbed *tb)
{
	hosted_free(tb->hw);
	tb->hw = NULL;
}

long manage_once(struct testbed *tb, unsigned long code, unsigned long arg)
{
	return hosted_call(tb->hw, 0, code, arg, 0);
}

long manage(struct testbed *tb, unsigned long code, unsigned long arg)
{
	long result = -EAGAIN;

	for (unsigned int n = 0; n < 30000 && result == -EAGAIN; n++) {
		if (n)
			usleep(100);
		result = manage_once(tb, code, arg);
	}
	return result;
}

void put_config(struct testbed *tb, const struct config *config)
{
	u8 *address = hosted_ram(tb->hw, CONFIG_ADDRESS, MAX_BLOB);

	write_cell(config, address);
}

long create(struct testbed *tb, const struct config *config)
{
	long err;

	put_config(tb, config);
	err = manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS);
	/* The hypercall does not wait for its CPUs, and a snapshot compares their states. */
	for (unsigned int cpu = 0; !err && cpu < tb->setup.cpus; cpu++)
		if (machine_cpu(tb->m, cpu)->cell->config->id == config->cell.id)
			assert_true(hosted_wait_state(tb->hw, cpu, HOSTED_PARKED, 10000));
	return err;
}

bool linux_load(struct testbed *tb, unsigned int cpu, u64 address, unsigned int size, u64 *value)
{
	struct vm_access access = { .address = address, .size = size };
	bool done = hosted_run(tb->hw, cpu, vm_access, &access);

	*value = access.value;
	return done;
}

bool linux_store(struct testbed *tb, unsigned int cpu, u64 address, unsigned int size, u64 value)
{
	struct vm_access access = { .address = address, .size = size, .value = value, .write = true };

	return hosted_run(tb->hw, cpu, vm_access, &access);
}

void check_stopped(struct testbed *tb, unsigned int cpu, u64 address, const char *file, int line)
{
	const struct jailhouse_cpu_record *record = hosted_record(tb->hw, cpu);
	u64 value;

	if (linux_load(tb, cpu, address, 1, &value)) {
		print_error("CPU %u reads 0x%llx\n", cpu, address);
		_fail(file, line);
	}
	if (record->kind != JAILHOUSE_RECORD_VIOLATION || record->reason.code != JAILHOUSE_REASON_MEM_ACCESS ||
	    record->address != address || !machine_cpu(tb->m, cpu)->failed) {
		print_error("CPU %u was stopped for another reason (%u)\n", cpu, record->reason.code);
		_fail(file, line);
	}
}

struct jailhouse_comm_region *comm_of(struct testbed *tb, u32 id)
{
	return cell_by_id(tb->m, id)->comm;
}

void check_reason(const struct testbed *tb, u32 code, u32 item, u32 index, const char *file, int line)
{
	const struct jailhouse_reason *reason = &hosted_info(tb->hw)->reason;

	if (reason->code == code && reason->item == item && reason->index == index)
		return;
	print_error("reason %u, item %u %u instead of reason %u, item %u %u\n", reason->code, reason->item,
		    reason->index, code, item, index);
	_fail(file, line);
}

void check_args(const struct testbed *tb, u64 a0, u64 a1, u64 a2, u64 a3, const char *file, int line)
{
	const __u64 *arg = hosted_info(tb->hw)->reason.arg;

	if (arg[0] == a0 && arg[1] == a1 && arg[2] == a2 && arg[3] == a3)
		return;
	print_error("reason with 0x%llx 0x%llx 0x%llx 0x%llx\n", arg[0], arg[1], arg[2], arg[3]);
	_fail(file, line);
}

void check_printed(struct testbed *tb, const char *text, const char *file, int line)
{
	char *all = hosted_take_text(tb->hw), *to = all;
	bool found;

	for (const char *from = all; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
	found = strstr(all, text);
	if (!found)
		print_error("not printed: \"%s\", but:\n%s", text, all);
	free(all);
	if (!found)
		_fail(file, line);
}

void await_text(struct testbed *tb, const char *text)
{
	char all[4096] = "";
	bool found = false;

	for (unsigned int n = 0; n < 30000 && !found; n++) {
		char *more = hosted_take_text(tb->hw);

		strncat(all, more, sizeof(all) - 1 - strlen(all));
		free(more);
		found = strstr(all, text);
		if (!found)
			usleep(100);
	}
	assert_true(found);
}

void skip_ms(const struct testbed *tb, u64 ms)
{
	hosted_skip_time(ms * tb->setup.tsc_khz);
}

int testbed_setup(void **state)
{
	struct testbed *tb = calloc(1, sizeof(*tb));

	testbed_init(tb);
	*state = tb;
	return 0;
}

int testbed_teardown(void **state)
{
	struct testbed *tb = *state;

	testbed_stop(tb);
	free(tb);
	return 0;
}

/* ---- software of cells ---- */

#define COMM(member) (MIB + offsetof(struct jailhouse_comm_region, member))

static void count(u32 *counter)
{
	__atomic_fetch_add(counter, 1, __ATOMIC_SEQ_CST);
}

static void reply(struct hosted_cpu *cpu, u32 message)
{
	vm_store(cpu, COMM(msg_to_cell), 4, JAILHOUSE_MSG_NONE);
	vm_store(cpu, COMM(reply_from_cell), 4, message);
}

void inmate_run(struct hosted_cpu *cpu, void *arg)
{
	struct inmate *inmate = arg;

	for (;; vm_relax(cpu)) {
		u32 message = (u32)vm_load(cpu, COMM(msg_to_cell), 4);
		u32 answer = __atomic_load_n(&inmate->on_shutdown, __ATOMIC_SEQ_CST);

		if (message == JAILHOUSE_MSG_SHUTDOWN_REQUEST && answer) {
			reply(cpu, answer);
			count(&inmate->shutdown_seen);
		} else if (message == JAILHOUSE_MSG_RECONFIG_COMPLETED &&
			   !__atomic_load_n(&inmate->silent_on_info, __ATOMIC_SEQ_CST)) {
			reply(cpu, JAILHOUSE_MSG_RECEIVED);
			count(&inmate->info_seen);
		}
		count(&inmate->rounds);
	}
}

void check_word(const u32 *word, u32 value, const char *file, int line)
{
	for (unsigned int n = 0; n < 100000; n++) {
		if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == value)
			return;
		usleep(100);
	}
	print_error("is %u, not %u\n", *word, value);
	_fail(file, line);
}

void check_alive(const struct inmate *inmate, const char *file, int line)
{
	u32 rounds = __atomic_load_n(&inmate->rounds, __ATOMIC_SEQ_CST);

	for (unsigned int n = 0; n < 100000; n++) {
		if (__atomic_load_n(&inmate->rounds, __ATOMIC_SEQ_CST) - rounds >= 2)
			return;
		usleep(100);
	}
	_fail(file, line);
}

/* ---- snapshots ---- */

void take_snapshot(struct testbed *tb, struct snapshot *snapshot)
{
	const struct machine *m = tb->m;
	unsigned int n = 0;

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->pool_used = m->pool.used;
	translate_all(&m->root.stage2, &snapshot->root);
	snapshot->num_cells = m->num_cells;
	for (const struct cell *cell = &m->root; cell && n < ARRAY_LEN(snapshot->cells); cell = cell->next)
		snapshot->cells[n++] = cell;
	for (n = 0; n < tb->setup.cpus; n++) {
		snapshot->owner[n] = machine_cpu(m, n)->cell;
		snapshot->failed[n] = machine_cpu(m, n)->failed;
		snapshot->state[n] = hosted_cpu_state(tb->hw, n);
	}
	snapshot->root_cpus = m->root.num_cpus;
	snapshot->num_windows = m->root.mmio.count;
	for (n = 0; n < m->root.mmio.count && n < ARRAY_LEN(snapshot->windows); n++)
		snapshot->windows[n] = m->root.mmio.windows[n];
	snapshot->mapped_devices = hosted_counters(tb->hw)->mapped_devices;
}

static bool say(const char *what)
{
	print_error("changed: %s\n", what);
	return false;
}

void check_unchanged(struct testbed *tb, const struct snapshot *before, const char *file, int line)
{
	static struct snapshot now;
	bool same = true;

	take_snapshot(tb, &now);
	if (now.pool_used != before->pool_used)
		same = say("used pages of the pool");
	if (now.root.count != before->root.count ||
	    memcmp(now.root.runs, before->root.runs, now.root.count * sizeof(now.root.runs[0])))
		same = say("what the root cell sees");
	if (now.num_cells != before->num_cells || memcmp(now.cells, before->cells, sizeof(now.cells)))
		same = say("cells");
	if (memcmp(now.owner, before->owner, sizeof(now.owner)) || now.root_cpus != before->root_cpus)
		same = say("owners of CPUs");
	if (memcmp(now.failed, before->failed, sizeof(now.failed)) ||
	    memcmp(now.state, before->state, sizeof(now.state)))
		same = say("states of CPUs");
	if (now.num_windows != before->num_windows || memcmp(now.windows, before->windows, sizeof(now.windows)))
		same = say("windows of the root cell");
	if (now.mapped_devices != before->mapped_devices)
		same = say("mapped devices");
	if (!same)
		_fail(file, line);
	check_pool(&tb->m->pool);
}

void check_pool(const struct page_pool *pool)
{
	static const u8 zero[PAGE_SIZE];
	unsigned long used = 0;

	for (unsigned long n = 0; n < pool->pages; n++) {
		if (test_bit((unsigned int)n, pool->bitmap))
			used++;
		else
			assert_memory_equal(pool->base + n * PAGE_SIZE, zero, PAGE_SIZE);
	}
	assert_int_equal(used, pool->used);
}
