/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Firmware that gives an inmate on bare metal (QEMU's q35) what the hypervisor would give it in a
 * cell: a communication region, the command line, a PM timer, MMCONFIG, BARs, and all CPUs started.
 * Measured on both sides, the difference is the hypervisor.
 *
 * Input comes by fw_cfg files: opt/libjailhouse/cmdline, opt/libjailhouse/tsc-khz,
 * opt/libjailhouse/apic-khz, and opt/libjailhouse/x2apic, which is 1 to switch on that mode. A
 * frequency that is not given is measured against the PM timer.
 */
#include <jailhouse/hypercall.h>

#define COMM_REGION ((struct jailhouse_comm_region *)0x100000)
#define CMDLINE     ((char *)0x1000)
#define CMDLINE_MAX 256

#define UART_BASE 0x3f8

/* QEMU docs/specs/fw_cfg.txt */
#define FW_CFG_SELECT   0x510
#define FW_CFG_DATA     0x511
#define FW_CFG_NB_CPUS  0x05
#define FW_CFG_FILE_DIR 0x19
#define FW_CFG_NAME_LEN 56

/* Intel ICH9, functions and registers of the LPC bridge */
#define LPC_BDF           0x00f8
#define LPC_PMBASE        0x40
#define LPC_ACPI_CNTL     0x44
#define LPC_ACPI_EN       0x80
#define PM_BASE           0x600
#define PM_TIMER          (PM_BASE + 8)
#define PM_TIMER_MASK     0xffffff
#define PM_TICKS_10MS     35795
#define PM_TIMER_HZ_FIFTH 715909
#define MEASURE_TICKS     (5 * PM_TICKS_10MS)

/* Q35 host bridge: window for the configuration space of 256 buses */
#define MCH_BDF       0
#define MCH_PCIEXBAR  0x60
#define MMCONFIG_BASE 0xb0000000

#define PCI_ADDRESS 0xcf8
#define PCI_DATA    0xcfc
#define PCI_ENABLE  0x80000000
#define PCI_BARS    6
#define BAR_WINDOW  0xe0000000

#define MSR_APICBASE    0x1b
#define APICBASE_X2APIC 0x400
#define X2APIC_NOTE     0xff0 /* in the page of the communication region */

#define XAPIC_BASE       0xfee00000
#define XAPIC_ICR_LO     0x300
#define XAPIC_ICR_HI     0x310
#define XAPIC_LVTT       0x320
#define XAPIC_TMICT      0x380
#define XAPIC_TMCCT      0x390
#define XAPIC_TDCR       0x3e0
#define LVT_MASKED       0x10000
#define TDCR_DIVIDE_BY_1 0xb
#define ICR_INIT_OTHERS  0xc4500
#define ICR_SIPI_OTHERS  0xc46f0 /* vector 0xf0: address 0xf0000, the start of this ROM */

static inline void outw(__u16 port, __u16 value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void outl(__u16 port, __u32 value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}

static inline __u8 inb(__u16 port)
{
	__u8 value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline __u32 inl(__u16 port)
{
	__u32 value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline __u32 tsc_low(void)
{
	__u32 low;

	__asm__ volatile("rdtsc" : "=a"(low) : : "edx");
	return low;
}

static volatile __u32 *xapic(unsigned int reg)
{
	return (volatile __u32 *)(XAPIC_BASE + reg);
}

/* fw_cfg stores the numbers of its directory in big endian order. */
static __u32 fw_cfg_be(unsigned int bytes)
{
	__u32 value = 0;

	while (bytes-- > 0)
		value = value << 8 | inb(FW_CFG_DATA);
	return value;
}

/* Selects a file. Returns its size, or 0 if there is none. */
static __u32 fw_cfg_open(const char *name)
{
	__u32 count, size, n, pos, key;
	_Bool same;
	char c;

	outw(FW_CFG_SELECT, FW_CFG_FILE_DIR);
	count = fw_cfg_be(4);
	for (n = 0; n < count; n++) {
		size = fw_cfg_be(4);
		key = fw_cfg_be(4) >> 16;
		same = 1;
		for (pos = 0; pos < FW_CFG_NAME_LEN; pos++) {
			c = inb(FW_CFG_DATA);
			/* Names are filled with zeros, and ours are shorter than the field. */
			if (same && c != name[pos])
				same = 0;
			if (same && c == 0) {
				while (++pos < FW_CFG_NAME_LEN)
					inb(FW_CFG_DATA);
				outw(FW_CFG_SELECT, key);
				return size;
			}
		}
	}
	return 0;
}

static __u32 fw_cfg_number(const char *name)
{
	__u32 size = fw_cfg_open(name), value = 0;
	char c;

	while (size-- > 0) {
		c = inb(FW_CFG_DATA);
		if (c >= '0' && c <= '9')
			value = value * 10 + (c - '0');
	}
	return value;
}

/* The buffer of the inmate may be larger than the default one, but not smaller. */
static void write_cmdline(void)
{
	__u32 size = fw_cfg_open("opt/libjailhouse/cmdline"), n;

	if (size > CMDLINE_MAX - 1)
		size = CMDLINE_MAX - 1;
	for (n = 0; n < size; n++)
		CMDLINE[n] = inb(FW_CFG_DATA);
	CMDLINE[n] = 0;
}

static __u32 pci_read(unsigned int bdf, unsigned int reg)
{
	outl(PCI_ADDRESS, PCI_ENABLE | bdf << 8 | reg);
	return inl(PCI_DATA);
}

static void pci_write(unsigned int bdf, unsigned int reg, __u32 value)
{
	outl(PCI_ADDRESS, PCI_ENABLE | bdf << 8 | reg);
	outl(PCI_DATA, value);
}

static void enable_chipset(void)
{
	pci_write(MCH_BDF, MCH_PCIEXBAR, MMCONFIG_BASE | 1);
	pci_write(MCH_BDF, MCH_PCIEXBAR + 4, 0);
	pci_write(LPC_BDF, LPC_PMBASE, PM_BASE | 1);
	pci_write(LPC_BDF, LPC_ACPI_CNTL, LPC_ACPI_EN);
}

/* Memory BARs of the endpoints on bus 0, one behind the other. Returns the next free address. */
static __u32 place_bars(unsigned int bdf, __u32 next)
{
	unsigned int bar, reg;
	__u32 mask, size;

	for (bar = 0; bar < PCI_BARS; bar++) {
		reg = 0x10 + bar * 4;
		pci_write(bdf, reg, 0xffffffff);
		mask = pci_read(bdf, reg);
		if (mask == 0 || (mask & 1))
			continue;
		size = ~(mask & ~0xfU) + 1;
		next = (next + size - 1) & ~(size - 1);
		pci_write(bdf, reg, next);
		next += size;
		if ((mask & 6) == 4) { /* 64 bits wide */
			pci_write(bdf, reg + 4, 0);
			bar++;
		}
	}
	return next;
}

static void place_devices(void)
{
	__u32 next = BAR_WINDOW;
	unsigned int bdf;

	for (bdf = 0; bdf < 0x100; bdf++) {
		if (pci_read(bdf, 0) == 0xffffffff)
			continue;
		/* Header type 0 is an endpoint. */
		if ((pci_read(bdf, 0xc) >> 16 & 0x7f) == 0)
			next = place_bars(bdf, next);
	}
}

/* Returns the ticks of the PM timer that have really passed, as the machine may be a slow one. */
static __u32 wait_pm_ticks(__u32 ticks)
{
	__u32 start = inl(PM_TIMER), passed;

	do {
		__asm__ volatile("pause");
		passed = (inl(PM_TIMER) - start) & PM_TIMER_MASK;
	} while (passed < ticks);
	return passed;
}

/* Counts per millisecond, rounded; the product has 64 bits, which the compiler can't divide here.
 */
static __u32 to_khz(__u32 count, __u32 pm_ticks)
{
	__u32 low, high;

	__asm__("mull %2\n\t"
		"divl %3"
		: "=&a"(low), "=&d"(high)
		: "r"(PM_TIMER_HZ_FIFTH), "r"(pm_ticks), "0"(count)
		: "cc");
	return (low + 100) / 200;
}

static __u32 measure_tsc_khz(void)
{
	__u32 start = tsc_low();
	__u32 pm_ticks = wait_pm_ticks(MEASURE_TICKS);

	return to_khz(tsc_low() - start, pm_ticks);
}

static __u32 measure_apic_khz(void)
{
	__u32 count, pm_ticks;

	*xapic(XAPIC_TDCR) = TDCR_DIVIDE_BY_1;
	*xapic(XAPIC_LVTT) = LVT_MASKED;
	*xapic(XAPIC_TMICT) = 0xffffffff;
	pm_ticks = wait_pm_ticks(MEASURE_TICKS);
	count = 0xffffffff - *xapic(XAPIC_TMCCT);
	*xapic(XAPIC_TMICT) = 0;
	*xapic(XAPIC_TDCR) = 0;
	return to_khz(count, pm_ticks);
}

/* The other CPUs find a note behind what the communication region has defined, see rom.S. */
static void enable_x2apic(void)
{
	__u32 low, high;

	if (fw_cfg_number("opt/libjailhouse/x2apic") == 0)
		return;
	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(MSR_APICBASE));
	low |= APICBASE_X2APIC;
	__asm__ volatile("wrmsr" : : "a"(low), "d"(high), "c"(MSR_APICBASE));
	((volatile __u8 *)COMM_REGION)[X2APIC_NOTE] = 1;
}

static __u16 count_cpus(void)
{
	__u16 low;

	outw(FW_CFG_SELECT, FW_CFG_NB_CPUS);
	low = inb(FW_CFG_DATA);
	return low | inb(FW_CFG_DATA) << 8;
}

static void write_comm_region(void)
{
	struct jailhouse_comm_region *comm = COMM_REGION;
	const char *magic = COMM_REGION_MAGIC;
	unsigned int n;

	for (n = 0; n < 4096; n++)
		((volatile __u8 *)comm)[n] = 0;
	for (n = 0; n < sizeof(comm->signature); n++)
		comm->signature[n] = magic[n];
	comm->revision = COMM_REGION_ABI_REVISION;
	comm->console.address = UART_BASE;
	comm->console.type = JAILHOUSE_CON_TYPE_8250;
	comm->pci_mmconfig_base = MMCONFIG_BASE;
	comm->pm_timer_address = PM_TIMER;
	comm->num_cpus = count_cpus();
	comm->tsc_khz = fw_cfg_number("opt/libjailhouse/tsc-khz");
	if (comm->tsc_khz == 0)
		comm->tsc_khz = measure_tsc_khz();
	comm->apic_khz = fw_cfg_number("opt/libjailhouse/apic-khz");
	if (comm->apic_khz == 0)
		comm->apic_khz = measure_apic_khz();
}

/* All CPUs of a cell start at once. */
static void start_other_cpus(void)
{
	*xapic(XAPIC_ICR_HI) = 0;
	*xapic(XAPIC_ICR_LO) = ICR_INIT_OTHERS;
	wait_pm_ticks(PM_TICKS_10MS);
	*xapic(XAPIC_ICR_LO) = ICR_SIPI_OTHERS;
}

/* Called by rom.S, which then jumps to the inmate. */
void rom_main(void);
void rom_main(void)
{
	enable_chipset();
	place_devices();
	write_cmdline();
	write_comm_region();
	/* Started by the xAPIC, so in this order. */
	if (COMM_REGION->num_cpus > 1)
		start_other_cpus();
	enable_x2apic();
}
