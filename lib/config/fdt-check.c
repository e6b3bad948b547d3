/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <libfdt.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "config/fdt-check.h"

#define FIRST_WITHOUT_PATHS 16
#define ALIGNMENT           8 /* Devicetree Specification, release 0.4, 5.6 */

/*
 * libfdt 1.6.1 adds a property's length to its place as it comes. One close to 4 GiB leads back to the
 * same property or to an earlier one, for ever.
 */
static bool properties_fit(const char *blob, uint32_t size)
{
	uint32_t total = fdt_totalsize(blob), start = fdt_off_dt_struct(blob), end, pos = 0;

	/* libfdt has its own word for that, and for all else that is no matter of a property's length. */
	if (size < total || start > total)
		return true;
	end = total - start;
	blob += start;
	while (end - pos >= FDT_TAGSIZE) {
		const char *tag = blob + pos;
		uint32_t rest = end - pos, length = FDT_TAGSIZE;

		switch (fdt32_ld((const fdt32_t *)tag)) {
		case FDT_BEGIN_NODE:
			length += (uint32_t)strnlen(tag + FDT_TAGSIZE, rest - FDT_TAGSIZE) + 1;
			break;
		case FDT_PROP:
			length = sizeof(struct fdt_property);
			if (rest < length || fdt32_ld((const fdt32_t *)tag + 1) > rest - length)
				return false;
			length += fdt32_ld((const fdt32_t *)tag + 1);
			break;
		case FDT_END_NODE:
		case FDT_NOP:
			break;
		default:
			return true;
		}
		length = (length + FDT_TAGSIZE - 1) & ~(FDT_TAGSIZE - 1U);
		if (length > rest)
			return true;
		pos += length;
	}
	return true;
}

const char *jh_fdt_problem(const void *blob, size_t size)
{
	struct fdt_header head;
	int err;

	if (size < sizeof(head))
		return fdt_strerror(-FDT_ERR_TRUNCATED);
	/* Wherever it is, it can be looked at. */
	memcpy(&head, blob, sizeof(head));
	if (fdt_magic(&head) != FDT_MAGIC)
		return fdt_strerror(-FDT_ERR_BADMAGIC);
	if (fdt_version(&head) < FIRST_WITHOUT_PATHS)
		return fdt_strerror(-FDT_ERR_BADVERSION);
	if ((uintptr_t)blob % ALIGNMENT)
		return "it does not begin at a multiple of 8 bytes";
	if (!properties_fit(blob, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size))
		return fdt_strerror(-FDT_ERR_BADSTRUCTURE);
	err = fdt_check_full(blob, size);
	return err ? fdt_strerror(err) : NULL;
}
