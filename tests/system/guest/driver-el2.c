/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who has EL2? Run with the name of the reason for which the driver has to refuse on this machine; without one it
 * has to get to the image's entry, but not beside a virtual machine of KVM, if the kernel has KVM.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <jailhouse/reason-text.h>
#include "driver-util.h"

/* Of <linux/kvm.h>, which cannot be included on ARMv7: KVM is not there any more. */
#define KVM_CREATE_VM	_IO(0xae, 0x01)
#define KVM_CREATE_VCPU _IO(0xae, 0x41)

/* More than once, so that a CPU that has not come back is noticed */
#define ROUNDS 3

static const char *expected;

static int setup(void **state)
{
	struct test_image image = refusing_image();

	image_install(&image, sizeof(image));
	return driver_setup(state);
}

/* What `hardware check` asks says the same, with a machine that is fine but for that. */
static void expect_verdict(const char *name)
{
	struct jailhouse_ioc_hardware q = { .cpu = JAILHOUSE_IOC_MACHINE };

	assert_int_equal(call_sized(JAILHOUSE_IOC_HARDWARE, &q), 0);
	assert_string_equal(jailhouse_reason_name(q.verdict.code), name);
}

static void refused_by_the_check(void **state)
{
	struct test_system config = system_config();
	struct jailhouse_reason reason;

	(void)state;
	expect_verdict(expected);
	for (int n = 0; n < ROUNDS; n++) {
		assert_int_equal(try_enable(&config, sizeof(config), &reason), -ENODEV);
		assert_string_equal(jailhouse_reason_name(reason.code), expected);
	}
}

static void expect_entry(void)
{
	struct test_system config = system_config();
	struct jailhouse_reason reason;

	for (int n = 0; n < ROUNDS; n++) {
		assert_int_equal(try_enable(&config, sizeof(config), &reason), TEST_IMAGE_ERROR);
		expect_reason(&reason, TEST_IMAGE_ERROR, JAILHOUSE_REASON_APIC_OFF);
		assert_int_equal(reason.arg[0], test_arch.refuse_marks);
	}
}

static void entered(void **state)
{
	(void)state;
	expect_entry();
}

/* The machine does not have to run, and can be used after the refusal. */
static void refused_beside_a_virtual_machine(void **state)
{
	struct test_system config = system_config();
	int kvm, vm, vcpu;

	(void)state;
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	assert_true(kvm >= 0);
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	assert_true(vm >= 0);
	expect_refused(&config, -EBUSY, JAILHOUSE_REASON_KVM_IN_USE);
	expect_verdict("KVM_IN_USE");
	vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	assert_true(vcpu >= 0);
	close(vcpu);
	expect_refused(&config, -EBUSY, JAILHOUSE_REASON_KVM_IN_USE);
	close(vm);
	expect_verdict("NONE");
	expect_entry();
	/* KVM finds the stub as it has left it. */
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	assert_true(vm >= 0);
	close(vm);
	close(kvm);
	expect_entry();
}

/* Linux has all its CPUs, and can do without them and take them back. */
static void cpus_go_on(void **state)
{
	(void)state;
	for (unsigned int cpu = 1; cpu < 4; cpu++)
		cpu_online(cpu, 0);
	assert_string_equal(guest_online_cpus(), "0");
	for (unsigned int cpu = 1; cpu < 4; cpu++)
		cpu_online(cpu, 1);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest refusal[] = {
		cmocka_unit_test(refused_by_the_check),
		cmocka_unit_test(cpus_go_on),
		cmocka_unit_test(module_unloads),
		cmocka_unit_test(kernel_does_not_complain),
	};
	const struct CMUnitTest entry[] = {
		cmocka_unit_test(refused_beside_a_virtual_machine),
		cmocka_unit_test(entered),
		cmocka_unit_test(cpus_go_on),
		cmocka_unit_test(entered),
		cmocka_unit_test(module_unloads),
		cmocka_unit_test(kernel_does_not_complain),
	};
	const size_t without_kvm = argc > 1 && !strcmp(argv[1], "no-kvm");

	expected = argc > 1 ? argv[1] : "";
	if (*expected && !without_kvm)
		return cmocka_run_group_tests_name("driver-el2-refused", refusal, setup, NULL);
	return _cmocka_run_group_tests("driver-el2", entry + without_kvm,
				       sizeof(entry) / sizeof(entry[0]) - without_kvm, setup, NULL);
}
