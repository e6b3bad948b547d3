// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Every way to be refused: the error, the reason with its item, and nothing that has changed. */
#include "testbed.h"

/* ---- cells ---- */

/*
 * Each case changes a configuration that would be accepted: cell 2 "two" with CPU 2 and 2 MiB at INMATE_START + 2 MiB,
 * while cell 1 "one" has CPU 1 and 1 MiB at INMATE_START.
 */
struct refusal {
	const char *name;
	void (*change)(struct config *config);
	int error;
	u32 code, item, index;
	u64 arg[4];
};

#define REGION JAILHOUSE_ITEM_MEM_REGION
#define OTHER  JAILHOUSE_ITEM_NONE
#define CPU    JAILHOUSE_ITEM_CPU
#define LIMIT  (1ULL << 40)
#define REASON(name) JAILHOUSE_REASON_##name

static void signature(struct config *c) { c->cell.signature[4] = 'X'; }
static void older(struct config *c) { c->cell.revision = 13; }
static void newer(struct config *c) { c->cell.revision = 15; }
static void architecture(struct config *c) { c->cell.architecture = JAILHOUSE_ARM64; }
static void no_name(struct config *c) { c->cell.name[0] = '\0'; }
static void endless_name(struct config *c) { memset(c->cell.name, 'x', sizeof(c->cell.name)); }
static void name_of_root(struct config *c) { strcpy(c->cell.name, "root"); }
static void name_of_cell(struct config *c) { strcpy(c->cell.name, "one"); }
static void id_of_root(struct config *c) { c->cell.id = 0; }
static void id_of_cell(struct config *c) { c->cell.id = 1; }
static void large_cpu_set(struct config *c) { c->cell.cpu_set_size = 4097; }
static void no_cpu(struct config *c) { c->cpus[0] = 0; }
static void no_cpu_set(struct config *c) { c->cell.cpu_set_size = 0; }
static void cpu_of_caller(struct config *c) { c->cpus[0] = 0x5; }
static void cpu_of_cell(struct config *c) { c->cpus[0] = 0x6; }
static void cpu_4(struct config *c) { c->cpus[0] = 0x14; }
static void cpu_63(struct config *c) { c->cpus[7] = 0x80; }
static void comm_unaligned(struct config *c) { c->mem[1].virt_start++; }
static void comm_small(struct config *c) { c->mem[1].size = PAGE_SIZE - 1; }
static void comm_large(struct config *c) { c->mem[1].size = 2 * PAGE_SIZE; }
static void comm_too_high(struct config *c) { c->mem[1].virt_start = LIMIT; }
static void size_beyond(struct config *c) { c->mem[0].size = LIMIT + PAGE_SIZE; }
static void size_maximum(struct config *c) { c->mem[0].size = ~0ULL; }
static void phys_beyond(struct config *c) { c->mem[0].phys_start = LIMIT - MIB + PAGE_SIZE; }
static void phys_wraps(struct config *c) { c->mem[0].phys_start = 0ULL - PAGE_SIZE; }
static void virt_beyond(struct config *c) { c->mem[0].virt_start = LIMIT - MIB + PAGE_SIZE; }
static void virt_wraps(struct config *c) { c->mem[0].virt_start = 0ULL - PAGE_SIZE; }
static void different_offsets(struct config *c) { c->mem[0].phys_start++; }
static void subpage_offsets(struct config *c) { add_mem(c, SUBPAGE_1, 0x40000200, 8, MEM_RW | JAILHOUSE_MEM_IO_32); }
static void hypervisor(struct config *c) { add_mem(c, HV_START, 4 * MIB, HV_SIZE, MEM_RW); }
static void hypervisor_start(struct config *c) { add_mem(c, HV_START - PAGE_SIZE, 4 * MIB, 2 * PAGE_SIZE, MEM_RW); }
static void hypervisor_end(struct config *c) { add_mem(c, HV_START + HV_SIZE - PAGE_SIZE, 4 * MIB, MIB, MEM_RW); }
static void hypervisor_around(struct config *c) { add_mem(c, 0, 0x40000000, RAM_START + RAM_SIZE, MEM_RW); }
static void hypervisor_shared(struct config *c)
{
	add_mem(c, HV_START, 4 * MIB, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_ROOTSHARED);
}
static void hypervisor_subpage(struct config *c)
{
	add_mem(c, HV_START + 0x10, 0x40000010, 8, MEM_RW | JAILHOUSE_MEM_IO_32);
}
static void irqchip(struct config *c) { add_mem(c, IRQCHIP, IRQCHIP, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_IO); }
static void irqchip_subpage(struct config *c)
{
	add_mem(c, IRQCHIP + 0x10, IRQCHIP + 0x10, 4, MEM_RW | JAILHOUSE_MEM_IO_32);
}
static void irqchip_shared(struct config *c)
{
	add_mem(c, IRQCHIP - PAGE_SIZE, 4 * MIB, 2 * PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_ROOTSHARED);
}
static void mmconfig(struct config *c) { add_mem(c, 0xb0100000, 4 * MIB, PAGE_SIZE, MEM_RW); }
static void other_cell(struct config *c) { c->mem[0].phys_start = INMATE_START; }
static void other_cell_last_page(struct config *c)
{
	add_mem(c, INMATE_START + MIB - PAGE_SIZE, 4 * MIB, PAGE_SIZE, MEM_RW);
}
static void other_cell_around(struct config *c) { add_mem(c, LINUX_START, 64 * MIB, 18 * MIB, MEM_RWX); }
static void shared_by_one(struct config *c)
{
	add_mem(c, INMATE_START, 4 * MIB, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_ROOTSHARED);
}
static void shared_by_the_other(struct config *c) { add_mem(c, INMATE_START + 8 * MIB, 4 * MIB, PAGE_SIZE, MEM_RW); }
static void half_a_page_of_ram(struct config *c)
{
	add_mem(c, LINUX_START + MIB, 0x40000000, 0x100, MEM_RW | JAILHOUSE_MEM_IO_32);
}
static void half_a_page_of_device(struct config *c)
{
	add_mem(c, DEVICE_PAGE + 0x100, 0x40000100, 0x100, MEM_RW | JAILHOUSE_MEM_IO_32);
}
static void two_windows(struct config *c)
{
	add_mem(c, SUBPAGE_1, 0x40000100, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	add_mem(c, SUBPAGE_1 + 0x20, 0x40000120, 0x20, MEM_RW | JAILHOUSE_MEM_IO_32);
	add_mem(c, SUBPAGE_2 - 0x1000 + 0x900, 0x40000110, 0x10, MEM_RW | JAILHOUSE_MEM_IO_32);
	c->mem[c->cell.num_memory_regions - 1].phys_start = 0xf0003110;
}
static void vetoed_by_a_unit(struct config *c) { c->cell.num_pio_regions = 0; c->cell.vpci_irq_base = 77; }
static void too_many_regions(struct config *c) { c->cell.num_memory_regions = 2044; }
#define COUNT(field) static void overflow_##field(struct config *c) { c->cell.field = 0xffffffff; }
COUNT(cpu_set_size)
COUNT(num_memory_regions)
COUNT(num_cache_regions)
COUNT(num_irqchips)
COUNT(num_pio_regions)
COUNT(num_pci_devices)
COUNT(num_pci_caps)
COUNT(num_stream_ids)

static const struct refusal refusals[] = {
#define R(change, error, code, item, index, ...) { #change, change, error, REASON(code), item, index, { __VA_ARGS__ } }
	R(signature, -EINVAL, CONFIG_SIGNATURE, OTHER, 0, 0x6c6c6563),
	R(older, -EINVAL, CONFIG_REVISION, OTHER, 0, 13, 14),
	R(newer, -EINVAL, CONFIG_REVISION, OTHER, 0, 15, 14),
	R(architecture, -EINVAL, CONFIG_ARCHITECTURE, OTHER, 0, JAILHOUSE_ARM64, JAILHOUSE_X86),
	R(no_name, -EINVAL, CONFIG_NAME_EMPTY, OTHER, 0, 0),
	R(endless_name, -EINVAL, CONFIG_NAME_EMPTY, OTHER, 0, 0),
	R(name_of_root, -EEXIST, CELL_NAME_USED, OTHER, 0, 0),
	R(name_of_cell, -EEXIST, CELL_NAME_USED, OTHER, 0, 1),
	R(id_of_root, -EEXIST, CELL_ID_USED, OTHER, 0, 0),
	R(id_of_cell, -EEXIST, CELL_ID_USED, OTHER, 0, 1),
	R(large_cpu_set, -EINVAL, CPU_SET_TOO_LARGE, OTHER, 0, 4097, 4096),
	R(no_cpu, -EINVAL, CPU_SET_EMPTY, OTHER, 0, 0),
	R(no_cpu_set, -EINVAL, CPU_SET_EMPTY, OTHER, 0, 0),
	R(cpu_of_caller, -EBUSY, CPU_IS_CALLER, CPU, 0, 0),
	R(cpu_of_cell, -EBUSY, CPU_NOT_IN_ROOT, CPU, 1, 0),
	R(cpu_4, -EBUSY, CPU_NOT_IN_ROOT, CPU, 4, 0),
	R(cpu_63, -EBUSY, CPU_NOT_IN_ROOT, CPU, 63, 0),
	R(comm_unaligned, -EINVAL, MEM_COMM_REGION, REGION, 1, PAGE_SIZE, MIB + 1),
	R(comm_small, -EINVAL, MEM_COMM_REGION, REGION, 1, PAGE_SIZE - 1, MIB),
	R(comm_large, -EINVAL, MEM_COMM_REGION, REGION, 1, 2 * PAGE_SIZE, MIB),
	R(comm_too_high, -EINVAL, MEM_COMM_REGION, REGION, 1, PAGE_SIZE, LIMIT),
	R(size_beyond, -EINVAL, MEM_OVERFLOW, REGION, 0, INMATE_START + 2 * MIB, LIMIT + PAGE_SIZE,
	  40),
	R(size_maximum, -EINVAL, MEM_OVERFLOW, REGION, 0, INMATE_START + 2 * MIB, ~0ULL, 40),
	R(phys_beyond, -EINVAL, MEM_OVERFLOW, REGION, 0, LIMIT - MIB + PAGE_SIZE, MIB, 40),
	R(phys_wraps, -EINVAL, MEM_OVERFLOW, REGION, 0, 0ULL - PAGE_SIZE, MIB, 40),
	R(virt_beyond, -EINVAL, MEM_OVERFLOW, REGION, 0, LIMIT - MIB + PAGE_SIZE, MIB, 40),
	R(virt_wraps, -EINVAL, MEM_OVERFLOW, REGION, 0, 0ULL - PAGE_SIZE, MIB, 40),
	R(different_offsets, -EINVAL, MEM_UNALIGNED, REGION, 0, INMATE_START + 2 * MIB + 1, 0),
	R(subpage_offsets, -EINVAL, MEM_UNALIGNED, REGION, 2, SUBPAGE_1, 0x40000200),
	R(hypervisor, -EINVAL, MEM_HYPERVISOR, REGION, 2, HV_START, HV_START + HV_SIZE - 1,
	  HV_START, HV_START + HV_SIZE - 1),
	R(hypervisor_start, -EINVAL, MEM_HYPERVISOR, REGION, 2, HV_START - PAGE_SIZE,
	  HV_START + PAGE_SIZE - 1, HV_START, HV_START + HV_SIZE - 1),
	R(hypervisor_end, -EINVAL, MEM_HYPERVISOR, REGION, 2, HV_START + HV_SIZE - PAGE_SIZE,
	  HV_START + HV_SIZE - PAGE_SIZE + MIB - 1, HV_START, HV_START + HV_SIZE - 1),
	R(hypervisor_around, -EINVAL, MEM_HYPERVISOR, REGION, 2, 0, RAM_START + RAM_SIZE - 1,
	  HV_START, HV_START + HV_SIZE - 1),
	R(hypervisor_shared, -EINVAL, MEM_HYPERVISOR, REGION, 2, HV_START, HV_START + PAGE_SIZE - 1,
	  HV_START, HV_START + HV_SIZE - 1),
	R(hypervisor_subpage, -EINVAL, MEM_HYPERVISOR, REGION, 2, HV_START + 0x10, HV_START + 0x17,
	  HV_START, HV_START + HV_SIZE - 1),
	R(irqchip, -EINVAL, MEM_INTERCEPTED, REGION, 2, IRQCHIP, IRQCHIP + PAGE_SIZE - 1, IRQCHIP,
	  IRQCHIP + PAGE_SIZE - 1),
	R(irqchip_subpage, -EINVAL, MEM_INTERCEPTED, REGION, 2, IRQCHIP + 0x10, IRQCHIP + 0x13,
	  IRQCHIP, IRQCHIP + PAGE_SIZE - 1),
	R(irqchip_shared, -EINVAL, MEM_INTERCEPTED, REGION, 2, IRQCHIP - PAGE_SIZE,
	  IRQCHIP + PAGE_SIZE - 1, IRQCHIP, IRQCHIP + PAGE_SIZE - 1),
	R(mmconfig, -EINVAL, MEM_INTERCEPTED, REGION, 2, 0xb0100000, 0xb0100fff, 0xb0000000,
	  0xb01fffff),
	R(other_cell, -EBUSY, MEM_OTHER_CELL, REGION, 0, INMATE_START, INMATE_START + MIB - 1, 1,
	  0),
	R(other_cell_last_page, -EBUSY, MEM_OTHER_CELL, REGION, 2, INMATE_START + MIB - PAGE_SIZE,
	  INMATE_START + MIB - 1, 1, 0),
	R(other_cell_around, -EBUSY, MEM_OTHER_CELL, REGION, 2, LINUX_START,
	  LINUX_START + 18 * MIB - 1, 1, 0),
	R(shared_by_one, -EBUSY, MEM_OTHER_CELL, REGION, 2, INMATE_START,
	  INMATE_START + PAGE_SIZE - 1, 1, 0),
	R(shared_by_the_other, -EBUSY, MEM_OTHER_CELL, REGION, 2, INMATE_START + 8 * MIB,
	  INMATE_START + 8 * MIB + PAGE_SIZE - 1, 1, 2),
	R(half_a_page_of_ram, -EINVAL, MEM_SUBPAGE_MAPPED, REGION, 2, LINUX_START + MIB,
	  LINUX_START + MIB + 0xff),
	R(half_a_page_of_device, -EINVAL, MEM_SUBPAGE_MAPPED, REGION, 2, DEVICE_PAGE + 0x100,
	  DEVICE_PAGE + 0x1ff),
	R(two_windows, -EINVAL, MEM_INTERCEPTED, REGION, 4, 0x40000110, 0x4000011f, 0x40000110,
	  0x4000011f),
	R(vetoed_by_a_unit, -ERANGE, IRQCHIP_PINS, JAILHOUSE_ITEM_IRQCHIP, 7, 1, 2, 3),
	R(too_many_regions, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 132 + 8 + 2044 * 32, 65536),
	R(overflow_cpu_set_size, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 132 + 0xffffffffULL + 64,
	  65536),
	R(overflow_num_memory_regions, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 140 + 32 * 0xffffffffULL,
	  65536),
	R(overflow_num_cache_regions, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 204 + 12 * 0xffffffffULL,
	  65536),
	R(overflow_num_irqchips, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 204 + 32 * 0xffffffffULL,
	  65536),
	R(overflow_num_pio_regions, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 204 + 4 * 0xffffffffULL,
	  65536),
	R(overflow_num_pci_devices, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 204 + 56 * 0xffffffffULL,
	  65536),
	R(overflow_num_pci_caps, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 204 + 8 * 0xffffffffULL,
	  65536),
	R(overflow_num_stream_ids, -E2BIG, CONFIG_TOO_LARGE, OTHER, 0, 204 + 4 * 0xffffffffULL,
	  65536),
#undef R
};

static int veto(struct machine *m, const struct jailhouse_cell_desc *config, bool root)
{
	if (root || config->vpci_irq_base != 77)
		return 0;
	return REFUSE3(m, -ERANGE, IRQCHIP_PINS, JAILHOUSE_ITEM_IRQCHIP, 7, 1, 2, 3);
}

static void start_with_cell_one(struct testbed *tb)
{
	struct config one;

	tb->setup.last.cell_check = veto;
	tb->root.system.platform_info.pci_mmconfig_base = 0xb0000000;
	tb->root.system.platform_info.pci_mmconfig_end_bus = 1;
	testbed_start(tb);
	cell_config(&one, "one", 1, 0x2);
	add_mem(&one, INMATE_START + 8 * MIB, 8 * MIB, MIB, MEM_RW | JAILHOUSE_MEM_ROOTSHARED);
	assert_int_equal(create(tb, &one), 0);
}

/* Only the head is written where the counts cannot be trusted. */
static void put_case(struct testbed *tb, const struct config *config)
{
	u8 *address = hosted_ram(tb->hw, CONFIG_ADDRESS, MAX_BLOB);
	struct config plain = *config;

	if (jailhouse_cell_config_length(&config->cell) > MAX_BLOB ||
	    config->cell.cpu_set_size > sizeof(config->cpus)) {
		cell_config(&plain, "two", 2, 0x4);
		write_cell(&plain, address);
		memcpy(address, &config->cell, sizeof(config->cell));
	} else {
		write_cell(config, address);
	}
}

static void test_refused_cells(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config config;
	unsigned int wrong = 0;

	start_with_cell_one(tb);
	take_snapshot(tb, &before);
	for (unsigned int n = 0; n < ARRAY_LEN(refusals); n++) {
		const struct refusal *r = &refusals[n];
		const struct jailhouse_reason *reason = &hosted_info(tb->hw)->reason;
		long result;

		cell_config(&config, "two", 2, 0x4);
		r->change(&config);
		put_case(tb, &config);
		result = manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS);
		if (result != r->error || reason->code != r->code || reason->error != r->error ||
		    reason->item != r->item || reason->index != r->index ||
		    memcmp(reason->arg, r->arg, sizeof(r->arg))) {
			print_error("%s: %ld, reason %u, item %u %u, 0x%llx 0x%llx 0x%llx 0x%llx\n", r->name, result,
				    reason->code, reason->item, reason->index, reason->arg[0], reason->arg[1],
				    reason->arg[2], reason->arg[3]);
			wrong++;
		}
		assert_unchanged(tb, &before);
	}
	assert_int_equal(wrong, 0);
	/* And without a change it is accepted. */
	cell_config(&config, "two", 2, 0x4);
	assert_int_equal(create(tb, &config), 0);
	assert_int_equal(hosted_info(tb->hw)->reason.code, JAILHOUSE_REASON_NONE);
}

static void test_boot_cpu_stays(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config config;

	testbed_start(tb);
	take_snapshot(tb, &before);
	cell_config(&config, "one", 1, 0x3);
	put_config(tb, &config);
	assert_int_equal(hosted_call(tb->hw, 3, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS, 0), -EINVAL);
	assert_reason(tb, CPU_IS_BOOT, CPU, 0);
	assert_unchanged(tb, &before);
}

static void test_failed_cpu_of_the_root(void **state)
{
	struct testbed *tb = *state;
	struct snapshot before;
	struct config config;

	testbed_start(tb);
	assert_linux_stopped(tb, 2, 0x50000000);
	take_snapshot(tb, &before);
	cell_config(&config, "one", 1, 0x6);
	assert_int_equal(create(tb, &config), -EBUSY);
	assert_reason(tb, ROOT_CPU_FAILED, CPU, 2);
	assert_unchanged(tb, &before);
}

static void test_what_must_be_accepted(void **state)
{
	struct testbed *tb = *state;
	struct config config;

	start_with_cell_one(tb);
	cell_config(&config, "two", 2, 0xc);
	/* Shared by both cells, side by side with the other one, at the limits of addresses, a name of full length */
	add_mem(&config, INMATE_START + 8 * MIB, 8 * MIB, PAGE_SIZE, JAILHOUSE_MEM_READ | JAILHOUSE_MEM_ROOTSHARED);
	add_mem(&config, INMATE_START + MIB, 32 * MIB, MIB, MEM_RW);
	add_mem(&config, HV_START - PAGE_SIZE, 48 * MIB, PAGE_SIZE, MEM_RW);
	add_mem(&config, LIMIT - PAGE_SIZE, LIMIT - PAGE_SIZE, PAGE_SIZE, MEM_RW);
	add_mem(&config, IRQCHIP + PAGE_SIZE, IRQCHIP, PAGE_SIZE, MEM_RW);
	memset(config.cell.name, 'n', JAILHOUSE_CELL_NAME_MAXLEN);
	config.cell.id = 0xffffffff;
	assert_int_equal(create(tb, &config), 0);
	assert_int_equal(destroy(tb, 0xffffffff), 0);
}

/* The largest configuration that fits, counted from the start of its first page. */
static void test_size_limit(void **state)
{
	struct testbed *tb = *state;
	struct config config;
	u8 *address;

	testbed_start(tb);
	cell_config(&config, "large", 1, 0x2);
	config.cell.cpu_set_size = 44;
	config.cell.num_memory_regions = (16 * PAGE_SIZE - 0x10 - sizeof(config.cell) - 44) / 32;
	assert_int_equal(jailhouse_cell_config_length(&config.cell) + 0x10, 16 * PAGE_SIZE);
	address = hosted_ram(tb->hw, CONFIG_ADDRESS, 32 * PAGE_SIZE);
	memcpy(address, &config.cell, sizeof(config.cell));
	address[sizeof(config.cell)] = 0x2;
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS), 0);
	assert_int_equal(destroy(tb, 1), 0);
	memmove(address + 1, address, 16 * PAGE_SIZE);
	assert_int_equal(manage(tb, JAILHOUSE_HC_CELL_CREATE, CONFIG_ADDRESS + 1), -E2BIG);
	assert_args(tb, 16 * PAGE_SIZE - 0x10, 16 * PAGE_SIZE, 0, 0);
}

/* The counts are those of the copy, whatever the first look said. */
static void test_truncated_copy(void **state)
{
	struct testbed *tb = *state;
	struct jailhouse_cell_desc *desc;
	struct config config;
	u8 blob[MAX_BLOB];
	u32 size;

	testbed_start(tb);
	cell_config(&config, "one", 1, 0x2);
	size = write_cell(&config, blob);
	desc = (struct jailhouse_cell_desc *)blob;
	assert_int_equal(cell_config_check(tb->m, desc, size, machine_cpu(tb->m, 0)), 0);
	assert_int_equal(cell_config_check(tb->m, desc, size - 1, machine_cpu(tb->m, 0)), -EINVAL);
	assert_reason(tb, CONFIG_TRUNCATED, OTHER, 0);
	assert_args(tb, size - 1, size, 0, 0);
	assert_int_equal(cell_config_check(tb->m, desc, sizeof(*desc) - 1, machine_cpu(tb->m, 0)), -EINVAL);
	assert_args(tb, sizeof(*desc) - 1, sizeof(*desc), 0, 0);
	desc->num_stream_ids = 0xffffffff;
	assert_int_equal(cell_config_check(tb->m, desc, size, machine_cpu(tb->m, 0)), -EINVAL);
	assert_args(tb, size, size + 4 * 0xffffffffULL, 0, 0);
}

/* ---- the system ---- */

static void expect_no_enable(struct testbed *tb, int error, u32 code, u32 item, u32 index)
{
	testbed_build(tb);
	assert_int_equal(testbed_enable(tb), error);
	check_reason(tb, code, item, index, __FILE__, __LINE__);
	for (unsigned int cpu = 0; cpu < tb->setup.cpus; cpu++)
		assert_true(hosted_wait_state(tb->hw, cpu, HOSTED_NATIVE, 10000));
	/* With a good configuration the same machine starts. */
	root_config(&tb->root);
	assert_int_equal(testbed_enable(tb), 0);
	assert_int_equal(hosted_disable(tb->hw), 0);
	testbed_stop(tb);
}

static void test_refused_systems(void **state)
{
	struct testbed *tb = *state;
	struct config *root = &tb->root;

	root->system.signature[0] = 'X';
	expect_no_enable(tb, -EINVAL, REASON(CONFIG_SIGNATURE), OTHER, 0);
	root->system.revision = 13;
	expect_no_enable(tb, -EINVAL, REASON(CONFIG_REVISION), OTHER, 0);
	root->system.architecture = JAILHOUSE_ARM;
	expect_no_enable(tb, -EINVAL, REASON(CONFIG_ARCHITECTURE), OTHER, 0);
	root->cpus[0] = 0x07;
	expect_no_enable(tb, -EINVAL, REASON(CPU_COUNT), OTHER, 0);
	root->cpus[0] = 0x1f;
	expect_no_enable(tb, -EINVAL, REASON(CPU_COUNT), OTHER, 0);
	root->cpus[0] = 0x17;
	expect_no_enable(tb, -EINVAL, REASON(CPU_UNEXPECTED), CPU, 3);
	root->mem[ROOT_DEVICE].virt_start += PAGE_SIZE;
	expect_no_enable(tb, -EINVAL, REASON(MEM_ROOT_NOT_IDENTITY), REGION, ROOT_DEVICE);
	add_mem(root, 0, MIB, PAGE_SIZE, MEM_RW | JAILHOUSE_MEM_COMM_REGION);
	expect_no_enable(tb, -EINVAL, REASON(MEM_COMM_REGION), REGION, NUM_ROOT_REGIONS);
	root->mem[ROOT_SUBPAGE_2].phys_start = root->mem[ROOT_SUBPAGE_2].virt_start = HV_START + 0x80;
	expect_no_enable(tb, -EINVAL, REASON(MEM_HYPERVISOR), REGION, ROOT_SUBPAGE_2);
	root->mem[ROOT_SUBPAGE_2].phys_start = root->mem[ROOT_SUBPAGE_2].virt_start = IRQCHIP + 0x80;
	expect_no_enable(tb, -EINVAL, REASON(MEM_INTERCEPTED), REGION, ROOT_SUBPAGE_2);
	root->mem[ROOT_LINUX].size = LIMIT;
	expect_no_enable(tb, -EINVAL, REASON(MEM_OVERFLOW), REGION, ROOT_LINUX);
	root->mem[ROOT_SUBPAGE_2].phys_start = root->mem[ROOT_SUBPAGE_2].virt_start = SUBPAGE_1 + 0x80;
	expect_no_enable(tb, -EINVAL, REASON(MEM_INTERCEPTED), REGION, ROOT_SUBPAGE_2);
	root->system.platform_info.iommu_units[0].base = 0xfed90000;
	root->system.platform_info.iommu_units[0].type = JAILHOUSE_IOMMU_INTEL;
	expect_no_enable(tb, -EINVAL, REASON(IOMMU_TYPE), JAILHOUSE_ITEM_IOMMU, 0);
	root->system.hypervisor_memory.size = 13 * PAGE_SIZE;
	expect_no_enable(tb, -ENOMEM, REASON(HYPERVISOR_MEMORY_SMALL), OTHER, 0);
}

static void test_memory_of_the_hypervisor(void **state)
{
	struct testbed *tb = *state;
	struct jailhouse_system *system;
	u8 blob[MAX_BLOB];
	u32 size;

	testbed_start(tb);
	size = write_system(&tb->root, blob);
	system = (struct jailhouse_system *)blob;
	assert_int_equal(system_config_check(tb->m, system, size), 0);
	system->hypervisor_memory.phys_start++;
	assert_int_equal(system_config_check(tb->m, system, size), -EINVAL);
	assert_reason(tb, HYPERVISOR_MEMORY, OTHER, 0);
	system->hypervisor_memory.phys_start--;
	system->hypervisor_memory.size--;
	assert_int_equal(system_config_check(tb->m, system, size), -EINVAL);
	system->hypervisor_memory.size = 0;
	assert_int_equal(system_config_check(tb->m, system, size), -EINVAL);
	system->hypervisor_memory.size = 0ULL - PAGE_SIZE;
	assert_int_equal(system_config_check(tb->m, system, size), -EINVAL);
	assert_reason(tb, HYPERVISOR_MEMORY, OTHER, 0);
}

static void test_truncated_system(void **state)
{
	struct testbed *tb = *state;
	struct jailhouse_system *system;
	u8 blob[MAX_BLOB];
	u32 size;

	testbed_start(tb);
	size = write_system(&tb->root, blob);
	system = (struct jailhouse_system *)blob;
	assert_int_equal(system_config_check(tb->m, system, sizeof(*system) - 1), -EINVAL);
	assert_reason(tb, CONFIG_TRUNCATED, OTHER, 0);
	assert_int_equal(system_config_check(tb->m, system, size - 1), -EINVAL);
	assert_reason(tb, CONFIG_TRUNCATED, OTHER, 0);
	system->root_cell.cpu_set_size = 4097;
	assert_int_equal(system_config_check(tb->m, system, size), -EINVAL);
	assert_reason(tb, CPU_SET_TOO_LARGE, OTHER, 0);
	system->root_cell.cpu_set_size = 8;
	system->root_cell.num_pci_devices = 0xffffffff;
	assert_int_equal(system_config_check(tb->m, system, size), -EINVAL);
	assert_reason(tb, CONFIG_TRUNCATED, OTHER, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, testbed_setup, testbed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(refused_cells),
		TEST(boot_cpu_stays),
		TEST(failed_cpu_of_the_root),
		TEST(what_must_be_accepted),
		TEST(size_limit),
		TEST(truncated_copy),
		TEST(refused_systems),
		TEST(memory_of_the_hypervisor),
		TEST(truncated_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
