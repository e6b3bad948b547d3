/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * KVM on the same machine: only one of the two has the CPUs' virtualization. Who comes second is
 * told so and changes nothing, whoever is alone works, and nobody has to be restarted for it. Row of
 * the threat model: T35.
 *
 * Linux before 6.12 switches virtualization on with the first virtual machine, newer ones do so when
 * kvm is loaded, unless its parameter enable_virt_at_load says otherwise.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "driver-util.h"
#include "heart.h"
#include "kvm-vm.h"

#define MSR_EFER	0xc0000080
#define EFER_SVME	0x1000
#define MSR_VM_CR	0xc0010114
#define VM_CR_SVMDIS	0x10
#define MSR_VM_HSAVE_PA 0xc0010117

static struct jailhouse *jh;
/* Virtualization is switched on when kvm is loaded */
static int at_load;
/* What KVM says when it finds virtualization in use */
static int in_use;

static int load_module(const char *name, const char *parameters)
{
	char path[64];
	int fd, err;

	snprintf(path, sizeof(path), "/lib/modules/%s.ko", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	err = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return err;
}

static int unload_module(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

/* With virtualization switched on at once if the kernel does that, or with the first machine */
static int load_kvm(int eager)
{
	assert_int_equal(load_module("irqbypass", ""), 0);
	assert_int_equal(load_module("kvm", eager || !at_load ? "" : "enable_virt_at_load=0"), 0);
	return load_module("kvm-amd", "");
}

static void unload_kvm(void)
{
	assert_int_equal(unload_module("kvm_amd"), 0);
	assert_int_equal(unload_module("kvm"), 0);
	assert_int_equal(unload_module("irqbypass"), 0);
}

/* ---- a virtual machine ---- */

/* mov $0x42, %al; out %al, $0x80; hlt; jmp to its begin */
static const uint8_t vm_code[] = { 0xb0, 0x42, 0xe6, 0x80, 0xf4, 0xeb, 0xf9 };

int vm_make(struct vm *vm)
{
	struct kvm_sregs sregs;
	struct kvm_regs regs = { .rflags = 2 };
	int err;

	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		fail_msg("/dev/kvm: %s", strerror(errno));
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0) {
		err = -errno;
		close(vm->kvm);
		return err;
	}
	assert_int_equal(vm_add_memory(vm, vm_code, sizeof(vm_code)), 0);
	vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, 0);
	assert_true(vm->vcpu >= 0);
	assert_int_equal(vm_map_run(vm), 0);
	assert_int_equal(ioctl(vm->vcpu, KVM_GET_SREGS, &sregs), 0);
	sregs.cs.base = 0;
	sregs.cs.selector = 0;
	assert_int_equal(ioctl(vm->vcpu, KVM_SET_SREGS, &sregs), 0);
	assert_int_equal(ioctl(vm->vcpu, KVM_SET_REGS, &regs), 0);
	return 0;
}

void vm_must_run(struct vm *vm)
{
	assert_int_equal(ioctl(vm->vcpu, KVM_RUN, 0), 0);
	assert_int_equal(vm->run->exit_reason, KVM_EXIT_IO);
	assert_int_equal(vm->run->io.port, 0x80);
	assert_int_equal(*((uint8_t *)vm->run + vm->run->io.data_offset), 0x42);
	assert_int_equal(ioctl(vm->vcpu, KVM_RUN, 0), 0);
	assert_int_equal(vm->run->exit_reason, KVM_EXIT_HLT);
}

/* ---- registers ---- */

static int msr_access(unsigned int cpu, uint32_t msr, uint64_t *value, int write)
{
	char path[32];
	ssize_t done;
	int fd, err;

	snprintf(path, sizeof(path), "/dev/cpu/%u/msr", cpu);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail_msg("%s: %s", path, strerror(errno));
	done = write ? pwrite(fd, value, 8, msr) : pread(fd, value, 8, msr);
	err = done == 8 ? 0 : -errno;
	close(fd);
	return err;
}

static uint64_t msr_read(unsigned int cpu, uint32_t msr)
{
	uint64_t value = 0;

	assert_int_equal(msr_access(cpu, msr, &value, 0), 0);
	return value;
}

/* ---- the tests ---- */

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	unsigned int major = 0, minor = 0;
	struct utsname name;

	if (driver_setup(state))
		return -1;
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	uname(&name);
	if (sscanf(name.release, "%u.%u", &major, &minor) != 2)
		return -1;
	at_load = major > 6 || (major == 6 && minor >= 12);
	in_use = at_load ? -EIO : -EBUSY;
	return load_module("msr", "");
}

static void enable_is_refused(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file file = guest_config_read(GUEST_SYSTEM);

	assert_int_equal(jailhouse_enable(jh, file.data, file.size, 0, &error),
			 JAILHOUSE_ERR_MACHINE);
	guest_file_free(&file);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "HVM_IN_USE");
	assert_int_equal(error.sys_errno, EBUSY);
	assert_int_equal(error.item, JAILHOUSE_ITEM_CPU);
	assert_in_range(error.index, 0, 3);
	assert_int_equal(jailhouse_is_enabled(jh, NULL), 0);
	assert_string_equal(guest_online_cpus(), "0-3");
}

/* Without it, nothing below would mean anything. */
static void kvm_works_here(void **state)
{
	(void)state;
	assert_int_equal(load_kvm(0), 0);
	vm_lives();
}

static void enable_is_refused_while_a_vm_exists(void **state)
{
	struct vm vm;

	(void)state;
	assert_int_equal(vm_make(&vm), 0);
	vm_must_run(&vm);
	for (int n = 0; n < 3; n++) {
		enable_is_refused();
		vm_must_run(&vm);
	}
	vm_end(&vm);
}

static void no_vm_while_enabled(void **state)
{
	struct vm vm;
	uint32_t id;

	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	id = heart_start(jh);
	for (int n = 0; n < 3; n++)
		assert_int_equal(vm_make(&vm), in_use);
	heart_must_beat();
	/* Also CPUs that come back while KVM is there find it unused. */
	cpu_online(2, 0);
	cpu_online(2, 1);
	heart_stop(jh, id);
	assert_int_equal(vm_make(&vm), in_use);
	assert_string_equal(guest_online_cpus(), "0-3");
	guest_disable(jh);
}

/* Nothing that enable does to the CPUs is left. */
static void vm_lives_after_disable(void **state)
{
	(void)state;
	vm_lives();
	guest_enable(jh, GUEST_SYSTEM);
	guest_disable(jh);
	vm_lives();
	unload_kvm();
}

static void enable_while_kvm_is_loaded(void **state)
{
	(void)state;
	assert_int_equal(load_kvm(1), 0);
	for (unsigned int cpu = 0; cpu < 4; cpu++)
		assert_int_equal(!!(msr_read(cpu, MSR_EFER) & EFER_SVME), at_load);
	if (at_load) {
		enable_is_refused();
		vm_lives();
	} else {
		guest_enable(jh, GUEST_SYSTEM);
		guest_disable(jh);
	}
	unload_kvm();
}

static void enable_after_unloading(void **state)
{
	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	assert_int_equal(jailhouse_is_enabled(jh, NULL), 1);
}

/* How KVM finds virtualization in use, on every CPU; trying more does no harm. */
static void registers_while_enabled(void **state)
{
	uint64_t zero = 0, value;

	(void)state;
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		assert_true(msr_read(cpu, MSR_EFER) & EFER_SVME);
		value = msr_read(cpu, MSR_VM_CR);
		assert_int_equal(value & VM_CR_SVMDIS, 0);
		value |= VM_CR_SVMDIS;
		assert_int_equal(msr_access(cpu, MSR_VM_CR, &value, 1), -EIO);
		assert_int_equal(msr_read(cpu, MSR_VM_CR) & VM_CR_SVMDIS, 0);
		assert_int_equal(msr_access(cpu, MSR_VM_HSAVE_PA, &zero, 1), -EIO);
	}
	assert_string_equal(guest_first_line(SYSFS "/cells/0/state"), "running");
}

static void loading_kvm_while_enabled(void **state)
{
	uint32_t id = heart_start(jh);
	int err = load_kvm(1);
	struct vm vm;

	(void)state;
	if (at_load) {
		assert_int_equal(err, in_use);
		assert_int_equal(unload_module("kvm"), 0);
		assert_int_equal(unload_module("irqbypass"), 0);
	} else {
		assert_int_equal(err, 0);
		assert_int_equal(vm_make(&vm), in_use);
		unload_kvm();
	}
	heart_must_beat();
	assert_string_equal(guest_first_line(SYSFS "/cells/0/state"), "running");
	assert_string_equal(guest_first_line(SYSFS "/cells/0/cpus_failed_list"), "");
	heart_stop(jh, id);
	guest_disable(jh);
	assert_int_equal(load_kvm(1), 0);
	vm_lives();
	unload_kvm();
}

static void all_modules_unload(void **state)
{
	jailhouse_close(jh);
	module_unloads(state);
	assert_int_equal(unload_module("msr"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kvm_works_here),
		cmocka_unit_test(enable_is_refused_while_a_vm_exists),
		cmocka_unit_test(no_vm_while_enabled),
		cmocka_unit_test(vm_lives_after_disable),
		cmocka_unit_test(enable_while_kvm_is_loaded),
		cmocka_unit_test(enable_after_unloading),
		cmocka_unit_test(registers_while_enabled),
		cmocka_unit_test(loading_kvm_while_enabled),
		cmocka_unit_test(all_modules_unload),
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests_name("kvm-beside", tests, setup, NULL);
}
