// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What every image has that the driver loads: its header, the pages that the root cell reads, the machine. */
#include <hypervisor/image.h>
#include <asm/image.h>

struct machine image_machine;
/* What image.lds.S names is used, although no C code may do so. */
struct jailhouse_virt_console console_page __attribute__((used, aligned(4096), section(".bss.page")));
struct jailhouse_info info_page __attribute__((used, aligned(4096), section(".bss.page")));

/*
 * The fields up to `features`. image.lds.S puts those behind them that only the linker knows: on 32-bit machines an
 * address is no initializer for a field of 64 bits. The build id is put in by make-image.
 */
struct image_head {
	char signature[8] JAILHOUSE_NONSTRING;
	u32 abi;
	u32 header_size;
	u8 build_id[JAILHOUSE_BUILD_ID_LEN];
	u32 architecture;
	u64 features;
};
JAILHOUSE_ASSERT_SIZE(struct image_head, __builtin_offsetof(struct jailhouse_image_header, image_size));
JAILHOUSE_ASSERT_OFFSET(struct image_head, features, __builtin_offsetof(struct jailhouse_image_header, features));

struct image_head image_head __attribute__((used, section(".header"))) = {
	.signature = JAILHOUSE_IMAGE_SIGNATURE,
	.abi = JAILHOUSE_IMAGE_ABI,
	.header_size = sizeof(struct jailhouse_image_header),
	.architecture = IMAGE_ARCHITECTURE,
	.features = IMAGE_FEATURES,
};

JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, image_size, 48);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, core_size, 56);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, percpu_size, 64);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, link_base, 72);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, entry, 80);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, console_page, 88);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, info_page, 96);
/* image.lds.S gives this field a symbol for the entry code. */
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, max_cpus, 104);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_image_header, build_id, 16);
JAILHOUSE_ASSERT_SIZE(struct jailhouse_virt_console, 8 + JAILHOUSE_CONSOLE_RING_SIZE);

void image_find_machine(struct percpu *cpu)
{
	struct machine *m = &image_machine;

	m->header = &jailhouse_header;
	m->info = &info_page;
	m->console.ring = &console_page;
	m->hv_base = __image_start;
	m->percpu_base = __core_end;
	m->percpu_size = PERCPU_SIZE;
	m->hv_phys = jailhouse_header.hypervisor_phys;
	m->hv_size = jailhouse_header.hypervisor_size;
	m->config = (const struct jailhouse_system *)(__core_end + (u64)jailhouse_header.max_cpus * PERCPU_SIZE);
	m->config_size = jailhouse_header.config_size;
	cpu->machine = m;
	cpu->id = (unsigned int)(((unsigned long)cpu - (unsigned long)__core_end) / PERCPU_SIZE);
}
