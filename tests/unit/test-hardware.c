/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* jailhouse_check_hardware(): what it makes of the registers that the driver has read, on recorded machines. */
#include <errno.h>
#include <string.h>

#include <jailhouse/generate.h>
#include <jailhouse/ioctl.h>

#include "config-blob.h"
#include "fake-driver.h"
#include "unit.h"

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
static struct jailhouse_checklist *list;

static int setup(void **state)
{
	(void)state;
	fake_reset();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	jailhouse_checklist_free(list);
	list = NULL;
	return fake_open_files();
}

static void check(const char *machine, const char *root)
{
	struct jailhouse *jh;

	fake_set_host(machine, root);
	assert_int_equal(jailhouse_open(NULL, &jh, &error), 0);
	assert_int_equal(jailhouse_check_hardware(jh, &list, &error), 0);
	jailhouse_close(jh);
}

/* The n-th row of that name */
static struct jailhouse_checklist_row row_of(const char *name, unsigned int skip)
{
	struct jailhouse_checklist_row row = {.size = sizeof(row)};

	for (size_t n = 0; jailhouse_checklist_get(list, n, &row) == 0; n++)
		if (strcmp(row.name, name) == 0 && skip-- == 0)
			return row;
	fail_msg("no row \"%s\"", name);
	return row;
}

static bool has_row(const char *name)
{
	struct jailhouse_checklist_row row = {.size = sizeof(row)};

	for (size_t n = 0; jailhouse_checklist_get(list, n, &row) == 0; n++)
		if (strcmp(row.name, name) == 0)
			return true;
	return false;
}

static void expect_row(const char *name, uint32_t result, const char *advice)
{
	struct jailhouse_checklist_row row = row_of(name, 0);

	if (row.result != result)
		fail_msg("%s: %u (%s)", name, row.result, row.advice);
	assert_non_null(strstr(row.advice, advice));
}

static size_t count_of(uint32_t result)
{
	struct jailhouse_checklist_row row = {.size = sizeof(row)};
	size_t count = 0;

	for (size_t n = 0; jailhouse_checklist_get(list, n, &row) == 0; n++)
		count += row.result == result;
	return count;
}

/* ---- a PC of Intel: 28 registers of each of four CPUs, two IOMMUs ---- */

#define MSR(cpu, number, value) {JAILHOUSE_HARDWARE_MSR, cpu, number, value}
#define INTEL_CPU(cpu)                                                                              \
	MSR(cpu, 0x3a, 5), MSR(cpu, 0x480, 1ull << 55), MSR(cpu, 0x481, ~0ull),                     \
		MSR(cpu, 0x482, ~0ull), MSR(cpu, 0x483, ~0ull), MSR(cpu, 0x484, ~0ull),             \
		MSR(cpu, 0x485, 1 << 6), MSR(cpu, 0x48b, ~0ull), MSR(cpu, 0x48c, 0x6134141),        \
		MSR(cpu, 0x48e, 0)
#define VTD(unit, base, cap, ecap)                                                                  \
	{JAILHOUSE_HARDWARE_VTD, unit, JAILHOUSE_HARDWARE_BASE, base},                              \
		{JAILHOUSE_HARDWARE_VTD, unit, 0x08, cap}, {JAILHOUSE_HARDWARE_VTD, unit, 0x10, ecap}
#define GOOD_CAP  (1ull << 10 | 3ull << 34)
#define GOOD_ECAP 0x1aull

static struct jailhouse_ioc_register intel[] = {
	INTEL_CPU(0),
	INTEL_CPU(1),
	INTEL_CPU(2),
	INTEL_CPU(3),
	VTD(0, 0xfed90000, GOOD_CAP, GOOD_ECAP),
	VTD(1, 0xfed91000, GOOD_CAP, GOOD_ECAP),
};
#define PER_CPU	  10
#define FIRST_VTD (4 * PER_CPU)

static void all_is_there_on_a_pc_of_intel(void **state)
{
	(void)state;
	fake_set_hardware(intel, ARRAY_LEN(intel), NULL);
	check("x86_64", MACHINES "/intel-dmar");
	assert_int_equal(count_of(JAILHOUSE_CHECKLIST_MISSING), 0);
	assert_int_equal(count_of(JAILHOUSE_CHECKLIST_UNKNOWN), 0);
	expect_row("Machine suits the driver", JAILHOUSE_CHECKLIST_OK, "");
	expect_row("VT-d (IOMMU #1)", JAILHOUSE_CHECKLIST_OK, "");
	assert_string_equal(row_of("VT-d (IOMMU #1)", 0).found, "at 0xfed91000");
	expect_row("  INVEPT", JAILHOUSE_CHECKLIST_OK, "");
}

static void an_msr_that_one_cpu_has_not(void **state)
{
	struct jailhouse_ioc_register regs[ARRAY_LEN(intel)];

	(void)state;
	memcpy(regs, intel, sizeof(regs));
	regs[3 * PER_CPU + 8].number = 0x4ff; /* 0x48c of CPU 3 */
	fake_set_hardware(regs, ARRAY_LEN(regs), NULL);
	check("x86_64", MACHINES "/intel-dmar");
	expect_row("  INVEPT", JAILHOUSE_CHECKLIST_MISSING, "CPU 3 has no MSR 0x48c");
	expect_row("  2M pages", JAILHOUSE_CHECKLIST_NOTE, "CPU 3 has no MSR 0x48c");
}

static void an_msr_that_differs_on_the_last_cpu(void **state)
{
	struct jailhouse_ioc_register regs[ARRAY_LEN(intel)];

	(void)state;
	memcpy(regs, intel, sizeof(regs));
	regs[3 * PER_CPU].value = 1; /* locked without VMX */
	fake_set_hardware(regs, ARRAY_LEN(regs), NULL);
	check("x86_64", MACHINES "/intel-dmar");
	expect_row("VMX outside SMX", JAILHOUSE_CHECKLIST_MISSING,
		   "MSR 0x3a is 0x5 on CPU 0, but 0x1 on CPU 3");
}

static void an_iommu_that_lacks_something(void **state)
{
	static const struct {
		unsigned int which; /* cap or ecap of unit 1 */
		uint64_t value;
		const char *name;
		uint32_t result;
	} cases[] = {
		{4, GOOD_CAP & ~(1ull << 10), "  39-bit or 48-bit AGAW", JAILHOUSE_CHECKLIST_MISSING},
		{4, (GOOD_CAP & ~(1ull << 10)) | 1 << 9, "  39-bit or 48-bit AGAW", JAILHOUSE_CHECKLIST_OK},
		{4, GOOD_CAP & ~(1ull << 34), "  2M pages", JAILHOUSE_CHECKLIST_NOTE},
		{4, GOOD_CAP & ~(1ull << 35), "  1G pages", JAILHOUSE_CHECKLIST_NOTE},
		{5, GOOD_ECAP & ~2ull, "  Queued invalidation", JAILHOUSE_CHECKLIST_MISSING},
		{5, GOOD_ECAP & ~8ull, "  Interrupt remapping", JAILHOUSE_CHECKLIST_MISSING},
		/* This machine has x2APICs. */
		{5, GOOD_ECAP & ~16ull, "  Extended interrupt mode", JAILHOUSE_CHECKLIST_MISSING},
	};
	struct jailhouse_ioc_register regs[ARRAY_LEN(intel)];
	struct jailhouse_checklist_row row;

	(void)state;
	for (size_t n = 0; n < ARRAY_LEN(cases); n++) {
		memcpy(regs, intel, sizeof(regs));
		regs[FIRST_VTD + cases[n].which].value = cases[n].value;
		fake_set_hardware(regs, ARRAY_LEN(regs), NULL);
		check("x86_64", MACHINES "/intel-dmar");
		/* EPT has rows for the sizes of pages, too. */
		row = row_of(cases[n].name, strstr(cases[n].name, "pages") ? 2 : 1);
		if (row.result != cases[n].result)
			fail_msg("%s: %u", row.name, row.result);
		jailhouse_checklist_free(list);
		list = NULL;
	}
}

static void registers_of_an_iommu_that_cannot_be_reached(void **state)
{
	(void)state;
	fake_set_hardware(intel, FIRST_VTD + 4, NULL);
	check("x86_64", MACHINES "/intel-dmar");
	assert_int_equal(row_of("  Queued invalidation", 1).result, JAILHOUSE_CHECKLIST_UNKNOWN);
	assert_non_null(strstr(row_of("  Queued invalidation", 1).advice, "register 0x10 of IOMMU #1"));
}

/* ---- a PC of AMD ---- */

#define AMD_VI(number, value) {JAILHOUSE_HARDWARE_AMD_VI, 0, number, value}

static struct jailhouse_ioc_register amd[] = {
	MSR(0, 0xc0010114, 0),
	MSR(1, 0xc0010114, 0),
	MSR(2, 0xc0010114, 0),
	MSR(3, 0xc0010114, 0),
	AMD_VI(JAILHOUSE_HARDWARE_BASE, 0xfeb80000),
	AMD_VI(0x30, 1 << 16 | 1 << 18 | 1 << 8),
	AMD_VI(0x60, 1 << 16),
	AMD_VI(0x68, 1 << 17),
};

static void all_is_there_on_a_pc_of_amd(void **state)
{
	(void)state;
	fake_set_hardware(amd, ARRAY_LEN(amd), NULL);
	check("x86_64", MACHINES "/amd-ivrs");
	assert_int_equal(count_of(JAILHOUSE_CHECKLIST_MISSING), 0);
	assert_int_equal(count_of(JAILHOUSE_CHECKLIST_UNKNOWN), 0);
	expect_row("AMD-V not disabled", JAILHOUSE_CHECKLIST_OK, "");
	expect_row("AMD-Vi (IOMMU #0)", JAILHOUSE_CHECKLIST_OK, "");
	expect_row("  Extended features", JAILHOUSE_CHECKLIST_OK, "");
	expect_row("  Base register", JAILHOUSE_CHECKLIST_OK, "");
	expect_row("  SMI filter", JAILHOUSE_CHECKLIST_OK, "");
	expect_row("  Hardware events", JAILHOUSE_CHECKLIST_OK, "");
	assert_false(has_row("  SMI filter not locked"));
}

static void a_filter_of_smis_that_is_locked(void **state)
{
	struct jailhouse_ioc_register regs[ARRAY_LEN(amd)];

	(void)state;
	memcpy(regs, amd, sizeof(regs));
	regs[5].value = 0;
	regs[7].value = 3 << 16;
	fake_set_hardware(regs, ARRAY_LEN(regs), NULL);
	check("x86_64", MACHINES "/amd-ivrs");
	expect_row("  SMI filter", JAILHOUSE_CHECKLIST_MISSING, "");
	expect_row("  SMI filter not locked", JAILHOUSE_CHECKLIST_MISSING, "filter 1");
	expect_row("  Hardware events", JAILHOUSE_CHECKLIST_NOTE, "");
}

/* ---- ARM64 ---- */

#define ARM(cpu, number, value) {JAILHOUSE_HARDWARE_ARM, cpu, number, value}
#define ARM_CPU(cpu)                                                                                \
	ARM(cpu, JAILHOUSE_ARM_MIDR, 0x411fd070), ARM(cpu, JAILHOUSE_ARM_PFR, 0x01002222),          \
		ARM(cpu, JAILHOUSE_ARM_MMFR, 0x1124), ARM(cpu, JAILHOUSE_ARM_CNTFRQ, 62500000)

static struct jailhouse_ioc_register arm64[] = {
	ARM_CPU(0), ARM_CPU(1), ARM_CPU(2), ARM_CPU(3), ARM(0, JAILHOUSE_ARM_AT_EL2, 1),
	ARM(0, JAILHOUSE_ARM_GIC, 3),
};

static void all_is_there_on_arm64(void **state)
{
	(void)state;
	fake_set_hardware(arm64, ARRAY_LEN(arm64), NULL);
	check("aarch64", MACHINES "/virt-gicv3");
	assert_int_equal(count_of(JAILHOUSE_CHECKLIST_MISSING), 0);
	expect_row("EL2 in all CPUs", JAILHOUSE_CHECKLIST_OK, "");
	expect_row("Kernel was given EL2", JAILHOUSE_CHECKLIST_OK, "");
	assert_string_equal(row_of("Frequency of the counter", 0).found, "62500000 Hz");
	assert_string_equal(row_of("GIC that Linux drives", 0).found, "GICv3");
	expect_row("GIC by system registers", JAILHOUSE_CHECKLIST_OK, "");
}

static void an_arm64_cpu_that_lacks_something(void **state)
{
	const struct jailhouse_reason verdict = {.code = JAILHOUSE_REASON_NO_EL2, .error = -ENODEV};
	struct jailhouse_ioc_register regs[ARRAY_LEN(arm64)];

	(void)state;
	memcpy(regs, arm64, sizeof(regs));
	regs[4 * 2 + 1].value = 0x2022;
	regs[4 * 3 + 3].value = 24000000;
	regs[16].value = 0;
	fake_set_hardware(regs, ARRAY_LEN(regs), &verdict);
	check("aarch64", MACHINES "/virt-gicv3");
	expect_row("EL2 in all CPUs", JAILHOUSE_CHECKLIST_MISSING, "CPU 2");
	expect_row("GIC by system registers", JAILHOUSE_CHECKLIST_MISSING, "CPU 2");
	expect_row("Frequency of the counter", JAILHOUSE_CHECKLIST_MISSING,
		   "62500000 on CPU 0, and 24000000 on CPU 3");
	expect_row("Kernel was given EL2", JAILHOUSE_CHECKLIST_MISSING, "firmware");
	expect_row("Machine suits the driver", JAILHOUSE_CHECKLIST_MISSING, "EL2");
	assert_string_equal(row_of("Machine suits the driver", 0).found, "NO_EL2");
}

static void what_is_only_in_use_is_no_lack(void **state)
{
	const struct jailhouse_reason verdict = {.code = JAILHOUSE_REASON_KVM_IN_USE, .error = -EBUSY};

	(void)state;
	fake_set_hardware(arm64, ARRAY_LEN(arm64), &verdict);
	check("aarch64", MACHINES "/virt-gicv3");
	expect_row("Machine suits the driver", JAILHOUSE_CHECKLIST_NOTE, "KVM");
}

/* ---- without all of it ---- */

static void expect_as_without(const char *why)
{
	expect_row("Registers by the driver", JAILHOUSE_CHECKLIST_NOTE, why);
	assert_false(has_row("Machine suits the driver"));
	/* The recorded machine has no dev/cpu. */
	expect_row("VMX outside SMX", JAILHOUSE_CHECKLIST_UNKNOWN, "load the driver");
	expect_row("IOMMU (ACPI table DMAR)", JAILHOUSE_CHECKLIST_OK, "");
}

static void an_older_driver_is_named_and_done_without(void **state)
{
	(void)state;
	check("x86_64", MACHINES "/intel-dmar");
	expect_as_without("hardware check: the driver behind /dev/jailhouse does not support this");
	jailhouse_checklist_free(list);
	fake_set_legacy(true);
	check("x86_64", MACHINES "/intel-dmar");
	expect_as_without("hardware check: the driver behind /dev/jailhouse does not support this");
}

static void while_the_hypervisor_runs(void **state)
{
	struct system_blob system = make_system_blob();
	struct jailhouse *jh;

	(void)state;
	fake_set_hardware(intel, ARRAY_LEN(intel), NULL);
	fake_set_host("x86_64", MACHINES "/intel-dmar");
	assert_int_equal(jailhouse_open(NULL, &jh, &error), 0);
	assert_int_equal(jailhouse_enable(jh, &system, sizeof(system), 0, &error), 0);
	assert_int_equal(jailhouse_check_hardware(jh, &list, &error), 0);
	jailhouse_close(jh);
	expect_as_without("the hypervisor runs already");
}

static void arguments_that_make_no_sense(void **state)
{
	struct jailhouse *jh;

	(void)state;
	assert_int_equal(jailhouse_check_hardware(NULL, &list, &error), JAILHOUSE_ERR_ARGUMENT);
	assert_int_equal(jailhouse_open(NULL, &jh, &error), 0);
	assert_int_equal(jailhouse_check_hardware(jh, NULL, &error), JAILHOUSE_ERR_ARGUMENT);
	/* A connection to a driver that is nowhere */
	assert_int_equal(jailhouse_check_hardware(jh, &list, &error), JAILHOUSE_ERR_NOT_SUPPORTED);
	jailhouse_close(jh);
}

/* At first: the library asks again. */
static void more_registers_than_there_is_room_for(void **state)
{
	static struct jailhouse_ioc_register regs[200];

	(void)state;
	for (uint32_t n = 0; n < 200; n++)
		regs[n] = (struct jailhouse_ioc_register){JAILHOUSE_HARDWARE_VTD, n, JAILHOUSE_HARDWARE_BASE,
							  0x100000000 + n * 0x1000ull};
	fake_set_hardware(regs, ARRAY_LEN(regs), NULL);
	check("x86_64", MACHINES "/intel-dmar");
	expect_row("VT-d (IOMMU #199)", JAILHOUSE_CHECKLIST_OK, "");
	assert_string_equal(row_of("VT-d (IOMMU #199)", 0).found, "at 0x1000c7000");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(all_is_there_on_a_pc_of_intel),
		TEST(an_msr_that_one_cpu_has_not),
		TEST(an_msr_that_differs_on_the_last_cpu),
		TEST(an_iommu_that_lacks_something),
		TEST(registers_of_an_iommu_that_cannot_be_reached),
		TEST(all_is_there_on_a_pc_of_amd),
		TEST(a_filter_of_smis_that_is_locked),
		TEST(all_is_there_on_arm64),
		TEST(an_arm64_cpu_that_lacks_something),
		TEST(what_is_only_in_use_is_no_lack),
		TEST(an_older_driver_is_named_and_done_without),
		TEST(while_the_hypervisor_runs),
		TEST(arguments_that_make_no_sense),
		TEST(more_registers_than_there_is_room_for),
	};

	return cmocka_run_group_tests_name("hardware", tests, NULL, NULL);
}
