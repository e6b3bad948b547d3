/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Formatted output. */
#include <stdarg.h>
#include <inmate.h>
#include <uart.h>

#define MAX_DIGITS 20 /* of a 64-bit number */

/* Divides by 10 in steps of 16 bits, so that 32-bit machines need no library function for it. */
static u64 divide_by_10(u64 value, unsigned int *remainder)
{
	u64 quotient = 0;
	u32 rest = 0;
	int shift;

	for (shift = 48; shift >= 0; shift -= 16) {
		rest = rest << 16 | ((value >> shift) & 0xffff);
		quotient = quotient << 16 | rest / 10;
		rest %= 10;
	}
	*remainder = rest;
	return quotient;
}

static void put_padded(const char *text, unsigned int len, bool negative, unsigned int width,
		       char fill)
{
	if (negative && fill == '0')
		console_putc('-');
	for (width -= width && negative; width > len; width--)
		console_putc(fill);
	if (negative && fill != '0')
		console_putc('-');
	while (len-- > 0)
		console_putc(*text++);
}

static void put_number(u64 value, bool negative, unsigned int base, unsigned int width, char fill)
{
	char digits[MAX_DIGITS];
	unsigned int pos = MAX_DIGITS, low;

	do {
		if (base == 16) {
			low = value & 0xf;
			value >>= 4;
		} else {
			value = divide_by_10(value, &low);
		}
		digits[--pos] = low < 10 ? '0' + low : 'a' + low - 10;
	} while (value);

	put_padded(digits + pos, MAX_DIGITS - pos, negative, width, fill);
}

/* va_list may be an array type, so it is passed inside a structure. */
struct args {
	va_list list;
};

static u64 next_unsigned(struct args *args, unsigned int longs)
{
	if (longs == 0)
		return va_arg(args->list, unsigned int);
	if (longs == 1)
		return va_arg(args->list, unsigned long);
	return va_arg(args->list, unsigned long long);
}

static s64 next_signed(struct args *args, unsigned int longs)
{
	if (longs == 0)
		return va_arg(args->list, int);
	if (longs == 1)
		return va_arg(args->list, long);
	return va_arg(args->list, long long);
}

static void put_string(const char *s, unsigned int width)
{
	if (!s)
		s = "(null)";
	put_padded(s, strlen(s), false, width, ' ');
}

static void put_pointer(const void *ptr)
{
	console_putc('0');
	console_putc('x');
	put_number((unsigned long)ptr, false, 16, 2 * sizeof(ptr), '0');
}

static void put_signed(s64 value, unsigned int width, char fill)
{
	put_number(value < 0 ? -(u64)value : (u64)value, value < 0, 10, width, fill);
}

/* One conversion; @fmt stands behind the '%'. Returns what follows the conversion. */
static const char *convert(const char *fmt, struct args *args)
{
	const char *start = fmt;
	unsigned int width = 0, longs = 0;
	char fill = ' ', c;

	if (*fmt == '0')
		fill = *fmt++;
	while (*fmt >= '0' && *fmt <= '9')
		width = width * 10 + (*fmt++ - '0');
	while (*fmt == 'l' && longs < 2) {
		fmt++;
		longs++;
	}

	switch (*fmt) {
	case 'c':
		c = va_arg(args->list, int);
		put_padded(&c, 1, false, width, ' ');
		break;
	case 'd':
		put_signed(next_signed(args, longs), width, fill);
		break;
	case 'u':
		put_number(next_unsigned(args, longs), false, 10, width, fill);
		break;
	case 'x':
		put_number(next_unsigned(args, longs), false, 16, width, fill);
		break;
	case 'p':
		put_pointer(va_arg(args->list, const void *));
		break;
	case 's':
		put_string(va_arg(args->list, const char *), width);
		break;
	case '%':
		console_putc('%');
		break;
	default:
		console_putc('%');
		return start;
	}
	return fmt + 1;
}

void printk(const char *fmt, ...)
{
	unsigned long cookie = console_lock();
	struct args args;

	va_start(args.list, fmt);
	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(fmt + 1, &args);
		else
			console_putc(*fmt++);
	}
	va_end(args.list);

	console_unlock(cookie);
}
