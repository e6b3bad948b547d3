/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An inmate that attacks: it tries one thing that a cell must not be able to do, chosen by the
 * parameter test=NAME, and tells what came of it. The list of attacks is tests.def.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <inmate.h>

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

#define NO_TRAP  -1
#define TRAP_DB  1
#define TRAP_NMI 2
#define TRAP_UD  6
#define TRAP_GP  13
#define TRAP_PF  14
#define TRAP_AC  17

/** trap_call() - call a function and survive an exception in it. Return: vector or NO_TRAP */
int trap_call(void (*fn)(unsigned long a, unsigned long b), unsigned long a, unsigned long b);

/* Registers at the last exception that trap_call() has caught */
extern struct excp_frame trap_frame;

/** trap_loop - if set, exceptions just return to where they came from, i.e. happen again */
extern bool trap_loop;

void trap_init(void);
/** trap_name() - "#GP" and so on */
const char *trap_name(int vector);

/** try_rdmsr() - Return: vector or NO_TRAP */
int try_rdmsr(u32 msr, u64 *value);
int try_wrmsr(u32 msr, u64 value);

/** try_hypercall() - Return: vector or NO_TRAP */
int try_hypercall(u32 code, unsigned long arg1, unsigned long arg2, int *result);

/*
 * Page tables with small pages (paging.c)
 */

/* A region that the library does not use */
#define WINDOW 0x4000000000UL

#define PTE_PRESENT (PAGE_FLAG_PRESENT | PAGE_FLAG_RW | PAGE_FLAG_US)

/** map_page() - map one page of 4 KiB at @virt. Return: its entry */
unsigned long *map_page(unsigned long virt, unsigned long entry);
/** map_table() - let the table below the 2 MiB around @virt lie at the physical address @phys */
void map_table(unsigned long virt, unsigned long phys);
/** load_tss() - load a TSS. @ist1: stack for gates that ask for the first one of the table */
void load_tss(unsigned long ist1);
/**
 * user_call() - run code in ring 3 until it raises an exception
 * @fn: may not use the stack of the caller; ends e.g. by UD2
 * @flags: RFLAGS
 *
 * Makes the first 2 MiB accessible from ring 3. Return: vector
 */
int user_call(void (*fn)(void), unsigned long flags);

/* The tests */
#define HOSTILE(name, fn, outcome, alive, line, needs, text) void fn(void);
#include "tests.def"
#undef HOSTILE

#endif /* !HOSTILE_H */
