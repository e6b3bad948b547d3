/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The header of a hypervisor image: contract between driver and hypervisor. Nothing else reads it.
 *
 * The driver copies the image to the start of `hypervisor_memory`, zeroes the rest, fills the fields marked "driver",
 * puts the system configuration behind the per-CPU areas, and calls the entry on every online CPU at the same time:
 *
 *   offset 0                                  image (header first), rest of the core is zero (bss)
 *   core_size                                 max_cpus areas of percpu_size bytes, index = logical CPU id
 *   core_size + max_cpus * percpu_size        system configuration, config_size bytes
 *   next page                                 page pool, zero
 *
 * x86: entry is called as `int entry(unsigned int cpu)` (System V ABI) at virtual address link_base + entry with
 * interrupts off, on page tables that map [link_base, link_base + hypervisor_size) to the whole hypervisor memory
 * (readable, writable, executable, not global) beside the kernel's own half. It returns 0 as a guest, or a negative
 * errno natively with nothing changed. The same page tables must be active when JAILHOUSE_HC_DISABLE is called, which
 * returns natively with 0. The root page table must be 8 KiB aligned: Linux' NMI entry takes bit 12 of CR3 for
 * the user half's.
 *
 * ARM64: Linux was started at EL2, runs at EL1, and has its stub at EL2. Every online CPU at the same time, with
 * interrupts off, does `hvc #0` with
 *
 *   x0 = 1 (HVC_SOFT_RESTART)              x2 = logical CPU id
 *   x1 = hypervisor_phys + entry           x3 = physical address of the boot tables' root
 *
 * and so the entry is reached at EL2 with the MMU off, at its physical address, with x0 = CPU id, x1 = root. The image
 * returns behind the HVC by ERET, with x0 = 0: Linux is a guest at EL1 now; or a negative errno (not -1, which is
 * an answer of KVM): nothing has changed. x18 to x30, sp and all state of EL1 are preserved, x1 to x17 and the flags
 * are not.
 *
 * The boot tables are of stage 1 at EL2: four levels for 48-bit addresses, 4 KiB granule. They map [link_base,
 * link_base + hypervisor_size) to the whole hypervisor memory, and this memory identically as well, as readable,
 * writable, executable, accessed, inner shareable pages with memory attribute 0, which the image makes normal
 * write-back memory. link_base is 0x800000000000, which is entry 256 of the root. The tables are the driver's
 * and stay as long as the hypervisor runs, but only until the image has tables of its own does it need them. They,
 * and the hypervisor memory with image, header and configuration, are cleaned to the point of coherency.
 *
 * JAILHOUSE_HC_DISABLE is called on all online CPUs at the same time, by JAILHOUSE_HVC_CODE like any hypercall. It
 * returns natively with x0 = 0, and with the state of EL2 that was found at entry, so that the stub is there again. The
 * same registers are preserved.
 *
 * ARMv7: as on ARM64, with Hyp mode in the place of EL2 and SVC mode in that of EL1. The stub of this Linux passes
 * registers on as they are: `hvc #0` with
 *
 *   r0 = 1 (HVC_SOFT_RESTART)              r2 = logical CPU id
 *   r1 = hypervisor_phys + entry           r3 = physical address of the boot tables' root
 *
 * and so they are found in r2 and r3 at the entry. The result is in r0. r4 to r11 and all that Hyp mode does not share
 * with others are preserved, r1 to r3, r12 and the flags are not. The boot tables have three levels (long descriptors,
 * 32-bit addresses, four entries in the root). link_base is 0xe0000000; the hypervisor memory is below it, and at
 * most 112 MiB.
 *
 * Before all this the driver has seen that the stub is there on all of these CPUs (it answers an unknown call with
 * 0xbadca11). While the hypervisor runs, unknown calls by `hvc #0` get -1, those of the stub 0xbadca11.
 */
#ifndef JAILHOUSE_IMAGE_H
#define JAILHOUSE_IMAGE_H

#include <jailhouse/types.h>

#define JAILHOUSE_IMAGE_SIGNATURE "LIBJHIMG" /* 8 characters, no terminator */
/* Version of everything that driver and hypervisor share: this header, info.h, the extended hypercall results. */
#define JAILHOUSE_IMAGE_ABI	  1
#define JAILHOUSE_BUILD_ID_LEN	  20

/* image_header.features: what this image was built with */
#define JAILHOUSE_IMAGE_SVM 0x1
#define JAILHOUSE_IMAGE_VMX 0x2

/* image_header.enable_flags, set by the driver */
#define JAILHOUSE_ENABLE_PERMISSIVE 0x1 /* learning mode: violations of the root cell are answered and recorded */

struct jailhouse_image_header {
	char signature[8] JAILHOUSE_NONSTRING;
	__u32 abi;			/* JAILHOUSE_IMAGE_ABI */
	__u32 header_size;		/* sizeof(struct jailhouse_image_header) */
	__u8 build_id[JAILHOUSE_BUILD_ID_LEN]; /* of the image, shown by GET_INFO */
	__u32 architecture;		/* JAILHOUSE_X86, ... */
	__u64 features;			/* JAILHOUSE_IMAGE_... */
	__u64 image_size;		/* bytes in the file */
	__u64 core_size;		/* bytes from the header to the end of bss, page multiple */
	__u64 percpu_size;		/* bytes per CPU, page multiple */
	__u64 link_base;		/* virtual address of offset 0; a slot that the driver's tables have free */
	__u64 entry;			/* offset of the entry function */
	__u64 console_page;		/* offset of struct jailhouse_virt_console */
	__u64 info_page;		/* offset of struct jailhouse_info */
	/* from here on: written by the driver */
	__u32 max_cpus;			/* highest CPU id of the root cell + 1 */
	__u32 online_cpus;		/* number of CPUs that will call the entry */
	__u32 config_size;		/* bytes of the system configuration */
	__u32 enable_flags;		/* JAILHOUSE_ENABLE_... */
	__u32 tsc_khz;			/* of the counter for all waits: x86 TSC, ARM CNTFRQ / 1000 */
	__u32 reserved0;
	__u64 hyp_vectors;		/* 0; the vectors of Linux' stub are found in VBAR_EL2 */
	__u64 hypervisor_phys;		/* where the image lies: hypervisor_memory of the configuration */
	__u64 hypervisor_size;
	__u64 reserved;
};
JAILHOUSE_ASSERT_SIZE(struct jailhouse_image_header, 160);

#define JAILHOUSE_CONSOLE_RING_SIZE 2048

/* One page. Reader: wait for !busy, read tail, copy, repeat if tail has changed or busy is set. */
struct jailhouse_virt_console {
	__u32 busy;	/* not zero while the hypervisor writes */
	__u32 tail;	/* characters written in all, wraps; the next goes to content[tail % size] */
	char content[JAILHOUSE_CONSOLE_RING_SIZE];
};

#endif /* !JAILHOUSE_IMAGE_H */
