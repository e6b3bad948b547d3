// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Reasons, the hypervisor's info page, failure records, and what is kept of them after a session.
 */
#define pr_fmt(fmt) "jailhouse: " fmt

#include <linux/mm.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <jailhouse/reason-text.h>

#include "driver.h"

/* Rounds in which a part of the info page that is being written is read again */
#define MAX_RETRIES 10000

int jh_refuse(struct jailhouse_reason *r, int error, u32 code, u32 item, u32 index, u64 a, u64 b,
	      u64 c, u64 d)
{
	*r = (struct jailhouse_reason){
		.code = code,
		.error = error,
		.item = item,
		.index = index,
		.arg = { a, b, c, d },
	};
	return error;
}

/* Up to eight characters as an argument of a reason */
u64 jh_pack(const char *string)
{
	u64 packed = 0;
	int i;

	for (i = 0; i < 8 && string[i]; i++)
		packed |= (u64)(u8)string[i] << (i * 8);
	return packed;
}

void jh_log_reason(const char *what, const struct jailhouse_reason *r)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 20);
	char sentence[JAILHOUSE_REASON_TEXT_SIZE];

	if (!r->code || !__ratelimit(&limit))
		return;
	jailhouse_reason_format(sentence, sizeof(sentence), r);
	pr_err("%s: %s\n", what, sentence);
}

/* The page itself; only with a mapping, see jh.mem.base */
const struct jailhouse_info *jh_info(void)
{
	return jh.mem.base + jh.mem.header.info_page;
}

/*
 * The hypervisor's reason for a request that it refused with this error. It cannot change while
 * jh.lock is held, but it may still be on its way if another CPU wrote it.
 */
void jh_info_reason(struct jailhouse_reason *r, int error)
{
	const struct jailhouse_info *info = jh_info();
	int retries = MAX_RETRIES;
	u32 seq;

	do {
		seq = smp_load_acquire(&info->reason_seq);
		memcpy(r, &info->reason, sizeof(*r));
		smp_rmb(); /* the copy before the second look at the number */
		if (!(seq & 1) && seq == READ_ONCE(info->reason_seq))
			break;
		cpu_relax();
	} while (--retries);

	/* A reason of something else says nothing about this refusal. */
	if (!retries || r->error != error)
		jh_refuse_item(r, error, JAILHOUSE_REASON_NONE, JAILHOUSE_ITEM_NONE, 0);
}

static const struct jailhouse_cpu_record *live_record(u32 cpu)
{
	const struct jailhouse_info *info = jh_info();
	u64 start = READ_ONCE(info->records), stride = READ_ONCE(info->record_stride);
	u64 size = jh.mem.size;

	if (cpu >= READ_ONCE(info->num_records) || start > size || stride > size ||
	    stride < sizeof(struct jailhouse_cpu_record) || start % 8 || stride % 8)
		return NULL;
	/* No overflow: a CPU id has less than 32 bits, the stride is below the size. */
	if (start + stride * cpu > size - sizeof(struct jailhouse_cpu_record))
		return NULL;
	return jh.mem.base + start + stride * cpu;
}

static int read_live_record(u32 cpu, struct jailhouse_cpu_record *record)
{
	const struct jailhouse_cpu_record *live = live_record(cpu);
	int retries = MAX_RETRIES;
	u32 seq;

	if (!live)
		return -EINVAL;
	do {
		seq = smp_load_acquire(&live->seq);
		memcpy(record, live, sizeof(*record));
		smp_rmb(); /* the copy before the second look at the number */
		if (!(seq & 1) && seq == READ_ONCE(live->seq))
			return 0;
		cpu_relax();
	} while (--retries);
	return -EAGAIN;
}

/*
 * The failure record of a CPU, of this session or the last one. Called under jh.state. -EINVAL for
 * a CPU that is not in the system, -EAGAIN if the record is being written all the time.
 */
int jh_info_record(u32 cpu, struct jailhouse_cpu_record *record)
{
	if (jh.enabled)
		return read_live_record(cpu, record);
	if (!jh.snapshot || !jh.snapshot->has_info || cpu >= jh.snapshot->num_records)
		return -EINVAL;
	*record = jh.snapshot->record[cpu];
	return 0;
}

struct jh_snapshot *jh_snapshot_alloc(u32 num_records)
{
	struct jh_snapshot *snapshot;

	snapshot = kvzalloc(struct_size(snapshot, record, num_records), GFP_KERNEL);
	if (snapshot)
		snapshot->num_records = num_records;
	return snapshot;
}

/*
 * Keep what the image has left in its memory: after disable, or after an entry that failed. The
 * caller holds jh.state for writing.
 */
void jh_snapshot_take(void)
{
	struct jh_snapshot *snapshot = jh.snapshot;
	u32 cpu;

	if (SYS_FLAGS_VIRTUAL_DEBUG_CONSOLE(jh.config->flags)) {
		jh_console_snapshot(&snapshot->console,
				    jh.mem.base + jh.mem.header.console_page);
		snapshot->has_console = true;
	}
	memcpy(&snapshot->info, jh_info(), sizeof(snapshot->info));
	for (cpu = 0; cpu < snapshot->num_records; cpu++)
		if (read_live_record(cpu, &snapshot->record[cpu]))
			memset(&snapshot->record[cpu], 0, sizeof(snapshot->record[cpu]));
	snapshot->has_info = true;
}
