/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Description of a UART or frame buffer, as it stands in configurations and in the communication
 * region of a cell.
 */
#ifndef JAILHOUSE_CONSOLE_H
#define JAILHOUSE_CONSOLE_H

#include <jailhouse/types.h>

/* jailhouse_console.type */
#define JAILHOUSE_CON_TYPE_NONE       0x0000
#define JAILHOUSE_CON_TYPE_EFIFB      0x0001 /* x86 frame buffer left by the firmware */
#define JAILHOUSE_CON_TYPE_8250       0x0002
#define JAILHOUSE_CON_TYPE_PL011      0x0003
#define JAILHOUSE_CON_TYPE_XUARTPS    0x0004
#define JAILHOUSE_CON_TYPE_MVEBU      0x0005
#define JAILHOUSE_CON_TYPE_HSCIF      0x0006
#define JAILHOUSE_CON_TYPE_SCIFA      0x0007
#define JAILHOUSE_CON_TYPE_IMX        0x0008
#define JAILHOUSE_CON_TYPE_IMX_LPUART 0x0009
#define JAILHOUSE_CON_TYPE_SCIF       0x000a

/* jailhouse_console.flags, bit 0: what the address is */
#define JAILHOUSE_CON_ACCESS_PIO  0x0000 /* an x86 port number */
#define JAILHOUSE_CON_ACCESS_MMIO 0x0001 /* a physical address */

/* Bit 1: distance and width of 8250 registers */
#define JAILHOUSE_CON_REGDIST_1 0x0000 /* one byte apart, 8-bit accesses */
#define JAILHOUSE_CON_REGDIST_4 0x0002 /* four bytes apart, 32-bit accesses */

/* Bit 2: geometry of a frame buffer, 32 bits per pixel */
#define JAILHOUSE_CON_FB_1024x768  0x0000
#define JAILHOUSE_CON_FB_1920x1080 0x0004

/* Bit 12: the clock runs while the bit in clock_reg is clear */
#define JAILHOUSE_CON_INVERTED_GATE 0x1000

/* Bit 13: a guest must write the MDR register of a TI 8250 before it uses the UART */
#define JAILHOUSE_CON_MDR_QUIRK 0x2000

/* Tests of jailhouse_console.flags, each gives 0 or 1 */
#define CON_IS_MMIO(flags)           (!!(JAILHOUSE_CON_ACCESS_MMIO & (flags)))
#define CON_USES_REGDIST_1(flags)    (!(JAILHOUSE_CON_REGDIST_4 & (flags)))
#define FB_IS_1920x1080(flags)       (!!(JAILHOUSE_CON_FB_1920x1080 & (flags)))
#define CON_HAS_INVERTED_GATE(flags) (!!(JAILHOUSE_CON_INVERTED_GATE & (flags)))
#define CON_HAS_MDR_QUIRK(flags)     (!!(JAILHOUSE_CON_MDR_QUIRK & (flags)))

/**
 * struct jailhouse_console - where and how text can be written
 * @address: physical address, or port number without JAILHOUSE_CON_ACCESS_MMIO
 * @size: size of the register window in bytes; not used for ports
 * @type: JAILHOUSE_CON_TYPE_*; an unknown type means that nothing is printed
 * @flags: JAILHOUSE_CON_*; the bits without a name are reserved and zero
 * @divider: value of the baud rate divider, 0 to leave the UART as it was set up
 * @gate_nr: bit number of the clock gate in @clock_reg
 * @clock_reg: physical address of a 32-bit clock gate register, 0 for none
 */
struct jailhouse_console {
	__u64 address;
	__u32 size;
	__u16 type;
	__u16 flags;
	__u32 divider;
	__u32 gate_nr;
	__u64 clock_reg;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_console, 32);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_console, address, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_console, size, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_console, type, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_console, flags, 14);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_console, divider, 16);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_console, gate_nr, 20);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_console, clock_reg, 24);

#endif /* !JAILHOUSE_CONSOLE_H */
