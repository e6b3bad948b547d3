/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A peer that was made of docs/ivshmem-channel.md, and of nothing else: no header of ours, offsets as they stand there.
 * What has no place in it is missing in the document. It talks to an end that everybody has.
 */
#include "ring-setup.h"

/* "Area" */
#define MAGIC	    0
#define VERSION	    4
#define SIZE	    8
#define EPOCH	    12
#define ECHO	    16
#define TAIL	    128
#define HEAD	    256
#define READ_SLEEP  384
#define WRITE_SLEEP 388
#define WRITE_NEED  392
#define RING	    512
#define MARK	    0xffffffff

#define AREA 4096u
#define LONG ((AREA - RING) / 2 / 64 * 64 - 64)

struct book {
	uint8_t *own;
	const uint8_t *other;
	uint32_t *state; /* of both: own, other */
	uint32_t epoch, accepted;
	uint32_t size, tail, other_head;
	uint32_t other_size, head, other_tail;
	uint32_t sleeps, rung_read, rung_write;
};

static uint32_t get(const uint8_t *area, uint32_t offset)
{
	return __atomic_load_n((const uint32_t *)(const void *)(area + offset), __ATOMIC_SEQ_CST);
}

static void put(uint8_t *area, uint32_t offset, uint32_t value)
{
	__atomic_store_n((uint32_t *)(void *)(area + offset), value, __ATOMIC_SEQ_CST);
}

static uint32_t rounded(uint32_t length)
{
	return 64 + (length + 63) / 64 * 64;
}

static uint32_t used(uint32_t from, uint32_t to, uint32_t size)
{
	return (to + size - from) % size;
}

/* "To begin a life". The version is 16 bits, the next 16 are 0: both are one word in little-endian. */
static void book_begin(struct book *book)
{
	put(book->own, EPOCH, 0);
	book->size = AREA - RING;
	put(book->own, SIZE, book->size);
	put(book->own, MAGIC, 0x4843484a);
	put(book->own, VERSION, 2);
	put(book->own, ECHO, 0);
	put(book->own, TAIL, 0);
	put(book->own, HEAD, 0);
	do
		book->epoch += 77;
	while (book->epoch == 0 || book->epoch == get(book->other, ECHO));
	book->accepted = 0;
	put(book->own, EPOCH, book->epoch);
	book->state[0] = 1;
}

/* "To connect", and whether the session is there */
static bool book_connect(struct book *book)
{
	uint32_t epoch = get(book->other, EPOCH);

	if (epoch == 0 || book->state[1] == 0 || get(book->other, MAGIC) != 0x4843484a ||
	    get(book->other, VERSION) != 2)
		return false;
	if (epoch != book->accepted) {
		book->other_size = get(book->other, SIZE);
		assert_in_range(book->other_size, 256, AREA - RING);
		book->tail = book->head = book->other_tail = book->other_head = 0;
		book->rung_read = book->rung_write = 0;
		put(book->own, TAIL, 0);
		put(book->own, HEAD, 0);
		book->accepted = epoch;
		put(book->own, ECHO, epoch);
	}
	return get(book->other, ECHO) == book->epoch;
}

/* "The session ends when" */
static bool book_is_over(const struct book *book)
{
	return book->state[1] == 0 || get(book->other, EPOCH) != book->accepted ||
	       get(book->other, ECHO) != book->epoch;
}

/* "Doorbells": is one due? */
static bool book_rings(const struct book *book, uint32_t field, uint32_t *rung)
{
	uint32_t sleep = get(book->other, field);

	if (sleep % 2 == 0 || sleep == *rung)
		return false;
	*rung = sleep;
	return true;
}

/* Free bytes that a message needs where the next one goes */
static uint32_t book_need(const struct book *book, uint32_t length)
{
	uint32_t rest = book->size - book->tail;

	return rounded(length) > rest ? rest + rounded(length) : rounded(length);
}

/* Returns -1: no room; else whether the doorbell is to be rung. */
static int book_send(struct book *book, const uint8_t *message, uint32_t length)
{
	uint32_t need = book_need(book, length), place = book->tail;

	if (book->size - 64 - used(book->other_head, book->tail, book->size) < need)
		book->other_head = get(book->other, HEAD);
	if (book->size - 64 - used(book->other_head, book->tail, book->size) < need)
		return -1;
	if (need != rounded(length)) {
		put(book->own, RING + place, MARK);
		place = 0;
	}
	memcpy(book->own + RING + place + 64, message, length);
	put(book->own, RING + place, length);
	book->tail = (place + rounded(length)) % book->size;
	put(book->own, TAIL, book->tail);
	return book_rings(book, READ_SLEEP, &book->rung_read);
}

/* Returns the length, or -1: nothing is there. */
static int book_receive(struct book *book, uint8_t *message, bool *ret_ring)
{
	uint32_t length;

	if (book->head == book->other_tail)
		book->other_tail = get(book->other, TAIL);
	if (book->head == book->other_tail)
		return -1;
	length = get(book->other, RING + book->head);
	if (length == MARK) {
		book->head = 0;
		length = get(book->other, RING);
	}
	assert_in_range(length, 0, LONG);
	memcpy(message, book->other + RING + book->head + 64, length);
	book->head = (book->head + rounded(length)) % book->other_size;
	put(book->own, HEAD, book->head);
	*ret_ring = book->other_size - 64 - used(book->head, book->other_tail, book->other_size) >=
			    get(book->other, WRITE_NEED) &&
		    book_rings(book, WRITE_SLEEP, &book->rung_write);
	return (int)length;
}

/* ---- both together ---- */

static struct ring_pair pair; /* end 0 is ours, end 1 is not used: the book writes its area */
static struct book book;
static uint32_t states[2];

static void connect_both(void)
{
	for (unsigned int n = 0; n < 3; n++) {
		jailhouse_ring_poll(&pair.end[0]);
		book_connect(&book);
	}
	assert_true(book_connect(&book));
	assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_UP);
}

static int setup(void **state)
{
	(void)state;
	ring_pair_new(&pair, AREA);
	memset(pair.area[1], 0, AREA);
	memset(&book, 0, sizeof(book));
	states[0] = 0;
	states[1] = 1;
	book.own = pair.area[1];
	book.other = pair.area[0];
	book.state = states;
	jailhouse_ring_init(&pair.end[0], pair.area[0], pair.area[1], AREA, &states[0], 5);
	book_begin(&book);
	connect_both();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	ring_pair_free(&pair);
	return 0;
}

static void fill(uint8_t *message, uint32_t number, uint32_t length)
{
	for (uint32_t n = 0; n < length; n++)
		message[n] = (uint8_t)(number * 31 + n);
}

static void expect(const uint8_t *message, uint32_t number, uint32_t length)
{
	uint8_t expected[LONG];

	fill(expected, number, length);
	assert_memory_equal(message, expected, length);
}

static uint32_t length_of(uint32_t number)
{
	return number * 389 % (LONG + 1);
}

static void messages_of_all_lengths_pass_both_ways(void **state)
{
	uint32_t sent[2] = {0}, got[2] = {0}, length;
	uint8_t message[LONG];
	bool ring;
	int size;

	(void)state;
	while (got[0] < 5000 || got[1] < 5000) {
		for (unsigned int n = 0; n < 1 + sent[0] % 5; n++) {
			fill(message, sent[0], length_of(sent[0]));
			if (!jailhouse_ring_send(&pair.end[0], message, length_of(sent[0])))
				break;
			sent[0]++;
		}
		jailhouse_ring_publish(&pair.end[0]);
		fill(message, sent[1], length_of(sent[1]));
		while (book_send(&book, message, length_of(sent[1])) >= 0) {
			sent[1]++;
			fill(message, sent[1], length_of(sent[1]));
		}
		while ((size = book_receive(&book, message, &ring)) >= 0) {
			assert_int_equal(size, length_of(got[0]));
			expect(message, got[0]++, (uint32_t)size);
		}
		while (jailhouse_ring_receive(&pair.end[0], message, sizeof(message), &length)) {
			assert_int_equal(length, length_of(got[1]));
			expect(message, got[1]++, length);
		}
		jailhouse_ring_release(&pair.end[0]);
		assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_UP);
	}
	assert_int_equal(got[0], sent[0]);
	assert_int_equal(got[1], sent[1]);
}

static void who_sleeps_for_a_message_is_told_once(void **state)
{
	uint8_t message[LONG] = {0};
	uint32_t length;
	bool ring;

	(void)state;
	for (unsigned int n = 0; n < 100; n++) {
		assert_int_equal(book_send(&book, message, 8), 0);
		assert_int_equal(jailhouse_ring_receive(&pair.end[0], message, LONG, &length), 1);
		jailhouse_ring_release(&pair.end[0]);
		assert_true(jailhouse_ring_sleep_for_message(&pair.end[0]));
		assert_int_equal(book_send(&book, message, 8), 1);
		assert_int_equal(book_send(&book, message, 8), 0);
		jailhouse_ring_awake_for_message(&pair.end[0]);
		while (jailhouse_ring_receive(&pair.end[0], message, LONG, &length))
			;
		jailhouse_ring_release(&pair.end[0]);

		book.sleeps += 2;
		put(book.own, READ_SLEEP, book.sleeps | 1);
		assert_int_equal(book_receive(&book, message, &ring), -1);
		jailhouse_ring_send(&pair.end[0], message, 8);
		assert_int_equal(jailhouse_ring_publish(&pair.end[0]), 1);
		jailhouse_ring_send(&pair.end[0], message, 8);
		assert_int_equal(jailhouse_ring_publish(&pair.end[0]), 0);
		put(book.own, READ_SLEEP, book.sleeps);
		while (book_receive(&book, message, &ring) >= 0)
			;
	}
}

static void who_sleeps_for_room_is_told_once(void **state)
{
	uint8_t message[LONG] = {0};
	uint32_t length, told;
	bool ring;

	(void)state;
	for (unsigned int n = 0; n < 20; n++) {
		while (jailhouse_ring_send(&pair.end[0], message, 500))
			;
		jailhouse_ring_publish(&pair.end[0]);
		assert_true(jailhouse_ring_sleep_for_room(&pair.end[0], LONG));
		for (told = 0; book_receive(&book, message, &ring) >= 0;)
			told += ring;
		assert_int_equal(told, 1);
		jailhouse_ring_awake_for_room(&pair.end[0]);
		assert_int_equal(jailhouse_ring_send(&pair.end[0], message, LONG), 1);
		jailhouse_ring_publish(&pair.end[0]);
		while (book_receive(&book, message, &ring) >= 0)
			;

		while (book_send(&book, message, 500) >= 0)
			;
		book.sleeps += 2;
		put(book.own, WRITE_NEED, book_need(&book, LONG));
		put(book.own, WRITE_SLEEP, book.sleeps | 1);
		assert_int_equal(book_send(&book, message, LONG), -1);
		for (told = 0; jailhouse_ring_receive(&pair.end[0], message, LONG, &length);)
			told += (uint32_t)jailhouse_ring_release(&pair.end[0]);
		assert_int_equal(told, 1);
		put(book.own, WRITE_SLEEP, book.sleeps);
		assert_true(book_send(&book, message, LONG) >= 0);
		while (jailhouse_ring_receive(&pair.end[0], message, LONG, &length))
			jailhouse_ring_release(&pair.end[0]);
	}
}

static void either_starts_anew(void **state)
{
	uint8_t message[LONG] = {0};
	uint32_t length;
	bool ring;

	(void)state;
	for (unsigned int n = 0; n < 50; n++) {
		/* These are lost. */
		fill(message, 1000, 100);
		book_send(&book, message, 100);
		jailhouse_ring_send(&pair.end[0], message, 100);
		jailhouse_ring_publish(&pair.end[0]);
		switch (n % 3) {
		case 0:
			book_begin(&book);
			assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
			break;
		case 1:
			jailhouse_ring_init(&pair.end[0], pair.area[0], pair.area[1], AREA, &states[0], n);
			assert_true(book_is_over(&book));
			book_begin(&book);
			break;
		default:
			/* It has crashed; its memory is what it was. */
			states[0] = 0;
			assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
			assert_int_equal(jailhouse_ring_poll(&pair.end[0]), JAILHOUSE_RING_DOWN);
			assert_true(book_is_over(&book));
			book_begin(&book);
		}
		connect_both();
		assert_int_equal(book_receive(&book, message, &ring), -1);
		assert_int_equal(jailhouse_ring_receive(&pair.end[0], message, LONG, &length), 0);
		fill(message, n, length_of(n));
		assert_true(book_send(&book, message, length_of(n)) >= 0);
		assert_int_equal(jailhouse_ring_send(&pair.end[0], message, length_of(n)), 1);
		jailhouse_ring_publish(&pair.end[0]);
		assert_int_equal(book_receive(&book, message, &ring), length_of(n));
		expect(message, n, length_of(n));
		assert_int_equal(jailhouse_ring_receive(&pair.end[0], message, LONG, &length), 1);
		expect(message, n, length);
		jailhouse_ring_release(&pair.end[0]);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(messages_of_all_lengths_pass_both_ways),
		TEST(who_sleeps_for_a_message_is_told_once),
		TEST(who_sleeps_for_room_is_told_once),
		TEST(either_starts_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
