/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <asm/area.h>

OUTPUT_FORMAT(IMAGE_FORMAT)
ENTRY(arch_entry)

SECTIONS
{
	. = LINK_BASE;
	__image_start = .;
	/* The driver fills fields of the header, and the hypervisor reads them: data in a page of its own. */
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
	.data : { *(.data .data.*) }
	. = ALIGN(4096);
	__text_start = .;
	/* Tables that must be aligned come first, where they already are. */
	.text : { *(.text.vectors) *(.text .text.*) }
	. = ALIGN(4096);
	__text_end = .;
	/* The file ends here: padding outside of a section would not be in it. */
	.rodata : { *(.rodata .rodata.*) . = ALIGN(16); }
	__image_end = .;
	. = ALIGN(4096);
	__rodata_end = .;
	.bss (NOLOAD) : { *(.bss.page) *(.bss .bss.* COMMON) }
	. = ALIGN(4096);
	__core_end = .;
	.note.gnu.build-id 0 : { *(.note.gnu.build-id) }

	/DISCARD/ : { *(.comment) *(.eh_frame) *(.note.GNU-stack) *(.note.gnu.property) }
}
