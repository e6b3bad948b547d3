// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Communication region and its messages. The cell can write everything in it at any time: each word is read once per
 * decision, and nothing is believed that was written there before.
 */
#include <hypervisor/arch/cpu.h>
#include <hypervisor/arch/memory.h>

#define DEFAULT_TIMEOUT_MS 1000
#define MAX_TIMEOUT_MS	   60000

/* The structure is packed for its users, but its page is aligned: words are read and written as a whole. */
#define COMM_WORD(cell, member)                                                                                      \
	((volatile u32 *)((u8 *)(cell)->comm + __builtin_offsetof(struct jailhouse_comm_region, member)))

static u32 read_word(const volatile u32 *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

u32 comm_cell_state(const struct cell *cell)
{
	return read_word(COMM_WORD(cell, cell_state));
}

void cell_set_state(struct cell *cell, u32 state)
{
	__atomic_store_n(COMM_WORD(cell, cell_state), state, __ATOMIC_RELEASE);
	count_event(cell->machine);
}

static void post(struct cell *cell, u32 message)
{
	__atomic_store_n(COMM_WORD(cell, reply_from_cell), JAILHOUSE_MSG_NONE, __ATOMIC_SEQ_CST);
	__atomic_store_n(COMM_WORD(cell, msg_to_cell), message, __ATOMIC_SEQ_CST);
}

static u64 reply_timeout_ms(const struct cell *cell)
{
	u64 ms = cell->config->msg_reply_timeout;

	return ms == 0 ? DEFAULT_TIMEOUT_MS : MIN(ms, (u64)MAX_TIMEOUT_MS);
}

/* A cell that gets messages: running, and not passive. */
static bool listens(const struct cell *cell)
{
	u32 state = comm_cell_state(cell);

	return !(cell->config->flags & JAILHOUSE_CELL_PASSIVE_COMMREG) && cell->started &&
	       state != JAILHOUSE_CELL_SHUT_DOWN && state != JAILHOUSE_CELL_FAILED &&
	       state != JAILHOUSE_CELL_FAILED_COMM_REV;
}

void comm_init(struct cell *cell)
{
	struct jailhouse_comm_region *comm = cell->comm;
	u32 flags = cell->config->flags;

	memset(comm, 0, PAGE_SIZE);
	memcpy(comm->signature, COMM_REGION_MAGIC, sizeof(comm->signature));
	comm->revision = COMM_REGION_ABI_REVISION;
	if (CELL_FLAGS_VIRTUAL_CONSOLE_PERMITTED(flags))
		comm->flags |= JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED;
	if (CELL_FLAGS_VIRTUAL_CONSOLE_ACTIVE(flags))
		comm->flags |= JAILHOUSE_COMM_FLAG_DBG_PUTC_ACTIVE;
	comm->console = cell->config->console;
	comm->pci_mmconfig_base = cell->machine->config->platform_info.pci_mmconfig_base;
	arch_comm_init(cell);
	cell->started = true;
	cell->info_pending = false;
}

static int give_up(struct percpu *cpu, struct cell *cell)
{
	struct machine *m = cpu->machine;

	printk(m, "Timeout expired while waiting for reply from target cell\n");
	cell_set_state(cell, JAILHOUSE_CELL_FAILED);
	REFUSE1(m, 0, REPLY_TIMEOUT, JAILHOUSE_ITEM_CELL, cell->config->id, reply_timeout_ms(cell));
	return 0;
}

/*
 * An information message may still wait for its answer. A late RECEIVED must not be taken as the answer to a request,
 * so the request waits its turn, but not longer than the information would have.
 */
static bool info_is_open(struct cell *cell)
{
	if (cell->info_pending &&
	    (read_word(COMM_WORD(cell, reply_from_cell)) != JAILHOUSE_MSG_NONE || deadline_passed(cell->info_deadline)))
		cell->info_pending = false;
	return cell->info_pending;
}

int comm_request_shutdown(struct percpu *cpu, struct cell *cell)
{
	struct request *request = &cpu->machine->request;
	u32 reply;

	if (!listens(cell))
		return 0;
	if (request->phase != JAILHOUSE_PHASE_VOTE) {
		if (!info_is_open(cell)) {
			post(cell, JAILHOUSE_MSG_SHUTDOWN_REQUEST);
			request->deadline = deadline_ms(cpu->machine, reply_timeout_ms(cell));
			request->phase = JAILHOUSE_PHASE_VOTE;
		}
		return -EAGAIN;
	}

	reply = read_word(COMM_WORD(cell, reply_from_cell));
	if (reply == JAILHOUSE_MSG_REQUEST_APPROVED)
		return 0;
	/* The state counts before a refusal: a cell that stops itself need not answer. */
	if (!listens(cell))
		return 0;
	if (reply != JAILHOUSE_MSG_NONE && reply != JAILHOUSE_MSG_RECEIVED)
		return REFUSE1(cpu->machine, -EPERM, CELL_DENIED, JAILHOUSE_ITEM_CELL, cell->config->id, reply);
	return deadline_passed(request->deadline) ? give_up(cpu, cell) : -EAGAIN;
}

void comm_send_reconfig(struct machine *m)
{
	for_each_non_root_cell(cell, m) {
		if (!listens(cell))
			continue;
		post(cell, JAILHOUSE_MSG_RECONFIG_COMPLETED);
		cell->info_pending = true;
		cell->info_deadline = deadline_ms(m, reply_timeout_ms(cell));
	}
}
