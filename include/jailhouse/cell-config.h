/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Binary format of system and cell configurations, revision 14.
 *
 * A system configuration (for enable) is a struct jailhouse_system, a cell configuration (for cell
 * create) a struct jailhouse_cell_desc. Directly behind either follow, without any gap and in this
 * order:
 *
 *   CPU set                           cpu_set_size bytes, bit n%8 of byte n/8 is logical CPU n
 *   struct jailhouse_memory           num_memory_regions
 *   struct jailhouse_cache            num_cache_regions
 *   struct jailhouse_irqchip          num_irqchips
 *   struct jailhouse_pio              num_pio_regions
 *   struct jailhouse_pci_device       num_pci_devices
 *   struct jailhouse_pci_capability   num_pci_caps
 *   union jailhouse_stream_id         num_stream_ids
 *
 * All numbers are little-endian, as is every machine that the format describes. A file may be
 * longer than its counts say; the surplus is ignored. The manual is docs/config-format.md.
 */
#ifndef JAILHOUSE_CELL_CONFIG_H
#define JAILHOUSE_CELL_CONFIG_H

#include <jailhouse/types.h>
#include <jailhouse/console.h>
#include <jailhouse/pci_defs.h>

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

/* jailhouse_system.architecture and jailhouse_cell_desc.architecture */
#define JAILHOUSE_X86   0
#define JAILHOUSE_ARM   1
#define JAILHOUSE_ARM64 2

/* The one revision of this header. There is no conversion from or to others. */
#define JAILHOUSE_CONFIG_REVISION 14

/* Longest name of a cell, without the NUL */
#define JAILHOUSE_CELL_NAME_MAXLEN 31

/* jailhouse_cell_desc.flags */

/* The cell is sent no messages; its shutdown is always granted. */
#define JAILHOUSE_CELL_PASSIVE_COMMREG 0x00000001
/* x86: add the test device behind the communication region, if the hypervisor was built with it. */
#define JAILHOUSE_CELL_TEST_DEVICE 0x00000002
/* arm64: start the cell's CPUs in AArch32 state. */
#define JAILHOUSE_CELL_AARCH32 0x00000004
/* Extensions (bits 24 to 29); software that does not know them ignores them. */
/* Leave the contents of the cell's RAM alone at create and destroy. */
#define JAILHOUSE_CELL_NO_SCRUB 0x01000000
/* ARM: the cell is trusted to idle without an exit (WFI is not trapped). */
#define JAILHOUSE_CELL_DIRECT_IDLE 0x02000000
/* ARM: forward SMCs of firmware services (SiP, OEM, trusted OS), as for the root cell. */
#define JAILHOUSE_CELL_SMC_ALLOW 0x04000000
/* The cell may print by the hypercall DEBUG_CONSOLE_PUTC. */
#define JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED 0x40000000
/* The cell should print there by default. The driver adds the permission for non-root cells. */
#define JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE 0x80000000

#define CELL_FLAGS_VIRTUAL_CONSOLE_PERMITTED(flags) \
	(!!(JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED & (flags)))
#define CELL_FLAGS_VIRTUAL_CONSOLE_ACTIVE(flags) \
	(!!(JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE & (flags)))

/* jailhouse_cell_desc.signature, stored without the NUL */
#define JAILHOUSE_CELL_DESC_SIGNATURE "JHCLL"

/**
 * struct jailhouse_cell_desc - head of a cell's description
 * @signature: JAILHOUSE_CELL_DESC_SIGNATURE; not evaluated in jailhouse_system.root_cell
 * @architecture: JAILHOUSE_X86, JAILHOUSE_ARM or JAILHOUSE_ARM64; likewise
 * @revision: JAILHOUSE_CONFIG_REVISION; likewise
 * @name: NUL-terminated, unique among the existing cells
 * @id: 0 for the root cell; of other cells the driver assigns it
 * @flags: JAILHOUSE_CELL_*
 * @cpu_set_size: bytes of the CPU set
 * @num_memory_regions: elements of the array of that kind, likewise the following six
 * @vpci_irq_base: ARM: SPI number (interrupt ID minus 32) of INTA of the virtual PCI host
 * @cpu_reset_address: ARM: first instruction of the first CPU; x86: real-mode start of all CPUs;
 *	not used for the root cell
 * @msg_reply_timeout: time that the cell has to answer a message, in milliseconds, 0 for 1000
 * @console: what the cell may use as its console; copied to the communication region as it is
 */
struct jailhouse_cell_desc {
	char signature[5] JAILHOUSE_NONSTRING;
	__u8 architecture;
	__u16 revision;
	char name[JAILHOUSE_CELL_NAME_MAXLEN + 1];
	__u32 id;
	__u32 flags;
	__u32 cpu_set_size;
	__u32 num_memory_regions;
	__u32 num_cache_regions;
	__u32 num_irqchips;
	__u32 num_pio_regions;
	__u32 num_pci_devices;
	__u32 num_pci_caps;
	__u32 num_stream_ids;
	__u32 vpci_irq_base;
	__u64 cpu_reset_address;
	__u64 msg_reply_timeout;
	struct jailhouse_console console;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_cell_desc, 132);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, signature, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, architecture, 5);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, revision, 6);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, name, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, id, 40);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, flags, 44);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, cpu_set_size, 48);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, num_memory_regions, 52);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, num_cache_regions, 56);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, num_irqchips, 60);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, num_pio_regions, 64);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, num_pci_devices, 68);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, num_pci_caps, 72);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, num_stream_ids, 76);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, vpci_irq_base, 80);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, cpu_reset_address, 84);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, msg_reply_timeout, 92);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cell_desc, console, 100);

/* jailhouse_memory.flags */
#define JAILHOUSE_MEM_READ         0x0001
#define JAILHOUSE_MEM_WRITE        0x0002
#define JAILHOUSE_MEM_EXECUTE      0x0004 /* ARM: implied by READ */
#define JAILHOUSE_MEM_DMA          0x0008 /* devices of the cell may access it */
#define JAILHOUSE_MEM_IO           0x0010 /* registers: device memory, never scrubbed */
#define JAILHOUSE_MEM_COMM_REGION  0x0020 /* the communication region; phys_start is not used */
#define JAILHOUSE_MEM_LOADABLE     0x0040 /* the root cell sees it until the cell is started */
#define JAILHOUSE_MEM_ROOTSHARED   0x0080 /* stays with the root cell as well */
#define JAILHOUSE_MEM_NO_HUGEPAGES 0x0100 /* mapped by 4 KiB pages only */

/* What accesses a region allows that is smaller than pages or not aligned to them */
#define JAILHOUSE_MEM_IO_UNALIGNED   0x8000
#define JAILHOUSE_MEM_IO_WIDTH_SHIFT 16 /* the access size in bytes, moved up by this */
#define JAILHOUSE_MEM_IO_8           (1 << JAILHOUSE_MEM_IO_WIDTH_SHIFT)
#define JAILHOUSE_MEM_IO_16          (2 << JAILHOUSE_MEM_IO_WIDTH_SHIFT)
#define JAILHOUSE_MEM_IO_32          (4 << JAILHOUSE_MEM_IO_WIDTH_SHIFT)
#define JAILHOUSE_MEM_IO_64          (8 << JAILHOUSE_MEM_IO_WIDTH_SHIFT)

/* Extensions (from bit 32 on); software that does not know them ignores them. */
/* Leave the contents of this region alone at create and destroy. */
#define JAILHOUSE_MEM_NO_SCRUB ((__u64)1 << 32)

/**
 * JAILHOUSE_MEMORY_IS_SUBPAGE() - is every access to the region trapped and checked?
 * @mem: pointer to struct jailhouse_memory
 *
 * The includer provides PAGE_OFFS_MASK, the page size minus 1.
 */
#define JAILHOUSE_MEMORY_IS_SUBPAGE(mem) ((((mem)->virt_start | (mem)->size) & PAGE_OFFS_MASK) != 0)

/**
 * struct jailhouse_memory - a region of memory or device registers
 * @phys_start: physical address
 * @virt_start: address in the cell; equal to @phys_start in the root cell
 * @size: bytes; an entry of size 0 is a place holder
 * @flags: JAILHOUSE_MEM_*
 */
struct jailhouse_memory {
	__u64 phys_start;
	__u64 virt_start;
	__u64 size;
	__u64 flags;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_memory, 32);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_memory, phys_start, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_memory, virt_start, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_memory, size, 16);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_memory, flags, 24);

/**
 * JAILHOUSE_SHMEM_NET_REGIONS() - initialise the four regions of a network link (1 MiB)
 * @start: physical address, the same in both cells
 * @dev_id: 0 or 1, the shmem_dev_id of this cell
 *
 * State table, no common section, output of peer 0, output of peer 1. No comma at the end.
 */
/* clang-format off */
#define JAILHOUSE_SHMEM_NET_REGIONS(start, dev_id)                                               \
	{                                                                                        \
		.phys_start = (start),                                                           \
		.virt_start = (start),                                                           \
		.size = 0x1000,                                                                  \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_ROOTSHARED,                          \
	},                                                                                       \
	{                                                                                        \
		0                                                                                \
	},                                                                                       \
	JAILHOUSE_SHMEM_NET_OUTPUT((start) + 0x1000, (dev_id) == 0),                             \
	JAILHOUSE_SHMEM_NET_OUTPUT((start) + 0x80000, (dev_id) == 1)
/* clang-format on */

/* One output section of a network link, which only its owner may write */
/* clang-format off */
#define JAILHOUSE_SHMEM_NET_OUTPUT(start, own)                                                   \
	{                                                                                        \
		.phys_start = (start),                                                           \
		.virt_start = (start),                                                           \
		.size = 0x7f000,                                                                 \
		.flags = JAILHOUSE_MEM_READ | JAILHOUSE_MEM_ROOTSHARED |                         \
			((own) ? JAILHOUSE_MEM_WRITE : 0),                                       \
	}
/* clang-format on */

/* jailhouse_cache.type */
#define JAILHOUSE_CACHE_L3_CODE 0x01
#define JAILHOUSE_CACHE_L3_DATA 0x02
#define JAILHOUSE_CACHE_L3      (JAILHOUSE_CACHE_L3_CODE | JAILHOUSE_CACHE_L3_DATA)

/* jailhouse_cache.flags: the root cell goes on using this part as well */
#define JAILHOUSE_CACHE_ROOTSHARED 0x0001

/**
 * struct jailhouse_cache - a part of the last-level cache (Intel CAT)
 * @start: first bit in the capacity mask
 * @size: number of bits
 * @type: JAILHOUSE_CACHE_L3
 * @padding: 0
 * @flags: JAILHOUSE_CACHE_*
 */
struct jailhouse_cache {
	__u32 start;
	__u32 size;
	__u8 type;
	__u8 padding;
	__u16 flags;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_cache, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cache, start, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cache, size, 4);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cache, type, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cache, padding, 9);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_cache, flags, 10);

/**
 * struct jailhouse_irqchip - interrupt lines of one controller
 * @address: physical address of the controller (x86: IOAPIC, ARM: GIC distributor)
 * @id: x86: index of the IOMMU unit in bits 31..16, source ID of the IOAPIC in bits 15..0
 * @pin_base: line that bit 0 of @pin_bitmap stands for (x86: 0; ARM: a multiple of 32, and 32 is
 *	the first SPI)
 * @pin_bitmap: the cell's lines
 */
struct jailhouse_irqchip {
	__u64 address;
	__u32 id;
	__u32 pin_base;
	__u32 pin_bitmap[4];
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_irqchip, 32);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_irqchip, address, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_irqchip, id, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_irqchip, pin_base, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_irqchip, pin_bitmap, 16);

/**
 * struct jailhouse_pio - a range of x86 I/O ports
 * @base: first port
 * @length: number of ports
 */
struct jailhouse_pio {
	__u16 base;
	__u16 length;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_pio, 4);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pio, base, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pio, length, 2);

/* Initialiser of a struct jailhouse_pio */
#define PIO_RANGE(first_port, num_ports)                     \
	{                                                    \
		.base = (first_port), .length = (num_ports), \
	}

/* jailhouse_pci_device.type */
#define JAILHOUSE_PCI_TYPE_DEVICE  0x01
#define JAILHOUSE_PCI_TYPE_BRIDGE  0x02
#define JAILHOUSE_PCI_TYPE_IVSHMEM 0x03 /* virtual: shared memory and doorbells */

/* jailhouse_pci_device.shmem_protocol */
#define JAILHOUSE_SHMEM_PROTO_UNDEFINED    0x0000
#define JAILHOUSE_SHMEM_PROTO_VETH         0x0001 /* network link of two peers */
#define JAILHOUSE_SHMEM_PROTO_CUSTOM       0x4000 /* up to 0x7fff: private use */
#define JAILHOUSE_SHMEM_PROTO_VIRTIO_FRONT 0x8000 /* plus VIRTIO_DEV_* */
#define JAILHOUSE_SHMEM_PROTO_VIRTIO_BACK  0xc000 /* plus VIRTIO_DEV_* */

#define VIRTIO_DEV_NET     1
#define VIRTIO_DEV_BLOCK   2
#define VIRTIO_DEV_CONSOLE 3

/* Initialisers of jailhouse_pci_device.bar_mask for JAILHOUSE_PCI_TYPE_IVSHMEM */
/* clang-format off */
#define JAILHOUSE_IVSHMEM_BAR_MASK_INTX     { 0xfffff000, 0x00000000, 0, 0, 0, 0 }
#define JAILHOUSE_IVSHMEM_BAR_MASK_MSIX     { 0xfffff000, 0xfffff000, 0, 0, 0, 0 }
#define JAILHOUSE_IVSHMEM_BAR_MASK_INTX_64K { 0xffff0000, 0x00000000, 0, 0, 0, 0 }
#define JAILHOUSE_IVSHMEM_BAR_MASK_MSIX_64K { 0xffff0000, 0xffff0000, 0, 0, 0, 0 }
/* clang-format on */

/**
 * struct jailhouse_pci_device - a PCI function of the cell
 * @type: JAILHOUSE_PCI_TYPE_*
 * @iommu: index in jailhouse_platform_info.iommu_units
 * @domain: PCI domain (segment)
 * @bdf: bus << 8 | device << 3 | function; of IVSHMEM also the name of the link: all devices with
 *	the same @bdf in different cells are connected
 * @bar_mask: the address bits of each BAR that can be written
 * @caps_start: index of the first entry in the array of capabilities
 * @num_caps: number of entries; several devices may share the same
 * @num_msi_vectors: MSI vectors, 0 without MSI
 * @msi_64bits: the MSI capability has a 64-bit address
 * @msi_maskable: the MSI capability has mask bits
 * @num_msix_vectors: MSI-X vectors, 0 without MSI-X (IVSHMEM: 0 for INTx, or 1 to 16)
 * @msix_region_size: bytes of the pages that hold the MSI-X table
 * @msix_address: physical address of these pages; no memory region may cover them
 * @shmem_regions_start: IVSHMEM: index of the first of 2 + @shmem_peers memory regions: state
 *	table, common section, output section of each peer
 * @shmem_dev_id: IVSHMEM: number of this peer, less than @shmem_peers
 * @shmem_peers: IVSHMEM: peers that the link can have, up to JAILHOUSE_IVSHMEM_MAX_PEERS
 * @shmem_protocol: IVSHMEM: JAILHOUSE_SHMEM_PROTO_*
 */
struct jailhouse_pci_device {
	__u8 type;
	__u8 iommu;
	__u16 domain;
	__u16 bdf;
	__u32 bar_mask[6];
	__u16 caps_start;
	__u16 num_caps;
	__u8 num_msi_vectors;
	__extension__ __u8 msi_64bits : 1;
	__extension__ __u8 msi_maskable : 1;
	__u16 num_msix_vectors;
	__u16 msix_region_size;
	__u64 msix_address;
	__u32 shmem_regions_start;
	__u8 shmem_dev_id;
	__u8 shmem_peers;
	__u16 shmem_protocol;
} JAILHOUSE_PACKED;

/* Peers that one link can have in this revision */
#define JAILHOUSE_IVSHMEM_MAX_PEERS 12

JAILHOUSE_ASSERT_SIZE(struct jailhouse_pci_device, 56);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, type, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, iommu, 1);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, domain, 2);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, bdf, 4);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, bar_mask, 6);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, caps_start, 30);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, num_caps, 32);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, num_msi_vectors, 34);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, num_msix_vectors, 36);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, msix_region_size, 38);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, msix_address, 40);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, shmem_regions_start, 48);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, shmem_dev_id, 52);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, shmem_peers, 53);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_device, shmem_protocol, 54);

/* In jailhouse_pci_capability.id: the ID is one of an extended capability. */
#define JAILHOUSE_PCI_EXT_CAP 0x8000

/* jailhouse_pci_capability.flags: the cell may write there. */
#define JAILHOUSE_PCICAPS_WRITE 0x0001

/**
 * struct jailhouse_pci_capability - a range of the configuration space behind its header
 * @id: PCI_CAP_ID_*, PCI_EXT_CAP_ID_* | JAILHOUSE_PCI_EXT_CAP, or 0 for plain registers
 * @start: offset in the configuration space
 * @len: bytes
 * @flags: JAILHOUSE_PCICAPS_*
 */
struct jailhouse_pci_capability {
	__u16 id;
	__u16 start;
	__u16 len;
	__u16 flags;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_pci_capability, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_capability, id, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_capability, start, 2);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_capability, len, 4);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_pci_capability, flags, 6);

/**
 * union jailhouse_stream_id - name of a DMA master at an ARM IOMMU
 * @id: SMMUv3: stream ID; PVU: virtual ID
 * @mmu500: MMU-500: 15 bits each; a bit set in mask_out makes the same bit of id irrelevant
 */
union jailhouse_stream_id {
	__u32 id;
	struct {
		__u16 id;
		__u16 mask_out;
	} JAILHOUSE_PACKED mmu500;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(union jailhouse_stream_id, 4);
JAILHOUSE_ASSERT_OFFSET(union jailhouse_stream_id, id, 0);
JAILHOUSE_ASSERT_OFFSET(union jailhouse_stream_id, mmu500.id, 0);
JAILHOUSE_ASSERT_OFFSET(union jailhouse_stream_id, mmu500.mask_out, 2);

#include <jailhouse/system-config.h>

#endif /* !JAILHOUSE_CELL_CONFIG_H */
