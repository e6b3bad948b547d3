/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An inmate that attacks: it tries one thing that a cell must not be able to do, chosen by the
 * parameter test=NAME, and tells what came of it. The list of attacks is tests.def of the architecture.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <inmate.h>
#include <hostile-arch.h>

/* What must happen, see tests.def */
enum outcome { STOPPED, REFUSED, NO_EFFECT, CONTAINED };

struct test {
	const char *name;
	void (*run)(void);
	enum outcome outcome;
};

extern const struct test *current_test;

/* Set by UNEXPECTED() and BREACH(), so that nothing else is claimed afterwards. */
extern bool judged;

/** SURVIVED() - report that the attack was refused or had no effect, and how */
#define SURVIVED(fmt, ...) \
	printk("hostile: %s survived: " fmt "\n", current_test->name, ##__VA_ARGS__)

/** BREACH() - report that the attack got through */
#define BREACH(fmt, ...)                                                                    \
	do {                                                                                \
		judged = true;                                                              \
		printk("hostile: %s BREACH: " fmt "\n", current_test->name, ##__VA_ARGS__); \
	} while (0)

/** UNEXPECTED() - report that the attack could not be carried out as meant */
#define UNEXPECTED(fmt, ...)                                                                    \
	do {                                                                                    \
		judged = true;                                                                  \
		printk("hostile: %s unexpected: " fmt "\n", current_test->name, ##__VA_ARGS__); \
	} while (0)

/** heartbeat() - count and print signs of life for ever, and answer messages */
void heartbeat(void) __attribute__((noreturn));

/** heartbeat_once() - one sign of life, if it is time for it */
void heartbeat_once(void);

/* How messages are answered */
enum manners { APPROVE, DENY, IGNORE, REPLY_GARBAGE };
extern enum manners manners;
/* Time between a message and its answer */
extern unsigned long long answer_delay_ns;

/* At 0x8000, counts with each heartbeat */
extern volatile u64 heartbeats;

/*
 * Exceptions as results (trap.S, trap.c)
 */

#define NO_TRAP -1

/** trap_call() - call a function and survive an exception in it. Return: kind of the exception, or NO_TRAP */
int trap_call(void (*fn)(unsigned long a, unsigned long b), unsigned long a, unsigned long b);

/* Registers at the last exception that trap_call() has caught */
extern struct excp_frame trap_frame;

/** trap_loop - if set, exceptions just return to where they came from, i.e. happen again */
extern bool trap_loop;

void trap_init(void);
/** trap_name() - "#GP" and so on */
const char *trap_name(int trap);

/** try_hypercall() - Return: kind of the exception, or NO_TRAP */
int try_hypercall(u32 code, unsigned long arg1, unsigned long arg2, int *result);

/*
 * State of a CPU and its memory (state.c)
 */

/** state_check() - compare a value with what it is after reset; complains by BREACH() */
void state_check(const char *name, u64 value, u64 expected);
/** state_check_ram() - the same for all memory behind the heap, up to ram= */
void state_check_ram(void);
/** state_report() - the verdict on all checks */
void state_report(void);
/** state_fill_ram() - fill memory behind the heap, up to ram= */
void state_fill_ram(void);

#define STATE_PATTERN 0x5a5a5a5a5a5a5a5aULL

/* The tests */
#define HOSTILE(name, fn, outcome, alive, line, needs, text) void fn(void);
#include "tests.def"
#undef HOSTILE

#endif /* !HOSTILE_H */
