#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Messages over a link from Python: link.py LIBRARY HEADER URI SYSTEM.cell CELL.cell

The cell has the other end of the link, and is simulated: it sends back what it gets.
"""
import sys

import cffi

library, header, uri, system_path, cell_path = sys.argv[1:]
ffi = cffi.FFI()
with open(header, encoding="ascii") as file:
    ffi.cdef(file.read())
lib = ffi.dlopen(library)
WAIT_MS = 20000

error = ffi.new("struct jailhouse_error *")
error.size = ffi.sizeof("struct jailhouse_error")


def check(result):
    """Ends the program with the library's sentence if a result is negative."""
    if result < 0:
        sys.exit(ffi.string(error.text).decode())
    return result


def one(what, result):
    """The same for what may take too long."""
    if check(result) != 1:
        sys.exit(f"{what}: nothing for {WAIT_MS} ms")


def read(path):
    """The contents of a file."""
    with open(path, "rb") as file:
        return file.read()


ret_jh = ffi.new("struct jailhouse **")
check(lib.jailhouse_open(uri.encode(), ret_jh, error))
jh = ret_jh[0]
system, cell, guest = read(system_path), read(cell_path), b"#!jailhouse-sim channel-echo"
check(lib.jailhouse_enable(jh, system, len(system), 0, error))
ret_id = ffi.new("unsigned int *")
check(lib.jailhouse_cell_create(jh, cell, len(cell), ret_id, error))
images = ffi.new("struct jailhouse_image[1]")
text = ffi.from_buffer(guest)
images[0].address, images[0].data, images[0].size = 0, text, len(guest)
check(lib.jailhouse_cell_load(jh, ret_id[0], images, 1, error))
check(lib.jailhouse_cell_start(jh, ret_id[0], error))

ret_list = ffi.new("struct jailhouse_ivshmem_list **")
check(lib.jailhouse_ivshmem_list_get(jh, ret_list, error))
assert lib.jailhouse_ivshmem_list_get_count(ret_list[0]) >= 1
info = ffi.new("struct jailhouse_ivshmem_info *")
info.size = ffi.sizeof("struct jailhouse_ivshmem_info")
check(lib.jailhouse_ivshmem_list_get_info(ret_list[0], 0, info))
assert info.access == lib.JAILHOUSE_IVSHMEM_ACCESS_SIM
lib.jailhouse_ivshmem_list_free(ret_list[0])

ret_device = ffi.new("struct jailhouse_ivshmem **")
assert lib.jailhouse_ivshmem_open(jh, b"nobody", ret_device, error) < 0
assert b'"nobody"' in ffi.string(error.text)
check(lib.jailhouse_ivshmem_open(jh, b"ivshmem-demo", ret_device, error))
device = ret_device[0]
assert lib.jailhouse_ivshmem_get_id(device) == 0
assert lib.jailhouse_ivshmem_get_max_peers(device) >= 2
assert lib.jailhouse_ivshmem_get_fd(device) >= 0

ret_channel = ffi.new("struct jailhouse_channel **")
check(lib.jailhouse_channel_open(device, 1, ret_channel, error))
channel = ret_channel[0]
one("connect", lib.jailhouse_channel_connect(channel, WAIT_MS, error))
longest = lib.jailhouse_channel_get_max_size(channel)
buffer, size = ffi.new("char[]", longest), ffi.new("unsigned long *")
for length in (0, 1, 64, 1000, longest):
    message = bytes(n * 7 & 255 for n in range(length))
    one("send", lib.jailhouse_channel_send(channel, message, length, WAIT_MS, error))
    one("receive", lib.jailhouse_channel_receive(channel, buffer, longest, size, WAIT_MS, error))
    assert bytes(ffi.buffer(buffer, size[0])) == message, length
assert lib.jailhouse_channel_send(channel, buffer, longest + 1, 0, error) == lib.JAILHOUSE_ERR_ARGUMENT

state = ffi.new("unsigned int *")
check(lib.jailhouse_ivshmem_get_state(device, 1, state, error))
assert state[0] == 1
lib.jailhouse_channel_close(channel)
lib.jailhouse_ivshmem_close(device)
check(lib.jailhouse_disable(jh, error))
lib.jailhouse_close(jh)
print("Python: messages came back")
