// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Any bytes as a cell's configuration, handed to the hypervisor by Linux. What is refused has a reason and leaves no
 * trace; what is accepted keeps others out, and is gone without a trace after destroy.
 */
#include <string.h>
#include "hosted-fuzz.h"

#define MOST_TO_ZERO (4UL << 20)

#define CONFIG_SIZE  0x20000

/* What the driver would do, and nothing that only takes time */
static struct jailhouse_cell_desc *put_config(struct fuzz_machine *f, const u8 *data, size_t size)
{
	struct jailhouse_cell_desc *desc = hosted_ram(f->hw, CONFIG_PHYS, CONFIG_SIZE);

	memset(desc, 0, CONFIG_SIZE);
	memcpy(desc, data, size);
	if (desc->id == 0)
		desc->id = 1;
	if (jailhouse_cell_config_length(desc) <= size) {
		const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(desc);
		u64 sum = 0;

		for (unsigned int n = 0; n < desc->num_memory_regions && sum <= MOST_TO_ZERO; n++)
			sum = mem[n].size > MOST_TO_ZERO ? mem[n].size : sum + mem[n].size;
		if (sum > MOST_TO_ZERO)
			desc->flags |= JAILHOUSE_CELL_NO_SCRUB;
	} else {
		desc->flags |= JAILHOUSE_CELL_NO_SCRUB;
	}
	return desc;
}

/*
 * The driver's memory is no cell's. A creation is continued by what lies at its address, so one that zeroes its own
 * configuration would be another one then.
 */
static bool holds_its_config(const struct jailhouse_cell_desc *desc)
{
	const struct jailhouse_memory *mem = jailhouse_cell_mem_regions(desc);
	const u8 *end = (const u8 *)desc + CONFIG_SIZE;

	/* As many as the hypervisor finds there, which has not been told where the input ends. */
	for (unsigned int n = 0; n < desc->num_memory_regions && (const u8 *)&mem[n + 1] <= end; n++)
		if (mem[n].size > 0 && (mem[n].phys_start + mem[n].size < mem[n].phys_start ||
					ranges_overlap(mem[n].phys_start, mem[n].size, CONFIG_PHYS, CONFIG_SIZE)))
			return true;
	return false;
}

static void refused(struct fuzz_machine *f, long error, u64 hash)
{
	const struct jailhouse_reason *reason = &hosted_info(f->hw)->reason;

	require(error < 0 && error > -4096);
	require(reason->code != JAILHOUSE_REASON_NONE && reason->error == error);
	require(f->m->num_cells == 1 && f->m->pool.used == f->pool_used);
	require(hash == f->root_hash);
	for (unsigned int cpu = 0; cpu < FUZZ_CPUS; cpu++)
		require(hosted_cpu_state(f->hw, cpu) == HOSTED_LINUX);
}

static void live(struct fuzz_machine *f, u32 id)
{
	struct cell *cell = cell_by_id(f->m, id);

	require(cell && f->m->num_cells == 2);
	fuzz_check(f);
	/* From here on nothing may need memory. */
	f->m->pool.fail_at = 1;
	require(fuzz_manage(f, JAILHOUSE_HC_CELL_SET_LOADABLE, id) == 0);
	fuzz_check(f);
	require(fuzz_manage(f, JAILHOUSE_HC_CELL_START, id) == 0);
	fuzz_check(f);
	/* A cell that says it has stopped is not asked. */
	fuzz_set_word(cell, offsetof(struct jailhouse_comm_region, cell_state), JAILHOUSE_CELL_SHUT_DOWN);
	require(fuzz_manage(f, JAILHOUSE_HC_CELL_DESTROY, id) == 0);
	require(f->m->pool.fail_at == 1);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const struct jailhouse_cell_desc *desc;
	struct fuzz_machine *f;
	long result;
	u32 id;

	if (size < sizeof(struct jailhouse_cell_desc) || size > 0x10000)
		return 0;
	f = fuzz_start();
	desc = put_config(f, data, size);
	id = desc->id;
	if (!holds_its_config(desc)) {
		result = fuzz_manage(f, JAILHOUSE_HC_CELL_CREATE, CONFIG_PHYS);
		if (result == 0)
			live(f, id);
		else
			refused(f, result, fuzz_root_hash(f));
	}
	fuzz_end(f);
	return 0;
}
