/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Choice of the attack, and life after it. */
#include "hostile.h"

#define HEARTBEAT_PERIOD (100 * NS_PER_MSEC)
#define HEARTBEAT_PLACE  0x8000

#define REPLY_UNDEFINED 0x77

static const struct test tests[] = {
#define HOSTILE(name, fn, outcome, alive, line, needs, text) {name, fn, outcome},
#include "tests.def"
#undef HOSTILE
};

static const char *const outcome_names[] = {
	[STOPPED] = "STOPPED",
	[REFUSED] = "REFUSED",
	[NO_EFFECT] = "NO_EFFECT",
	[CONTAINED] = "CONTAINED",
};

const struct test *current_test;
bool judged;
enum manners manners = APPROVE;
unsigned long long answer_delay_ns;

static void answer(u32 msg)
{
	if (answer_delay_ns)
		delay_us(answer_delay_ns / NS_PER_USEC);

	if (manners == REPLY_GARBAGE) {
		jailhouse_send_reply_from_cell(comm_region, REPLY_UNDEFINED);
	} else if (msg != JAILHOUSE_MSG_SHUTDOWN_REQUEST) {
		jailhouse_send_reply_from_cell(comm_region, JAILHOUSE_MSG_RECEIVED);
	} else if (manners == DENY) {
		printk("hostile: shutdown denied\n");
		jailhouse_send_reply_from_cell(comm_region, JAILHOUSE_MSG_REQUEST_DENIED);
	} else {
		printk("hostile: shutdown approved\n");
		comm_region->cell_state = JAILHOUSE_CELL_SHUT_DOWN;
		jailhouse_send_reply_from_cell(comm_region, JAILHOUSE_MSG_REQUEST_APPROVED);
		stop();
	}
}

void heartbeat_once(void)
{
	static unsigned long long next;
	u32 msg = comm_region->msg_to_cell;

	if (msg != JAILHOUSE_MSG_NONE && manners != IGNORE)
		answer(msg);
	if (now_ns() < next)
		return;
	next = now_ns() + HEARTBEAT_PERIOD;
	heartbeats++;
	printk("hostile: heartbeat %llu\n", heartbeats);
}

void heartbeat(void)
{
	while (1) {
		heartbeat_once();
		delay_us(1000);
	}
}

static const struct test *find_test(const char *name)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(tests); n++)
		if (strcmp(tests[n].name, name) == 0)
			return &tests[n];
	return NULL;
}

static void print_tests(void)
{
	unsigned int n;

	printk("hostile: no such test, choose by test=NAME:");
	for (n = 0; n < ARRAY_SIZE(tests); n++)
		printk(" %s", tests[n].name);
	printk("\n");
}

/* An exception that no test catches would be reported as a failure of the cell. */
static void run_guarded(unsigned long a, unsigned long b)
{
	(void)a;
	(void)b;
	current_test->run();
}

void inmate_main(void)
{
	char name[32];
	int trap;

	trap_init();
	if ((unsigned long)&heartbeats != HEARTBEAT_PLACE)
		printk("hostile: counter is misplaced\n");

	cmdline_parse_str("test", name, sizeof(name), "");
	current_test = find_test(name);
	if (!current_test) {
		print_tests();
		comm_region->cell_state = JAILHOUSE_CELL_FAILED;
		return;
	}

	printk("hostile: %s expects %s\n", name, outcome_names[current_test->outcome]);
	if (current_test->outcome == STOPPED) {
		trap = trap_call(run_guarded, 0, 0);
		if (trap != NO_TRAP)
			UNEXPECTED("%s at %p instead of being stopped", trap_name(trap),
				   trap_pc());
		else if (!judged)
			BREACH("runs on");
	} else {
		current_test->run();
	}
	heartbeat();
}
