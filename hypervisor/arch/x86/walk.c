// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Guest memory as the guest's own page tables show it. Used for the bytes of a trapped instruction
 * only: the hardware has already executed the access rights, and accessed bits are set. Nothing is
 * ever written, and only memory that the cell itself can read is looked at.
 *
 * This is the longest part of a trapped memory access, so it works on the tables in place: each is
 * mapped once, entries are read as a whole.
 */
#include <hypervisor/arch/memory.h>
#include <asm/guest.h>
#include <asm/x86.h>

#define ENTRY_PRESENT	0x01ULL
#define ENTRY_LARGE	0x80ULL
#define ENTRY_ADDRESS	0x000ffffffffff000ULL

/* 2-level paging: large pages have address bits 39..32 in entry bits 20..13 (AMD APM vol. 2, 5.2.2) */
#define PSE_ADDRESS(entry) (((entry) & 0xffc00000ULL) | (((entry) & 0x1fe000ULL) << 19))

#define CHUNK_SHIFT 21 /* covered by one table of the last level */
#define NO_CHUNK    (~0ULL)

/* Where the guest-physical memory of a cell lies; remembers the last table of stage 2. */
struct view {
	struct percpu *cpu;
	u64 chunk;	  /* guest-physical address >> CHUNK_SHIFT, or NO_CHUNK */
	const u64 *table; /* its table; NULL: a larger entry covers all of it */
	u64 phys;	  /* then its host-physical address */
};

static bool is_memory(const struct paging_format *format, u64 entry, unsigned int level)
{
	return (format->flags(entry, level) & (PG_READ | PG_DEVICE)) == PG_READ;
}

/*
 * The nested formats of AMD and Intel agree in what is needed here: bit 0 says that there is
 * something to read, bit 7 that it is a larger page.
 */
static bool find_chunk(struct view *view, u64 addr)
{
	const struct page_table *stage2 = &view->cpu->cell->stage2;
	unsigned int level = stage2->format->levels - 1;
	unsigned int shift = PAGE_SHIFT + 9 * level;
	const u64 *table = stage2->root;
	u64 entry;

	view->chunk = NO_CHUNK;
	if (addr >> (shift + 9))
		return false;
	for (; level > 0; level--, shift -= 9) {
		entry = table[(addr >> shift) & 511];
		if (!(entry & ENTRY_PRESENT))
			return false;
		if (entry & ENTRY_LARGE) {
			if (!is_memory(stage2->format, entry, level))
				return false;
			view->phys = (entry & ENTRY_ADDRESS & ~(BIT(shift) - 1)) |
				     (addr & (BIT(shift) - 1) & ~(BIT(CHUNK_SHIFT) - 1));
			view->table = NULL;
			view->chunk = addr >> CHUNK_SHIFT;
			return true;
		}
		table = page_pool_virt(stage2->pool, entry & ENTRY_ADDRESS);
	}
	view->table = table;
	view->chunk = addr >> CHUNK_SHIFT;
	return true;
}

/* Maps the page of a guest-physical address until the next call. NULL: no memory that the cell may read. */
static const u8 *map_guest(struct view *view, u64 addr)
{
	const struct page_table *stage2 = &view->cpu->cell->stage2;
	u64 entry, phys;

	if (addr >> CHUNK_SHIFT != view->chunk && !find_chunk(view, addr))
		return NULL;
	if (view->table) {
		entry = view->table[(addr >> PAGE_SHIFT) & 511];
		if (!(entry & ENTRY_PRESENT) || !is_memory(stage2->format, entry, 0))
			return NULL;
		phys = entry & ENTRY_ADDRESS;
	} else {
		phys = view->phys | (addr & (BIT(CHUNK_SHIFT) - 1) & PAGE_MASK);
	}
	return (const u8 *)arch_map_temp(view->cpu, phys, 1) + (addr & PAGE_OFFS_MASK);
}

/* 8-byte entries; `level` counts down to 0 for the last one. */
static bool walk_long(struct view *view, u64 table, u64 linear, unsigned int level, u64 *phys)
{
	unsigned int shift = PAGE_SHIFT + 9 * level;
	const u8 *entry_address;
	u64 entry;

	for (;; level--, shift -= 9) {
		entry_address = map_guest(view, table + ((linear >> shift) & 511) * sizeof(u64));
		if (!entry_address)
			return false;
		entry = __atomic_load_n((const u64 *)entry_address, __ATOMIC_RELAXED);
		if (!(entry & ENTRY_PRESENT))
			return false;
		if (level == 0 || (level <= 2 && (entry & ENTRY_LARGE)))
			break;
		table = entry & ENTRY_ADDRESS;
	}
	*phys = (entry & ENTRY_ADDRESS & ~(BIT(shift) - 1)) | (linear & (BIT(shift) - 1));
	return true;
}

static bool walk_pae(struct view *view, u64 cr3, u64 linear, u64 *phys)
{
	const u8 *pointer = map_guest(view, (cr3 & 0xffffffe0) + ((linear >> 30) & 3) * sizeof(u64));
	u64 entry;

	if (!pointer)
		return false;
	entry = __atomic_load_n((const u64 *)pointer, __ATOMIC_RELAXED);
	return (entry & ENTRY_PRESENT) && walk_long(view, entry & ENTRY_ADDRESS, linear, 1, phys);
}

static bool read_short_entry(struct view *view, u64 addr, u32 *entry)
{
	const u8 *pointer = map_guest(view, addr);

	if (!pointer)
		return false;
	*entry = __atomic_load_n((const u32 *)pointer, __ATOMIC_RELAXED);
	return *entry & ENTRY_PRESENT;
}

static bool walk_short(struct view *view, u64 cr3, bool large_pages, u64 linear, u64 *phys)
{
	u32 entry;

	if (!read_short_entry(view, (cr3 & 0xfffff000) + ((linear >> 22) & 1023) * 4, &entry))
		return false;
	if (large_pages && (entry & ENTRY_LARGE)) {
		*phys = PSE_ADDRESS(entry) | (linear & 0x3fffff);
		return true;
	}
	if (!read_short_entry(view, (entry & 0xfffff000) + ((linear >> PAGE_SHIFT) & 1023) * 4, &entry))
		return false;
	*phys = (entry & 0xfffff000) | (linear & PAGE_OFFS_MASK);
	return true;
}

static bool translate(struct view *view, u64 linear, u64 *phys)
{
	u64 cr3, cr4;

	if (!(vcpu_cr0(view->cpu) & X86_CR0_PG)) {
		*phys = linear;
		return true;
	}
	cr3 = vcpu_cr3(view->cpu);
	cr4 = vcpu_cr4(view->cpu);
	if (vcpu_efer(view->cpu) & X86_EFER_LMA)
		return walk_long(view, cr3 & ENTRY_ADDRESS, linear, cr4 & X86_CR4_LA57 ? 4 : 3, phys);
	if (cr4 & X86_CR4_PAE)
		return walk_pae(view, cr3, linear, phys);
	return walk_short(view, cr3, cr4 & X86_CR4_PSE, linear, phys);
}

bool guest_translate(struct percpu *cpu, u64 linear, u64 *ret_phys)
{
	struct view view = { .cpu = cpu, .chunk = NO_CHUNK };

	return translate(&view, linear, ret_phys);
}

/* Inside a page; the source may be changing under our eyes, which only fools the guest itself. */
static void copy_code(u8 *to, const u8 *from, unsigned int size)
{
	u64 word;

	while (size >= sizeof(word)) {
		__builtin_memcpy(&word, from, sizeof(word));
		__builtin_memcpy(to, &word, sizeof(word));
		from += sizeof(word);
		to += sizeof(word);
		size -= sizeof(word);
	}
	while (size-- > 0)
		*to++ = *from++;
}

unsigned int guest_fetch(struct percpu *cpu, u64 linear, u8 *buf, unsigned int size)
{
	struct view view = { .cpu = cpu, .chunk = NO_CHUNK };
	unsigned int done = 0, chunk;
	const u8 *code;
	u64 phys;

	while (done < size) {
		chunk = MIN(size - done, (unsigned int)(PAGE_SIZE - (linear & PAGE_OFFS_MASK)));
		if (!translate(&view, linear, &phys))
			break;
		code = map_guest(&view, phys);
		if (!code)
			break;
		copy_code(buf + done, code, chunk);
		done += chunk;
		linear += chunk;
		if (!(vcpu_efer(cpu) & X86_EFER_LMA))
			linear = (u32)linear;
	}
	return done;
}

unsigned int guest_code_bits(const struct percpu *cpu)
{
	struct guest_segment cs;

	vcpu_segment(cpu, SEG_CS, &cs);
	if ((vcpu_efer(cpu) & X86_EFER_LMA) && (cs.rights & SEGMENT_LONG))
		return 64;
	return cs.rights & SEGMENT_BIG ? 32 : 16;
}

unsigned int guest_cpl(const struct percpu *cpu)
{
	struct guest_segment cs;

	if (!(vcpu_cr0(cpu) & X86_CR0_PE))
		return 0;
	if ((vcpu_rflags(cpu) & X86_RFLAGS_VM) && !(vcpu_efer(cpu) & X86_EFER_LMA))
		return 3;
	/* Neither the DPL of a conforming segment nor SS after SYSRET tells the truth. */
	vcpu_segment(cpu, SEG_CS, &cs);
	return cs.selector & 3;
}
