/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libjailhouse: configurations shown to people: who has what, a picture of the memory, what differs.
 * Conventions as in <jailhouse/config.h>. The same configurations give the same text, byte by byte.
 */
#ifndef JAILHOUSE_RENDER_H
#define JAILHOUSE_RENDER_H

#include <jailhouse/config.h>

#ifdef __cplusplus
extern "C" {
#endif

#define JAILHOUSE_SHOW_TABLE 0 /* text for a terminal: CPUs, memory, ports, interrupts, devices */
#define JAILHOUSE_SHOW_JSON  1 /* the same for programs */
#define JAILHOUSE_SHOW_SVG   2 /* a picture of the physical memory, to scale with gaps folded */

/* More than these can't be shown at once. */
#define JAILHOUSE_SHOW_MAX_CONFIGS 48

/**
 * jailhouse_config_show() - show who has what of a machine
 * @configs: configurations; a system comes first, if there is one. Cells are taken as existing at
 *	once
 * @count: how many, 1 to JAILHOUSE_SHOW_MAX_CONFIGS
 * @form: JAILHOUSE_SHOW_...
 * @ret_text: the text, terminated; free with jailhouse_text_free()
 * @error: details of a failure, or NULL
 *
 * Memory is cut where owners change. A piece belongs to the root cell, to a cell, is shared (all that
 * have it say ROOTSHARED), is the hypervisor's, is intercepted (registers that the hypervisor keeps), or
 * is a conflict: two have it, and not both want to share it.
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY, _CONFIG (a system that is not the first one).
 */
JAILHOUSE_API int jailhouse_config_show(const struct jailhouse_config *configs, size_t count,
					uint32_t form, char **ret_text,
					struct jailhouse_error *error);

#define JAILHOUSE_DIFF_TEXT 0 /* a line for each difference, "-" the first one, "+" the second one */
#define JAILHOUSE_DIFF_JSON 1 /* the same for programs */

/**
 * jailhouse_config_diff() - what two configurations say differently
 * @left: first configuration
 * @right: second one, of the same kind; of any architecture
 * @form: JAILHOUSE_DIFF_...
 * @ret_text: the differences, terminated; empty text without any. Free with jailhouse_text_free()
 * @error: details of a failure, or NULL
 *
 * Elements of the arrays are paired by what they are about, not by their place: memory by physical
 * address, ports by the first one, devices by their address, interrupt chips by address and first
 * line; those that are the same in all but their place are no difference. Padding, bits that nobody
 * evaluates, and trailing bytes are compared, too.
 *
 * Returns 0 if they say the same, 1 if not, or JAILHOUSE_ERR_NO_MEMORY, _CONFIG (a system and a cell).
 */
JAILHOUSE_API int jailhouse_config_diff(const struct jailhouse_config *left,
					const struct jailhouse_config *right, uint32_t form,
					char **ret_text, struct jailhouse_error *error);

#ifdef __cplusplus
}
#endif

#endif /* !JAILHOUSE_RENDER_H */
