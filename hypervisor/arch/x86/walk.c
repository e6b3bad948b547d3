// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Guest memory as the guest's own page tables show it. Used for the bytes of a trapped instruction
 * only: the hardware has already executed the access rights, and accessed bits are set. Nothing is
 * ever written, and only memory that the cell itself can read is looked at.
 *
 * This is the longest part of a trapped memory access. So the pages that it looks at stay mapped, with the
 * guest-physical address at which they were found: the next access most likely needs the same ones. What they
 * contain is read anew each time, and insn.c is told where that was.
 */
#include <hypervisor/arch/memory.h>
#include <asm/guest.h>
#include <asm/x86.h>

#define ENTRY_PRESENT	0x01ULL
#define ENTRY_ACCESSED	0x20ULL
#define ENTRY_LARGE	0x80ULL
#define ENTRY_ADDRESS	0x000ffffffffff000ULL
#define ENTRY_NX	0x8000000000000000ULL

/* 2-level paging: large pages have address bits 39..32 in entry bits 20..13 (AMD APM vol. 2, 5.2.2) */
#define PSE_ADDRESS(entry) (((entry) & 0xffc00000ULL) | (((entry) & 0x1fe000ULL) << 19))

/* Where they are in the part of the CPU's window that arch_map_temp() does not use */
#define FIRST_PAGE ARCH_TEMP_PAGES
#define PAGE_CODE  MAX_WALK_LEVELS
#define NO_PAGE	   (~0ULL)

_Static_assert(ARCH_TEMP_PAGES + X86_GUEST_PAGES <= WINDOW_PAGES, "the window is too small");

/* Instructions whose trail leads through a page of the window; all do through those of tables. */
static void forget_insns(struct percpu *cpu, unsigned int page)
{
	for (unsigned int n = 0; n < X86_KNOWN_INSNS; n++)
		if (page < PAGE_CODE || page == PAGE_CODE + n)
			cpu->arch.insns[n].cr3 = KNOWN_NOTHING;
}

void guest_forget_memory(struct percpu *cpu)
{
	for (unsigned int n = 0; n < X86_GUEST_PAGES; n++) {
		cpu->arch.guest_pages[n] = NO_PAGE;
		forget_insns(cpu, n);
	}
}

static __attribute__((noinline)) bool find_page(struct percpu *cpu, unsigned int n, u64 address)
{
	unsigned int flags;
	u64 phys, pte;

	phys = paging_lookup(&cpu->cell->stage2, address, &flags);
	/* Reading device registers can have effects, so they do not count as memory. */
	if (phys == PAGING_INVALID_PHYS || (flags & (PG_READ | PG_DEVICE)) != PG_READ)
		return false;
	forget_insns(cpu, n);
	pte = phys | ENTRY_PRESENT | ENTRY_ACCESSED | ENTRY_NX;
	cpu->arch.guest_pages[n] = address;
	if (cpu->arch.temp_pte[FIRST_PAGE + n] != pte) {
		__atomic_store_n(&cpu->arch.temp_pte[FIRST_PAGE + n], pte, __ATOMIC_RELAXED);
		invlpg(cpu->arch.temp_base + (FIRST_PAGE + n) * PAGE_SIZE);
	}
	return true;
}

/* Maps the page at a guest-physical address. NULL: it is no memory that the cell may read. */
static inline const u8 *map_guest(struct percpu *cpu, unsigned int n, u64 address)
{
	if (unlikely(cpu->arch.guest_pages[n] != address) && !find_page(cpu, n, address))
		return NULL;
	return cpu->arch.temp_base + (FIRST_PAGE + n) * PAGE_SIZE;
}

/* 8-byte entries; `level` counts down to 0 for the last one. */
static bool walk_long(struct percpu *cpu, u64 table, u64 linear, unsigned int level, u64 *phys,
		      struct guest_trail *trail)
{
	unsigned int shift = PAGE_SHIFT + 9 * level;
	const u64 *entries;
	u64 entry;

	for (;; level--, shift -= 9) {
		entries = (const u64 *)map_guest(cpu, level, table);
		if (!entries)
			return false;
		entries += linear >> shift & 511;
		entry = __atomic_load_n(entries, __ATOMIC_RELAXED);
		if (!(entry & ENTRY_PRESENT))
			return false;
		trail->entry[trail->count] = entries;
		trail->value[trail->count++] = entry;
		if (level == 0 || ((entry & ENTRY_LARGE) && level <= 2))
			break;
		table = entry & ENTRY_ADDRESS;
	}
	*phys = (entry & ENTRY_ADDRESS & ~(BIT(shift) - 1)) | (linear & (BIT(shift) - 1));
	return true;
}

static __attribute__((noinline)) const u8 *map_entry(struct percpu *cpu, unsigned int level, u64 addr)
{
	const u8 *page = map_guest(cpu, level, addr & PAGE_MASK);

	return page ? page + (addr & PAGE_OFFS_MASK) : NULL;
}

static bool walk_pae(struct percpu *cpu, u64 cr3, u64 linear, u64 *phys)
{
	struct guest_trail unused = { 0 };
	const u8 *pointer = map_entry(cpu, 2, (cr3 & 0xffffffe0) + ((linear >> 30) & 3) * sizeof(u64));
	u64 entry;

	if (!pointer)
		return false;
	entry = __atomic_load_n((const u64 *)pointer, __ATOMIC_RELAXED);
	return (entry & ENTRY_PRESENT) && walk_long(cpu, entry & ENTRY_ADDRESS, linear, 1, phys, &unused);
}

static bool read_short_entry(struct percpu *cpu, unsigned int level, u64 addr, u32 *entry)
{
	const u8 *pointer = map_entry(cpu, level, addr);

	if (!pointer)
		return false;
	*entry = __atomic_load_n((const u32 *)pointer, __ATOMIC_RELAXED);
	return *entry & ENTRY_PRESENT;
}

static bool walk_short(struct percpu *cpu, u64 cr3, bool large_pages, u64 linear, u64 *phys)
{
	u32 entry;

	if (!read_short_entry(cpu, 1, (cr3 & 0xfffff000) + ((linear >> 22) & 1023) * 4, &entry))
		return false;
	if (large_pages && (entry & ENTRY_LARGE)) {
		*phys = PSE_ADDRESS(entry) | (linear & 0x3fffff);
		return true;
	}
	if (!read_short_entry(cpu, 0, (entry & 0xfffff000) + ((linear >> PAGE_SHIFT) & 1023) * 4, &entry))
		return false;
	*phys = (entry & 0xfffff000) | (linear & PAGE_OFFS_MASK);
	return true;
}

/* The trail is that of 64-bit paging. */
static bool translate(struct percpu *cpu, u64 linear, u64 *phys, struct guest_trail *trail)
{
	u64 cr3, cr4;

	trail->count = 0;

	if (!(vcpu_cr0(cpu) & X86_CR0_PG)) {
		*phys = linear;
		return true;
	}
	cr3 = vcpu_cr3(cpu);
	cr4 = vcpu_cr4(cpu);
	if (vcpu_efer(cpu) & X86_EFER_LMA)
		return walk_long(cpu, cr3 & ENTRY_ADDRESS, linear, cr4 & X86_CR4_LA57 ? 4 : 3, phys, trail);
	if (cr4 & X86_CR4_PAE)
		return walk_pae(cpu, cr3, linear, phys);
	return walk_short(cpu, cr3, cr4 & X86_CR4_PSE, linear, phys);
}

bool guest_translate(struct percpu *cpu, u64 linear, u64 *phys)
{
	struct guest_trail trail;

	return translate(cpu, linear, phys, &trail);
}

/* Inside a page; the source may be changing under our eyes, which only fools the guest itself. */
static void copy_code(u8 *to, const u8 *from, unsigned int size)
{
	u64 first, last;

	if (size < sizeof(first) || size > 2 * sizeof(first)) {
		while (size-- > 0)
			*to++ = *from++;
		return;
	}
	__builtin_memcpy(&first, from, sizeof(first));
	__builtin_memcpy(&last, from + size - sizeof(last), sizeof(last));
	__builtin_memcpy(to, &first, sizeof(first));
	__builtin_memcpy(to + size - sizeof(last), &last, sizeof(last));
}

static unsigned int fetch_in_page(struct percpu *cpu, u64 linear, u8 *buf, unsigned int size,
				  struct guest_trail *trail)
{
	const u8 *page;
	u64 phys;

	if (!translate(cpu, linear, &phys, trail))
		return 0;
	page = map_guest(cpu, PAGE_CODE + insn_place(linear), phys & PAGE_MASK);
	if (!page)
		return 0;
	trail->code = page + (phys & PAGE_OFFS_MASK);
	copy_code(buf, trail->code, size);
	return size;
}

unsigned int guest_fetch(struct percpu *cpu, u64 linear, u8 *buf, unsigned int size, struct guest_trail *trail)
{
	unsigned int rest = (unsigned int)(PAGE_SIZE - (linear & PAGE_OFFS_MASK)), done = MIN(size, rest);

	done = fetch_in_page(cpu, linear, buf, done, trail);
	if (done == rest && done < size) {
		linear += rest;
		if (!(vcpu_efer(cpu) & X86_EFER_LMA))
			linear = (u32)linear;
		done += fetch_in_page(cpu, linear, buf + rest, size - rest, trail);
		trail->count = 0;
	}
	if (done < size)
		trail->count = 0;
	return done;
}
