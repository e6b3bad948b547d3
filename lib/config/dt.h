/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A place in a device tree that knows what is above it: what addresses and interrupts mean there.
 * The blob was checked as a whole; what its properties hold is not to be trusted.
 */
#ifndef LIB_CONFIG_DT_H
#define LIB_CONFIG_DT_H

#include <libfdt.h>

#include "internal.h"

#define JH_DT_DEPTH 32
#define JH_DT_NAME  "device tree"

/* What a node means for its children */
struct jh_dt_level {
	int node;
	uint32_t address_cells;
	uint32_t size_cells;
	uint32_t interrupt_parent; /* phandle, 0: none */
	bool enabled;              /* and all above it */
	bool mapped;               /* its children's addresses can be those of the CPU */
};

struct jh_dt {
	const void *fdt;
	int node;
	int depth;
	struct jh_dt_level level[JH_DT_DEPTH]; /* up to the node itself */
	struct jailhouse_error *error;
};

struct jh_dt_range {
	uint64_t start;
	uint64_t size;
};

/* Checks the blob and stands in front of its root. */
int jh_dt_start(struct jh_dt *dt, const void *fdt, size_t size, struct jailhouse_error *error);
/* Stands at a node of a blob that was checked. Returns 0, or an error. */
int jh_dt_at(struct jh_dt *dt, const void *fdt, int node, struct jailhouse_error *error);
/* Goes on to the next node. Returns 1, 0 at the end, or an error. */
int jh_dt_next(struct jh_dt *dt);
static inline const struct jh_dt_level *jh_dt_parent(const struct jh_dt *dt)
{
	return dt->depth > 0 ? &dt->level[dt->depth - 1] : NULL;
}
bool jh_dt_enabled(const struct jh_dt *dt);
/* "PATH: what" */
int jh_dt_malformed(const struct jh_dt *dt, const char *format, ...) JH_PRINTF(2, 3);

bool jh_dt_compatible(const struct jh_dt *dt, const char *const *names);
/* Cells of a property; 0 if it is not there, or its length is no multiple of 4. */
uint32_t jh_fdt_cells(const void *fdt, int node, const char *name, const fdt32_t **ret_cells);
static inline uint32_t jh_dt_cells(const struct jh_dt *dt, const char *name,
				   const fdt32_t **ret_cells)
{
	return jh_fdt_cells(dt->fdt, dt->node, name, ret_cells);
}
/* The first cell of a property, or `otherwise`. */
uint32_t jh_dt_cell(const struct jh_dt *dt, const char *name, uint32_t otherwise);
/* A number of up to two cells; more in front of them must be 0. */
bool jh_dt_number(const fdt32_t *cells, uint32_t count, uint64_t *ret_number);
/* Entries of reg; the last one may be incomplete. */
uint32_t jh_dt_num_regs(const struct jh_dt *dt);
/*
 * An entry of reg, as addresses of the CPU. Returns 1, 0 if there is none or it has no such
 * address, or an error.
 */
int jh_dt_reg(const struct jh_dt *dt, uint32_t index, struct jh_dt_range *ret_range);
/* An address of a child of level `depth`, as one of the CPU. Returns as above. */
int jh_dt_translate(const struct jh_dt *dt, int depth, struct jh_dt_range *range);

#endif /* !LIB_CONFIG_DT_H */
