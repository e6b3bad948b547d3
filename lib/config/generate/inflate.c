/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Unpacks what gzip has packed (RFC 1951, RFC 1952): the kernel's options are shown like that only. */
#include <stdlib.h>
#include <string.h>

#include "config/generate/machine.h"

#define MAX_BITS    15
#define NUM_LENGTHS 288 /* symbols of the code for bytes and lengths */
#define NUM_DISTS   30
#define END_OF_BLOCK 256

#define GZIP_HEADER  10
#define GZIP_TRAILER 8
#define HAS_CRC	     0x02
#define HAS_EXTRA    0x04
#define HAS_NAME     0x08
#define HAS_COMMENT  0x10

struct stream {
	const uint8_t *in;
	size_t in_size, at;
	uint32_t bits;
	unsigned int num_bits;
	uint8_t *out;
	size_t out_size, room, most;
};

/* A canonical code: how many symbols have each length, and the symbols in order of their codes */
struct code {
	uint16_t count[MAX_BITS + 1];
	uint16_t symbol[NUM_LENGTHS];
};

/* -1: the input is at its end. */
static int take_bits(struct stream *s, unsigned int count)
{
	uint32_t value;

	while (s->num_bits < count) {
		if (s->at == s->in_size)
			return -1;
		s->bits |= (uint32_t)s->in[s->at++] << s->num_bits;
		s->num_bits += 8;
	}
	value = s->bits & ((1u << count) - 1);
	s->bits >>= count;
	s->num_bits -= count;
	return (int)value;
}

static bool put(struct stream *s, uint8_t byte)
{
	if (s->out_size == s->most || !jh_grow(&s->out, &s->room, s->out_size, 1))
		return false;
	s->out[s->out_size++] = byte;
	return true;
}

/* False: more codes than there can be. Codes that are not complete only have input that is none. */
static bool make_code(struct code *code, const uint8_t *length, unsigned int count)
{
	uint16_t next[MAX_BITS + 1];
	int left = 1;
	unsigned int n;

	memset(code->count, 0, sizeof(code->count));
	for (n = 0; n < count; n++)
		code->count[length[n]]++;
	code->count[0] = 0;
	next[0] = 0;
	next[1] = 0;
	for (n = 1; n <= MAX_BITS; n++) {
		left = 2 * left - code->count[n];
		if (left < 0)
			return false;
		if (n < MAX_BITS)
			next[n + 1] = (uint16_t)(next[n] + code->count[n]);
	}
	for (n = 0; n < count; n++)
		if (length[n])
			code->symbol[next[length[n]]++] = (uint16_t)n;
	return true;
}

static int take_symbol(struct stream *s, const struct code *code)
{
	int value = 0, first = 0, index = 0;
	unsigned int n;
	int bit;

	for (n = 1; n <= MAX_BITS; n++) {
		bit = take_bits(s, 1);
		if (bit < 0)
			return -1;
		value |= bit;
		if (value - first < code->count[n])
			return code->symbol[index + value - first];
		index += code->count[n];
		first = (first + code->count[n]) << 1;
		value <<= 1;
	}
	return -1;
}

/* Lengths from symbol 257 on: eight of one each, then four for each further bit */
static int take_length(struct stream *s, int symbol)
{
	unsigned int extra;
	int more;

	symbol -= END_OF_BLOCK + 1;
	if (symbol == 28)
		return 258;
	if (symbol > 28)
		return -1;
	extra = symbol < 8 ? 0 : (unsigned int)symbol / 4 - 1;
	more = take_bits(s, extra);
	return more < 0 ? -1 : (symbol < 8 ? symbol + 3 : ((4 + symbol % 4) << extra) + 3 + more);
}

static int take_distance(struct stream *s, const struct code *code)
{
	int symbol = take_symbol(s, code);
	unsigned int extra;
	int more;

	if (symbol < 0 || symbol >= NUM_DISTS)
		return -1;
	extra = symbol < 4 ? 0 : (unsigned int)symbol / 2 - 1;
	more = take_bits(s, extra);
	return more < 0 ? -1 : (symbol < 4 ? symbol + 1 : ((2 + symbol % 2) << extra) + 1 + more);
}

static bool copy_back(struct stream *s, const struct code *dists, int symbol)
{
	int length = take_length(s, symbol);
	int distance = length < 0 ? -1 : take_distance(s, dists);

	if (distance < 0 || (size_t)distance > s->out_size)
		return false;
	for (; length > 0; length--)
		if (!put(s, s->out[s->out_size - (size_t)distance]))
			return false;
	return true;
}

static bool unpack_block(struct stream *s, const struct code *lengths, const struct code *dists)
{
	int symbol;

	for (;;) {
		symbol = take_symbol(s, lengths);
		if (symbol == END_OF_BLOCK)
			return true;
		if (symbol < 0 ||
		    (symbol < END_OF_BLOCK ? !put(s, (uint8_t)symbol) : !copy_back(s, dists, symbol)))
			return false;
	}
}

static bool stored_block(struct stream *s)
{
	uint32_t size, inverse;

	s->bits = 0;
	s->num_bits = 0;
	if (s->in_size - s->at < 4)
		return false;
	size = s->in[s->at] | (uint32_t)s->in[s->at + 1] << 8;
	inverse = s->in[s->at + 2] | (uint32_t)s->in[s->at + 3] << 8;
	s->at += 4;
	if (size != (inverse ^ 0xffff) || size > s->in_size - s->at)
		return false;
	for (; size; size--)
		if (!put(s, s->in[s->at++]))
			return false;
	return true;
}

static bool fixed_block(struct stream *s)
{
	struct code lengths, dists;
	uint8_t length[NUM_LENGTHS];

	memset(length, 8, 144);
	memset(length + 144, 9, 112);
	memset(length + 256, 7, 24);
	memset(length + 280, 8, 8);
	make_code(&lengths, length, NUM_LENGTHS);
	memset(length, 5, NUM_DISTS);
	make_code(&dists, length, NUM_DISTS);
	return unpack_block(s, &lengths, &dists);
}

/* Lengths of codes are packed themselves: 16 repeats the last one, 17 and 18 are many zeros. */
static bool take_lengths(struct stream *s, const struct code *code, uint8_t *length, unsigned int count)
{
	static const uint8_t bits[] = {2, 3, 7}, least[] = {3, 3, 11};
	unsigned int n = 0;
	int symbol, times;

	while (n < count) {
		symbol = take_symbol(s, code);
		if (symbol < 0 || (symbol == 16 && n == 0))
			return false;
		if (symbol < 16) {
			length[n++] = (uint8_t)symbol;
			continue;
		}
		times = take_bits(s, bits[symbol - 16]);
		if (times < 0 || (unsigned int)times + least[symbol - 16] > count - n)
			return false;
		times += least[symbol - 16];
		memset(length + n, symbol == 16 ? length[n - 1] : 0, (size_t)times);
		n += (unsigned int)times;
	}
	return true;
}

static bool dynamic_block(struct stream *s)
{
	static const uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	uint8_t length[NUM_LENGTHS + 32] = {0};
	int num_lengths = take_bits(s, 5), num_dists = take_bits(s, 5), num_codes = take_bits(s, 4);
	struct code lengths, dists;
	int n, bits;

	if (num_codes < 0 || num_lengths > 29 || num_dists > 29)
		return false;
	num_lengths += 257;
	num_dists += 1;
	for (n = 0; n < num_codes + 4; n++) {
		bits = take_bits(s, 3);
		if (bits < 0)
			return false;
		length[order[n]] = (uint8_t)bits;
	}
	if (!make_code(&lengths, length, sizeof(order)) ||
	    !take_lengths(s, &lengths, length, (unsigned int)(num_lengths + num_dists)) ||
	    !make_code(&dists, length + num_lengths, (unsigned int)num_dists) ||
	    !make_code(&lengths, length, (unsigned int)num_lengths))
		return false;
	return unpack_block(s, &lengths, &dists);
}

static bool unpack(struct stream *s)
{
	int last, type;
	bool ok;

	do {
		last = take_bits(s, 1);
		type = take_bits(s, 2);
		if (last < 0 || type < 0 || type == 3)
			return false;
		ok = type == 0 ? stored_block(s) : type == 1 ? fixed_block(s) : dynamic_block(s);
	} while (ok && !last);
	return ok;
}

/* Where the packed data begins; 0: this is not gzip's. */
static size_t skip_header(const uint8_t *data, size_t size)
{
	size_t at = GZIP_HEADER;
	int names;

	if (size < GZIP_HEADER + GZIP_TRAILER || data[0] != 0x1f || data[1] != 0x8b || data[2] != 8)
		return 0;
	if (data[3] & HAS_EXTRA)
		at += 2u + data[at] + (size_t)(data[at + 1] << 8);
	for (names = !!(data[3] & HAS_NAME) + !!(data[3] & HAS_COMMENT); names; names--) {
		while (at < size && data[at])
			at++;
		at++;
	}
	if (data[3] & HAS_CRC)
		at += 2;
	return at < size ? at : 0;
}

bool jh_gunzip(const void *data, size_t size, size_t most, struct jh_blob *ret_blob)
{
	struct stream s = {.in = data, .in_size = size, .most = most};

	s.at = skip_header(data, size);
	if (s.at == 0 || !unpack(&s) || !put(&s, 0)) {
		free(s.out);
		return false;
	}
	ret_blob->data = s.out;
	ret_blob->size = s.out_size - 1;
	return true;
}
