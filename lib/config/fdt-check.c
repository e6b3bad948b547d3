/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <libfdt.h>
#include <stdint.h>
#include <string.h>

#include "config/fdt-check.h"

#define FIRST_WITHOUT_PATHS 16
#define ALIGNMENT           8 /* Devicetree Specification, release 0.4, 5.6 */

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
	err = fdt_check_full(blob, size);
	return err ? fdt_strerror(err) : NULL;
}
