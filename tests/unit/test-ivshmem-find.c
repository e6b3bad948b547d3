/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How IVSHMEM devices are found, on a machine of files. */
#include <stdio.h>
#include <string.h>

#include <jailhouse/ivshmem-peer.h>

#include "ivshmem-tree.h"
#include "os.h"
#include "unit.h"

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

static void expect_failure(const char *name, int code, const char *text)
{
	struct jailhouse_ivshmem *device = (void *)1;

	assert_int_equal(jailhouse_ivshmem_open(NULL, name, &device, &error), code);
	assert_ptr_equal(device, (void *)1);
	if (!strstr(error.text, text))
		fail_msg("\"%s\" is not in \"%s\"", text, error.text);
}

/* ---- looking for devices ---- */

static void the_list_has_the_devices_of_the_machine_in_order(void **state)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;
	struct jailhouse_ivshmem_list *list;

	(void)state;
	tree_add_memory();
	assert_int_equal(jailhouse_ivshmem_list_get(NULL, &list, &error), 0);
	assert_int_equal(jailhouse_ivshmem_list_get_count(list), 2);
	assert_int_equal(jailhouse_ivshmem_list_get_info(list, 0, &info), 0);
	assert_int_equal(info.domain, 0);
	assert_int_equal(info.bdf, 0x78);
	assert_int_equal(info.access, JAILHOUSE_IVSHMEM_ACCESS_MEMORY);
	assert_string_equal(info.node, "");
	assert_int_equal(jailhouse_ivshmem_list_get_info(list, 1, &info), 0);
	assert_int_equal(info.domain, 1);
	assert_int_equal(info.bdf, 0x70);
	assert_int_equal(info.protocol, 0x4001);
	assert_int_equal(info.access, JAILHOUSE_IVSHMEM_ACCESS_UIO);
	assert_string_equal(info.node, "uio0");
	assert_int_equal(jailhouse_ivshmem_list_get_info(list, 2, &info), JAILHOUSE_ERR_ARGUMENT);
	jailhouse_ivshmem_list_free(list);
}

static void a_device_is_found_by_address_by_node_and_as_the_only_one(void **state)
{
	static const char *const names[] = {"0001:00:0e.0", "1:00:0e.0", "uio0", ""};
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(names); n++) {
		assert_int_equal(jailhouse_ivshmem_find(NULL, names[n], &info, &error), 0);
		assert_int_equal(info.bdf, 0x70);
	}
	tree_add_memory();
	assert_int_equal(jailhouse_ivshmem_find(NULL, "00:0f.0", &info, &error), 0);
	assert_int_equal(info.bdf, 0x78);
}

static void what_is_not_there_is_named(void **state)
{
	static const char *const names[] = {"uio1",      "00:0e.0",      "0001:00:0e.0x",
					    "apic-demo", "0001:00:2e.0", "1:0:0e.9"};
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_LEN(names); n++)
		expect_failure(names[n], JAILHOUSE_ERR_NOT_FOUND, names[n]);
}

static void a_machine_without_pci_has_no_devices(void **state)
{
	struct jailhouse_ivshmem_list *list;

	(void)state;
	tree_remove("sys/bus/pci/devices/" TREE_UIO "/vendor");
	assert_int_equal(jailhouse_ivshmem_list_get(NULL, &list, &error), 0);
	assert_int_equal(jailhouse_ivshmem_list_get_count(list), 0);
	jailhouse_ivshmem_list_free(list);
}

/* ---- names, and drivers of others ---- */

#define MAP                                                     \
	"memory 0x3a000000 0x600000 system hypervisor-memory\n" \
	"link chat 0001:00:0e.0 0x0000 0x3a9fe000 0x22000\n"    \
	"peer chat 0 0x3a9fe000 system\n"                       \
	"link\nlink broken\nlink nowhere 12.34.56\n"            \
	"link net 0000:00:0f.0 0x0001 0x3a800000 0xff000\n"

static void a_device_is_found_by_the_name_of_its_link(void **state)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;

	(void)state;
	tree_add_memory();
	expect_failure("chat", JAILHOUSE_ERR_NOT_FOUND, "\"chat\"");
	tree_text("etc/jailhouse/links.map", MAP);
	assert_int_equal(jailhouse_ivshmem_find(NULL, "chat", &info, &error), 0);
	assert_int_equal(info.bdf, 0x70);
	assert_string_equal(info.link, "chat");
	assert_int_equal(jailhouse_ivshmem_find(NULL, "net", &info, &error), 0);
	assert_int_equal(info.bdf, 0x78);
	expect_failure("broken", JAILHOUSE_ERR_NOT_FOUND, "\"broken\"");
}

static void a_map_may_lie_anywhere(void **state)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;
	char name[128];

	(void)state;
	tree_text("maps:here/the.map", MAP);
	snprintf(name, sizeof(name), "%smaps:here/the.map:chat", jh_os_root());
	assert_int_equal(jailhouse_ivshmem_find(NULL, name, &info, &error), 0);
	assert_int_equal(info.bdf, 0x70);
	/* It is not there, though the map has it. */
	strcpy(strrchr(name, ':'), ":net");
	expect_failure(name, JAILHOUSE_ERR_NOT_FOUND, "no IVSHMEM device \"0000:00:0f.0\"");
	strcpy(strrchr(name, ':'), ":nowhere");
	expect_failure(name, JAILHOUSE_ERR_NOT_FOUND, "has no link \"nowhere\"");
	expect_failure("/nowhere/map:chat", JAILHOUSE_ERR_NOT_FOUND, "/nowhere/map");
}

static void the_link_for_programs_goes_before_others(void **state)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;

	(void)state;
	tree_add_memory();
	assert_int_equal(jailhouse_ivshmem_find(NULL, "", &info, &error), 0);
	assert_int_equal(info.bdf, 0x78);
	tree_text("sys/bus/pci/devices/" TREE_MEMORY "/class", "0xff0001\n");
	expect_failure("", JAILHOUSE_ERR_EXISTS, "0000:00:0f.0, 0001:00:0e.0");
}

static void a_device_of_another_driver_is_left_alone(void **state)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;
	struct jailhouse_ivshmem_regs *regs;

	(void)state;
	tree_add_memory();
	tree_link("sys/bus/pci/devices/" TREE_MEMORY "/driver",
		  "../../bus/pci/drivers/ivshmem_net");
	regs = tree_map("sys/bus/pci/devices/" TREE_MEMORY "/resource0", 0);
	regs->state = 3;
	assert_int_equal(jailhouse_ivshmem_find(NULL, TREE_MEMORY, &info, &error), 0);
	assert_int_equal(info.access, JAILHOUSE_IVSHMEM_ACCESS_NONE);
	assert_string_equal(info.node, "ivshmem_net");
	expect_failure(TREE_MEMORY, JAILHOUSE_ERR_BUSY, "the driver ivshmem_net has it");
	assert_int_equal(regs->state, 3);
}

static void a_look_does_not_touch_the_state(void **state)
{
	struct jailhouse_ivshmem *device;
	struct jailhouse_ivshmem_regs *regs;

	(void)state;
	tree_add_memory();
	regs = tree_map("sys/bus/pci/devices/" TREE_MEMORY "/resource0", 0);
	regs->state = 1;
	assert_int_equal(jailhouse_ivshmem_open(NULL, TREE_MEMORY, &device, &error), 0);
	jailhouse_ivshmem_close(device);
	assert_int_equal(regs->state, 1);
	assert_int_equal(jailhouse_ivshmem_open(NULL, TREE_MEMORY, &device, &error), 0);
	assert_int_equal(jailhouse_ivshmem_set_state(device, 2, &error), 0);
	jailhouse_ivshmem_close(device);
	assert_int_equal(regs->state, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_list_has_the_devices_of_the_machine_in_order,
						tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(
			a_device_is_found_by_address_by_node_and_as_the_only_one, tree_setup,
			tree_teardown),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_named, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(a_machine_without_pci_has_no_devices, tree_setup,
						tree_teardown),
		cmocka_unit_test_setup_teardown(a_device_is_found_by_the_name_of_its_link,
						tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(a_map_may_lie_anywhere, tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(the_link_for_programs_goes_before_others,
						tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(a_device_of_another_driver_is_left_alone,
						tree_setup, tree_teardown),
		cmocka_unit_test_setup_teardown(a_look_does_not_touch_the_state, tree_setup,
						tree_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
