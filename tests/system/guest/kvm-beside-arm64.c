/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * KVM on the same machine, which has EL2 while a virtual machine exists: enable is refused then.
 * Who asks for one while the hypervisor is there harms nobody but himself: KVM believes to have
 * EL2, complains, and its virtual machine runs no instruction. Afterwards it works as before. Row
 * of the threat model: T35.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver-util.h"
#include "heart.h"
#include "kvm-vm.h"

#define ROUNDS        3
#define FUTILE_MS     200 /* KVM tries again and again, and complains each time. */
#define MMIO_ADDRESS  0x10000000
#define VALUE         0x42
#define KLOG_READ_ALL 3
#define KLOG_CLEAR    5

static struct jailhouse *jh;

static const uint32_t vm_code[] = {
	0x52800840, /* mov w0, #VALUE */
	0xd2a20001, /* mov x1, #MMIO_ADDRESS */
	0xb9000020, /* str w0, [x1] */
	0x17ffffff, /* b .-4 */
};

/* Goes on to its end, for who wants to see how far it comes. */
int vm_make(struct vm *vm)
{
	struct kvm_vcpu_init init;
	int err;

	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	err = vm_add_memory(vm, vm_code, sizeof(vm_code));
	vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, 0);
	err |= ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &init);
	err |= ioctl(vm->vcpu, KVM_ARM_VCPU_INIT, &init);
	err |= vm_map_run(vm);
	return err;
}

void vm_must_run(struct vm *vm)
{
	assert_int_equal(ioctl(vm->vcpu, KVM_RUN, 0), 0);
	assert_int_equal(vm->run->exit_reason, KVM_EXIT_MMIO);
	assert_int_equal(vm->run->mmio.phys_addr, MMIO_ADDRESS);
	assert_true(vm->run->mmio.is_write);
	assert_int_equal(vm->run->mmio.data[0], VALUE);
}

static int setup(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (driver_setup(state))
		return -1;
	guest_ok(jailhouse_open("device:", &jh, &error), &error);
	return 0;
}

/* Without it, nothing below would mean anything. */
static void kvm_works_here(void **state)
{
	(void)state;
	vm_lives();
}

static void enable_is_refused_while_a_vm_exists(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file file = guest_config_read(GUEST_SYSTEM);
	struct vm vm;

	(void)state;
	assert_int_equal(vm_make(&vm), 0);
	for (int n = 0; n < ROUNDS; n++) {
		vm_must_run(&vm);
		assert_true(jailhouse_enable(jh, file.data, file.size, 0, &error) < 0);
		assert_string_equal(jailhouse_reason_get_name(error.reason), "KVM_IN_USE");
		assert_int_equal(error.sys_errno, EBUSY);
		assert_int_equal(jailhouse_is_enabled(jh, NULL), 0);
		assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	}
	vm_must_run(&vm);
	vm_end(&vm);
	guest_file_free(&file);
}

/* What a user with the right to use KVM does to himself */
static void try_to_run_a_vm(void)
{
	const struct timespec pause = {0, FUTILE_MS * 1000000L};
	struct vm *shared =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		vm_make(shared);
		if (shared->run != MAP_FAILED) {
			ioctl(shared->vcpu, KVM_RUN, 0);
			/* Only an instruction of it could have come so far. */
			if (shared->run->exit_reason == KVM_EXIT_MMIO)
				_exit(1);
		}
		_exit(0);
	}
	nanosleep(&pause, NULL);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
	munmap(shared, 4096);
}

static void a_vm_while_enabled_harms_nobody(void **state)
{
	uint32_t id;

	(void)state;
	guest_enable(jh, GUEST_SYSTEM);
	id = heart_start(jh);
	for (int n = 0; n < ROUNDS; n++) {
		try_to_run_a_vm();
		heart_must_beat();
		assert_string_equal(guest_first_line(SYSFS "/cells/0/state"), "running");
		assert_string_equal(guest_first_line(SYSFS "/cells/0/cpus_failed_list"), "");
	}
	heart_stop(jh, id);
	assert_string_equal(guest_online_cpus(), guest_machine()->cpus);
	guest_disable(jh);
}

/* Of this, nothing but KVM may have complained. */
static void only_kvm_complains(void **state)
{
	static const char *const alarms[] = {"BUG:", "Internal error", "soft lockup", "rcu: INFO"};
	static char log[1 << 20];
	int length = klogctl(KLOG_READ_ALL, log, sizeof(log) - 1);
	const char *at, *end;

	(void)state;
	assert_true(length > 0);
	log[length] = '\0';
	for (size_t n = 0; n < sizeof(alarms) / sizeof(alarms[0]); n++)
		if (strstr(log, alarms[n]))
			fail_msg("%.1500s", strstr(log, alarms[n]));
	for (at = log; (at = strstr(at, "WARNING: CPU")); at = end) {
		end = at + strcspn(at, "\n");
		if (!memmem(at, (size_t)(end - at), "/kvm/", 5))
			fail_msg("%.1500s", at);
	}
	klogctl(KLOG_CLEAR, NULL, 0);
}

static void vm_lives_after_disable(void **state)
{
	(void)state;
	for (int n = 0; n < ROUNDS; n++) {
		vm_lives();
		guest_enable(jh, GUEST_SYSTEM);
		guest_disable(jh);
	}
	vm_lives();
}

static void all_modules_unload(void **state)
{
	jailhouse_close(jh);
	module_unloads(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kvm_works_here),
		cmocka_unit_test(enable_is_refused_while_a_vm_exists),
		cmocka_unit_test(a_vm_while_enabled_harms_nobody),
		cmocka_unit_test(only_kvm_complains),
		cmocka_unit_test(vm_lives_after_disable),
		cmocka_unit_test(all_modules_unload),
		cmocka_unit_test(kernel_does_not_complain),
	};

	return cmocka_run_group_tests_name("kvm-beside", tests, setup, NULL);
}
