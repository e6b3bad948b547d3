// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <hypervisor/machine.h>

int refuse(struct machine *m, int error, u32 code, u32 item, u32 index, u64 a0, u64 a1, u64 a2, u64 a3)
{
	struct jailhouse_info *info = m->info;
	struct jailhouse_reason *reason = &info->reason;

	spin_lock(&m->info_lock);
	__atomic_store_n(&info->reason_seq, info->reason_seq + 1, __ATOMIC_SEQ_CST);
	reason->code = code;
	reason->error = error;
	reason->item = item;
	reason->index = index;
	reason->arg[0] = a0;
	reason->arg[1] = a1;
	reason->arg[2] = a2;
	reason->arg[3] = a3;
	__atomic_store_n(&info->reason_seq, info->reason_seq + 1, __ATOMIC_SEQ_CST);
	spin_unlock(&m->info_lock);
	return error;
}

int refuse_no_memory(struct machine *m, unsigned int pages)
{
	return REFUSE3(m, -ENOMEM, NO_MEMORY, JAILHOUSE_ITEM_NONE, 0, pages, m->pool.pages - m->pool.used,
		       m->pool.pages);
}

void clear_reason(struct machine *m)
{
	refuse(m, 0, JAILHOUSE_REASON_NONE, JAILHOUSE_ITEM_NONE, 0, 0, 0, 0, 0);
}

u64 reason_text(const char *text)
{
	u64 arg = 0;

	for (unsigned int n = 0; n < 8 && text[n]; n++)
		arg |= (u64)(u8)text[n] << (8 * n);
	return arg;
}

void count_event(struct machine *m)
{
	__atomic_fetch_add(&m->info->event_seq, 1, __ATOMIC_RELEASE);
}

bool learn_access(struct percpu *cpu, u32 kind, u64 address, unsigned int size, bool write)
{
	struct machine *m = cpu->machine;
	struct jailhouse_info *info = m->info;
	struct jailhouse_learned *entry;
	unsigned int n;

	if (!m->permissive || !cell_is_root(cpu->cell))
		return false;

	spin_lock(&m->info_lock);
	for (n = 0; n < info->learned_count; n++)
		if (info->learned[n].kind == kind && info->learned[n].address == address &&
		    info->learned[n].size == size)
			break;
	entry = &info->learned[n];
	if (n == info->learned_count) {
		publish(&info->learned_total, info->learned_total + 1);
		if (n == JAILHOUSE_NUM_LEARNED)
			goto out;
		entry->kind = kind;
		entry->address = address;
		entry->size = (u16)size;
		__atomic_store_n(&info->learned_count, n + 1, __ATOMIC_RELEASE);
	}
	entry->count++;
	entry->write |= write ? 1 : 2;
out:
	spin_unlock(&m->info_lock);
	return true;
}
