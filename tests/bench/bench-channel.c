/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What message channels cost, between two threads on two CPUs of the host. Prints medians of many short
 * times, so that what else the host does now and then plays no part:
 *
 *   cpus                those that were used
 *   line-ns             round trip of a single cache line: what this host gives at best, twice of which is
 *                       the least for a message and its answer
 *   time-over-memcpy    of messages of 4 KiB, shown four at a time, relative to threads that do one memcpy()
 *                       each over a ring of that size, and show four blocks at a time
 *   single-over-memcpy  the same with each shown at once
 *   poll-ns             round trip of 64 bytes while both poll
 *   sleep-over-eventfd  round trip of 64 bytes while both sleep, relative to a plain ping-pong by eventfds
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <jailhouse/ivshmem-ring.h>

#define CHUNK	    16u /* messages or trips that are timed together */
#define AREA	    (JAILHOUSE_RING_DATA + RING)
#define RING	    (256 * 1024)
#define BLOCK	    4096u
#define BLOCKS	    32000u
#define SHORT	    64u
#define BATCH	    4u
#define POLL_TRIPS  64000u
#define SLEEP_TRIPS 16000u
#define MAX_SAMPLES (POLL_TRIPS / CHUNK)

struct end {
	struct jailhouse_ring ring;
	int bell, peer_bell;
	bool first;
	int cpu;
	void (*work)(struct end *end);
};

static unsigned char *area[2];
static struct end ends[2];
static pthread_barrier_t barrier;
static double samples[MAX_SAMPLES], last;
static unsigned int num_samples;
static volatile unsigned int block_size = BLOCK; /* so that both call the same memcpy() */
static unsigned int batch;

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* After each message or trip number n of the end that takes the time */
static void tick(unsigned int n)
{
	double now;

	if (n % CHUNK)
		return;
	now = now_ns();
	if (n && num_samples < MAX_SAMPLES)
		samples[num_samples++] = (now - last) / CHUNK;
	last = now;
}

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* ---- throughput ---- */

static void send_blocks(struct end *end)
{
	static unsigned char block[BLOCK];
	unsigned int n;

	for (n = 0; n < BLOCKS; n++) {
		block[0] = (unsigned char)n;
		while (!jailhouse_ring_send(&end->ring, block, block_size))
			relax();
		if (n % batch == batch - 1)
			jailhouse_ring_publish(&end->ring);
	}
}

static void receive_blocks(struct end *end)
{
	static unsigned char block[BLOCK];
	uint32_t length;
	unsigned int n;

	for (n = 0; n < BLOCKS; n++) {
		while (jailhouse_ring_receive(&end->ring, block, BLOCK, &length) != 1)
			relax();
		if (length != BLOCK || block[0] != (unsigned char)n)
			abort();
		if (n % batch == batch - 1)
			jailhouse_ring_release(&end->ring);
		tick(n);
	}
}

/* The same ring without anything but the copies, and two counters. */
static struct {
	unsigned int put __attribute__((aligned(128)));
	unsigned int taken __attribute__((aligned(128)));
} plain;

static void copy_in(struct end *end)
{
	static unsigned char block[BLOCK];
	unsigned int n, taken = 0;

	(void)end;
	for (n = 0; n < BLOCKS; n++) {
		block[0] = (unsigned char)n;
		while (n - taken == RING / BLOCK) {
			taken = __atomic_load_n(&plain.taken, __ATOMIC_ACQUIRE);
			relax();
		}
		memcpy(area[0] + n % (RING / BLOCK) * BLOCK, block, block_size);
		if (n % batch == batch - 1)
			__atomic_store_n(&plain.put, n + 1, __ATOMIC_RELEASE);
	}
}

static void copy_out(struct end *end)
{
	static unsigned char block[BLOCK];
	unsigned int n, put = 0;

	(void)end;
	for (n = 0; n < BLOCKS; n++) {
		while (put == n) {
			put = __atomic_load_n(&plain.put, __ATOMIC_ACQUIRE);
			relax();
		}
		memcpy(block, area[0] + n % (RING / BLOCK) * BLOCK, block_size);
		if (block[0] != (unsigned char)n)
			abort();
		if (n % batch == batch - 1)
			__atomic_store_n(&plain.taken, n + 1, __ATOMIC_RELEASE);
		tick(n);
	}
}

/* ---- round trips ---- */

static void put(struct end *end)
{
	static const unsigned char message[SHORT];

	while (!jailhouse_ring_send(&end->ring, message, SHORT))
		relax();
	if (jailhouse_ring_publish(&end->ring) && eventfd_write(end->peer_bell, 1) < 0)
		abort();
}

static bool take(struct end *end)
{
	unsigned char message[SHORT];
	uint32_t length;

	if (jailhouse_ring_receive(&end->ring, message, SHORT, &length) != 1)
		return false;
	if (jailhouse_ring_release(&end->ring) && eventfd_write(end->peer_bell, 1) < 0)
		abort();
	return true;
}

static void wait_bell(struct end *end)
{
	eventfd_t count;

	while (eventfd_read(end->bell, &count) < 0)
		if (errno != EINTR)
			abort();
}

static void take_polling(struct end *end)
{
	while (!take(end))
		relax();
}

static void take_sleeping(struct end *end)
{
	while (!take(end)) {
		if (jailhouse_ring_sleep_for_message(&end->ring))
			wait_bell(end);
		jailhouse_ring_awake_for_message(&end->ring);
	}
}

static void play(struct end *end, unsigned int trips, void (*get)(struct end *end))
{
	unsigned int n;

	for (n = 0; n < trips; n++) {
		if (end->first)
			put(end);
		get(end);
		if (end->first)
			tick(n);
		else
			put(end);
	}
}

static void play_polling(struct end *end)
{
	play(end, POLL_TRIPS, take_polling);
}

static void play_sleeping(struct end *end)
{
	play(end, SLEEP_TRIPS, take_sleeping);
}

static void play_plain(struct end *end)
{
	unsigned int n;

	for (n = 0; n < SLEEP_TRIPS; n++) {
		if (end->first && eventfd_write(end->peer_bell, 1) < 0)
			abort();
		wait_bell(end);
		if (end->first)
			tick(n);
		else if (eventfd_write(end->peer_bell, 1) < 0)
			abort();
	}
}

/* The counters of the plain ring as a ball */
static void play_line(struct end *end)
{
	unsigned int *own = end->first ? &plain.put : &plain.taken;
	unsigned int *other = end->first ? &plain.taken : &plain.put;
	unsigned int n;

	for (n = 1; n <= POLL_TRIPS; n++) {
		if (end->first)
			__atomic_store_n(own, n, __ATOMIC_RELEASE);
		while (__atomic_load_n(other, __ATOMIC_ACQUIRE) != n)
			relax();
		if (end->first)
			tick(n - 1);
		else
			__atomic_store_n(own, n, __ATOMIC_RELEASE);
	}
}

/* ---- running ---- */

static void *run_end(void *arg)
{
	struct end *end = arg;
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(end->cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		abort();
	pthread_barrier_wait(&barrier);
	end->work(end);
	return NULL;
}

static void set_up(void)
{
	unsigned int n;

	memset(&plain, 0, sizeof(plain));
	for (n = 0; n < 2; n++)
		jailhouse_ring_init(&ends[n].ring, area[n], area[!n], AREA, NULL, 1);
	for (n = 0; n < 4; n++)
		jailhouse_ring_poll(&ends[n % 2].ring);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Median time of a message or trip in ns */
static double measure(void (*first)(struct end *end), void (*second)(struct end *end))
{
	pthread_t thread[2];
	unsigned int n;

	set_up();
	num_samples = 0;
	ends[0].work = first;
	ends[1].work = second;
	for (n = 0; n < 2; n++)
		if (pthread_create(&thread[n], NULL, run_end, &ends[n]) != 0)
			abort();
	for (n = 0; n < 2; n++)
		pthread_join(thread[n], NULL);
	qsort(samples, num_samples, sizeof(*samples), compare);
	return samples[num_samples / 2];
}

static bool find_cpus(void)
{
	unsigned int found = 0;
	cpu_set_t set;
	int cpu;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return false;
	for (cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++)
		if (CPU_ISSET(cpu, &set))
			ends[found++].cpu = cpu;
	return found == 2;
}

int main(void)
{
	double copies, eventfds;
	unsigned int n;

	if (!find_cpus()) {
		fprintf(stderr, "this takes two CPUs\n");
		return EXIT_FAILURE;
	}
	for (n = 0; n < 2; n++) {
		area[n] = aligned_alloc(4096, (AREA + 4095) / 4096 * 4096);
		ends[n].bell = eventfd(0, EFD_CLOEXEC);
		if (!area[n] || ends[n].bell < 0)
			return EXIT_FAILURE;
		memset(area[n], 0, AREA);
	}
	ends[0].first = true;
	ends[0].peer_bell = ends[1].bell;
	ends[1].peer_bell = ends[0].bell;
	pthread_barrier_init(&barrier, NULL, 2);
	printf("cpus %d,%d\n", ends[0].cpu, ends[1].cpu);
	printf("line-ns %.0f\n", measure(play_line, play_line));
	batch = BATCH;
	copies = measure(copy_in, copy_out);
	printf("time-over-memcpy %.3f\n", measure(send_blocks, receive_blocks) / copies);
	batch = 1;
	copies = measure(copy_in, copy_out);
	printf("single-over-memcpy %.3f\n", measure(send_blocks, receive_blocks) / copies);
	printf("poll-ns %.0f\n", measure(play_polling, play_polling));
	eventfds = measure(play_plain, play_plain);
	printf("sleep-over-eventfd %.3f\n", measure(play_sleeping, play_sleeping) / eventfds);
	return EXIT_SUCCESS;
}
