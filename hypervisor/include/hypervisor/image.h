/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the images that run on machines share (image/), and what they need of their architecture for it. The
 * architecture's <asm/area.h> gives the layout: LINK_BASE, TEMP_BASE, REMAP_BASE, PERCPU_SIZE, struct percpu_area with
 * its member `guard`, cpu_area(); <asm/machine.h> has WINDOW_PAGES, of which those behind the pages of arch_map_temp()
 * are the architecture's own, in struct arch_machine hv_table and remap_next, in struct arch_percpu temp_pte and
 * temp_base.
 */
#ifndef HYPERVISOR_IMAGE_H
#define HYPERVISOR_IMAGE_H

#include <hypervisor/machine.h>
#include <hypervisor/arch/memory.h>

/* ---- header.c and the linker script ---- */

extern struct machine image_machine;
extern u8 __image_start[], __text_start[], __text_end[], __rodata_start[], __rodata_end[], __core_end[];
extern struct jailhouse_image_header jailhouse_header;
extern struct jailhouse_virt_console console_page;
extern struct jailhouse_info info_page;

/* The first step of the entry: who this CPU is, and what the driver left. Every CPU writes the same values. */
void image_find_machine(struct percpu *cpu);

/* Physical address of something in the hypervisor memory. */
static inline u64 hv_virt_to_phys(const struct machine *m, const void *virt)
{
	return m->hv_phys + (u64)((const u8 *)virt - m->hv_base);
}

/* ---- own-memory.c ---- */

/* Makes the hypervisor's own tables; they are not active yet. Part of arch_machine_init(). */
int own_memory_init(struct machine *m);
/* Points this CPU's window to memory (flags 0) or registers (PG_DEVICE). on: self. */
u8 *own_memory_window(struct percpu *cpu, u64 phys, unsigned int pages, unsigned int flags);

/* ---- contract, implemented by the architecture ---- */

const struct paging_format *own_memory_format(const struct machine *m);
/* Forgets the translation of one page on this CPU. */
void own_memory_flush(const void *virt);

#endif /* !HYPERVISOR_IMAGE_H */
