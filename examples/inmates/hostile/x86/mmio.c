/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks on devices, and on the hypervisor's decoder of instructions. */
#include "hostile.h"

/* The host bridge always belongs to the root cell. */
#define FOREIGN_BDF 0

#define PCI_CFG_CACHE_LINE 0x0c

#define IOAPIC_BASE    0xfec00000UL
#define IOAPIC_INDEX   ((void *)IOAPIC_BASE)
#define IOAPIC_DATA    ((void *)(IOAPIC_BASE + 0x10))
#define IOAPIC_ID      0x00
#define IOAPIC_VERSION 0x01
#define IOAPIC_PIN_REG 0x10
#define IOAPIC_SMI     (2 << 8)
#define IOAPIC_PATTERN 0x00010031 /* masked, and a vector */

/* Code that does mov (%rbx), %eax, then returns. */
#define INSN_BYTE0 0x8b
#define INSN_BYTE1 0x03
#define INSN_RET   0xc3

#define CODE_END    (WINDOW + PAGE_SIZE)
#define ROOT_RAM    0x01000000
#define STALE_TRIES 100

static u16 foreign_bdf(void)
{
	return cmdline_parse_int("bdf", FOREIGN_BDF);
}

/* Also complains if there is no window. */
static char *mmconfig(unsigned int bdf)
{
	char *base = (char *)comm_region->pci_mmconfig_base;

	if (!base) {
		UNEXPECTED("no MMCONFIG window");
		return NULL;
	}
	map_range(base, (bdf + 1) << 12, MAP_UNCACHED);
	return base + (bdf << 12);
}

void pci_cf8(void)
{
	u32 id = pci_read_config(foreign_bdf(), PCI_CFG_VENDOR_ID, 4);

	if (id != 0xffffffff)
		BREACH("a foreign function reads as 0x%x", id);
	pci_write_config(foreign_bdf(), PCI_CFG_CACHE_LINE, 0x40, 1);
}

void pci_mmconfig(void)
{
	char *config = mmconfig(foreign_bdf());
	u32 id;

	if (!config)
		return;
	id = mmio_read32(config + PCI_CFG_VENDOR_ID);
	if (id != 0xffffffff)
		BREACH("a foreign function reads as 0x%x", id);
	mmio_write32(config + PCI_CFG_CACHE_LINE, 0);
}

void mmio_string(void)
{
	static u32 buffer[4];
	void *from = mmconfig(0), *to = buffer;

	if (from)
		asm volatile("movsl" : "+S"(from), "+D"(to) : : "memory");
}

void mmio_rmw(void)
{
	char *config = mmconfig(0);

	if (config)
		asm volatile("orl $1, (%0)" : : "r"(config + PCI_CFG_CACHE_LINE) : "memory");
}

void mmio_sse(void)
{
	char *config = mmconfig(0);

	if (config)
		asm volatile("movups (%0), %%xmm0" : : "r"(config) : "memory");
}

void mmio_exec(void)
{
	char *config = mmconfig(0);

	if (config)
		((void (*)(void))config)();
}

/* Two pages of code at WINDOW: the first one is ours, the second one whatever @second says. */
static unsigned long *map_code(unsigned long second)
{
	u8 *memory = zalloc(PAGE_SIZE, PAGE_SIZE);

	map_page(WINDOW, (unsigned long)memory | PTE_PRESENT);
	memory[PAGE_SIZE - 2] = INSN_BYTE0;
	memory[PAGE_SIZE - 1] = INSN_BYTE1;
	return map_page(WINDOW + PAGE_SIZE, second);
}

static void run_code(unsigned long entry, unsigned long address)
{
	asm volatile("call *%0" : : "r"(entry), "b"(address) : "rax", "rcx", "rdx", "memory");
}

/* The access has to work, and the fetch behind it has to fault. */
void page_boundary(void)
{
	char *config = mmconfig(0);
	int vector;
	u32 value;

	if (!config)
		return;
	map_code(0);
	vector = trap_call(run_code, CODE_END - 2, (unsigned long)config);
	value = trap_frame.ax;
	if (vector != TRAP_PF || trap_frame.ip != CODE_END)
		UNEXPECTED("%s at %p", trap_name(vector), (void *)trap_frame.ip);
	else if (value != 0xffffffff)
		BREACH("a foreign function reads as 0x%x", value);
	else
		SURVIVED("read all ones, then #PF");
}

void page_straddle(void)
{
	char *config = mmconfig(0);

	if (!config)
		return;
	map_code(ROOT_RAM | PTE_PRESENT);
	run_code(CODE_END - 1, (unsigned long)config);
}

/*
 * The code runs once on harmless memory, which fills the TLB; then its second page disappears from
 * the page table, but not from the TLB. If something flushes the TLB just then, there is a #PF
 * instead, so it is tried some times.
 */
void page_stale(void)
{
	static u32 harmless;
	char *config = mmconfig(0);
	unsigned long *pte, entry;
	u8 *first, *second;
	unsigned int n;
	int vector = NO_TRAP;

	if (!config)
		return;
	first = zalloc(PAGE_SIZE, PAGE_SIZE);
	second = zalloc(PAGE_SIZE, PAGE_SIZE);
	first[PAGE_SIZE - 1] = INSN_BYTE0;
	second[0] = INSN_BYTE1;
	second[1] = INSN_RET;
	entry = (unsigned long)second | PTE_PRESENT;
	map_page(WINDOW, (unsigned long)first | PTE_PRESENT);

	for (n = 0; n < STALE_TRIES; n++) {
		pte = map_page(WINDOW + PAGE_SIZE, entry);
		run_code(CODE_END - 1, (unsigned long)&harmless);
		*(volatile unsigned long *)pte = 0;
		vector = trap_call(run_code, CODE_END - 1, (unsigned long)config);
		if (vector == NO_TRAP)
			return;
	}
	UNEXPECTED("%s each time", trap_name(vector));
}

static u32 ioapic_read(unsigned int reg)
{
	mmio_write32(IOAPIC_INDEX, reg);
	return mmio_read32(IOAPIC_DATA);
}

static void ioapic_write(unsigned int reg, u32 value)
{
	mmio_write32(IOAPIC_INDEX, reg);
	mmio_write32(IOAPIC_DATA, value);
}

void ioapic_pin(void)
{
	long long own = cmdline_parse_int("pin", -1);
	unsigned int pins, pin, found = 0;
	u32 before;

	ioapic_init();
	pins = (ioapic_read(IOAPIC_VERSION) >> 16 & 0xff) + 1;
	for (pin = 0; pin < pins; pin++) {
		if (pin == own)
			continue;
		before = ioapic_read(IOAPIC_PIN_REG + pin * 2);
		ioapic_write(IOAPIC_PIN_REG + pin * 2, IOAPIC_PATTERN);
		if (ioapic_read(IOAPIC_PIN_REG + pin * 2) == IOAPIC_PATTERN) {
			found++;
			ioapic_write(IOAPIC_PIN_REG + pin * 2, before);
		}
	}
	if (found)
		BREACH("%u foreign pins can be written", found);
	else
		SURVIVED("%u pins", pins);
}

void ioapic_index(void)
{
	ioapic_init();
	ioapic_write(IOAPIC_ID, 0x0f000000);
}

void ioapic_smi(void)
{
	long long pin = cmdline_parse_int("pin", -1);

	if (pin < 0) {
		UNEXPECTED("pin= is missing");
		return;
	}
	ioapic_init();
	ioapic_write(IOAPIC_PIN_REG + pin * 2 + 1, cpu_id() << 24);
	ioapic_write(IOAPIC_PIN_REG + pin * 2, IOAPIC_SMI);
}
