/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sentences for reasons. Driver, library and tests make them with this one function; it needs no
 * library, allocates nothing, and divides no 64-bit number (32-bit kernels cannot).
 */
#ifndef JAILHOUSE_REASON_TEXT_H
#define JAILHOUSE_REASON_TEXT_H

#include <jailhouse/reason.h>

/* A buffer of this size holds every sentence in full. */
#define JAILHOUSE_REASON_TEXT_SIZE 320

/* Output of known size that is always terminated; `length` counts on beyond the end. */
struct jailhouse_text {
	char *buf;
	unsigned int size;
	unsigned int length;
};

JAILHOUSE_INLINE void jailhouse_text_char(struct jailhouse_text *text, char c)
{
	if (text->length + 1 < text->size) {
		text->buf[text->length] = c;
		text->buf[text->length + 1] = 0;
	}
	text->length++;
}

JAILHOUSE_INLINE void jailhouse_text_string(struct jailhouse_text *text, const char *string)
{
	while (*string)
		jailhouse_text_char(text, *string++);
}

JAILHOUSE_INLINE void jailhouse_text_decimal(struct jailhouse_text *text, __u64 value)
{
	__u64 powers[20];
	int n = 0;
	char digit;

	powers[0] = 1;
	while (n < 19 && value >= powers[n] * 10) {
		powers[n + 1] = powers[n] * 10;
		n++;
	}
	for (; n >= 0; n--) {
		for (digit = '0'; value >= powers[n]; digit++)
			value -= powers[n];
		jailhouse_text_char(text, digit);
	}
}

/* At least `width` digits, 1 to 16 */
JAILHOUSE_INLINE void jailhouse_text_hex(struct jailhouse_text *text, __u64 value, int width)
{
	int n = 16;

	while (n > width && !(value >> ((n - 1) * 4)))
		n--;
	while (n-- > 0)
		jailhouse_text_char(text, "0123456789abcdef"[(value >> (n * 4)) & 0xf]);
}

/* Up to eight characters in a number, first one in the lowest byte */
JAILHOUSE_INLINE void jailhouse_text_packed(struct jailhouse_text *text, __u64 value)
{
	for (; value; value >>= 8) {
		unsigned int c = (unsigned int)(value & 0xff);

		if (!c)
			break;
		jailhouse_text_char(text, c >= 0x20 && c < 0x7f ? (char)c : '?');
	}
}

/* PCI address: bus << 8 | device << 3 | function */
JAILHOUSE_INLINE void jailhouse_text_bdf(struct jailhouse_text *text, __u64 bdf)
{
	jailhouse_text_hex(text, (bdf >> 8) & 0xff, 2);
	jailhouse_text_char(text, ':');
	jailhouse_text_hex(text, (bdf >> 3) & 0x1f, 2);
	jailhouse_text_char(text, '.');
	jailhouse_text_hex(text, bdf & 0x7, 1);
}

JAILHOUSE_INLINE void jailhouse_text_item(struct jailhouse_text *text, __u32 item, __u32 index)
{
	static const char *const names[] = {
		"the machine", "CPU", "memory region", "port range", "interrupt controller",
		"PCI device", "PCI capability", "cell", "IOMMU", "cache region", "image",
		"field at offset", "stream id",
	};

	if (item < sizeof(names) / sizeof(names[0])) {
		jailhouse_text_string(text, names[item]);
	} else {
		jailhouse_text_string(text, "item of kind ");
		jailhouse_text_decimal(text, item);
		jailhouse_text_string(text, ", number");
	}
	if (item != JAILHOUSE_ITEM_NONE) {
		jailhouse_text_char(text, ' ');
		jailhouse_text_decimal(text, index);
	}
}

/*
 * Name and sentence of each code, which is at the same place of another table. No array of pointers, which a shared
 * library has to relocate, and no switch, which is several times as large; refusals are rare enough to be looked for.
 * (A structure, since sparse puts up with 8 KiB of a literal only. Members of type char have no gaps.)
 */
#define JAILHOUSE_REASON_MEMBER(name, number, sentence) char reason_##name[sizeof(#name "\0" sentence)];
#define JAILHOUSE_REASON_WORDS(name, number, sentence) #name "\0" sentence,
#define JAILHOUSE_REASON_NUMBER(name, number, sentence) number,

/* All of them, and those that have no place in the list */
#define JAILHOUSE_REASON_ALL(X)                  \
	X(NONE, 0, "no reason was given")        \
	JAILHOUSE_REASONS(X)                     \
	X(INTERNAL, 9999, "internal error ({0x} {1x} {2x} {3x})")

/* The name of a code, or the sentence with its place holders; NULL for an unknown code */
JAILHOUSE_INLINE const char *jailhouse_reason_find(__u32 code, int sentence)
{
	static const struct {
		JAILHOUSE_REASON_ALL(JAILHOUSE_REASON_MEMBER)
	} words = {JAILHOUSE_REASON_ALL(JAILHOUSE_REASON_WORDS)};
	static const __u16 codes[] = {JAILHOUSE_REASON_ALL(JAILHOUSE_REASON_NUMBER)};
	const char *at = (const char *)&words;
	unsigned int n, skip;

	for (n = 0; n < sizeof(codes) / sizeof(codes[0]); n++)
		if (codes[n] == code)
			break;
	if (n == sizeof(codes) / sizeof(codes[0]))
		return (const char *)0;
	for (skip = 2 * n + (sentence ? 1 : 0); skip > 0; at++)
		if (!*at)
			skip--;
	return at;
}

#undef JAILHOUSE_REASON_ALL
#undef JAILHOUSE_REASON_MEMBER
#undef JAILHOUSE_REASON_WORDS
#undef JAILHOUSE_REASON_NUMBER

/**
 * jailhouse_reason_name() - the name of a code, as in JAILHOUSE_REASON_name
 * @code: jailhouse_reason.code
 *
 * Return: the name, constant, or NULL for a code that this version does not know
 */
JAILHOUSE_INLINE const char *jailhouse_reason_name(__u32 code)
{
	return jailhouse_reason_find(code, 0);
}

/*
 * Writes what the place holder behind a '{' stands for. Returns where the sentence goes on, or NULL
 * if this is no place holder.
 */
JAILHOUSE_INLINE const char *jailhouse_reason_place(struct jailhouse_text *text, const char *at,
						    const struct jailhouse_reason *r)
{
	__u64 value;

	if (at[0] == 'i' && at[1] == 't' && at[2] == 'e' && at[3] == 'm' && at[4] == '}') {
		jailhouse_text_item(text, r->item, r->index);
		return at + 5;
	}
	if (at[0] < '0' || at[0] > '3')
		return (const char *)0;
	value = r->arg[at[0] - '0'];
	if (at[1] == '}') {
		jailhouse_text_decimal(text, value);
		return at + 2;
	}
	if (!at[1] || at[2] != '}')
		return (const char *)0;
	switch (at[1]) {
	case 'x':
		jailhouse_text_string(text, "0x");
		jailhouse_text_hex(text, value, 1);
		break;
	case 's':
		jailhouse_text_packed(text, value);
		break;
	case 'b':
		jailhouse_text_bdf(text, value);
		break;
	default:
		return (const char *)0;
	}
	return at + 3;
}

/**
 * jailhouse_reason_format() - make the sentence of a reason
 * @buf: receives the sentence, cut if need be, always terminated; may be NULL if @size is 0
 * @size: bytes at @buf; JAILHOUSE_REASON_TEXT_SIZE is always enough
 * @r: the reason; any values, also from a newer hypervisor
 *
 * Return: length of the whole sentence without the NUL, also where it was cut
 */
JAILHOUSE_INLINE unsigned int jailhouse_reason_format(char *buf, unsigned int size,
						      const struct jailhouse_reason *r)
{
	const char *at = jailhouse_reason_find(r->code, 1);
	struct jailhouse_text text;
	const char *next;

	text.buf = buf;
	text.size = size;
	text.length = 0;
	if (size)
		buf[0] = 0;
	if (!at) {
		jailhouse_text_string(&text, "unknown reason ");
		jailhouse_text_decimal(&text, r->code);
		at = " for {item} ({0x} {1x} {2x} {3x})";
	}
	while (*at) {
		next = *at == '{' ? jailhouse_reason_place(&text, at + 1, r) : (const char *)0;
		if (next)
			at = next;
		else
			jailhouse_text_char(&text, *at++);
	}
	return text.length;
}

#endif /* !JAILHOUSE_REASON_TEXT_H */
