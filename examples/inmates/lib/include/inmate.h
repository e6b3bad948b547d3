/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Guest library for programs that run in a non-root cell without an operating system.
 *
 * An inmate provides inmate_main() and is linked with lib/<arch>/inmate.lds. Everything here runs
 * at the highest guest privilege, without protection between library and inmate; none of the
 * functions allocates behind the caller's back unless said so, and none returns an error code that
 * is not documented. Unless noted otherwise, a function may be called on any CPU of the cell, but
 * not concurrently with itself.
 */
#ifndef INMATE_H
#define INMATE_H

#ifndef __ASSEMBLY__
#include <jailhouse/hypercall.h>
#endif

#include <arch/inmate.h>

#define NS_PER_USEC 1000ULL
#define NS_PER_MSEC 1000000ULL
#define NS_PER_SEC  1000000000ULL

#ifndef __ASSEMBLY__

#include <string.h>

#ifndef NULL
#define NULL ((void *)0)
#endif

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

#ifdef INMATE_CHECK_FORMAT
#define INMATE_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define INMATE_PRINTF(fmt, first)
#endif

/** comm_region - the communication region of this cell */
#define comm_region ((struct jailhouse_comm_region *)COMM_REGION_BASE)

/**
 * inmate_main() - entry of the inmate, provided by it
 *
 * Runs on the boot CPU, on a stack of one page, interrupts off (x86). On return the CPU is
 * stopped; the state of the cell stays what the inmate made of it.
 */
void inmate_main(void);

/**
 * printk() - print formatted text on the console of the cell
 * @fmt: format with %c %d %u %x %p %s %%, modifiers l and ll, a decimal width, and a leading 0
 *       for zero fill. %p prints 0x and all digits of a pointer. What is not understood is
 *       printed as it stands.
 *
 * The first call chooses the console, see README.md for the command line parameters that
 * influence it. Text of one call is not mixed with that of another CPU.
 */
void printk(const char *fmt, ...) INMATE_PRINTF(1, 2);

/** heap_pos - address that the next alloc() starts from */
extern unsigned long heap_pos;

/**
 * alloc() - take memory from the heap
 * @size: bytes
 * @align: alignment in bytes, a power of 2
 *
 * The heap starts behind the stack and grows upward. There is no limit and no way to give memory
 * back. Return: the memory, with whatever content it has.
 */
void *alloc(unsigned long size, unsigned long align);

/**
 * zalloc() - alloc() and fill with zeros
 * @size: bytes
 * @align: alignment in bytes, a power of 2
 */
void *zalloc(unsigned long size, unsigned long align);

void *memset(void *s, int c, unsigned long n);
void *memcpy(void *d, const void *s, unsigned long n);
/** memcmp() - compare memory. Return: -1, 0 or 1 */
int memcmp(const void *s1, const void *s2, unsigned long n);
unsigned long strlen(const char *s);
int strcmp(const char *s1, const char *s2);
int strncmp(const char *s1, const char *s2, unsigned long n);
int strncasecmp(const char *s1, const char *s2, unsigned long n);

/**
 * CMDLINE_BUFFER() - make room for a command line of a given length
 * @size: bytes, including the terminating NUL
 *
 * Without it there are 256 bytes. The loader puts the text at offset 0x1000 of the image.
 */
#define CMDLINE_BUFFER(size) char cmdline[size] __attribute__((section(".cmdline")))

extern char cmdline[];

/**
 * cmdline_parse_str() - find "param=value" in the command line
 * @param: name of the parameter
 * @value_buffer: receives the value up to the next blank, cut to the buffer, NUL-terminated
 * @buffer_size: bytes in @value_buffer, at least 1
 * @default_value: copied instead, cut likewise, if the parameter is not there
 *
 * Return: @value_buffer
 */
const char *cmdline_parse_str(const char *param, char *value_buffer, unsigned long buffer_size,
			      const char *default_value);

/**
 * cmdline_parse_int() - find "param=number" in the command line
 * @param: name of the parameter
 * @default_value: returned if the parameter is missing or is not a number
 *
 * A number is decimal with an optional sign, or hexadecimal after 0x.
 */
long long cmdline_parse_int(const char *param, long long default_value);

/**
 * cmdline_parse_bool() - find a switch in the command line
 * @param: name of the parameter
 * @default_value: returned if the parameter is missing or has some other value
 *
 * "param", "param=true" and "param=1" are true, "param=false" and "param=0" are false. Case does
 * not matter in the words.
 */
bool cmdline_parse_bool(const char *param, bool default_value);

enum map_type { MAP_CACHED, MAP_UNCACHED };

/**
 * map_range() - map physical memory at its own address
 * @start: address, rounded down to a multiple of HUGE_PAGE_SIZE
 * @size: bytes, the end is rounded up likewise
 * @map_type: kind of memory
 *
 * Takes memory for page tables from the heap. Not in the 32-bit x86 library.
 */
void map_range(void *start, unsigned long size, enum map_type map_type);

typedef void (*irq_handler_t)(unsigned int irq);

/**
 * irq_init() - set up interrupts on this CPU
 * @handler: called with interrupts off for each interrupt; x86: with its vector, 32 to 63
 *
 * The end of the interrupt is signalled after the handler has returned.
 */
void irq_init(irq_handler_t handler);

/**
 * irq_wait() - sleep until an interrupt comes, and take it
 *
 * Interrupts are off before and after. One that came before ends it, too, so what is waited for is looked at once
 * interrupts are off, and none is missed.
 */
void irq_wait(void);

/** irq_enable() - enable an interrupt in the interrupt controller; nothing to do on x86 */
void irq_enable(unsigned int irq);

/* PCI configuration space */
#define PCI_CFG_VENDOR_ID 0x000
#define PCI_CFG_DEVICE_ID 0x002
#define PCI_CFG_COMMAND   0x004
#define PCI_CMD_IO        (1 << 0)
#define PCI_CMD_MEM       (1 << 1)
#define PCI_CMD_MASTER    (1 << 2)
#define PCI_CMD_INTX_OFF  (1 << 10)
#define PCI_CFG_STATUS    0x006
#define PCI_STS_INT       (1 << 3)
#define PCI_STS_CAPS      (1 << 4)
#define PCI_CFG_BAR       0x010
#define PCI_BAR_64BIT     0x4
#define PCI_CFG_CAP_PTR   0x034

#define PCI_ID_ANY          0xffff
#define PCI_DEV_CLASS_OTHER 0xff

#define PCI_CAP_MSI    0x05
#define PCI_CAP_VENDOR 0x09
#define PCI_CAP_MSIX   0x11

#define MSIX_CTRL_ENABLE 0x8000
#define MSIX_CTRL_FMASK  0x4000

/** pci_init() - make the configuration space accessible; nothing to do on x86 */
void pci_init(void);

/**
 * pci_read_config() - read from the configuration space
 * @bdf: bus, device, function in bits 15..8, 7..3, 2..0
 * @addr: register, naturally aligned for @size
 * @size: 1, 2 or 4 bytes
 */
u32 pci_read_config(u16 bdf, unsigned int addr, unsigned int size);
void pci_write_config(u16 bdf, unsigned int addr, u32 value, unsigned int size);

/**
 * pci_find_device() - search a function
 * @vendor: vendor id or PCI_ID_ANY
 * @device: device id or PCI_ID_ANY
 * @start_bdf: first function to look at
 *
 * Return: the function, or -1
 */
int pci_find_device(u16 vendor, u16 device, u16 start_bdf);

/** pci_find_cap() - search a capability. Return: its place in the configuration space, or -1 */
int pci_find_cap(u16 bdf, u16 cap);

/** clock_ns() - a clock in nanoseconds, to measure with. Not in the 32-bit x86 library */
u64 clock_ns(void);

/** delay_us() - wait busily for a number of microseconds */
void delay_us(unsigned long microsecs);

#endif /* !__ASSEMBLY__ */

#endif /* !INMATE_H */
