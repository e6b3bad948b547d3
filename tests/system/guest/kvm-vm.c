/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "kvm-vm.h"

#define MEMORY_SIZE 4096

int vm_add_memory(struct vm *vm, const void *program, size_t size)
{
	struct kvm_userspace_memory_region region = {.memory_size = MEMORY_SIZE};

	vm->memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(vm->memory, MAP_FAILED);
	memcpy(vm->memory, program, size);
	region.userspace_addr = (uintptr_t)vm->memory;
	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &region) ? -errno : 0;
}

static size_t run_size(const struct vm *vm)
{
	return (size_t)ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
}

int vm_map_run(struct vm *vm)
{
	vm->run = mmap(NULL, run_size(vm), PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	return vm->run == MAP_FAILED ? -errno : 0;
}

void vm_end(struct vm *vm)
{
	munmap(vm->run, run_size(vm));
	munmap(vm->memory, MEMORY_SIZE);
	close(vm->vcpu);
	close(vm->fd);
	close(vm->kvm);
}

void vm_lives(void)
{
	struct vm vm;

	assert_int_equal(vm_make(&vm), 0);
	vm_must_run(&vm);
	vm_end(&vm);
}
