/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <asm/area.h>

OUTPUT_FORMAT(IMAGE_FORMAT)
ENTRY(arch_entry)

SECTIONS
{
	. = LINK_BASE;
	__image_start = .;
	/* The driver fills fields of the header, and the hypervisor reads them. */
	.header : {
		jailhouse_header = .;
		*(.header)
		/* image_size and what follows, see jailhouse/image.h and header.c */
		QUAD(__image_end - __image_start)
		QUAD(__core_end - __image_start)
		QUAD(PERCPU_SIZE)
		QUAD(LINK_BASE)
		QUAD(arch_entry - __image_start)
		QUAD(console_page - __image_start)
		QUAD(info_page - __image_start)
		/* the driver's */
		. = jailhouse_header + 160;
	}
	jailhouse_header_max_cpus = __image_start + 104;
#ifdef IMAGE_WITHOUT_DATA
	/* Constants fill up the header's page. */
	__rodata_start = __image_start;
	.rodata : { *(.rodata .rodata.*) }
	.data : { *(.data .data.*) }
	ASSERT(SIZEOF(.data) == 0, "there is data, but no writable page in the file")
	. = ALIGN(4096);
	__rodata_end = .;
#else
	.data : { *(.data .data.*) }
	. = ALIGN(4096);
#endif
	__text_start = .;
	/* Tables that must be aligned come first, where they already are. */
	.text : { *(.text.vectors) *(.text .text.*) . = ALIGN(16); }
#ifdef IMAGE_WITHOUT_DATA
	__image_end = .;
#endif
	. = ALIGN(4096);
	__text_end = .;
#ifndef IMAGE_WITHOUT_DATA
	__rodata_start = .;
	/* The file ends here: padding outside of a section would not be in it. */
	.rodata : { *(.rodata .rodata.*) . = ALIGN(16); }
	__image_end = .;
	. = ALIGN(4096);
	__rodata_end = .;
#endif
	.bss (NOLOAD) : { *(.bss.page) *(.bss .bss.* COMMON) }
	. = ALIGN(4096);
	__core_end = .;
	.note.gnu.build-id 0 : { *(.note.gnu.build-id) }

	/DISCARD/ : { *(.comment) *(.eh_frame) *(.note.GNU-stack) *(.note.gnu.property) }
}
