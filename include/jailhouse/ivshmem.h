/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The IVSHMEM device (version 2): a virtual PCI function through which cells share memory and ring
 * doorbells. Registers, configuration space, and the contents of the memory where a protocol fixes
 * them. All registers and structures are little-endian.
 */
#ifndef JAILHOUSE_IVSHMEM_H
#define JAILHOUSE_IVSHMEM_H

#include <jailhouse/types.h>

#define JAILHOUSE_IVSHMEM_VENDOR_ID 0x110a
#define JAILHOUSE_IVSHMEM_DEVICE_ID 0x4106
/* Base class; sub-class and interface are the protocol, JAILHOUSE_SHMEM_PROTO_* */
#define JAILHOUSE_IVSHMEM_CLASS 0xff
/* Largest number of MSI-X vectors of one device */
#define JAILHOUSE_IVSHMEM_MAX_VECTORS 16

/*
 * Configuration space. It ends at 0x80; what is not listed here or in the headers of PCI reads 0.
 */
#define JAILHOUSE_IVSHMEM_CFG_SIZE        0x80
#define JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP  0x40 /* struct jailhouse_ivshmem_vendor_cap */
#define JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL   0x43 /* 8 bits, JAILHOUSE_IVSHMEM_PRIV_* */
#define JAILHOUSE_IVSHMEM_CFG_STATE_SZ    0x44 /* 32 bits */
#define JAILHOUSE_IVSHMEM_CFG_RW_SZ       0x48 /* 64 bits */
#define JAILHOUSE_IVSHMEM_CFG_OUTPUT_SZ   0x50 /* 64 bits */
#define JAILHOUSE_IVSHMEM_CFG_ADDRESS     0x58 /* 64 bits */
#define JAILHOUSE_IVSHMEM_CFG_MSIX_CAP    0x60 /* only if the device has vectors */
#define JAILHOUSE_IVSHMEM_CFG_MSIX_CTRL   0x62
#define JAILHOUSE_IVSHMEM_CFG_MSIX_TABLE  0x64
#define JAILHOUSE_IVSHMEM_CFG_MSIX_PBA    0x68
#define JAILHOUSE_IVSHMEM_VENDOR_CAP_SIZE 0x20 /* with the base address */

/* Privileged control: sending an interrupt clears the receiver's interrupt enable. */
#define JAILHOUSE_IVSHMEM_PRIV_ONESHOT 0x01

/* BAR 0 holds the registers, BAR 1 the MSI-X table and the pending bits. */
#define JAILHOUSE_IVSHMEM_REG_BAR    0
#define JAILHOUSE_IVSHMEM_MSIX_BAR   1
#define JAILHOUSE_IVSHMEM_MSIX_TABLE 0x000 /* entries of 16 bytes */
#define JAILHOUSE_IVSHMEM_MSIX_PBA   0x100 /* reads 0 */
#define JAILHOUSE_IVSHMEM_MSIX_SIZE  0x200

/**
 * struct jailhouse_ivshmem_vendor_cap - vendor specific capability
 * @id: PCI_CAP_ID_VNDR
 * @next: offset of the next capability, 0 for none
 * @length: JAILHOUSE_IVSHMEM_VENDOR_CAP_SIZE
 * @priv_control: JAILHOUSE_IVSHMEM_PRIV_*, the only part that can be written
 * @state_table_size: bytes of the state table
 * @rw_section_size: bytes of the common section that all peers write, 0 for none
 * @output_section_size: bytes of the output section of each peer, 0 for none
 * @base_address: physical address in this cell of the state table; the common section and the
 *	output sections of peer 0, 1, ... follow it without gaps
 */
struct jailhouse_ivshmem_vendor_cap {
	__u8 id;
	__u8 next;
	__u8 length;
	__u8 priv_control;
	__u32 state_table_size;
	__u64 rw_section_size;
	__u64 output_section_size;
	__u64 base_address;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_ivshmem_vendor_cap, JAILHOUSE_IVSHMEM_VENDOR_CAP_SIZE);
#define JAILHOUSE_IVSHMEM_ASSERT_CAP(member, cfg_offset)                     \
	JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_vendor_cap, member, \
				cfg_offset - JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP)
JAILHOUSE_IVSHMEM_ASSERT_CAP(id, 0x40);
JAILHOUSE_IVSHMEM_ASSERT_CAP(next, 0x41);
JAILHOUSE_IVSHMEM_ASSERT_CAP(length, 0x42);
JAILHOUSE_IVSHMEM_ASSERT_CAP(priv_control, JAILHOUSE_IVSHMEM_CFG_PRIV_CNTL);
JAILHOUSE_IVSHMEM_ASSERT_CAP(state_table_size, JAILHOUSE_IVSHMEM_CFG_STATE_SZ);
JAILHOUSE_IVSHMEM_ASSERT_CAP(rw_section_size, JAILHOUSE_IVSHMEM_CFG_RW_SZ);
JAILHOUSE_IVSHMEM_ASSERT_CAP(output_section_size, JAILHOUSE_IVSHMEM_CFG_OUTPUT_SZ);
JAILHOUSE_IVSHMEM_ASSERT_CAP(base_address, JAILHOUSE_IVSHMEM_CFG_ADDRESS);
#undef JAILHOUSE_IVSHMEM_ASSERT_CAP

/* Offsets in BAR 0; accesses are aligned and 32 bits wide. All else reads 0. */
#define JAILHOUSE_IVSHMEM_REG_ID        0x00
#define JAILHOUSE_IVSHMEM_REG_MAX_PEERS 0x04
#define JAILHOUSE_IVSHMEM_REG_INT_CTRL  0x08
#define JAILHOUSE_IVSHMEM_REG_DOORBELL  0x0c
#define JAILHOUSE_IVSHMEM_REG_STATE     0x10

/* Interrupt control: interrupts reach this peer. What arrives while it is clear is lost. */
#define JAILHOUSE_IVSHMEM_INT_ENABLE 0x00000001

/* Value of the doorbell register; the vector is 0 without MSI-X */
#define JAILHOUSE_IVSHMEM_DOORBELL(target, vector) (((__u32)(target) << 16) | (0xffff & (vector)))

/**
 * struct jailhouse_ivshmem_regs - the registers in BAR 0
 * @id: number of this peer; read only
 * @max_peers: peers that the link can have; read only
 * @int_control: JAILHOUSE_IVSHMEM_INT_ENABLE
 * @doorbell: JAILHOUSE_IVSHMEM_DOORBELL(), interrupts that peer; write only
 * @state: state of this peer, copied to the state table; a change interrupts all other peers
 */
struct jailhouse_ivshmem_regs {
	__u32 id;
	__u32 max_peers;
	__u32 int_control;
	__u32 doorbell;
	__u32 state;
};

JAILHOUSE_ASSERT_SIZE(struct jailhouse_ivshmem_regs, 20);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_regs, id, JAILHOUSE_IVSHMEM_REG_ID);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_regs, max_peers, JAILHOUSE_IVSHMEM_REG_MAX_PEERS);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_regs, int_control, JAILHOUSE_IVSHMEM_REG_INT_CTRL);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_regs, doorbell, JAILHOUSE_IVSHMEM_REG_DOORBELL);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_regs, state, JAILHOUSE_IVSHMEM_REG_STATE);

/* State register under JAILHOUSE_SHMEM_PROTO_VETH. The carrier is on when both sides RUN. */
#define JAILHOUSE_IVSHMEM_NET_STATE_RESET 0
#define JAILHOUSE_IVSHMEM_NET_STATE_INIT  1
#define JAILHOUSE_IVSHMEM_NET_STATE_READY 2
#define JAILHOUSE_IVSHMEM_NET_STATE_RUN   3

/* With MSI-X a network link uses two vectors; with INTx both events share vector 0. */
#define JAILHOUSE_IVSHMEM_NET_VECTOR_STATE 0
#define JAILHOUSE_IVSHMEM_NET_VECTOR_RX_TX 1

/* State register under the virtio protocols: the back-end is there. */
#define JAILHOUSE_IVSHMEM_VIRTIO_STATE_READY 1

/**
 * struct jailhouse_ivshmem_virtio - head of the common section under the virtio protocols
 * @revision: revision of this layout, at least 1
 * @size: bytes of this header with the configuration space of the device behind it
 * @write_transaction: 0, or the offset here of the register that the front-end has just written;
 *	the back-end clears it when done
 * @device_features: offered features, the half that @device_features_sel chooses
 * @device_features_sel: 0 or 1
 * @driver_features: accepted features, the half that @driver_features_sel chooses
 * @driver_features_sel: 0 or 1
 * @queue_sel: queue that the queue registers mean
 * @queue_size: its number of descriptors
 * @queue_device_vector: vector by which the back-end signals it
 * @queue_driver_vector: vector by which the front-end signals it
 * @queue_enable: 1 while it is in use
 * @queue_desc: offset of its descriptor table in the common section
 * @queue_driver: offset of its available ring
 * @queue_device: offset of its used ring
 * @config_event: set by the back-end when the configuration has changed
 * @queue_event: set by the back-end when it has used buffers
 * @reserved: 0
 * @device_status: status bits of virtio
 * @config_generation: odd while the configuration is changing
 *
 * The configuration space of the device follows. All addresses in rings are offsets in the section.
 */
struct jailhouse_ivshmem_virtio {
	__u32 revision;
	__u32 size;
	__u32 write_transaction;
	__u32 device_features;
	__u32 device_features_sel;
	__u32 driver_features;
	__u32 driver_features_sel;
	__u32 queue_sel;
	__u16 queue_size;
	__u16 queue_device_vector;
	__u16 queue_driver_vector;
	__u16 queue_enable;
	__u64 queue_desc;
	__u64 queue_driver;
	__u64 queue_device;
	__u8 config_event;
	__u8 queue_event;
	__u8 reserved[2];
	__u32 device_status;
	__u32 config_generation;
} JAILHOUSE_PACKED;

JAILHOUSE_ASSERT_SIZE(struct jailhouse_ivshmem_virtio, 76);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, revision, 0);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, size, 4);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, write_transaction, 8);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, device_features, 12);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, device_features_sel, 16);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, driver_features, 20);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, driver_features_sel, 24);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_sel, 28);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_size, 32);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_device_vector, 34);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_driver_vector, 36);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_enable, 38);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_desc, 40);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_driver, 48);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_device, 56);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, config_event, 64);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, queue_event, 65);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, reserved, 66);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, device_status, 68);
JAILHOUSE_ASSERT_OFFSET(struct jailhouse_ivshmem_virtio, config_generation, 72);

#endif /* !JAILHOUSE_IVSHMEM_H */
