/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Virtual machines of KVM beside the hypervisor: one CPU, and a page of memory at 0 with its program */
#ifndef TESTS_SYSTEM_KVM_VM_H
#define TESTS_SYSTEM_KVM_VM_H

#include <linux/kvm.h>
#include <stddef.h>

struct vm {
	int kvm, fd, vcpu;
	void *memory;
	struct kvm_run *run;
};

/* Parts of vm_make(): the page, and what the kernel and we share of the CPU. Result: 0 or a negative errno */
int vm_add_memory(struct vm *vm, const void *program, size_t size);
int vm_map_run(struct vm *vm);
void vm_end(struct vm *vm);
/* One that is made, runs and ends. */
void vm_lives(void);

/* ---- of the architecture (kvm-beside...) ---- */

/* A new virtual machine. Result: 0 or negative */
int vm_make(struct vm *vm);
/* One round of its program */
void vm_must_run(struct vm *vm);

#endif /* !TESTS_SYSTEM_KVM_VM_H */
