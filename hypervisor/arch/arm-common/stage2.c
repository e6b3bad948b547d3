// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Stage 2: what guests may reach, and how a CPU is taken back from them.
 *
 * The cell's tables are one tree, but each CPU walks a top level of its own. To get a CPU that runs a guest, its top
 * level is emptied: the next fetch faults, even if the guest has masked everything, and no other CPU notices. A CPU in
 * WFI fetches nothing; the kick wakes it.
 */
#include <hypervisor/arch/cpu.h>
#include <asm/gic.h>
#include <asm/guest.h>
#include <asm/paging.h>
#include <asm/stage2-regs.h>

/* Source: Arm DDI 0487, VTCR_EL2 and table D8-7 (concatenated tables); DDI 0406C, B3.6.5 and B4.1.159 */
#define VTCR_FIXED	 0x80003500 /* RES1, 4 KiB, inner shareable, write-back walks */
#define VTCR_START(lvl)	 ((u64)(lvl) << 6)
#define FOUR_LEVELS_FROM 44
#define THREE_LEVEL_BITS 39
#define VMID_SHIFT	 48

/* More than 48 bits need another granule or format. */
#define MAX_PA_RANGE	 5U

unsigned int stage2_bits(unsigned int pa_range)
{
	static const u8 bits[] = { 32, 36, 40, 42, 44, 48 };

	return bits[MIN(pa_range, MAX_PA_RANGE)];
}

void stage2_init(struct machine *m, unsigned int pa_range)
{
	struct paging_format *format = &m->arch.stage2_format;
	bool four;

	pa_range = MIN(pa_range, MAX_PA_RANGE);
	m->arch.phys_bits = stage2_bits(pa_range);
	four = m->arch.phys_bits >= FOUR_LEVELS_FROM;
	*format = arm_stage2_format;
	format->levels = four ? 4 : 3;
	format->root_pages = four || m->arch.phys_bits <= THREE_LEVEL_BITS ? 1 :
			     1U << (m->arch.phys_bits - THREE_LEVEL_BITS);
	/* ARMv7 counts from 32, with a sign and a bit that repeats it; for 40 bits that gives the same. */
	m->arch.vtcr = VTCR_FIXED | stage2_vtcr_output(pa_range) | VTCR_START(four ? 2 : 1) | (64 - m->arch.phys_bits);
}

/* Entries of the top level that addresses of guests can reach */
static unsigned long root_entries(const struct machine *m)
{
	return 1UL << (m->arch.phys_bits - PAGE_SHIFT - 9 * (m->arch.stage2_format.levels - 1));
}

/* All CPUs of the root cell wait while these run, so they are loops of a few instructions. */
static void clear_root(struct percpu *cpu)
{
	volatile u64 *root = cpu->arch.stage2_root;
	unsigned long count = root_entries(cpu->machine);

	for (unsigned long n = 0; n < count; n++)
		root[n] = 0;
}

static void copy_root(struct percpu *cpu)
{
	volatile u64 *root = cpu->arch.stage2_root;
	const u64 *from = cpu->cell->stage2.root;
	unsigned long count = root_entries(cpu->machine);

	for (unsigned long n = 0; n < count; n++)
		root[n] = from[n];
}

int stage2_cpu_alloc(struct percpu *cpu)
{
	struct machine *m = cpu->machine;
	unsigned int pages = m->arch.stage2_format.root_pages;

	cpu->arch.stage2_root = page_alloc_aligned(&m->pool, pages, pages);
	if (!cpu->arch.stage2_root)
		return refuse_no_memory(m, pages);
	cpu->arch.stage2_root_phys = page_pool_phys(&m->pool, cpu->arch.stage2_root);
	cpu->arch.revoked = true;
	return 0;
}

u64 stage2_vttbr(const struct percpu *cpu)
{
	return cpu->arch.stage2_root_phys | (u64)cpu->cell->arch.vmid << VMID_SHIFT;
}

/* True: it had translations, which have to be forgotten now. */
static __attribute__((noinline)) bool empty_root(struct percpu *cpu)
{
	bool had;

	spin_lock(&cpu->arch.revoke_lock);
	had = !cpu->arch.revoked;
	if (had) {
		cpu->arch.revoked = true;
		/* Whoever meets the empty tables shall see why. */
		__atomic_thread_fence(__ATOMIC_RELEASE);
		clear_root(cpu);
	}
	spin_unlock(&cpu->arch.revoke_lock);
	return had;
}

/*
 * Translations are forgotten by cell, on all CPUs, and each of them has to take part. So those of the cell that have to
 * stop, too, are emptied before, and when their turn comes there is nothing left to do but the kick.
 */
void stage2_revoke(struct percpu *target)
{
	const struct machine *m = target->machine;
	bool had = empty_root(target);

	for_each_cell_cpu(id, target->cell)
		if (__atomic_load_n(&machine_cpu(m, id)->requests, __ATOMIC_ACQUIRE) & CPU_REQ_STOP)
			had |= empty_root(machine_cpu(m, id));
	if (had)
		stage2_flush_all_cpus(stage2_vttbr(target), m->arch.cures);
	/*
	 * Under the lock, so that the target can take the kick back for sure. Also if its tables were empty already: it
	 * may have gone to sleep since. If it has them back, it has seen the request.
	 */
	spin_lock(&target->arch.revoke_lock);
	if (target->arch.revoked)
		target->machine->arch.gic->kick(target);
	spin_unlock(&target->arch.revoke_lock);
}

void stage2_restore(struct percpu *cpu)
{
	spin_lock(&cpu->arch.revoke_lock);
	if (cpu->arch.revoked) {
		cpu->machine->arch.gic->kick_end(cpu);
		copy_root(cpu);
		stage2_publish();
		cpu->arch.revoked = false;
		guest_cell_changed(cpu);
	}
	spin_unlock(&cpu->arch.revoke_lock);
}

void stage2_renew(struct percpu *cpu)
{
	empty_root(cpu);
	stage2_flush_this_cpu();
}
