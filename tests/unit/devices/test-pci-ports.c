// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Both ways to configuration space, those of guests and those of the hypervisor, and the check of
 * messages on x86. */
#include "fake-ports.h"

static bool access_port(u16 port, unsigned int size, bool in, u32 *value)
{
	return guest_pci_port(ROOT_CPU, port, size, in, value);
}

static void guests_have_an_address_port_of_their_own(void **state)
{
	u32 value = 0x80001234;

	(void)state;
	ports.cf8 = 0x55;
	assert_true(access_port(0xcf8, 4, false, &value));
	value = 0;
	assert_true(access_port(0xcf8, 4, true, &value));
	assert_int_equal(value, 0x80001234);
	assert_int_equal(CELL_CPU->arch.cf8, 0);
	assert_int_equal(ports.cf8, 0x55);
	assert_int_equal(ports.reads + ports.writes, 0);
}

static void guests_reach_configuration_space(void **state)
{
	u32 value = 0x80011a64;

	(void)state;
	assert_true(access_port(0xcf8, 4, false, &value));
	ports.config.value = 0x1122;
	assert_true(access_port(0xcfe, 2, true, &value));
	assert_int_equal(value, 0x1122);
	assert_int_equal(ports.config.bdf, 0x011a);
	assert_int_equal(ports.config.reg, 0x66);
	assert_int_equal(ports.config.size, 2);
	value = 0x77;
	assert_true(access_port(0xcff, 1, false, &value));
	assert_true(ports.config.write);
	assert_int_equal(ports.config.reg, 0x67);
	assert_int_equal(ports.config.value, 0x77);
	ports.config.refuse = true;
	assert_false(access_port(0xcfc, 4, false, &value));
	assert_int_equal(fake.violations, 0); /* reported where it was refused */
}

static void other_accesses_stop_the_guest(void **state)
{
	u32 value = 0;

	(void)state;
	assert_false(access_port(0xcf8, 1, false, &value));
	assert_violation(PIO_ACCESS);
	assert_log("FATAL: Invalid PCI config write, port: 0xcf8, size: 1\n");
	assert_false(access_port(0xcfa, 2, true, &value));
	assert_violation(PIO_ACCESS);
	assert_log("FATAL: Invalid PCI config read, port: 0xcfa, size: 2\n");
	assert_false(access_port(0xcfe, 4, true, &value));
	assert_violation(PIO_ACCESS);
	fake.learning = true;
	assert_true(access_port(0xcfb, 1, true, &value));
	assert_int_equal(value, 0xffffffff);
	assert_int_equal(fake.learned.address, 0xcfb);
}

static void hardware_by_ports(void **state)
{
	struct machine *m = &fake.machine;

	(void)state;
	ports.cf8 = 0x80005678;
	ports.bytes[0xcfe] = 0x34;
	ports.bytes[0xcff] = 0x12;
	assert_int_equal(arch_pci_read(m, 0x0119, 0x46, 2), 0x1234);
	assert_int_equal(ports.config_address, 0x80011946);
	assert_int_equal(ports.cf8, 0x80005678); /* as firmware may have left it */
	arch_pci_write(m, 0x0119, 0x45, 1, 0x99);
	assert_int_equal(ports.bytes[0xcfd], 0x99);
	assert_int_equal(ports.config_address, 0x80011945);
	assert_int_equal(ports.cf8, 0x80005678);
	/* what this way does not reach */
	ports.reads = ports.writes = 0;
	assert_int_equal(arch_pci_read(m, 0x0119, 0x100, 4), 0xffffffff);
	arch_pci_write(m, 0x0119, 0x100, 4, 0);
	assert_int_equal(ports.reads + ports.writes, 0);
}

static void hardware_by_window(void **state)
{
	struct machine *m = &fake.machine;

	(void)state;
	m->config = &fake.system;
	m->arch.mmconfig = fake.device_memory;
	fake.system.platform_info.pci_mmconfig_end_bus = 0;
	arch_pci_write(m, 0x0008, 0x104, 4, 0xcafe1234);
	assert_memory_equal(fake.device_memory + 0x8104, "\x34\x12\xfe\xca", 4);
	assert_int_equal(arch_pci_read(m, 0x0008, 0x106, 2), 0xcafe);
	assert_int_equal(ports.reads + ports.writes, 0);
	/* behind the last bus of the window */
	arch_pci_read(m, 0x0100, 0, 4);
	assert_int_equal(ports.config_address, 0x80010000);
}

static void the_window_is_mapped_if_there_is_one(void **state)
{
	struct machine *m = &fake.machine;

	(void)state;
	fake.system.platform_info.pci_mmconfig_base = 0;
	assert_int_equal(x86_pci_init(m), 0);
	assert_null(m->arch.mmconfig);
	fake.system.platform_info.pci_mmconfig_base = FAKE_MMCONFIG;
	fake.system.platform_info.pci_is_virtual = 1;
	assert_int_equal(x86_pci_init(m), 0);
	assert_null(m->arch.mmconfig);
	fake.system.platform_info.pci_is_virtual = 0;
	m->pool.fail_at = 1;
	assert_refused(x86_pci_init(m), ENOMEM, NO_MEMORY);
	assert_int_equal(x86_pci_init(m), 0);
	assert_ptr_equal(m->arch.mmconfig, fake.device_memory);
	fake.mapped = 0; /* for good */
}

static bool translate(struct cell *cell, u64 address, u32 data)
{
	u64 hw_address = 0;
	u32 hw_data = 0;
	bool ok = arch_msi_translate(cell, address, data, &hw_address, &hw_data);

	if (ok) {
		assert_int_equal(hw_address, address);
		assert_int_equal(hw_data, data);
	}
	return ok;
}

static void messages(void **state)
{
	(void)state;
	ROOT->machine = CELL->machine = &fake.machine;
	fake_give_cpus(CELL);
	assert_true(translate(CELL, 0xfee02000, 0x10));
	assert_true(translate(CELL, 0xfee02008, 0x41ff));
	assert_true(translate(CELL, 0xfee0c004, 0x41));
	assert_true(translate(ROOT, 0xfee01000, 0xff));

	assert_false(translate(CELL, 0xfee01000, 0x41)); /* foreign CPU */
	assert_false(translate(CELL, 0xfee0e004, 0x41)); /* one of them */
	assert_false(translate(CELL, 0xfeeff000, 0x41)); /* all */
	assert_false(translate(CELL, 0xfee02010, 0x41)); /* for a remapping unit */
	assert_false(translate(CELL, 0xfee02020, 0x41)); /* reserved bits, upper destination */
	assert_false(translate(CELL, 0x1fee02000, 0x41));
	assert_false(translate(CELL, 0xfed02000, 0x41));
	assert_false(translate(CELL, 0x02000, 0x41));
	assert_false(translate(CELL, 0xfee02000, 0x0f));  /* vectors of exceptions */
	assert_false(translate(CELL, 0xfee02000, 0x241)); /* SMI */
	assert_false(translate(CELL, 0xfee02000, 0x441)); /* NMI */
	assert_false(translate(CELL, 0xfee02000, 0x541)); /* INIT */
	assert_false(translate(CELL, 0xfee02000, 0x741)); /* ExtINT */
}

static void logical_messages_of_root_lose_foreign_cpus(void **state)
{
	u64 address;
	u32 data;

	(void)state;
	ROOT->machine = CELL->machine = &fake.machine;
	fake_give_cpus(CELL);
	assert_true(arch_msi_translate(ROOT, 0xfee0f00c, 0x141, &address, &data));
	assert_int_equal(address, 0xfee0300c);
	assert_int_equal(data, 0x141);
	assert_false(arch_msi_translate(ROOT, 0xfee0c00c, 0x141, &address, &data));
	assert_false(arch_msi_translate(ROOT, 0xfee02000, 0x41, &address, &data));
}

static void messages_that_linux_may_leave(void **state)
{
	(void)state;
	assert_int_equal(arch_msi_check(0xfee03000, 0x41), 0);
	assert_int_equal(arch_msi_check(0xfee0300c, 0x141), 0);
	assert_int_equal(arch_msi_check(0xfee00018, 0), -EBUSY);
	assert_int_equal(arch_msi_check(0xfee03000, 0x441), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PORTS_TEST(guests_have_an_address_port_of_their_own),
		PORTS_TEST(guests_reach_configuration_space),
		PORTS_TEST(other_accesses_stop_the_guest),
		PORTS_TEST(hardware_by_ports),
		PORTS_TEST(hardware_by_window),
		PORTS_TEST(the_window_is_mapped_if_there_is_one),
		PORTS_TEST(messages),
		PORTS_TEST(logical_messages_of_root_lose_foreign_cpus),
		PORTS_TEST(messages_that_linux_may_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
